"""Collect the tables of stored runs for export, with their region and their declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sogdia.region import Region
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.runs.store import RunMetadata, Store
from sogdia.tables.results import ResultTable, integer, text

RUN = text("run", "Run", "Start of the id of the stored run.", key=True)
RUNS = ResultTable(
    "runs",
    "Runs",
    "A stored run.",
    (
        RUN,
        text("region", "Region", "Name of the region."),
        text("plan", "Plan", "Name of the plan."),
        text("scenario", "Scenario", "Name of the scenario."),
        integer("year", "year", "Year", "Year of analysis."),
        text("version", "Version", "Version of Sogdia that computed the run."),
        text("created", "Time", "Time at which the run was computed, UTC."),
        text("id", "Id", "Id of the run, a SHA-256 digest."),
    ),
)
ID_LENGTH = 12
"""Characters of the id of a run that identify it in exports."""


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
            tables[name].assign(run=head.run[:ID_LENGTH])
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
        """Runs, with the columns of :data:`RUNS`."""
        return RUNS.frame(
            (
                h.run[:ID_LENGTH],
                h.region,
                h.plan,
                h.scenario,
                h.year,
                h.parts.get("version", ""),
                h.created,
                h.run,
            )
            for h in self.heads
        )

    def sources(self) -> pd.DataFrame:
        """Return the documents that the region's data come from: the table ``sources``."""
        return self.region.table("sources").reset_index(drop=True)


def stacked_declaration(name: str) -> ResultTable:
    """Return the declaration of a result table of several runs, with the column ``run`` first."""
    table = RESULT_TABLES[name]
    return replace(table, columns=(RUN, *table.columns))
