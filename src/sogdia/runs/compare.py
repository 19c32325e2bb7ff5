"""Two runs side by side: what differs, as tables and as lines on a map."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sogdia.errors import InputError
from sogdia.runs.indicators import BUILT_IN, read_measure

Tables = Mapping[str, pd.DataFrame]
KEYS: Mapping[str, tuple[str, ...]] = {
    "economies": ("economy", "name"),
    "flows": ("exporter", "importer", "commodity"),
    "costs": ("exporter", "importer", "commodity"),
    "corridors": ("corridor", "name"),
    "links": ("link", "from", "to", "mode"),
    "bottlenecks": ("group", "territory"),
    "transit": ("territory",),
    "stations": ("place", "country", "kind", "mode"),
    "undelivered": ("exporter", "importer", "commodity"),
    "power_countries": ("iso3",),
    "power_generation": ("zone", "iso3", "carrier"),
    "power_flows": ("line",),
    "power_unserved": ("zone", "iso3"),
    "power_exchanges": ("exporter", "importer"),
    "power_prices": ("bus", "iso3"),
    "power_link": ("economy",),
}
"""What names a row of each table that can be compared."""
ENDS = ("from_lon", "from_lat", "to_lon", "to_lat")
NOT_COMPARED = {*ENDS, "length_km"}
LEAST_PART = 1e-6
"""A change is told in per cent of what is more than this part of it."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Differences of a run from another one.

    Attributes:
        first: What the first is, in words.
        second: What the second is.
        measures: ``measure``, ``of``, ``first``, ``second``, ``difference``, ``difference_pct``, ``unit``.
        tables: Of each table both have: its keys, then ``COLUMN_first``, ``COLUMN_second`` and
            ``COLUMN_difference`` of each number; rows of either.
        ends: ``link`` and the coordinates of its ends.
    """

    first: str
    second: str
    measures: pd.DataFrame
    tables: Tables
    ends: pd.DataFrame

    def geojson(self) -> dict[str, Any]:
        """Links whose tonnes differ, as GeoJSON lines, the largest difference first."""
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

    def _repr_html_(self) -> str:
        """The measures as a table, for notebooks."""
        told = self.measures.to_html(index=False, float_format=lambda value: f"{value:,.4g}")
        return f"<p><b>{self.second}</b> against <b>{self.first}</b></p>{told}"


def compare(first: Tables, second: Tables, names: tuple[str, str] = ("first", "second")) -> Comparison:
    """Set two runs side by side.

    Args:
        first: Tables of the run that is compared with.
        second: Tables of the run looked at; a difference is its figure less the first's.
        names: What they are, in words.

    Raises:
        InputError: If one of them has no table ``links``.
    """
    for name, tables in zip(names, (first, second), strict=True):
        if "links" not in tables:
            raise InputError(f"{name} is no run of a study: it has no table of links")
    shared = [name for name in KEYS if name in first and name in second]
    found = {name: _difference(first[name], second[name], KEYS[name]) for name in shared}
    ends = pd.concat([first["links"], second["links"]])[["link", *ENDS]].drop_duplicates("link")
    return Comparison(*names, _measures(first, second), found, ends.reset_index(drop=True))


def _measures(first: Tables, second: Tables) -> pd.DataFrame:
    told = [
        pd.concat([read_measure(measure, tables[measure.table]) for measure in BUILT_IN.values()])
        for tables in (first, second)
    ]
    keys = ["measure", "of", "unit"]
    table = told[0].merge(told[1], on=keys, how="outer", suffixes=("_first", "_second"), sort=False)
    table = table.rename(columns={"value_first": "first", "value_second": "second"})
    table["difference"] = table["second"] - table["first"]
    table["difference_pct"] = [
        100.0 * change / abs(before) if abs(before) > LEAST_PART * abs(change) else math.nan
        for change, before in zip(table["difference"], table["first"], strict=True)
    ]
    rank = {name: number for number, name in enumerate(BUILT_IN)}
    order = table["measure"].map(rank).sort_values(kind="stable").index
    columns = ["measure", "of", "first", "second", "difference", "difference_pct", "unit"]
    return table.loc[order, columns].reset_index(drop=True)


def _difference(first: pd.DataFrame, second: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """Numbers of both by key; a row that only one has stands for zeros in the other."""
    numbers = [
        str(name)
        for name in first.columns
        if name not in keys
        and name not in NOT_COMPARED
        and name in second.columns
        and pd.api.types.is_numeric_dtype(first[name])
        and not pd.api.types.is_bool_dtype(first[name])
    ]
    told = [table.groupby(list(keys), sort=False)[numbers].sum(min_count=1) for table in (first, second)]
    rows = told[0].index.union(told[1].index, sort=False)
    before, after = (table.reindex(rows, fill_value=0.0) for table in told)
    out = pd.DataFrame(index=rows)
    for name in numbers:
        out[f"{name}_first"], out[f"{name}_second"] = before[name], after[name]
        change = after[name] - before[name]
        out[f"{name}_difference"] = change.where(before[name] != after[name], 0.0)
    return out.reset_index()


def geojson_text(comparison: Comparison) -> str:
    """The map as a file's text."""
    return json.dumps(comparison.geojson(), ensure_ascii=False, allow_nan=False)
