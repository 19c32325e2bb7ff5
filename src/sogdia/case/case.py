"""A case: the region as it would be, if these projects are built and that happens."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from sogdia.case.effects import Setting, apply_restrictions, apply_shock
from sogdia.case.growth import grow
from sogdia.case.plan import Plan, plan_faults
from sogdia.case.projects import apply_projects, apply_time, apply_variant, finance_of
from sogdia.case.scenario import Scenario, scenario_faults
from sogdia.case.workbench import Change, TableEditor, Why
from sogdia.errors import CannotRunError, FaultsError, UnknownNameError
from sogdia.region import Region
from sogdia.tables import cell


@dataclass(frozen=True, eq=False)
class Case:
    """Region, plan and scenario joined: tables edited, every edit logged.

    Attributes:
        region: The region as it is.
        plan: What is chosen.
        scenario: What happens.
        frames: The edited tables; read them through :meth:`table`.
        payers: Who pays for the plan's projects; read it through :attr:`finance`.
        changes: Every edit, in order.
    """

    region: Region
    plan: Plan
    scenario: Scenario
    frames: Mapping[str, pd.DataFrame]
    payers: pd.DataFrame
    changes: tuple[Change, ...]

    @property
    def year(self) -> int:
        """Year looked at."""
        return self.scenario.year

    @property
    def finance(self) -> pd.DataFrame:
        """Who pays for the plan's projects, as :func:`sogdia.case.projects.finance_of` tells."""
        return self.payers.copy(deep=False)

    def table(self, name: str) -> pd.DataFrame:
        """The table called ``name`` as edited, indexed by row key; the caller's own copy.

        Raises:
            UnknownNameError: If no table is called so.
        """
        if name not in self.frames:
            raise UnknownNameError("table", name, self.frames)
        return self.frames[name].copy(deep=False)

    def trace(self, table: str, row: str) -> Mapping[str, Any]:
        """Where a row's figures come from: the pack's row, if it has one, and the edits made to it.

        Raises:
            UnknownNameError: If there is no such table or row.
        """
        touching = [change for change in self.changes if change.table == table and row in change.rows]
        if row in self.region.table(table).index:
            return {**self.region.trace(table, row), "changes": touching}
        frame = self.table(table)
        if row not in frame.index:
            raise UnknownNameError(f"row of {table}", row, frame.index)
        return {**{name: cell(frame, row, name) for name in frame.columns}, "changes": touching}

    def changes_table(self) -> pd.DataFrame:
        """The edits as a table, one row an edit: cause, table, field, action, value, rows, reason, source."""
        columns = ["cause", "table", "field", "action", "value", "rows", "first_row", "reason", "source"]
        rows = [
            (c.cause, c.table, c.field, c.action, c.value, len(c.rows), c.rows[0], c.reason, c.source)
            for c in self.changes
        ]
        return pd.DataFrame(rows, columns=columns)

    def write_csv(self, folder: Path) -> None:
        """Write every edited table, the payers and the edits as CSV into ``folder``.

        Raises:
            CannotRunError: If the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, frame in {
                **self.frames,
                "finance": self.payers,
                "changes": self.changes_table(),
            }.items():
                frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        except OSError as error:
            raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error

    @cached_property
    def digest(self) -> str:
        """SHA-256 of region, plan and scenario by content."""
        parts = (self.region.digest, self.plan.digest, self.scenario.digest)
        return hashlib.sha256(";".join(parts).encode()).hexdigest()


def build_case(region: Region, plan: Plan, scenario: Scenario, *, past: bool = False) -> Case:
    """Join a region, a plan and a scenario.

    In order: variants of contested figures; rows that are not there yet in the scenario's year;
    the plan's projects; standing restrictions; documented growth; shocks.

    Args:
        region: The region as it is.
        plan: What is chosen, with what it extends already in it (:func:`sogdia.case.load_plan`).
        scenario: What happens.
        past: Whether the year may be before the base year: for power, whose record reaches further back.
            Economies and trade then stay as in the base year.

    Returns:
        The case, frozen.

    Raises:
        FaultsError: If plan or scenario name what the region does not have.
        InputError: If a shock touches no row.
    """
    faults = [fault for _, fault in plan_faults(plan, region, plan.name or "plan")]
    judged = scenario.at(region.base_year) if past and scenario.year < region.base_year else scenario
    faults += [fault for _, fault in scenario_faults(judged, region, scenario.name or "scenario")]
    if faults:
        raise FaultsError(faults)
    calm = scenario.model_copy(update={"name": "", "title": "", "description": "", "shocks": ()})
    before, money = _undisturbed(region, plan, calm)
    bench, finance = before.copy(), money.copy()
    for number, shock in enumerate(scenario.shocks, start=1):
        why = Why(f"shock {number} {shock.kind}", shock.reason, shock.source)
        apply_shock(Setting(bench, finance, scenario.year, why), shock)
    return Case(region, plan, scenario, MappingProxyType(bench.frames()), finance, tuple(bench.changes))


@lru_cache(maxsize=8)
def _undisturbed(region: Region, plan: Plan, calm: Scenario) -> tuple[TableEditor, pd.DataFrame]:
    """The bench before any shock, and who pays; kept, since cases often differ in their shocks alone.

    They share the tables that none of them edits, which also tells fast that these are the same.
    """
    bench = TableEditor(region)
    for name in calm.variants:
        apply_variant(bench, name)
    apply_time(bench, calm.year)
    apply_projects(bench, plan, calm.year)
    apply_restrictions(bench, calm.year)
    grow(bench, calm)
    bench.frames()
    return bench, finance_of(bench, plan)
