"""What a result says, by hand on a few arcs: skims, costs, links, select-link, what capacity is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import (
    AssignmentResult,
    AssignmentSettings,
    Demand,
    Network,
    assign,
    capacity_value,
    make_demand,
    make_network,
)
from sogdia.errors import InputError, UnknownNameError

EXACT = AssignmentSettings(gap=1e-12)


def network(*rows: tuple[Any, ...], columns: tuple[str, ...] = ()) -> Network:
    """Arcs as from, to, fixed, scale, capacity (delay ``scale · v / capacity``) and further columns."""
    names = ["from", "to", "fixed", "scale", "capacity", *columns]
    table = pd.DataFrame(rows, columns=names)
    table["delay"] = np.where(table["scale"] > 0.0, "power", "none")
    return make_network(table.assign(power=1.0))


def demand(on: Network, *rows: tuple[str, str, float]) -> Demand:
    return make_demand(pd.DataFrame(rows, columns=["origin", "destination", "flow"]), on)


@pytest.fixture(scope="module")
def two_ways() -> tuple[Network, Demand]:
    """From a to b by a short arc that jams or a long one that does not, then on to c.

    10 units: the short one costs 1 + v, the long one 5 whatever passes, so 4 take the one and 6 the other.
    """
    found = network(
        ("a", "b", 1.0, 1.0, 1.0, 10.0, 3.0),
        ("a", "b", 5.0, 0.0, np.inf, 20.0, 1.0),
        ("b", "c", 2.0, 0.0, np.inf, 7.0, 0.0),
        columns=("length_km", "borders"),
    )
    return found, demand(found, ("a", "c", 8.0), ("a", "b", 2.0))


def test_flows_are_looked_at_in_balance_or_not_at_all(two_ways: tuple[Network, Demand]) -> None:
    logit = AssignmentSettings(algorithm="sue", gap=1e-9)
    for settings in (EXACT, logit):
        found = assign(*two_ways, settings)
        rows = found.demand.table
        other = replace(found, demand=replace(found.demand, table=rows.assign(flow=2.0 * rows["flow"])))
        with pytest.raises(AssertionError, match="out of balance"):
            other.links()


def test_skims_are_means_over_the_paths_in_use(two_ways: tuple[Network, Demand]) -> None:
    found = assign(*two_ways, EXACT)
    assert found.flows[0] == pytest.approx([4.0, 6.0, 8.0])
    table = found.od().set_index("destination")
    assert table["cost"].to_dict() == {"b": pytest.approx(5.0), "c": pytest.approx(7.0)}
    # How two demands share the ways of one cost is not settled, but together they are.
    length, flow = found.skim("length_km"), found.demand.table["flow"].to_numpy()
    assert float(length @ flow) == pytest.approx(4 * 10 + 6 * 20 + 8 * 7)
    assert float(found.skim("borders") @ flow) == pytest.approx(4 * 3 + 6)
    assert (np.diff(length - np.where(found.demand.table["destination"] == "c", 7.0, 0.0)) == 0.0).all()
    with pytest.raises(UnknownNameError, match="length_km"):
        found.skim("lenght_km")


def test_links_tell_flow_cost_and_crowding(two_ways: tuple[Network, Demand]) -> None:
    table = assign(*two_ways, EXACT).links()
    assert table["flow"].tolist() == pytest.approx([4.0, 6.0, 8.0])
    assert table["cost"].tolist() == pytest.approx([5.0, 5.0, 2.0])
    assert table["delay_cost"].tolist() == pytest.approx([4.0, 0.0, 0.0])
    assert table["v_c"].tolist() == pytest.approx([4.0, 0.0, 0.0])


def test_total_cost_and_objective(two_ways: tuple[Network, Demand]) -> None:
    found = assign(*two_ways, EXACT)
    assert found.total_cost == pytest.approx(10 * 5 + 8 * 2)
    assert found.objective == pytest.approx((4 * 1 + 4**2 / 2) + 6 * 5 + 8 * 2)


def test_the_system_optimum_tells_costs_as_borne_not_at_the_margin(two_ways: tuple[Network, Demand]) -> None:
    found = assign(*two_ways, AssignmentSettings(algorithm="so", gap=1e-12))
    # (1 + v) + v = 5 at v = 2.
    assert found.flows[0] == pytest.approx([2.0, 8.0, 8.0])
    assert found.links()["cost"].tolist() == pytest.approx([3.0, 5.0, 2.0])
    assert found.total_cost == pytest.approx(2 * 3 + 8 * 5 + 8 * 2)
    flow = found.demand.table["flow"].to_numpy()
    assert float(found.od()["cost"] @ flow) == pytest.approx(found.total_cost)


@pytest.mark.parametrize("algorithm", ["sue", "sue_all_paths"])
def test_skims_of_the_logit_weigh_paths_by_their_probability(algorithm: Any) -> None:
    """Costs 10 and 11, θ = 1, no overlap: P = 1 / (1 + e⁻¹) = 0.731 by the short one."""
    found = network(
        ("a", "b", 10.0, 0.0, np.inf, 10.0), ("a", "b", 11.0, 0.0, np.inf, 20.0), columns=("length_km",)
    )
    result = assign(
        found, demand(found, ("a", "b", 100.0)), AssignmentSettings(algorithm=algorithm, gap=1e-10)
    )
    short = 1.0 / (1.0 + np.exp(-1.0))
    assert result.flows[0] == pytest.approx([100 * short, 100 * (1 - short)])
    assert result.skim("length_km").tolist() == pytest.approx([10 * short + 20 * (1 - short)])
    assert result.od()["cost"].tolist() == pytest.approx([10 * short + 11 * (1 - short)])
    assert result.select(np.array([False, True]))["selected"].tolist() == pytest.approx([100 * (1 - short)])


def test_costs_in_money_are_costs_times_what_the_unit_is_worth() -> None:
    found = network(("a", "b", 3.0, 0.0, np.inf))
    table = pd.DataFrame(
        [("a", "b", "ore", 1.0), ("a", "b", "chips", 1.0)], columns=["origin", "destination", "class", "flow"]
    )
    goods = make_demand(table, found, extra={"ore": np.array([2.0])}, worth={"ore": 0.5, "chips": 20.0})
    told = assign(found, goods, EXACT).od().set_index("class")
    assert told["cost"].to_dict() == {"ore": 5.0, "chips": 3.0}
    assert told["cost_money"].to_dict() == {"ore": 2.5, "chips": 60.0}


@pytest.fixture(scope="module")
def chain() -> AssignmentResult:
    """A chain a-b-c with a way round: 6 units go through both arcs, 4 round; 5 start in the middle."""
    found = network(
        ("a", "b", 1.0, 0.0, np.inf),
        ("b", "c", 0.0, 1.0, 1.0),
        ("a", "c", 12.0, 0.0, np.inf),
    )
    return assign(found, demand(found, ("a", "c", 10.0), ("b", "c", 5.0)), EXACT)


def test_select_link_of_one_arc_adds_up_to_its_flow(chain: AssignmentResult) -> None:
    for arc in range(3):
        selected = chain.select(np.arange(3) == arc)["selected"].sum()
        assert selected == pytest.approx(chain.flows[0, arc], rel=1e-12)


def test_select_link_of_several_arcs_counts_a_path_once(chain: AssignmentResult) -> None:
    assert chain.flows[0] == pytest.approx([6.0, 11.0, 4.0])
    both = chain.select(np.array([True, True, False])).set_index("origin")["selected"]
    assert both.to_dict() == {"a": pytest.approx(6.0), "b": pytest.approx(5.0)}
    anything = chain.select(np.ones(3, dtype=bool))
    assert anything["share"].tolist() == pytest.approx([1.0, 1.0])
    assert chain.select(np.zeros(3, dtype=bool))["selected"].sum() == 0.0


def test_select_link_of_the_logit_counts_a_path_once() -> None:
    found = network(("a", "b", 1.0, 0.0, np.inf), ("b", "c", 0.0, 1.0, 1.0), ("a", "c", 12.0, 0.0, np.inf))
    goods = demand(found, ("a", "c", 10.0), ("b", "c", 5.0))
    result = assign(found, goods, AssignmentSettings(algorithm="sue", theta=0.5, gap=1e-10))
    both = result.select(np.array([True, True, False])).set_index("origin")["selected"]
    assert both["a"] == pytest.approx(result.flows[0, 0], rel=1e-12)
    assert both["b"] == pytest.approx(5.0)


def test_demand_without_a_path_is_set_apart() -> None:
    found = network(("a", "b", 1.0, 0.0, np.inf))
    result = assign(found, demand(found, ("a", "b", 2.0), ("b", "a", 3.0)), EXACT)
    assert result.undelivered.to_dict("records") == [
        {"origin": "b", "destination": "a", "class": "all", "flow": 3.0}
    ]
    assert result.demand.total == 2.0
    with pytest.raises(InputError, match="no row of the demand has a path"):
        assign(found, demand(found, ("b", "a", 3.0)))


def test_what_capacity_is_worth_by_hand() -> None:
    """One arc with delay v / c, 6 units, c = 2: C = 6 (1 + 6 / c), −dC/dc = 36 / c² = 9."""
    found = network(("a", "b", 1.0, 1.0, 2.0), ("b", "c", 1.0, 0.0, np.inf))
    goods = demand(found, ("a", "c", 6.0))
    assert capacity_value(found, goods, 0, EXACT, step=1e-6) == pytest.approx(9.0, rel=1e-5)
    # By steps of a hundredth it is the mean over the step: 36 / (c² · 1.01).
    assert capacity_value(found, goods, 0, EXACT) == pytest.approx(9.0 / 1.01)
    with pytest.raises(InputError, match="no capacity"):
        capacity_value(found, goods, 1, EXACT)


def test_capacity_beside_a_way_that_does_not_jam_is_worth_nothing_to_users(
    two_ways: tuple[Network, Demand],
) -> None:
    """Pigou: what the short arc gains in room, users from the long one take up; all keep paying 5."""
    assert capacity_value(*two_ways, 0, EXACT) == pytest.approx(0.0, abs=1e-9)
    optimum = AssignmentSettings(algorithm="so", gap=1e-12)
    # At the optimum v = 2c; by the envelope theorem −∂(v²/c)/∂c = v²/c² = 4.
    assert capacity_value(*two_ways, 0, optimum, step=1e-6) == pytest.approx(4.0, rel=1e-5)


def test_capacity_of_a_shortcut_may_cost_all_of_them() -> None:
    """Braess: 10 v on two arcs, 50 + v on two, 10 + v on the shortcut; 6 units pay 92 with it, 83 without."""
    found = network(
        ("s", "u", 0.0, 10.0, 1.0),
        ("v", "t", 0.0, 10.0, 1.0),
        ("s", "v", 50.0, 1.0, 1.0),
        ("u", "t", 50.0, 1.0, 1.0),
        ("u", "v", 10.0, 1.0, 1.0),
    )
    goods = demand(found, ("s", "t", 6.0))
    assert assign(found, goods, EXACT).total_cost == pytest.approx(6 * 92)
    step = 1e-6

    def cost(c: float) -> float:
        """With y on the shortcut of capacity c, (6 + y) / 2 on the steep arcs, (6 − y) / 2 on the others."""
        # Two steep arcs and the shortcut cost one steep arc and one other:
        # 10 (6 + y) + 10 + y / c = 5 (6 + y) + 50 + (6 − y) / 2, so y (5.5 + 1 / c) = 13.
        y = 13.0 / (5.5 + 1.0 / c)
        return 6 * (5 * (6 + y) + 50 + (6 - y) / 2)

    expected = (cost(1.0) - cost(1.0 + step)) / step
    assert expected < 0.0
    assert cost(1.0) == pytest.approx(6 * 92)
    assert capacity_value(found, goods, 4, EXACT, step=1e-4) == pytest.approx(expected, rel=1e-3)
