"""Freight of a plan and of its baseline: differences are those of the plan's works."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.case import Case, build_case, counterfactual, load_plan, load_scenario, reference_plan
from sogdia.errors import InputError
from sogdia.freight import SETTINGS, FreightComparison, compare_freight
from sogdia.freight.shared_network import stochastic
from sogdia.region import Region


def case_of(region: Region, name: str, scenario: str = "reference") -> tuple[Case, Case]:
    baseline, (plan,) = counterfactual([load_plan(name, region)], reference_plan(region), region)
    chosen = load_scenario(scenario, region)
    return build_case(region, plan, chosen), build_case(region, baseline, chosen)


@pytest.fixture(scope="module")
def compared(shipped: Region) -> FreightComparison:
    return compare_freight(*case_of(shipped, "middle_corridor"))


def test_both_carry_the_same_trade(compared: FreightComparison) -> None:
    totals = [
        each.result.demand.total + each.result.undelivered["flow"].sum()
        for each in (compared.baseline, compared.case)
    ]
    assert totals[0] == pytest.approx(totals[1], rel=1e-9)


def test_new_line_carries_freight_in_the_case_alone(compared: FreightComparison) -> None:
    links = compared.tables()["links"].set_index("link")
    opened = links.loc["rail_bakhty_ayagoz"]
    assert opened["tonnes_baseline"] == 0.0
    assert opened["tonnes_difference"] == opened["tonnes_case"] > 1e5


def test_costs_far_from_the_works_do_not_change(compared: FreightComparison) -> None:
    """The works lie in Kazakhstan and on the Black Sea; Tajik trade with Uzbekistan has no path by them."""
    before, after = compared.baseline, compared.case
    table = after.supernetwork.identified(after.result.demand)
    costs = [np.asarray(stochastic(each.result).satisfaction) for each in (before, after)]
    change = np.abs(costs[1] - costs[0]) / np.maximum(costs[0], 1e-9)
    far = ((table["exporter"] == "TJK") & (table["importer"] == "UZB")).to_numpy()
    near = ((table["exporter"] == "KAZ") & (table["importer"] == "CHN")).to_numpy()
    assert far.sum() > 3
    assert change[far].max() < 1e-4
    assert change[near].max() > 1e-2


def test_plan_without_works_has_no_difference(shipped: Region) -> None:
    _, baseline = case_of(shipped, "middle_corridor")
    assert all(table.empty for table in compare_freight(baseline, baseline).tables().values())


def test_other_trade_and_other_algorithms_raise(shipped: Region) -> None:
    case, baseline = case_of(shipped, "middle_corridor")
    other = build_case(shipped, baseline.plan, load_scenario("reference", shipped).at(2025))
    with pytest.raises(InputError, match="case and baseline trade different goods"):
        compare_freight(case, other)
    with pytest.raises(InputError, match="a comparison needs path-size logit"):
        compare_freight(case, baseline, SETTINGS.model_copy(update={"algorithm": "ue"}))
