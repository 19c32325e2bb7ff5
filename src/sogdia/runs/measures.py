"""Measures: single figures read out of the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from sogdia.case.model import Model
from sogdia.errors import InputError, UnknownNameError
from sogdia.runs.result_tables import RESULT_TABLES

Aggregation = Literal["sum", "mean", "max", "min"]
Cell = str | bool | int | float


class Measure(Model):
    """Definition of a figure: a column of a result table, aggregated over rows.

    Attributes:
        name: Its name.
        unit: Its unit.
        table: Result table (:data:`sogdia.runs.RESULT_TABLES`).
        column: Column of the table.
        how: Aggregation over rows.
        where: Rows that count: a value, or several, by column; ``"yes"`` or ``"no"`` for a column of flags.
        by: Column whose every value gets a figure of its own; one figure if not given.
        better: ``more`` or ``less``, if one of them is better.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    unit: str
    table: str
    column: str
    how: Aggregation = "sum"
    where: Mapping[str, Cell | tuple[Cell, ...]] = {}
    by: str | None = None
    better: Literal["more", "less", ""] = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it reads."""
        return (self.column, *self.where, *([] if self.by is None else [self.by]))


HEADLINE = "home_gain_musd"
BUILT_IN: Mapping[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(
            name=HEADLINE, unit="USD million", table="economies", column="gain_musd", where={"home": True},
            better="more",
        ),
        Measure(
            name="home_gain_pct_of_gdp", unit="% of GDP", table="economies", column="gdp_pct",
            where={"home": True}, by="economy", better="more",
        ),
        Measure(
            name="corridor_share_pct", unit="% of home trade", table="corridors",
            column="home_share_pct", by="corridor",
        ),
        Measure(name="corridor_t", unit="t/a", table="corridors", column="tonnes", by="corridor"),
        Measure(
            name="waiting_tonne_h", unit="t·h", table="bottlenecks", column="tonne_hours", better="less"
        ),
        Measure(
            name="undelivered_t", unit="t/a", table="undelivered", column="tonnes", where={"in_base": False},
            better="less",
        ),
        Measure(name="power_co2_mt", unit="Mt", table="power_countries", column="co2_mt", better="less"),
        Measure(
            name="power_unserved_gwh", unit="GWh", table="power_countries", column="unserved_gwh",
            better="less",
        ),
        Measure(
            name="power_cost_musd", unit="USD million", table="power_countries", column="cost_musd",
            better="less",
        ),
    )
}  # fmt: skip
"""Measures that every study may name."""

FLAGS: Mapping[str, Cell] = {"yes": True, "true": True, "no": False, "false": False}
COLUMNS = ("measure", "of", "value", "unit")


def check_measure(measure: Measure) -> None:
    """Check that every run has the table and columns that a measure reads.

    Raises:
        UnknownNameError: If there is no such table or column.
    """
    if measure.table not in RESULT_TABLES:
        raise UnknownNameError("table of the results", measure.table, RESULT_TABLES)
    known = RESULT_TABLES[measure.table].column_names
    for column in measure.columns:
        if column not in known:
            raise UnknownNameError(f"column of the table {measure.table}", column, known)


def read_measure(measure: Measure, table: pd.DataFrame) -> pd.DataFrame:
    """Compute a measure of one run.

    Args:
        measure: The measure.
        table: The table that it reads, of the run.

    Returns:
        ``measure``, ``of`` (the value of ``by``; empty for a single figure), ``value``, ``unit``.

    Raises:
        UnknownNameError: If the table has no such column.
        InputError: If the column is not numeric.
    """
    for column in measure.columns:
        if column not in table.columns:
            raise UnknownNameError(f"column of the table {measure.table}", column, map(str, table.columns))
    if not pd.api.types.is_numeric_dtype(table[measure.column]):
        raise InputError(
            f"measure {measure.name}: {measure.table}.{measure.column} is not numeric; choose a column of "
            "numbers"
        )
    rows = pd.Series(True, index=table.index)
    for column, allowed in measure.where.items():
        values = allowed if isinstance(allowed, tuple) else (allowed,)
        if pd.api.types.is_bool_dtype(table[column]):
            values = tuple(FLAGS.get(str(value).lower(), value) for value in values)
        rows &= table[column].isin(values)
    chosen = table[rows]
    if measure.by is None:
        value = float(chosen[measure.column].agg(measure.how)) if len(chosen) else 0.0
        figures = [(measure.name, "", value, measure.unit)]
    else:
        grouped = chosen.groupby(measure.by, sort=False)[measure.column].agg(measure.how)
        figures = [(measure.name, str(of), float(value), measure.unit) for of, value in grouped.items()]
    return pd.DataFrame(figures, columns=list(COLUMNS))
