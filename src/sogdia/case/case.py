"""A case: a region with the edits of a plan and a scenario."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from sogdia.case.draws import apply_draw
from sogdia.case.editor import Change, EditReason, TableEditor
from sogdia.case.growth import grow
from sogdia.case.levels import apply_levels
from sogdia.case.new_links import apply_empty_returns
from sogdia.case.new_projects import with_new_projects
from sogdia.case.plan import Plan
from sogdia.case.plan_check import plan_faults
from sogdia.case.project_edits import (
    apply_projects,
    apply_scenario_projects,
    apply_time,
    apply_variant,
)
from sogdia.case.projects import finance_table, project_table
from sogdia.case.scenario import Scenario
from sogdia.case.scenario_check import projects_of_both, scenario_faults
from sogdia.case.shock_edits import ShockContext, apply_restrictions, apply_shock
from sogdia.case.shocks import AnyShock
from sogdia.case.tables import CHANGES, FINANCE, PROJECTS
from sogdia.errors import Fault, FaultsError, UnknownNameError
from sogdia.files import write_csv_folder
from sogdia.region import Region
from sogdia.tables import cell
from sogdia.tables.summary import html_summary

MOST_SHARED = 16
"""Shocks up to which cases with the same first ones share their edits."""


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """Region, plan and scenario joined: tables with all edits, every edit logged.

    Attributes:
        region: The region without edits, with the rows of new projects of the plan.
        plan: The plan.
        scenario: The scenario.
        frames: The edited tables; read them with :meth:`table`.
        finance_frame: Finance of the plan's projects; read it with :attr:`finance`.
        changes: Every edit, in order.
    """

    region: Region
    plan: Plan
    scenario: Scenario
    frames: Mapping[str, pd.DataFrame]
    finance_frame: pd.DataFrame
    changes: tuple[Change, ...]

    def __repr__(self) -> str:
        plan, scenario = self.plan.name or self.plan.title, self.scenario.name or self.scenario.title
        projects = len(self.plan.projects)
        counts = f"{projects} project{'s' * (projects != 1)}, {len(self.changes)} edits"
        return f"Case({self.region.name!r}, plan {plan!r}, scenario {scenario!r}, {self.year}: {counts})"

    def _repr_html_(self) -> str:
        edits = Counter(change.cause.split(" ")[0] for change in self.changes)
        rows = {
            "region": self.region.title,
            "plan": self.plan.title,
            "scenario": self.scenario.title,
            "year": str(self.year),
            "projects": ", ".join(choice.project for choice in self.plan.projects) or "none",
            "edits": ", ".join(f"{count} by {cause}" for cause, count in edits.items()) or "none",
        }
        return html_summary("Case", rows)

    @property
    def year(self) -> int:
        """Year of the run."""
        return self.scenario.year

    @property
    def finance(self) -> pd.DataFrame:
        """Finance of the plan's projects (:data:`sogdia.case.tables.FINANCE`); the caller's own copy."""
        return self.finance_frame.copy(deep=False)

    @property
    def projects(self) -> pd.DataFrame:
        """Opening year, cost and home share of the plan's projects (:data:`sogdia.case.tables.PROJECTS`)."""
        return self._projects.copy(deep=False)

    @property
    def own_finance(self) -> pd.DataFrame:
        """Rows of :attr:`finance` of the projects that the baseline does not build."""
        return self.finance_frame[~self.finance_frame["in_baseline"]]

    @property
    def own_projects(self) -> pd.DataFrame:
        """Rows of :attr:`projects` of the projects that the baseline does not build."""
        return self._projects[~self._projects["in_baseline"]]

    @cached_property
    def _projects(self) -> pd.DataFrame:
        return project_table(self.plan, self.region, self.frames["projects"])

    def table(self, name: str) -> pd.DataFrame:
        """Return a table with all edits, indexed by row key; the caller's own copy.

        Raises:
            UnknownNameError: If the region has no such table.
        """
        if name not in self.frames:
            raise UnknownNameError("table", name, self.frames)
        return self.frames[name].copy(deep=False)

    def with_table(self, name: str, frame: pd.DataFrame) -> Case:
        """Return the case with another table in the place of one."""
        return replace(self, frames=MappingProxyType({**self.frames, name: frame}))

    def trace(self, table: str, row: str) -> Mapping[str, Any]:
        """Trace a row to its origin: the row of the pack, if it has one, and the edits made to it.

        Raises:
            UnknownNameError: If there is no such table or row.
        """
        edits = [change for change in self.changes if change.table == table and row in change.rows]
        if row in self.region.table(table).index:
            return {**self.region.trace(table, row), "changes": edits}
        frame = self.table(table)
        if row not in frame.index:
            raise UnknownNameError(f"row of {table}", row, frame.index)
        return {**{name: cell(frame, row, name) for name in frame.columns}, "changes": edits}

    def changes_table(self) -> pd.DataFrame:
        """Return the edits as :data:`sogdia.case.tables.CHANGES`, one row per edit."""
        return CHANGES.frame(
            (c.cause, c.table, c.field, c.action, c.value, len(c.rows), c.rows[0], c.reason, c.source)
            for c in self.changes
        )

    def write_csv(self, folder: Path) -> None:
        """Write the edited tables, the projects, their finance and the edits as CSV into ``folder``.

        Raises:
            CannotRunError: If the folder cannot be written.
        """
        added = {PROJECTS.name: self.projects, FINANCE.name: self.finance, CHANGES.name: self.changes_table()}
        write_csv_folder(folder, {**self.frames, **added})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of region, plan and scenario by content."""
        parts = (self.region.digest, self.plan.digest, self.scenario.digest)
        return hashlib.sha256(";".join(parts).encode()).hexdigest()


def build_case(region: Region, plan: Plan, scenario: Scenario, *, past: bool = False) -> Case:
    """Join a region, a plan and a scenario.

    Edits, in order: variants of contested figures; levels of elasticities and rents; a sample of uncertain
    figures; rows that open after the scenario's year; the plan's projects, and those of the scenario;
    restrictions in force; documented growth; shocks.

    Args:
        region: The region.
        plan: The plan, after its ``extends`` are merged (:func:`sogdia.case.load_plan`).
        scenario: The scenario.
        past: Accept a year before the base year, for the power system, whose record starts earlier.
            Economies and trade then stay as in the base year.

    Returns:
        The case, frozen.

    Raises:
        FaultsError: If plan or scenario name an object that the region does not have, the same project or
            two alternatives, or if a shock applies to no row.
    """
    faults = list(projects_of_both(plan, scenario, region))
    if faults:
        raise FaultsError(faults)
    region = with_new_projects(region, plan, scenario.projects_as_plan)
    faults += _faults_of(plan, region)
    checked = scenario.at(region.base_year) if past and scenario.year < region.base_year else scenario
    faults += [fault for _, fault in scenario_faults(checked, region, scenario.name or "scenario")]
    if faults:
        raise FaultsError(faults)
    editor, finance, idle = _edit(region, plan, scenario.without_shocks(), scenario.shocks)
    if idle:
        problem, fix = "it applies to no row of the region", "correct the names it gives"
        raise FaultsError([scenario.shock_fault(number, problem, fix) for number in idle])
    return Case(region, plan, scenario, MappingProxyType(editor.frames()), finance, tuple(editor.changes))


@lru_cache(maxsize=8)
def _faults_of(plan: Plan, region: Region) -> tuple[Fault, ...]:
    return tuple(fault for _, fault in plan_faults(plan, region, plan.name or "plan"))


def _edit(
    region: Region, plan: Plan, reference: Scenario, shocks: tuple[AnyShock, ...]
) -> tuple[TableEditor, pd.DataFrame, tuple[int, ...]]:
    """Edit the tables for a scenario with shocks; shared by all that read them, so not to be changed.

    Returns:
        Editor, finance, and the numbers of the shocks that apply to no row.
    """
    shared = shocks[:MOST_SHARED]
    # Samples are hardly ever built twice, and each has large tables of its own.
    share = _edit_shared if reference.draw is None else _edit_shared.__wrapped__
    editor, finance, idle = share(region, plan, reference, shared)
    if len(shocks) > MOST_SHARED:
        editor, finance = editor.copy(), finance.copy()
        for number, shock in enumerate(shocks[MOST_SHARED:], start=MOST_SHARED + 1):
            if _apply(editor, finance, reference.year, number, shock) == 0:
                idle = *idle, number
    return editor, finance, idle


@lru_cache(maxsize=64)
def _edit_shared(
    region: Region, plan: Plan, reference: Scenario, shocks: tuple[AnyShock, ...]
) -> tuple[TableEditor, pd.DataFrame, tuple[int, ...]]:
    """Add the last of at most :data:`MOST_SHARED` shocks to the tables with those before it.

    Cached, since the coalitions of partners share all shocks but the last in pairs.
    """
    if not shocks:
        return *edit_before_shocks(region, plan, reference), ()
    before, finance_before, idle = _edit(region, plan, reference, shocks[:-1])
    editor, finance = before.copy(), finance_before.copy()
    if _apply(editor, finance, reference.year, len(shocks), shocks[-1]) == 0:
        idle = *idle, len(shocks)
    editor.frames()
    return editor, finance, idle


def _apply(editor: TableEditor, finance: pd.DataFrame, year: int, number: int, shock: AnyShock) -> int:
    """Apply a shock in place; return the number of edits."""
    reason = EditReason(f"shock {number} {shock.kind}", shock.reason, shock.source)
    return apply_shock(ShockContext(editor, finance, year, reason), shock)


@lru_cache(maxsize=8)
def edit_before_shocks(region: Region, plan: Plan, reference: Scenario) -> tuple[TableEditor, pd.DataFrame]:
    """Edit the tables up to the first shock, and list the finance of the projects.

    Cached, since cases often differ in their shocks alone. Cases from one entry share the tables that no
    shock edits, so that a comparison by identity finds equal tables quickly.
    """
    editor = _edit_figures(region, reference).copy()
    apply_time(editor, reference.year)
    apply_projects(editor, plan, reference.year)
    apply_scenario_projects(editor, reference)
    apply_empty_returns(editor)
    apply_restrictions(editor, reference.year)
    grow(editor, reference)
    editor.frames()
    return editor, finance_table(editor, plan)


@lru_cache(maxsize=2)
def _edit_figures(region: Region, reference: Scenario) -> TableEditor:
    """Edit the figures that no plan decides; cached, since plans under one scenario share them."""
    editor = TableEditor(region)
    for name in reference.variants:
        apply_variant(editor, name)
    apply_levels(editor, reference)
    if reference.draw is not None:
        apply_draw(editor, reference.draw)
    return editor
