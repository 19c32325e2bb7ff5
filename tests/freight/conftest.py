"""The small region of freight and results of the shipped region, computed once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia import Case, Region
from sogdia.freight import FreightResult, Supernetwork, assign_freight, build_supernetwork

from .borderland import case_of, write_borderland
from .networks import UNCALIBRATED, home_trade_only, shipped_case


@pytest.fixture(scope="session")
def borderland_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_borderland(tmp_path_factory.mktemp("packs") / "borderland")


@pytest.fixture(scope="session")
def borderland(borderland_folder: Path) -> Case:
    return case_of(borderland_folder)


@pytest.fixture(scope="session")
def supernetwork(borderland: Case) -> Supernetwork:
    return build_supernetwork(borderland, UNCALIBRATED)


@pytest.fixture(scope="package")
def base_year(shipped: Region) -> FreightResult:
    """Freight of all trade in the base year."""
    return assign_freight(shipped_case(shipped, year=2023))


@pytest.fixture(scope="package")
def home_trade_2030(shipped: Region) -> FreightResult:
    """Freight of the trade of home countries in 2030."""
    return assign_freight(home_trade_only(shipped_case(shipped)))
