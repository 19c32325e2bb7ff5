"""The artificial region for small systems, and the shipped region's power system, solved once.

Of scope session, not package: the longest files come first, so tests of a package do not follow each other.
"""

from __future__ import annotations

import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.power import PowerModel, PowerResult, build_power_inputs

from .systems import case_in


@pytest.fixture(scope="session")
def isle_case(isles: Region) -> Case:
    return case_in(isles)


def shipped_case(
    region: Region, plan: str = "nothing_built", scenario: str = "reference", year: int = 2030
) -> Case:
    """Return a case of the shipped region; past years are allowed."""
    return build_case(region, load_plan(plan, region), load_scenario(scenario, region).at(year), past=True)


@pytest.fixture(scope="session")
def reference_case(shipped: Region) -> Case:
    return shipped_case(shipped)


@pytest.fixture(scope="session")
def model(reference_case: Case) -> PowerModel:
    """Return the model of the shipped region in 2030, without projects."""
    return PowerModel(build_power_inputs(reference_case))


@pytest.fixture(scope="session")
def reference(model: PowerModel) -> PowerResult:
    return model.solve()
