"""The made-up region for systems by hand, and the shipped region's power solved once."""

from __future__ import annotations

import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.power import PowerModel, PowerResult, power_inputs

from .systems import case_in


@pytest.fixture(scope="package")
def isle_case(isles: Region) -> Case:
    return case_in(isles)


def shipped_case(region: Region, plan: str = "as_is", scenario: str = "reference", year: int = 2030) -> Case:
    """A case of the shipped region, past years too."""
    return build_case(region, load_plan(plan, region), load_scenario(scenario, region).at(year), past=True)


@pytest.fixture(scope="package")
def calm_case(shipped: Region) -> Case:
    return shipped_case(shipped)


@pytest.fixture(scope="package")
def model(calm_case: Case) -> PowerModel:
    """The shipped region in 2030, nothing built: solved by whoever needs it first."""
    return PowerModel(power_inputs(calm_case))


@pytest.fixture(scope="package")
def calm(model: PowerModel) -> PowerResult:
    return model.solve()
