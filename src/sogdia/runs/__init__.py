"""Define studies and runs, schedule and store them, and read, compare and validate their results.

Names are imported when they are first used: the engines take seconds to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "BUILT_IN": "measures",
    "Comparison": "comparison",
    "Executor": "executor",
    "InProcess": "executor",
    "JobGroup": "job",
    "LoadedStudy": "definition",
    "LocalProcesses": "executor",
    "Measure": "measures",
    "RESULT_TABLES": "result_tables",
    "RayCluster": "executor",
    "Run": "definition",
    "RunMetadata": "store",
    "RunReport": "job",
    "Store": "store",
    "Study": "definition",
    "Validation": "validation",
    "compare": "comparison",
    "default_store": "locations",
    "define_run": "definition",
    "expand_study": "definition",
    "load_study": "definition",
    "make_executor": "executor",
    "make_study": "definition",
    "measure_runs": "studies",
    "read_measure": "measures",
    "run_jobs": "scheduler",
    "run_study": "studies",
    "validate": "validation",
}

__all__ = [*sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
