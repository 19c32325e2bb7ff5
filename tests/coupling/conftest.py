"""Baselines: the small region of freight, and the shipped one."""

from __future__ import annotations

import numpy as np
import pytest
from freight.borderland import case_of, changed, write_borderland

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.coupling import CoupledBaseline, make_baseline


@pytest.fixture(scope="package")
def borderland(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_of(write_borderland(tmp_path_factory.mktemp("packs") / "borderland"))


@pytest.fixture(scope="package")
def small_base(borderland: Case) -> CoupledBaseline:
    return make_baseline(borderland)


@pytest.fixture(scope="package")
def wide(borderland: Case) -> Case:
    """The small region without capacities, so without queues."""
    tables = ("links", "crossings", "transfers")
    return changed(
        borderland,
        {(name, str(key), "capacity_t"): np.nan for name in tables for key in borderland.table(name).index},
    )


@pytest.fixture(scope="package")
def wide_base(wide: Case) -> CoupledBaseline:
    return make_baseline(wide)


@pytest.fixture(scope="session")
def shipped_baseline(shipped: Region) -> CoupledBaseline:
    """The shipped region in 2030, without projects and shocks."""
    return make_baseline(
        build_case(shipped, load_plan("as_is", shipped), load_scenario("reference", shipped))
    )
