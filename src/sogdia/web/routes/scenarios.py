"""Routes of scenarios: list, open, check, save, delete, and the forms of shocks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from sogdia.web.drafts import CheckedDraft, Draft, LibraryEntry, checked_draft, list_entry
from sogdia.web.library import (
    NAME_PATTERN,
    check_text,
    delete_entry,
    entries,
    find_entry,
    open_entry,
    save_text,
)
from sogdia.web.shock_forms import ScenarioForms, scenario_forms
from sogdia.web.workbench import Bench, Writes

router = APIRouter(prefix="/api/v1/scenarios", tags=["scenarios"])
ScenarioName = Annotated[str, Path(pattern=NAME_PATTERN)]


@router.get("")
def scenarios(bench: Bench) -> list[LibraryEntry]:
    """List scenarios: those saved here, then those that the region ships."""
    return [list_entry(bench, "scenarios", entry) for entry in entries(bench, "scenarios")]


@router.get("/forms")
def forms(bench: Bench) -> ScenarioForms:
    """Describe each kind of shock: its keys, their meaning, limits, and the valid names of this region."""
    return scenario_forms(bench.region)


@router.post("/check")
def check_scenario(bench: Bench, draft: Draft) -> CheckedDraft:
    """Check a scenario by the rules of the command line; return it as YAML, with all errors."""
    return checked_draft(bench, check_text(bench, "scenarios", draft.name, draft.text()))


@router.post("", dependencies=[Writes])
def save_scenario(bench: Bench, draft: Draft) -> CheckedDraft:
    """Save a scenario without errors as YAML, as the command line takes it."""
    return checked_draft(bench, save_text(bench, "scenarios", draft.name, draft.text()), is_saved=True)


@router.get("/{name}")
def scenario(bench: Bench, name: ScenarioName) -> CheckedDraft:
    """Open a scenario: its YAML and its keys."""
    is_saved = find_entry(bench, "scenarios", name).is_saved
    return checked_draft(bench, open_entry(bench, "scenarios", name), is_saved=is_saved)


@router.delete("/{name}", status_code=204, dependencies=[Writes])
def delete_scenario(bench: Bench, name: ScenarioName) -> Response:
    """Delete a saved scenario."""
    delete_entry(bench, "scenarios", name)
    return Response(status_code=204)
