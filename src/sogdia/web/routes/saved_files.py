"""Routes that plans and scenarios share: list, open, check, save, delete."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from sogdia.web.drafts import CheckedDraft, Draft, LibraryEntry, checked_draft, list_entry
from sogdia.web.library import (
    NAME_PATTERN,
    Kind,
    check_text,
    delete_entry,
    entries,
    find_entry,
    open_entry,
    save_text,
)
from sogdia.web.workbench import Bench, Writes

Name = Annotated[str, Path(pattern=NAME_PATTERN)]


def add_routes(router: APIRouter, kind: Kind) -> None:
    """Add the routes of one kind of file.

    Args:
        router: Router of the kind; routes with a fixed path must be in it before.
        kind: ``plans`` or ``scenarios``.
    """

    @router.get("", summary=f"List {kind}")
    def list_all(bench: Bench) -> list[LibraryEntry]:
        """List those saved here, then those that the region ships."""
        return [list_entry(bench, kind, entry) for entry in entries(bench, kind)]

    @router.post("/check", summary=f"Check a draft of {kind}")
    def check(bench: Bench, draft: Draft) -> CheckedDraft:
        """Check a draft by the rules of the command line; return it as YAML, with all errors."""
        return checked_draft(bench, check_text(bench, kind, draft.name, draft.text()))

    @router.post("", dependencies=[Writes], summary=f"Save a draft of {kind}")
    def save(bench: Bench, draft: Draft) -> CheckedDraft:
        """Save a draft without errors as YAML, as the command line takes it."""
        return checked_draft(bench, save_text(bench, kind, draft.name, draft.text()), is_saved=True)

    @router.get("/{name}", summary=f"Open one of {kind}")
    def open_one(bench: Bench, name: Name) -> CheckedDraft:
        """Open it: its YAML, its keys, and the projects that a plan builds."""
        is_saved = find_entry(bench, kind, name).is_saved
        return checked_draft(bench, open_entry(bench, kind, name), is_saved=is_saved)

    @router.delete("/{name}", status_code=204, dependencies=[Writes], summary=f"Delete one of {kind}")
    def delete(bench: Bench, name: Name) -> Response:
        """Delete a saved one."""
        delete_entry(bench, kind, name)
        return Response(status_code=204)
