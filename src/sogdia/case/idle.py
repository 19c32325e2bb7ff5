"""Shocks that change rows of tables which no model reads, since the rows do not operate in the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from sogdia.case.case import edit_before_shocks
from sogdia.case.editor import Change, EditReason
from sogdia.case.new_projects import with_new_projects
from sogdia.case.plan import Plan
from sogdia.case.scenario import Scenario
from sogdia.case.shock_edits import ShockContext, apply_shock
from sogdia.case.shocks import PlantOutage, Selection, Shock
from sogdia.codes import OPERATING
from sogdia.region import Region

OPERATED = ("links", "crossings", "transfers", "pipelines", "plants", "interconnectors")
"""Tables of what a model uses only while its status is ``operating``."""
MOST_NAMED = 8


def idle_remarks(region: Region, plan: Plan, scenario: Scenario) -> tuple[str, ...]:
    """Return sentences on shocks, and on plants and links that they name, that change no row in operation.

    Args:
        region: The region.
        plan: The plan, after its ``extends`` are merged.
        scenario: The scenario, at its year.
    """
    if not scenario.shocks:
        return ()
    region = with_new_projects(region, plan, scenario.projects_as_plan)
    before, finance_before = edit_before_shocks(region, plan, scenario.without_shocks())
    editor, finance = before.copy(), finance_before.copy()
    found: list[str] = []
    for number, shock in enumerate(scenario.shocks, start=1):
        name = f"shock {number} {shock.kind}"
        status = {table: editor.frame(table)["status"] for table in OPERATED}
        before_it = len(editor.changes)
        reason = EditReason(name, shock.reason, shock.source)
        apply_shock(ShockContext(editor, finance, scenario.year, reason), shock)
        edits = editor.changes[before_it:]
        if isinstance(shock, PlantOutage | Selection) and not any(_is_used(edit, status) for edit in edits):
            found.append(f"{name} changes nothing: no row that it selects operates in {scenario.year}")
        found += _idle_names(shock, name, status, scenario.year)
    return tuple(found)


def _is_used(edit: Change, status: Mapping[str, pd.Series[str]]) -> bool:
    """Return whether a model reads a row of an edit."""
    if edit.table not in status or edit.action == "add":
        return True
    return bool((status[edit.table].loc[list(edit.rows)] == OPERATING).any())


def _idle_names(shock: Shock, name: str, status: Mapping[str, pd.Series[str]], year: int) -> Iterator[str]:
    """Yield a sentence on the plants or links that a shock names and that do not operate."""
    if isinstance(shock, PlantOutage):
        table, named = "plants", shock.plants
    elif isinstance(shock, Selection):
        table, named = "links", shock.links
    else:
        return
    states = status[table].reindex(list(named)).dropna()
    idle = [f"{row} ({state})" for row, state in states.items() if state != OPERATING]
    if idle:
        more = f" and {len(idle) - MOST_NAMED} more" if len(idle) > MOST_NAMED else ""
        yield f"{name} names {table} that do not operate in {year}: {', '.join(idle[:MOST_NAMED])}{more}"
