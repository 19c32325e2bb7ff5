"""Sogdia: a planning laboratory for regional connectivity.

Load a region, run a plan under a scenario, compare it with a baseline:

>>> import sogdia
>>> region = sogdia.load_region("central_asia")
>>> plan = sogdia.run(region, "under_construction", year=2030)  # doctest: +SKIP
>>> plan.compare(sogdia.run(region, year=2030)).summary()  # doctest: +SKIP

Finished runs are logged to the logger ``sogdia`` at level INFO. A name is imported when it is first used, so
that ``import sogdia`` is quick.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_MODULES = {
    "Case": "sogdia.case",
    "Plan": "sogdia.case",
    "Region": "sogdia.region",
    "Scenario": "sogdia.case",
    "brief": "sogdia.api",
    "build_case": "sogdia.api",
    "check_pack": "sogdia.region",
    "compare": "sogdia.api",
    "ensemble": "sogdia.api",
    "load_plan": "sogdia.api",
    "load_region": "sogdia.api",
    "load_scenario": "sogdia.api",
    "optimise": "sogdia.api",
    "project_values": "sogdia.api",
    "read_article": "sogdia.api",
    "run": "sogdia.api",
    "run_dependence": "sogdia.api",
    "run_freight": "sogdia.api",
    "run_power": "sogdia.api",
    "run_trade": "sogdia.api",
}
"""Module of each public name."""

__all__ = ["__version__", *sorted(_MODULES)]

logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    if name in ("dependence", "portfolio"):  # packages; the first is the function too
        return import_module(f"sogdia.{name}")
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'sogdia' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULES])
