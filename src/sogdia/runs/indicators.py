"""Measures: single figures read out of the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from sogdia.case.model import Model
from sogdia.errors import InputError, UnknownNameError

How = Literal["sum", "mean", "max", "min"]
Cell = str | bool | int | float


class Measure(Model):
    """A figure: a column of a table of the results, put together over rows.

    Attributes:
        name: Its name.
        unit: Its unit.
        table: Table of the results (:meth:`sogdia.coupling.joint.JointResult.tables`).
        column: Column of it.
        how: How rows are put together.
        where: Rows that count: what stands in which column, one word or several; ``"yes"`` or ``"no"`` in a
            column of truths.
        by: Column for each word of which there is a figure of its own; one figure where not said.
        better: Whether more or less of it is better, if that can be said.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    unit: str
    table: str
    column: str
    how: How = "sum"
    where: Mapping[str, Cell | tuple[Cell, ...]] = {}
    by: str | None = None
    better: Literal["more", "less", ""] = ""


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

YES_OR_NO: Mapping[str, Cell] = {"yes": True, "true": True, "no": False, "false": False}
COLUMNS = ("measure", "of", "value", "unit")


def read_measure(measure: Measure, table: pd.DataFrame) -> pd.DataFrame:
    """A measure of one run.

    Args:
        measure: The measure.
        table: The table it names, of the run.

    Returns:
        ``measure``, ``of`` (the word of ``by``; empty for one figure), ``value``, ``unit``.

    Raises:
        UnknownNameError: If the table has no such column.
        InputError: If the column does not hold numbers.
    """
    by = [] if measure.by is None else [measure.by]
    for column in (measure.column, *measure.where, *by):
        if column not in table.columns:
            raise UnknownNameError(f"column of the table {measure.table}", column, map(str, table.columns))
    if not pd.api.types.is_numeric_dtype(table[measure.column]):
        raise InputError(f"measure {measure.name}: {measure.table}.{measure.column} does not hold numbers")
    rows = pd.Series(True, index=table.index)
    for column, words in measure.where.items():
        wanted = words if isinstance(words, tuple) else (words,)
        if pd.api.types.is_bool_dtype(table[column]):
            wanted = tuple(YES_OR_NO.get(str(word).lower(), word) for word in wanted)
        rows &= table[column].isin(wanted)
    chosen = table[rows]
    if measure.by is None:
        value = float(chosen[measure.column].agg(measure.how)) if len(chosen) else 0.0
        found = [(measure.name, "", value, measure.unit)]
    else:
        grouped = chosen.groupby(measure.by, sort=False)[measure.column].agg(measure.how)
        found = [(measure.name, str(of), float(value), measure.unit) for of, value in grouped.items()]
    return pd.DataFrame(found, columns=list(COLUMNS))
