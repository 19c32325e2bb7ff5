"""Solve freight, trade and the power system of one case together.

Names that need the power system, an extra of its own, are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sogdia.coupling.baseline import CoupledBaseline, baseline_case, make_baseline
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import DEFAULT_ASSIGNMENT, CouplingSettings
from sogdia.coupling.solve import couple
from sogdia.coupling.tables import TABLES

_JOINT = ("JointBaseline", "JointResult", "JointSettings", "make_joint_baseline", "solve_joint")

__all__ = [
    "DEFAULT_ASSIGNMENT",
    "TABLES",
    "CoupledBaseline",
    "CoupledResult",
    "CouplingSettings",
    "baseline_case",
    "couple",
    "make_baseline",
    *_JOINT,
]


def __getattr__(name: str) -> Any:
    if name in _JOINT:
        return getattr(import_module("sogdia.coupling.joint"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_JOINT])
