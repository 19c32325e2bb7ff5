"""The Belt and Road Initiative against published gains; figures and differences: docs/trade-yardsticks.md."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Region, build_case, load_plan, load_scenario
from sogdia.case.counterfactual import counterfactual
from sogdia.coupling import CoupledResult, CouplingSettings, couple, make_baseline

HOME = ["KAZ", "KGZ", "UZB", "TJK", "TKM"]


Results = dict[str, CoupledResult]


@pytest.fixture(scope="module")
def all_projects(shipped: Region) -> Results:
    """All projects against the network before the initiative, with one sector and with sectors."""
    before, plans = counterfactual(
        [load_plan("belt_and_road_all", shipped)], load_plan("before_belt_and_road", shipped), shipped
    )
    scenario = load_scenario("reference", shipped)
    one, many = (CouplingSettings(composition=name) for name in ("one_sector", "sectors"))
    baseline = make_baseline(build_case(shipped, before, scenario), one)
    case = build_case(shipped, plans[0], scenario)
    return {
        "one_sector": couple(case, baseline, one),
        "sectors": couple(case, baseline.with_sectors("sectors", "long_run"), many),
    }


COMPOSITIONS = pytest.mark.parametrize("composition", ["one_sector", "sectors"])


@COMPOSITIONS
def test_all_belt_and_road_projects_gain_less_than_two_per_cent(
    all_projects: Results, composition: str
) -> None:
    """Less than 2 % of the income of Central Asia under Armington or monopolistic competition (Bird, Lebrand
    & Venables 2020, Journal of Development Economics 144)."""
    table = all_projects[composition].economies().set_index("economy").loc[HOME]
    gain = float(np.average(table["welfare_pct"], weights=table["expenditure_before"]))
    assert 0.05 < gain < 2.0
    assert (table["welfare_pct"] > 0.0).all()


def test_turkmenistan_gains_least_of_the_region(all_projects: Results) -> None:
    """The World Bank finds the largest gains in the Fergana valley, the fewest in Turkmenistan (Bank of
    Finland, BOFIT Weekly Review 32/2019).

    One sector has no named transfers: there the gain on imports that Tajik remittances pay is not counted.
    """
    gained = all_projects["sectors"].economies().set_index("economy")["welfare_pct"].loc[HOME]
    assert gained.idxmin() == "TKM"
    assert gained["KGZ"] > gained["KAZ"]


def test_no_trade_cost_falls_beyond_the_largest_published(all_projects: Results) -> None:
    """At most 10.2 % along a corridor, 2.2 % in the mean of the world (de Soyres and others 2020)."""
    found = all_projects["one_sector"]
    costs = found.costs()
    keys = ["exporter", "importer", "commodity"]
    values = found.flows().set_index(keys)["before_musd"]
    costs["value"] = values.reindex(list(costs[keys].itertuples(index=False, name=None))).to_numpy()
    costs["fall"] = costs["value"] * (1.0 - costs["cost_hat"])
    pairs = costs.groupby(["exporter", "importer"])[["value", "fall"]].sum()
    assert (pairs["fall"] / pairs["value"]).max() < 0.102
    assert 0.0 < costs["fall"].sum() / costs["value"].sum() < 0.022
