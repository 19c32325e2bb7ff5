"""Store the values of a plan's projects under the key of the plan's run, so that a brief finds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from sogdia.runs.definition import Run
from sogdia.runs.store import RunMetadata, Store

KIND = "project_values"
PROJECTS, PAIRS = "projects", "pairs"


def project_values_key(run: Run) -> str:
    """Return the key of the values of the projects of a run's plan."""
    return hashlib.sha256(f"{run.key};{KIND}".encode()).hexdigest()


def store_project_values(run: Run, region: str, tables: Mapping[str, pd.DataFrame], store: Store) -> None:
    """Store the tables ``projects`` and ``pairs`` of a plan; they replace those stored before.

    Raises:
        CannotRunError: If the store cannot be written.
    """
    key = project_values_key(run)
    if key in store:
        store.remove(key)
    metadata = RunMetadata(
        run=key, kind=KIND, region=region, plan=run.plan.name, scenario=run.scenario.name,
        year=run.scenario.year, parts=dict(run.parts), settings={},
    )  # fmt: skip
    store.write(metadata, {name: tables[name] for name in (PROJECTS, PAIRS)})


def read_project_values(run: Run, store: Store) -> pd.DataFrame | None:
    """Return the table ``projects`` of a run's plan; ``None`` if the store has none.

    Raises:
        DamagedError: If its file was changed.
        CannotRunError: If the store cannot be read.
    """
    key = project_values_key(run)
    return store.read(key, PROJECTS) if key in store else None
