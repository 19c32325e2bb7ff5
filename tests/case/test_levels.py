"""Levels of elasticities and rents: between low and high figures of their tables, all sectors together."""

from __future__ import annotations

import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario


def at(region: Region, **levels: float) -> Case:
    scenario = load_scenario("reference", region).model_copy(update=levels)
    return build_case(region, load_plan("as_is", region), scenario)


def theta(case: Case) -> dict[tuple[str, str], float]:
    table = case.table("elasticities")
    rows = table[table["study"] == "recommended"]
    return dict(zip(zip(rows["sector"], rows["horizon"], strict=True), rows["value"], strict=True))


@pytest.mark.parametrize(("level", "factor"), [(-1.0, 0.25), (-0.5, 0.5), (0.0, 1.0), (0.5, 2.0), (1.0, 4.0)])
def test_elasticities_move_in_logarithms_to_the_bounds_of_the_long_run(
    isles: Region, level: float, factor: float
) -> None:
    # Mining: 4 in the long run, from 1 to 16; fishing has no bounds.
    before, found = theta(at(isles)), theta(at(isles, elasticity_level=level))
    for key, value in found.items():
        assert value == pytest.approx(before[key] * (factor if key[0] == "mining" else 1.0))


@pytest.mark.parametrize(("level", "shares"), [(-1.0, [0.3, 0.2]), (0.5, [0.6, 0.5]), (1.0, [0.7, 0.6])])
def test_rents_move_linearly_to_their_bounds(isles: Region, level: float, shares: list[float]) -> None:
    found = at(isles, rent_level=level).table("specific_factors")
    assert found["value_added_share"].tolist() == pytest.approx(shares)


def test_level_is_an_edit_that_the_reference_scenario_keeps(isles: Region) -> None:
    scenario = load_scenario("reference", isles).model_copy(update={"elasticity_level": 1.0})
    assert scenario.without_shocks().elasticity_level == 1.0
    changes = at(isles, elasticity_level=1.0).changes_table()
    edited = changes[changes["cause"] == "level"]
    assert edited["table"].tolist() == ["elasticities"]
    assert edited["source"].tolist() == ["tale"]
