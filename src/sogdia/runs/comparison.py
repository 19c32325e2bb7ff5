"""Compare two runs: differences of their tables, and as lines on a map."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from sogdia.errors import InputError
from sogdia.runs.measures import BUILT_IN, read_measure
from sogdia.runs.result_tables import RESULT_TABLES

Tables = Mapping[str, pd.DataFrame]
ENDS = ("from_lon", "from_lat", "to_lon", "to_lat")
SMALLEST_BASE = 1e-6
"""A difference is given in per cent only if the first figure is at least this part of it."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Differences of one run from another.

    Attributes:
        first: Label of the first run.
        second: Label of the second run.
        measures: ``measure``, ``of``, ``first``, ``second``, ``difference``, ``difference_pct``, ``unit``.
        tables: Of each table that both have and whose rows have a key: the key, then ``COLUMN_first``,
            ``COLUMN_second`` and ``COLUMN_difference`` of each number.
        ends: ``link`` and the coordinates of its ends.
    """

    first: str
    second: str
    measures: pd.DataFrame
    tables: Tables
    ends: pd.DataFrame

    def geojson(self) -> dict[str, Any]:
        """Return links whose tonnes differ as GeoJSON lines, the largest difference first."""
        table = self.tables["links"].merge(self.ends, on="link")
        table = table[table["tonnes_difference"] != 0.0]
        order = table["tonnes_difference"].abs().sort_values(ascending=False, kind="stable").index
        shown = ["link", "from", "to", "mode", "tonnes_first", "tonnes_second", "tonnes_difference"]
        features = [
            {
                "type": "Feature",
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[row["from_lon"], row["from_lat"]], [row["to_lon"], row["to_lat"]]],
                },
                "properties": {name: row[name] for name in shown},
            }
            for row in table.loc[order].to_dict("records")
        ]
        return {"type": "FeatureCollection", "features": features}

    def __repr__(self) -> str:
        return f"Comparison({self.second!r} minus {self.first!r}, {len(self.tables)} tables)"

    def _repr_html_(self) -> str:
        """Return the measures as a table, for notebooks."""
        table = self.measures.to_html(index=False, float_format=lambda value: f"{value:,.4g}")
        return f"<p><b>{escape(self.second)}</b> minus <b>{escape(self.first)}</b></p>{table}"


def compare(first: Tables, second: Tables, names: tuple[str, str] = ("first", "second")) -> Comparison:
    """Compare two runs.

    Args:
        first: Tables of the baseline of the comparison.
        second: Tables of the other run; a difference is its figure less the first's.
        names: Labels of the two.

    Raises:
        InputError: If one of them has no table ``links``.
    """
    for name, tables in zip(names, (first, second), strict=True):
        if "links" not in tables:
            raise InputError(f"{name} is not a run of a study: it has no table links")
    differences = {
        name: table.difference(first[name], second[name])
        for name, table in RESULT_TABLES.items()
        if table.key and name in first and name in second
    }
    ends = pd.concat([first["links"], second["links"]])[["link", *ENDS]].drop_duplicates("link")
    return Comparison(*names, _measures(first, second), differences, ends.reset_index(drop=True))


def _measures(first: Tables, second: Tables) -> pd.DataFrame:
    sides = [
        pd.concat([read_measure(measure, tables[measure.table]) for measure in BUILT_IN.values()])
        for tables in (first, second)
    ]
    keys = ["measure", "of", "unit"]
    table = sides[0].merge(sides[1], on=keys, how="outer", suffixes=("_first", "_second"), sort=False)
    table = table.rename(columns={"value_first": "first", "value_second": "second"})
    table["difference"] = table["second"] - table["first"]
    table["difference_pct"] = [
        100.0 * change / abs(before) if abs(before) > SMALLEST_BASE * abs(change) else math.nan
        for change, before in zip(table["difference"], table["first"], strict=True)
    ]
    rank = {name: number for number, name in enumerate(BUILT_IN)}
    order = table["measure"].map(rank).sort_values(kind="stable").index
    columns = ["measure", "of", "first", "second", "difference", "difference_pct", "unit"]
    return table.loc[order, columns].reset_index(drop=True)


def geojson_text(comparison: Comparison) -> str:
    """Return the map as the text of a GeoJSON file."""
    return json.dumps(comparison.geojson(), ensure_ascii=False, allow_nan=False)
