"""The function ``assign``: undelivered demand, errors, convergence; the value of capacity."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import AssignmentSettings, assign, capacity_value, make_demand, make_network
from sogdia.errors import InputError
from sogdia.numerics import NotConvergedError

from .small_networks import EXACT, demand_of, network_of, two_roads

ARCS = pd.DataFrame({"from": ["a", "b"], "to": ["b", "a"], "free_flow_cost": 1.0, "delay": "power"})
DELAYED = ARCS.assign(delay_scale=1.0, capacity=10.0, delay_power=4.0)
ISLAND = make_network(DELAYED, nodes=["a", "b", "island"])


def test_zone_without_path_is_undelivered_and_the_rest_is_assigned() -> None:
    result = assign(ISLAND, demand_of(ISLAND, ("a", "b", 3.0), ("a", "island", 2.0)))
    assert result.undelivered[["origin", "destination", "flow"]].to_numpy().tolist() == [["a", "island", 2.0]]
    assert result.flows[0].tolist() == [3.0, 0.0]


def test_demand_without_any_path_raises_an_error() -> None:
    with pytest.raises(InputError, match="no row of the demand has a path"):
        assign(ISLAND, demand_of(ISLAND, ("a", "island", 2.0)))


def test_empty_demand_raises_an_error() -> None:
    with pytest.raises(InputError, match="the demand is empty"):
        assign(ISLAND, demand_of(ISLAND, ("a", "a", 2.0)))


def test_missed_tolerance_raises_an_error_with_the_record() -> None:
    size, random = 5, np.random.default_rng(1)
    names = np.arange(size * size).reshape(size, size).astype(str)
    neighbours = [(names[:, :-1], names[:, 1:]), (names[:-1], names[1:])]
    ends = [(a.ravel(), b.ravel()) for one, other in neighbours for a, b in ((one, other), (other, one))]
    table = pd.DataFrame(
        {"from": np.concatenate([a for a, _ in ends]), "to": np.concatenate([b for _, b in ends])}
    )
    table["free_flow_cost"] = random.uniform(1, 5, len(table))
    table["delay_scale"] = random.uniform(1, 5, len(table))
    network = make_network(table.assign(delay="power", capacity=10.0, delay_power=4.0))
    pairs = pd.DataFrame({"origin": names[0], "destination": names[-1], "flow": 30.0})
    with pytest.raises(NotConvergedError) as caught:
        assign(network, make_demand(pairs, network), AssignmentSettings(gap=1e-14, max_iterations=1))
    assert caught.value.convergence.iterations == 1
    assert not caught.value.convergence.converged


def test_demand_without_path_is_reported_as_undelivered() -> None:
    built = network_of(("a", "b", 1.0, 0.0, np.inf))
    result = assign(built, demand_of(built, ("a", "b", 2.0), ("b", "a", 3.0)), EXACT)
    assert result.undelivered.to_dict("records") == [
        {"origin": "b", "destination": "a", "class": "all", "flow": 3.0}
    ]
    assert result.demand.total == 2.0
    with pytest.raises(InputError, match="no row of the demand has a path"):
        assign(built, demand_of(built, ("b", "a", 3.0)))


def test_capacity_value_matches_hand_calculation() -> None:
    """One arc with delay v / c, 6 units, c = 2: C = 6 (1 + 6 / c), −dC/dc = 36 / c² = 9."""
    built = network_of(("a", "b", 1.0, 1.0, 2.0), ("b", "c", 1.0, 0.0, np.inf))
    goods = demand_of(built, ("a", "c", 6.0))
    assert capacity_value(built, goods, 0, EXACT, step=1e-6) == pytest.approx(9.0, rel=1e-5)
    # With a relative step of 0.01 it is the mean over the step: 36 / (c² · 1.01).
    assert capacity_value(built, goods, 0, EXACT) == pytest.approx(9.0 / 1.01)
    with pytest.raises(InputError, match="no capacity"):
        capacity_value(built, goods, 1, EXACT)


def test_capacity_next_to_an_undelayed_road_has_no_value_in_user_equilibrium() -> None:
    """Pigou: users of the long arc take up the capacity that the short one gains; all still pay 5."""
    assert capacity_value(*two_roads(), 0, EXACT) == pytest.approx(0.0, abs=1e-9)
    optimum = AssignmentSettings(algorithm="so", gap=1e-12)
    # At the optimum v = 2c; by the envelope theorem −∂(v²/c)/∂c = v²/c² = 4.
    assert capacity_value(*two_roads(), 0, optimum, step=1e-6) == pytest.approx(4.0, rel=1e-5)


def test_capacity_of_the_braess_shortcut_has_negative_value() -> None:
    """Braess: 10 v on two arcs, 50 + v on two, 10 + v on the shortcut; 6 units pay 92 with it, 83 without."""
    built = network_of(
        ("s", "u", 0.0, 10.0, 1.0),
        ("v", "t", 0.0, 10.0, 1.0),
        ("s", "v", 50.0, 1.0, 1.0),
        ("u", "t", 50.0, 1.0, 1.0),
        ("u", "v", 10.0, 1.0, 1.0),
    )
    goods = demand_of(built, ("s", "t", 6.0))
    assert assign(built, goods, EXACT).total_cost == pytest.approx(6 * 92)
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
    assert capacity_value(built, goods, 4, EXACT, step=1e-4) == pytest.approx(expected, rel=1e-3)
