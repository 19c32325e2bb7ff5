"""Runs as objects, for Python and notebooks: made or looked up, shown, compared."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from sogdia.case import load_plan, load_scenario
from sogdia.coupling.joint import JointSettings
from sogdia.errors import InputError
from sogdia.region import Region, load_region
from sogdia.runs.compare import Comparison, compare
from sogdia.runs.default_store import default_store
from sogdia.runs.definition import Study, opened
from sogdia.runs.indicators import BUILT_IN, read_measure
from sogdia.runs.scheduler import run_study
from sogdia.runs.store import RunHead, Store


@dataclass(frozen=True, eq=False)
class StoredRun:
    """A finished run.

    Attributes:
        store: The store it is in.
        head: What it is.
    """

    store: Store
    head: RunHead

    def table(self, name: str) -> pd.DataFrame:
        """A table of its results (:meth:`sogdia.coupling.joint.JointResult.tables`).

        Raises:
            UnknownNameError: If it has no such table.
        """
        return self.store.read(self.head.run, name)

    def measures(self) -> pd.DataFrame:
        """All built-in measures: ``measure``, ``of``, ``value``, ``unit``."""
        parts = [read_measure(measure, self.table(measure.table)) for measure in BUILT_IN.values()]
        return pd.concat(parts, ignore_index=True)

    def compare(self, base: StoredRun) -> Comparison:
        """This run less another one."""
        tables = (base.store.tables(base.head.run), self.store.tables(self.head.run))
        return compare(*tables, (base.head.label, self.head.label))

    def _repr_html_(self) -> str:
        """What it is and its measures, for notebooks."""
        told = self.measures().to_html(index=False, float_format=lambda value: f"{value:,.4g}")
        return f"<p><b>{escape(self.head.label)}</b>, run {self.head.run[:12]}</p>{told}"


def run_plan(
    region: Region | str,
    plan: str = "as_is",
    scenario: str = "reference",
    *,
    year: int | None = None,
    base: str = "as_is",
    settings: JointSettings | None = None,
    store: Path | Store | None = None,
    threads: int = 2,
) -> StoredRun:
    """Run a plan under a scenario, freight, trade and power together; what the store has is looked up.

    Args:
        region: A region, a shipped one's name, or a folder.
        plan: A shipped plan's name, or a YAML file.
        scenario: A shipped scenario's name, or a YAML file.
        year: Year looked at; the scenario's own where not given.
        base: Plan of the calm base.
        settings: Settings of the engines.
        store: A store or its folder; :func:`sogdia.runs.default_store.default_store` where not given.
        threads: Threads; results are the same for any number.

    Raises:
        InputError: If a name or file does not hold, or a model did not converge.
        CannotRunError: If the store cannot be written.
    """
    loaded = load_region(region) if isinstance(region, str) else region
    kept = store if isinstance(store, Store) else Store(store or default_store())
    study = Study(
        region=loaded.name,
        plans=(plan,),
        scenarios=(scenario,),
        years=() if year is None else (year,),
        settings=settings or JointSettings(),
    )
    against, chosen = load_plan(base, loaded), load_plan(plan, loaded)
    whole = opened(study, loaded, against, [chosen], [load_scenario(scenario, loaded)])
    wanted = whole.runs[-1]
    only = type(whole)(study, loaded, (wanted,))
    for done in run_study(only, kept, threads=threads):
        if done.error:
            raise InputError(f"{done.label}: {done.error}")
    return StoredRun(kept, kept.head(wanted.run))
