"""Ledger: projects, deals and events with their provenance, and the claims of articles matched with them.

Names are imported when they are first used, so ``import sogdia.ledger`` loads no library.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "DraftPlan": "draft_plan",
    "Finding": "findings",
    "LedgerComparison": "comparison",
    "Match": "matching",
    "Patch": "patch",
    "Proposal": "proposal",
    "Totals": "totals",
    "apply_patch": "patch",
    "calendar": "diplomatic_calendar",
    "compare_aggregates": "comparison",
    "compare_with_ledger": "comparison",
    "conflicts_table": "matching",
    "export_iati": "iati_export",
    "ledger_tables": "accounts",
    "ledger_totals": "totals",
    "match_claims": "matching",
    "matches_table": "matching",
    "missing_rows": "patch",
    "patch_faults": "patch",
    "patched_copy": "patch",
    "plan_from": "draft_plan",
    "propose": "proposal",
    "read_iati": "iati_import",
    "read_patch": "patch",
    "record_quality": "quality",
    "unused_lines": "draft_plan",
    "updates_table": "proposal",
    "write_patch": "patch",
    "write_proposal": "proposal",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
