"""The functions behind ``import sogdia``: from names and files to finished results.

A function is imported when it is first used, with the engines that it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_MODULES = {
    "ArticleReading": "articles",
    "DependenceRun": "dependence",
    "EnsembleRun": "ensembles",
    "FreightRun": "freight",
    "PortfolioRun": "portfolios",
    "PowerRun": "power",
    "Progress": "progress",
    "ProjectValues": "projects",
    "Result": "result",
    "RunComparison": "runs",
    "RunResult": "runs",
    "TradeRun": "trade",
    "brief": "briefs",
    "build_case": "inputs",
    "compare": "runs",
    "dependence_settings": "dependence",
    "ensemble": "ensembles",
    "load_plan": "inputs",
    "load_region": "inputs",
    "load_scenario": "inputs",
    "optimise": "portfolios",
    "project_values": "projects",
    "read_article": "articles",
    "run": "runs",
    "run_dependence": "dependence",
    "run_freight": "freight",
    "run_power": "power",
    "run_trade": "trade",
    "stored_run": "runs",
}
"""Module of each name."""

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"sogdia.api.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'sogdia.api' has no attribute {name!r}")
