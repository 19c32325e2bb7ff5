"""Routes of plans: list, open, check, save, delete."""

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
from sogdia.web.workbench import Bench, Writes

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])
PlanName = Annotated[str, Path(pattern=NAME_PATTERN)]


@router.get("")
def plans(bench: Bench) -> list[LibraryEntry]:
    """List plans: those saved here, then those that the region ships."""
    return [list_entry(bench, "plans", entry) for entry in entries(bench, "plans")]


@router.post("/check")
def check_plan(bench: Bench, draft: Draft) -> CheckedDraft:
    """Check a plan by the rules of the command line; return it as YAML, with all errors."""
    return checked_draft(bench, check_text(bench, "plans", draft.name, draft.text()))


@router.post("", dependencies=[Writes])
def save_plan(bench: Bench, draft: Draft) -> CheckedDraft:
    """Save a plan without errors as YAML, as the command line takes it."""
    return checked_draft(bench, save_text(bench, "plans", draft.name, draft.text()), is_saved=True)


@router.get("/{name}")
def plan(bench: Bench, name: PlanName) -> CheckedDraft:
    """Open a plan: its YAML, its keys and the projects that it builds."""
    is_saved = find_entry(bench, "plans", name).is_saved
    return checked_draft(bench, open_entry(bench, "plans", name), is_saved=is_saved)


@router.delete("/{name}", status_code=204, dependencies=[Writes])
def delete_plan(bench: Bench, name: PlanName) -> Response:
    """Delete a saved plan."""
    delete_entry(bench, "plans", name)
    return Response(status_code=204)
