"""Runs of which one table is stored: enough to read the effect of an assumption."""

from __future__ import annotations

import hashlib

from sogdia.runs.definition import Run
from sogdia.runs.store import Store

TABLE = "economies"


def short_id(run: Run) -> str:
    """Address of a run of which only one table is stored."""
    return hashlib.sha256(f"{run.run};{TABLE}".encode()).hexdigest()


def is_there(run: Run, store: Store, *, short: bool) -> bool:
    """Whether the store has what is wanted of a run."""
    return run.run in store or (short and short_id(run) in store)
