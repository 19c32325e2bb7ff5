"""Sogdia: a planning laboratory for regional connectivity.

>>> import sogdia
>>> region = sogdia.load_region("central_asia")  # doctest: +SKIP

Names are imported when they are first used, so ``import sogdia`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "Case": "sogdia.case",
    "Plan": "sogdia.case",
    "Region": "sogdia.region",
    "Scenario": "sogdia.case",
    "build_case": "sogdia.case",
    "check_pack": "sogdia.region",
    "load_plan": "sogdia.case",
    "load_region": "sogdia.region",
    "load_scenario": "sogdia.case",
}

__all__ = ["__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'sogdia' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
