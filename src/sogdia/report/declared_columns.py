"""Show columns of result tables with their declared label and unit, in the baseline and with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sogdia.report.parts import Column, Kind
from sogdia.report.wording import UNIT_HEADINGS
from sogdia.tables.results import ResultColumn
from sogdia.units import UNITS

BASELINE, PLAN, EFFECT = "baseline", "plan", "effect"
PERCENT, POINTS = "%", "percentage points"


@dataclass(frozen=True)
class Shown:
    """A declared column of results as the brief shows it.

    Attributes:
        declared: Declaration of the column.
        unit: Unit shown, of the dimension of the declared one; the declared one if empty.
        decimals: Decimals; ``None`` shows the largest value with two significant digits.
        kind: ``number``, or ``effect`` for values shown with their sign.
        has_effect: If true, a comparison also has the difference.
        label: Heading; that of the declaration if empty.
        heading_unit: Text of the unit under the heading; that of the unit if empty.
    """

    declared: ResultColumn
    unit: str = ""
    decimals: int | None = None
    kind: Kind = "number"
    has_effect: bool = False
    label: str = ""
    heading_unit: str = ""

    @property
    def name(self) -> str:
        """Name of the column of results."""
        return self.declared.name

    @property
    def shown_unit(self) -> str:
        """Symbol of the unit of the values shown."""
        return self.unit or self.declared.unit

    def column(self, ending: str = "") -> Column:
        """Return the column for a table of the brief; its key is ``NAME``, or ``NAME_ENDING``."""
        label, key = self.label or self.declared.label, self.name
        if ending:
            label, key = f"{label}, {ending}", f"{key}_{ending}"
        unit = self.heading_unit or UNIT_HEADINGS.get(self.shown_unit, self.shown_unit)
        return Column(key, label, unit, self.kind, self.decimals)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns of a comparison: baseline, plan and, if shown, effect."""
        baseline = self.column(BASELINE)
        unit = baseline.unit
        plan = Column(f"{self.name}_{PLAN}", PLAN, unit, self.kind, self.decimals)
        if not self.has_effect:
            return baseline, plan
        effect_unit = POINTS if self.shown_unit == PERCENT else unit
        return baseline, plan, Column(f"{self.name}_{EFFECT}", EFFECT, effect_unit, "effect", self.decimals)

    def converted(self, values: pd.Series[float]) -> pd.Series[float]:
        """Return values of the column in the unit shown."""
        if self.shown_unit == self.declared.unit:
            return values
        return values * UNITS[self.declared.unit].factor / UNITS[self.shown_unit].factor


def compare(
    baseline: pd.DataFrame, plan: pd.DataFrame, shown: Sequence[Shown], columns: Sequence[str] = ()
) -> pd.DataFrame:
    """Return columns of a result table in the baseline and with the plan side by side.

    Args:
        baseline: Result table of the baseline, indexed by row.
        plan: Result table with the plan, indexed likewise; the result has its rows.
        shown: Columns to compare.
        columns: Columns of ``plan`` to copy.
    """
    frame = plan[list(columns)].copy()
    for column in shown:
        before, after = (
            column.converted(table[column.name].astype(float)).reindex(plan.index)
            for table in (baseline, plan)
        )
        frame[f"{column.name}_{BASELINE}"], frame[f"{column.name}_{PLAN}"] = before, after
        frame[f"{column.name}_{EFFECT}"] = after - before
    return frame


def columns_of(shown: Sequence[Shown]) -> tuple[Column, ...]:
    """Return the columns of several comparisons."""
    return tuple(column for each in shown for column in each.columns())
