"""Convergence records of iterative computations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One iteration.

    Attributes:
        iteration: Its number, from 1.
        residual: Residual after it.
        seconds: Seconds since the start.
    """

    iteration: int
    residual: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Convergence:
    """Convergence record of an iterative computation.

    Attributes:
        measure: Name of the residual.
        target: Tolerance: the largest residual that counts as converged.
        steps: All iterations.
    """

    measure: str
    target: float
    steps: tuple[Step, ...]

    @property
    def residual(self) -> float:
        """Residual of the last iteration; 0 without any."""
        return self.steps[-1].residual if self.steps else 0.0

    @property
    def iterations(self) -> int:
        """Number of iterations."""
        return len(self.steps)

    @property
    def seconds(self) -> float:
        """Seconds from the start to the end of the last iteration."""
        return self.steps[-1].seconds if self.steps else 0.0

    @property
    def converged(self) -> bool:
        """The last residual is within the tolerance."""
        return self.residual <= self.target
