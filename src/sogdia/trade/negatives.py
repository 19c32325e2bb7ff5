"""Small negative values of published tables: set to zero by a named rule that lists every cell.

Trade net of re-exports, home sales by residual and balanced input–output tables have small negative
values. With the rule ``zero`` a negative value of at most a given share of its column, measured by the sum of
absolute values, becomes zero. Inputs of the same using sector are then scaled to the former sum, so that
costs still sum to sales. A larger negative value is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sogdia.errors import InputError
from sogdia.trade.arrays import Bools, Floats
from sogdia.trade.frames import Limits

NegativeRule = Literal["error", "zero"]
AdjustedCell = tuple[str, str, str, str, str, str, float, float]
"""Row of :data:`sogdia.trade.tables.ADJUSTMENTS`."""


@dataclass(frozen=True, eq=False)
class Negatives:
    """Rule for negative values, and the cells it changed.

    Attributes:
        rule: ``error`` or ``zero``.
        share: Largest size of a small value, relative to its column.
        rows: Cells changed so far.
    """

    rule: NegativeRule
    share: float
    rows: list[AdjustedCell] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Check the rule.

        Raises:
            InputError: If it is unknown, or the share is not between 0 and 1.
        """
        if self.rule not in ("error", "zero"):
            raise InputError(f"negative: {self.rule!r} is not a rule; one of error, zero")
        if not 0.0 <= self.share <= 1.0:
            raise InputError(f"negative_share: {self.share:g} is out of range; expected 0 to 1")

    @property
    def fix(self) -> str:
        """Suggested fix of a negative value that is not small."""
        return "correct the cell, or raise the share that counts as small"

    def limits(self, maximum: float = np.inf) -> Limits:
        """Return the admissible values of a column before the rule applies."""
        return Limits(minimum=0.0 if self.rule == "error" else -np.inf, maximum=maximum)

    def is_large(self, values: Floats, columns: Floats) -> Bools:
        """Return the rows whose value is negative and above the share of its column's size."""
        return np.asarray(values < -self.share * columns)

    def problem(self, column: str) -> str:
        """Return the message for a negative value that is not small."""
        return f"{{}} is negative and above {self.share:.2%} of {column}"

    def record(
        self,
        table: str,
        economy: str,
        partner: str,
        sector: str,
        used: str,
        before: float,
        after: float = 0.0,
    ) -> None:
        """Add a changed cell."""
        rule = "small negative value set to 0" if before < 0.0 else "scaled to the sum before"
        self.rows.append((rule, table, economy, partner, sector, used, before, after))
