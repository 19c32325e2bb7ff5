"""The convergence record of an iteration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One iteration: its number, what was left, seconds since the start."""

    iteration: int
    residual: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Convergence:
    """How a computation came to its end.

    Attributes:
        measure: What the residual is.
        target: Residual wanted.
        steps: Every iteration.
    """

    measure: str
    target: float
    steps: tuple[Step, ...]

    @property
    def residual(self) -> float:
        """What was left at the end; 0 where nothing had to be done."""
        return self.steps[-1].residual if self.steps else 0.0

    @property
    def iterations(self) -> int:
        """How many iterations it took."""
        return len(self.steps)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.steps[-1].seconds if self.steps else 0.0

    @property
    def converged(self) -> bool:
        """Whether the residual is at most the one wanted."""
        return self.residual <= self.target
