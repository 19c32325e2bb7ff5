"""Collect the tables of stored runs for export, with their region and the units of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sogdia.region import Region
from sogdia.runs.store import RunMetadata, Store
from sogdia.units import UNITS

SUFFIXES: Mapping[str, str] = {
    "_musd": "USD million",
    "_usd_per_t": "USD/t",
    "_usd_per_mwh": "USD/MWh",
    "_usd_per_teu": "USD/TEU",
    "_kg_per_t": "kg/t",
    "_gwh": "GWh",
    "_mwh": "MWh",
    "_mw": "MW",
    "_pct": "%",
    "_km": "km",
    "_mt": "Mt",
    "_t": "t/a",
    "_h": "h",
    "_days": "d",
    "_lon": "deg",
    "_lat": "deg",
    "_usd": "USD",
    "_hat": "factor",
}
WHOLE: Mapping[str, str] = {
    "tonnes": "t/a",
    "tonne_km": "t·km/a",
    "tonne_hours": "t·h/a",
    "usd": "USD/a",
    "seconds": "s",
    "v_c": "ratio",
    "capacity_factor": "ratio",
    "domestic_share": "ratio",
    "income": "USD million",
    "expenditure": "USD million",
    "imbalance": "USD million",
    "tariff_revenue": "USD million",
    "days": "d",
    "usd_per_teu": "USD/TEU",
    "observed_usd": "USD/TEU",
    "lat": "deg",
    "lon": "deg",
    "closed_share": "ratio",
    "gdp_pct": "% of GDP",
}


@dataclass(frozen=True, eq=False)
class Bundle:
    """Stored runs with their tables.

    Attributes:
        region: Region of the runs.
        heads: Runs.
        tables: Result tables of each run, in the order of the runs.
    """

    region: Region
    heads: tuple[RunMetadata, ...]
    tables: tuple[Mapping[str, pd.DataFrame], ...]

    @classmethod
    def of(cls, store: Store, runs: list[RunMetadata], region: Region) -> Bundle:
        """Read runs from a store."""
        return cls(region, tuple(runs), tuple(store.tables(head.run) for head in runs))

    def stacked(self, name: str) -> pd.DataFrame:
        """Return a table of all runs that have it, one below the other, with the column ``run`` first."""
        parts = [
            tables[name].assign(run=head.run[:12])
            for head, tables in zip(self.heads, self.tables, strict=True)
            if name in tables
        ]
        table = pd.concat(parts, ignore_index=True)
        return table[["run", *(column for column in table.columns if column != "run")]]

    @property
    def names(self) -> list[str]:
        """Names of the tables of any run, in order."""
        return list(dict.fromkeys(name for tables in self.tables for name in tables))

    @property
    def runs(self) -> pd.DataFrame:
        """``run``, ``region``, ``plan``, ``scenario``, ``year``, ``version``, ``made``, ``id``."""
        rows = [
            (h.run[:12], h.region, h.plan, h.scenario, h.year, h.parts.get("version", ""), h.created, h.run)
            for h in self.heads
        ]
        columns = ["run", "region", "plan", "scenario", "year", "version", "made", "id"]
        return pd.DataFrame(rows, columns=columns)

    def sources(self) -> pd.DataFrame:
        """Return the documents that the region's data come from: the table ``sources``."""
        return self.region.table("sources").reset_index(drop=True)


def unit_of(column: str) -> str:
    """The unit of a column of results, by its name; empty where it has none."""
    whole = column.removesuffix("_before").removesuffix("_after")
    if whole in WHOLE:
        return WHOLE[whole]
    for suffix, unit in SUFFIXES.items():
        if column.endswith((suffix, f"{suffix}_before", f"{suffix}_after")):
            return unit
    return column if column in UNITS else ""
