"""How an answer is known: by enumeration, by a bound, or as the best of many searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Proof:
    """How an answer is known.

    Attributes:
        kind: ``enumeration``: every portfolio was evaluated; ``bound``: no portfolio is better by more than
            the gap; ``search``: the best found, without a proof.
        portfolios: Number of portfolios evaluated.
        gap: Largest relative difference to the optimum, for ``bound``.
        starts: Number of starts, for ``search``; 0 for a front, which joins the searches.
        found_by: Number of starts that ended at the best value, for ``search``.
        method: How the bound was found, as text.
    """

    kind: Literal["enumeration", "bound", "search"]
    portfolios: int = 0
    gap: float = 0.0
    starts: int = 0
    found_by: int = 0
    method: str = ""

    @property
    def is_proved(self) -> bool:
        """True if no portfolio is better by more than rounding."""
        return self.kind == "enumeration" or (self.kind == "bound" and self.gap <= 1e-6)

    def __str__(self) -> str:
        """Return the proof as text."""
        match self.kind:
            case "enumeration":
                return f"proved by enumeration of {self.portfolios:,}"
            case "bound":
                return f"gap ≤ {100.0 * self.gap:.3g} %" + (f" ({self.method})" if self.method else "")
            case _ if not self.starts:
                return f"best of {self.portfolios:,} evaluated; no proof"
            case _:
                return f"best of {self.starts} starts, found by {self.found_by}; no proof"
