"""Results worked out by hand on a few arcs: skims, costs, links, select-link analysis, node balance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import AssignmentResult, AssignmentSettings, assign, make_demand
from sogdia.errors import UnknownNameError

from .small_networks import EXACT, demand_of, network_of, two_roads


def test_flows_out_of_balance_raise_an_error() -> None:
    logit = AssignmentSettings(algorithm="sue", gap=1e-9)
    for settings in (EXACT, logit):
        found = assign(*two_roads(), settings)
        other = replace(found, demand=replace(found.demand, flow=2.0 * found.demand.flow))
        with pytest.raises(AssertionError, match="out of balance"):
            other.links()


def test_skim_is_the_mean_over_used_paths() -> None:
    found = assign(*two_roads(), EXACT)
    assert found.flows[0] == pytest.approx([4.0, 6.0, 8.0])
    table = found.od().set_index("destination")
    assert table["cost"].to_dict() == {"b": pytest.approx(5.0), "c": pytest.approx(7.0)}
    # Path flows of two demands at equal costs are not unique, but their sums are.
    length, flow = found.skim("length_km"), found.demand.table["flow"].to_numpy()
    assert float(length @ flow) == pytest.approx(4 * 10 + 6 * 20 + 8 * 7)
    assert float(found.skim("borders") @ flow) == pytest.approx(4 * 3 + 6)
    assert (np.diff(length - np.where(found.demand.table["destination"] == "c", 7.0, 0.0)) == 0.0).all()
    with pytest.raises(UnknownNameError, match="length_km"):
        found.skim("lenght_km")


def test_links_have_flow_cost_and_volume_over_capacity() -> None:
    table = assign(*two_roads(), EXACT).links()
    assert table["flow"].tolist() == pytest.approx([4.0, 6.0, 8.0])
    assert table["cost"].tolist() == pytest.approx([5.0, 5.0, 2.0])
    assert table["delay_cost"].tolist() == pytest.approx([4.0, 0.0, 0.0])
    assert table["v_c"].tolist() == pytest.approx([4.0, 0.0, 0.0])


def test_total_cost_and_objective_match_hand_calculation() -> None:
    found = assign(*two_roads(), EXACT)
    assert found.total_cost == pytest.approx(10 * 5 + 8 * 2)
    assert found.objective == pytest.approx((4 * 1 + 4**2 / 2) + 6 * 5 + 8 * 2)


def test_system_optimum_reports_actual_not_marginal_costs() -> None:
    found = assign(*two_roads(), AssignmentSettings(algorithm="so", gap=1e-12))
    # (1 + v) + v = 5 at v = 2.
    assert found.flows[0] == pytest.approx([2.0, 8.0, 8.0])
    assert found.links()["cost"].tolist() == pytest.approx([3.0, 5.0, 2.0])
    assert found.total_cost == pytest.approx(2 * 3 + 8 * 5 + 8 * 2)
    flow = found.demand.table["flow"].to_numpy()
    assert float(found.od()["cost"] @ flow) == pytest.approx(found.total_cost)


@pytest.mark.parametrize("algorithm", ["sue", "sue_all_paths"])
def test_logit_skim_weights_paths_by_probability(algorithm: Any) -> None:
    """Costs 10 and 11, θ = 1, no overlap: P = 1 / (1 + e⁻¹) = 0.731 by the short one."""
    built = network_of(
        ("a", "b", 10.0, 0.0, np.inf, 10.0), ("a", "b", 11.0, 0.0, np.inf, 20.0), columns=("length_km",)
    )
    result = assign(
        built, demand_of(built, ("a", "b", 100.0)), AssignmentSettings(algorithm=algorithm, gap=1e-10)
    )
    short = 1.0 / (1.0 + np.exp(-1.0))
    assert result.flows[0] == pytest.approx([100 * short, 100 * (1 - short)])
    assert result.skim("length_km").tolist() == pytest.approx([10 * short + 20 * (1 - short)])
    assert result.od()["cost"].tolist() == pytest.approx([10 * short + 11 * (1 - short)])
    assert result.select(np.array([False, True]))["selected"].tolist() == pytest.approx([100 * (1 - short)])


def test_cost_in_money_is_cost_times_value_of_time() -> None:
    built = network_of(("a", "b", 3.0, 0.0, np.inf))
    table = pd.DataFrame(
        [("a", "b", "ore", 1.0), ("a", "b", "chips", 1.0)], columns=["origin", "destination", "class", "flow"]
    )
    goods = make_demand(
        table, built, class_cost={"ore": np.array([2.0])}, value_of_time={"ore": 0.5, "chips": 20.0}
    )
    costs = assign(built, goods, EXACT).od().set_index("class")
    assert costs["cost"].to_dict() == {"ore": 5.0, "chips": 3.0}
    assert costs["cost_money"].to_dict() == {"ore": 2.5, "chips": 60.0}


@pytest.fixture(scope="module")
def chain() -> AssignmentResult:
    """A chain a-b-c with a bypass: 6 units use both arcs, 4 the bypass; 5 start in the middle."""
    built = network_of(
        ("a", "b", 1.0, 0.0, np.inf),
        ("b", "c", 0.0, 1.0, 1.0),
        ("a", "c", 12.0, 0.0, np.inf),
    )
    return assign(built, demand_of(built, ("a", "c", 10.0), ("b", "c", 5.0)), EXACT)


def test_selected_flows_of_one_arc_sum_to_its_flow(chain: AssignmentResult) -> None:
    for arc in range(3):
        selected = chain.select(np.arange(3) == arc)["selected"].sum()
        assert selected == pytest.approx(chain.flows[0, arc], rel=1e-12)


def test_path_through_several_selected_arcs_counts_once(chain: AssignmentResult) -> None:
    assert chain.flows[0] == pytest.approx([6.0, 11.0, 4.0])
    both = chain.select(np.array([True, True, False])).set_index("origin")["selected"]
    assert both.to_dict() == {"a": pytest.approx(6.0), "b": pytest.approx(5.0)}
    every = chain.select(np.ones(3, dtype=bool))
    assert every["share"].tolist() == pytest.approx([1.0, 1.0])
    assert chain.select(np.zeros(3, dtype=bool))["selected"].sum() == 0.0


def test_logit_path_through_several_selected_arcs_counts_once() -> None:
    built = network_of(("a", "b", 1.0, 0.0, np.inf), ("b", "c", 0.0, 1.0, 1.0), ("a", "c", 12.0, 0.0, np.inf))
    goods = demand_of(built, ("a", "c", 10.0), ("b", "c", 5.0))
    result = assign(built, goods, AssignmentSettings(algorithm="sue", theta=0.5, gap=1e-10))
    both = result.select(np.array([True, True, False])).set_index("origin")["selected"]
    assert both["a"] == pytest.approx(result.flows[0, 0], rel=1e-12)
    assert both["b"] == pytest.approx(5.0)
