"""Collect the result tables of a run from the packages that make them."""

from __future__ import annotations

from collections.abc import Mapping

from sogdia.case.tables import CHANGES
from sogdia.coupling.tables import TABLES as COUPLING_TABLES
from sogdia.freight.tables import TABLES as FREIGHT_TABLES
from sogdia.power.tables import STORED as POWER_TABLES
from sogdia.tables.results import ResultTable, declared

RESULT_TABLES: Mapping[str, ResultTable] = declared(
    *COUPLING_TABLES.values(), *FREIGHT_TABLES.values(), *POWER_TABLES.values(), CHANGES
)
"""Every table of a stored run, by name."""
