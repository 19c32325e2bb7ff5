"""Stochastic user equilibria: published answers, hand calculations, invariances, random networks."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from sogdia.assignment import AssignmentSettings, Demand, Network, assign, make_demand, make_network
from sogdia.assignment import logit_equilibrium as equilibrium
from sogdia.assignment import logit_loading as loading
from sogdia.assignment.path_sets import all_simple_paths, generate_paths
from sogdia.assignment.results import assert_balance
from sogdia.assignment.stochastic import solve_logit, sue, sue_all_paths
from sogdia.errors import InputError
from sogdia.numerics import NotConvergedError

from .cases import braess, linear_network, nguyen_dupuis, table
from .reference import flow_residual, paths_of_row
from .small_networks import LOGIT_EXACT, single_demand, with_theta


@pytest.mark.parametrize("theta", [0.1, 1.0])
def test_nguyen_dupuis_matches_an_independent_solver(theta: float) -> None:
    network, demand = nguyen_dupuis()
    answer = table("nguyen_dupuis_links.csv")
    flow = answer[f"sue_flow_theta_{theta:g}"]
    answer["reference_cost"] = answer["free_flow_cost"] + answer["cost_per_flow"] * flow
    answer = answer.assign(reference=flow)[["from", "to", "reference", "reference_cost"]]
    found = sue_all_paths(network, demand, with_theta(theta))
    assert np.diff(found.share_ptr).tolist() == [8, 6, 5, 6]
    both = network.arcs.assign(mine=found.flows[0]).merge(answer, on=["from", "to"], validate="1:1")
    np.testing.assert_allclose(both["mine"], both["reference"], rtol=0, atol=1e-6)
    cost = network.free_flow_cost + found.state.delay[network.graph.group]
    np.testing.assert_allclose(cost, both["reference_cost"], rtol=0, atol=1e-6)
    assert found.convergence.residual <= 1e-11
    assert flow_residual(found) < 1e-11


@pytest.mark.parametrize("theta", [0.05, 0.1, 0.5, 1.0, 10.0, 1e3, 1e5])
def test_braess_has_two_units_on_each_path_at_every_theta(theta: float) -> None:
    network, demand = braess()
    found = sue_all_paths(network, demand, with_theta(theta))
    np.testing.assert_allclose(found.path_flow, [2.0, 2.0, 2.0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.path_cost, [92.0, 92.0, 92.0], rtol=0, atol=1e-8)
    assert found.satisfaction[0] == pytest.approx(92.0 - math.log(3.0) / theta, rel=1e-9)


def test_large_theta_approaches_the_user_equilibrium() -> None:
    network, demand = nguyen_dupuis()
    answer = table("nguyen_dupuis_links.csv")["ue_flow"].to_numpy()
    error = [
        float(np.abs(sue_all_paths(network, demand, with_theta(theta, 1e-7)).flows[0] - answer).max())
        for theta in (1.0, 10.0, 100.0, 1e3)
    ]
    assert error[0] > 3 * error[1] > 9 * error[2] > 27 * error[3]
    assert error[3] < 0.1


def test_vanishing_theta_gives_equal_shares() -> None:
    network, demand = nguyen_dupuis()
    found = sue_all_paths(network, demand, with_theta(1e-12))
    np.testing.assert_allclose(
        found.shares, np.repeat(1.0 / np.diff(found.share_ptr), [8, 6, 5, 6]), rtol=1e-9
    )


def test_two_classes_match_hand_calculation() -> None:
    # On the congested arc 8 of 10 of the first class and 4 of 10 of the second: it costs 0.5 · 12 = 6.
    # ln(0.8 / 0.2) = θ₁ w₁ (other − 6) and ln(0.4 / 0.6) = θ₂ w₂ (other − 6 − extra) give the rest.
    other = 6.0 + math.log(4.0) / (0.1 * 2.0)
    extra = other - 6.0 - math.log(2.0 / 3.0) / 0.5
    network = linear_network([("a", "b", 0.0, 0.5), ("a", "b", other, 0.0)])
    rows = pd.DataFrame({"origin": "a", "destination": "b", "class": ["one", "two"], "flow": 10.0})
    costs = {"one": np.zeros(2), "two": np.array([extra, 0.0])}
    demand = make_demand(rows, network, class_cost=costs, value_of_time={"one": 2.0})
    paths = all_simple_paths(network, demand)
    found = solve_logit(network, demand, paths, np.array([0.1, 0.5]), with_theta(1.0, path_size=0.0))
    np.testing.assert_allclose(found.flows, [[8.0, 2.0], [4.0, 6.0]], rtol=1e-9)
    np.testing.assert_allclose(found.path_cost, [6.0, other, 6.0 + extra, other], rtol=1e-9)
    np.testing.assert_allclose(found.satisfaction, [6.0 + math.log(0.8) / 0.2, other + math.log(0.6) / 0.5])
    np.testing.assert_allclose(found.share(np.array([True, False])), [0.8, 0.4], rtol=1e-9)
    sets = np.array([[False, True], [True, True], [False, False]])
    expected = [[0.2, 0.6], [1.0, 1.0], [0.0, 0.0]]
    np.testing.assert_allclose(list(found.each_share(sets)), expected, rtol=1e-9)
    # Rows of 1 and 5 on the first arc, of 2 and 0 on the second; without an area an arc carries nothing.
    amount = np.array([[1.0, 2.0], [5.0, 0.0]])
    by_area = found.flows_by_area(amount, np.array([0, 1], np.int32))
    np.testing.assert_allclose(by_area, [[0.8, 0.4], [2.0, 0.0]], rtol=1e-9)
    by_area = found.flows_by_area(amount, np.array([1, -1], np.int32))
    np.testing.assert_allclose(by_area, [[1.6, 0.0], [0.0, 0.0]], rtol=1e-9)
    np.testing.assert_allclose(found.mean(np.array([[1.0, 0.0], [0.0, 1.0]])), [0.8, 0.6], rtol=1e-9)


def test_shares_of_many_sets_are_those_of_each_set() -> None:
    network, demand = nguyen_dupuis()
    found = sue_all_paths(network, demand, with_theta(0.1))
    sets = np.random.default_rng(4).random((40, network.size)) < 0.1
    each = [found.share(chosen) for chosen in sets]
    np.testing.assert_array_equal(list(found.each_share(sets)), each)
    assert np.min(each) < np.max(each)


def overlapping() -> tuple[Network, Demand]:
    """Three paths of cost 10, two of which share an arc of 6."""
    arcs = [("1", "2", 10.0, 0.0), ("1", "3", 6.0, 0.0), ("3", "2", 4.0, 0.0), ("3", "2", 4.0, 0.0)]
    network = linear_network(arcs)
    return network, single_demand(network, 1.0)


@pytest.mark.parametrize("beta", [0.0, 1.0, 2.0])
def test_path_sizes_match_hand_calculation(beta: float) -> None:
    # The shared arc counts half: (6 / 2 + 4) / 10 = 0.7, the other path 1.
    network, demand = overlapping()
    found = sue(network, demand, with_theta(0.3, path_size=beta))
    weight = {1: 1.0, 2: 0.7**beta}
    expected = [weight[len(path)] / (1.0 + 2.0 * 0.7**beta) for path in paths_of_row(found, 0)]
    assert len(expected) == 3
    np.testing.assert_allclose(found.shares, expected, rtol=1e-12)


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_arc_split_in_two_changes_no_path_flow(beta: float) -> None:
    # Path sizes are measured by length, so they do not change either.
    network, demand = braess()
    arcs = network.arcs.copy()
    halves = arcs[arcs["from"] == "3"].assign(
        free_flow_cost=lambda t: t["free_flow_cost"] / 2, delay_scale=lambda t: t["delay_scale"] / 2
    )
    first = halves.assign(to=lambda t: "x" + t["to"])
    second = halves.assign(**{"from": lambda t: "x" + t["to"]})
    cut = pd.concat([arcs[arcs["from"] != "3"], first, second]).drop(columns="group")
    wider = make_network(cut)
    settings = with_theta(0.1, path_size=beta)
    paths = [all_simple_paths(each, demand) for each in (network, wider)]
    theta = np.array([0.1])
    flows = [
        solve_logit(each, demand, path, theta, settings)
        for each, path in zip((network, wider), paths, strict=True)
    ]
    np.testing.assert_allclose(np.sort(flows[1].path_flow), np.sort(flows[0].path_flow), rtol=1e-9)
    np.testing.assert_allclose(flows[1].satisfaction, flows[0].satisfaction, rtol=1e-9)


def test_other_units_change_no_flow() -> None:
    network, demand = nguyen_dupuis()
    plain = sue_all_paths(network, demand, with_theta(0.5))
    arcs = network.arcs.assign(
        free_flow_cost=network.arcs["free_flow_cost"] * 60, delay_scale=network.arcs["delay_scale"] * 60
    )
    minutes = sue_all_paths(make_network(arcs), demand, with_theta(0.5 / 60))
    np.testing.assert_allclose(minutes.flows, plain.flows, rtol=1e-9)
    np.testing.assert_allclose(minutes.satisfaction, 60 * plain.satisfaction, rtol=1e-9)
    other_money = sue_all_paths(network, replace(demand, value_of_time=np.array([7.0])), with_theta(0.5 / 7))
    np.testing.assert_allclose(other_money.flows, plain.flows, rtol=1e-9)
    arcs = network.arcs.assign(capacity=network.arcs["capacity"] * 1000)
    more = replace(demand, flow=1000.0 * demand.flow)
    kilograms = sue_all_paths(make_network(arcs), more, with_theta(0.5))
    np.testing.assert_allclose(kilograms.flows, 1000 * plain.flows, rtol=1e-9)


def test_order_of_rows_changes_no_flow() -> None:
    network, demand = nguyen_dupuis()
    order = np.random.default_rng(5).permutation(network.size)
    shuffled = make_network(network.arcs.iloc[order])
    reversed_ = demand.subset(np.arange(demand.size)[::-1])
    for solve in (sue, sue_all_paths):
        plain = solve(network, demand, with_theta(0.2))
        other = solve(shuffled, reversed_, with_theta(0.2))
        np.testing.assert_allclose(other.flows[0], plain.flows[0][order], rtol=1e-9)
        np.testing.assert_allclose(other.satisfaction[::-1], plain.satisfaction, rtol=1e-9)


def test_threads_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SHARES_PER_PART", 3)
    network, demand = nguyen_dupuis()
    found = [sue(network, demand, with_theta(0.2, workers=n)) for n in (1, 2, 3)]
    for other in found[1:]:
        np.testing.assert_array_equal(other.flows, found[0].flows)
        np.testing.assert_array_equal(other.shares, found[0].shares)


def test_single_path_carries_all_and_demand_without_path_is_undelivered() -> None:
    network = linear_network([("1", "2", 3.0, 1.0), ("3", "1", 1.0, 0.0)])
    rows = pd.DataFrame({"origin": ["1", "2"], "destination": ["2", "3"], "flow": [4.0, 5.0]})
    demand = make_demand(rows, network)
    for solve in (sue, sue_all_paths):
        found = solve(network, demand, LOGIT_EXACT)
        assert found.flows.tolist() == [[4.0, 0.0]]
        assert found.satisfaction.tolist() == [7.0, math.inf]
        undelivered = found.undelivered
        assert undelivered[["origin", "destination", "flow"]].to_numpy().tolist() == [["2", "3", 5.0]]
        assert np.isnan(found.mean(np.ones((1, 2)))).tolist() == [False, True]


def test_arc_closed_to_a_class_carries_none_of_its_flow() -> None:
    network = linear_network([("1", "2", 1.0, 0.1), ("1", "2", 2.0, 0.1)])
    rows = pd.DataFrame({"origin": "1", "destination": "2", "class": ["all", "few", "none"], "flow": 3.0})
    few, none = np.array([np.inf, 0.0]), np.full(2, np.inf)
    demand = make_demand(rows, network, class_cost={"few": few, "none": none, "all": np.zeros(2)})
    for solve in (sue, sue_all_paths):
        found = solve(network, demand, LOGIT_EXACT)
        assert dict(zip(demand.classes, found.flows[:, 0], strict=True))["few"] == 0.0
        assert found.undelivered["class"].tolist() == ["none"]
        assert found.flows.sum() == pytest.approx(6.0)


@pytest.mark.parametrize("theta", [1e-6, 1.0, 1e3])
def test_large_costs_do_not_overflow(theta: float) -> None:
    network = linear_network([("1", "2", 1e6, 1.0), ("1", "2", 1e6, 1.0), ("1", "2", 2e8, 1.0)])
    demand = single_demand(network, 3.0)
    found = sue_all_paths(network, demand, with_theta(theta, 1e-6))
    assert found.satisfaction[0] == pytest.approx(1e6, rel=2.0 / theta / 1e6 + 1e-5)
    assert found.flows.sum() == pytest.approx(3.0)
    assert flow_residual(found) < 1e-6


def test_arcs_of_one_capacity_group_have_the_same_delay() -> None:
    # Two arcs of one gate: both have the delay of all flow, so it does not change the choice between them.
    arcs = pd.DataFrame(
        {"from": "1", "to": "2", "free_flow_cost": [1.0, 2.0], "delay": "power", "delay_scale": 5.0}
    )
    network = make_network(arcs.assign(capacity=10.0, delay_power=2.0, group="gate"))
    found = sue_all_paths(network, single_demand(network, 10.0), with_theta(1.0))
    share = 1.0 / (1.0 + math.exp(-1.0))
    np.testing.assert_allclose(found.flows[0], [10 * share, 10 * (1 - share)], rtol=1e-12)
    np.testing.assert_allclose(found.path_cost, [6.0, 7.0], rtol=1e-12)


def test_assign_runs_both_logit_algorithms() -> None:
    network, demand = braess()
    settings = with_theta(0.1)
    for algorithm in ("sue", "sue_all_paths"):
        chosen = settings.model_copy(update={"algorithm": algorithm, "path_size": 0.0})
        result = assign(network, demand, chosen)
        np.testing.assert_allclose(result.flows[0], [4.0, 2.0, 2.0, 2.0, 4.0], atol=1e-9)
        np.testing.assert_allclose(result.od()["cost"], [92.0], atol=1e-8)


def test_missed_tolerance_raises_an_error_with_the_record() -> None:
    network, demand = nguyen_dupuis()
    with pytest.raises(NotConvergedError) as caught:
        sue_all_paths(network, demand, AssignmentSettings(theta=1.0, gap=1e-11, max_iterations=2))
    record = caught.value.convergence
    assert record.residual > record.target
    assert not record.converged


def test_network_far_beyond_capacity_ends_within_its_passes_and_names_the_capacity() -> None:
    """Two roads for a million times their capacity; delays rise with the fourth power."""
    network = make_network(
        pd.DataFrame(
            {
                "from": ["a", "a", "b"], "to": ["b", "b", "c"], "free_flow_cost": [1.0, 2.0, 1.0],
                "delay": "power", "delay_scale": 1.0, "capacity": [1.0, 2.0, 5.0], "delay_power": 4.0,
                "group": ["old road", "new road", "2"],
            }
        )
    )  # fmt: skip
    demand = make_demand(pd.DataFrame({"origin": ["a"], "destination": ["c"], "flow": [1e6]}), network)
    settings = AssignmentSettings(theta=1e9, gap=1e-12, max_iterations=1)
    with pytest.raises(NotConvergedError) as caught:
        sue_all_paths(network, demand, settings)
    named = {each.name: each for each in caught.value.overloads}
    assert {"new road", "b to c"} <= named.keys() <= {"old road", "new road", "b to c"}
    assert named["b to c"].flow == 1e6
    assert "b to c: 1e+06 on 5 (2e+05 times)" in str(caught.value)


@pytest.mark.parametrize("product", [1, 100])
def test_passes_over_the_paths_are_bounded(monkeypatch: pytest.MonkeyPatch, product: int) -> None:
    """Each product counts a pass; without iterations left to save, the bound ends the solution."""
    count = loading.LogitLoading.jacobian_product

    def counted(self: loading.LogitLoading, values: np.ndarray) -> np.ndarray:
        self.passes += product - 1
        return count(self, values)

    monkeypatch.setattr(loading.LogitLoading, "jacobian_product", counted)
    monkeypatch.setattr(equilibrium, "PASSES", 0.2)
    network, demand = nguyen_dupuis()
    settings = with_theta(1.0)
    if product == 1:
        assert sue_all_paths(network, demand, settings).convergence.converged
    else:
        with pytest.raises(NotConvergedError):
            sue_all_paths(network, demand, settings)


@pytest.mark.parametrize("theta", [[0.0], [-1.0], [math.nan], [math.inf], [1.0, 1.0]])
def test_invalid_theta_is_refused(theta: list[float]) -> None:
    network, demand = braess()
    with pytest.raises(InputError, match="theta"):
        sue_all_paths(network, demand, LOGIT_EXACT, theta=np.array(theta))


def test_path_set_of_other_demand_is_refused() -> None:
    network, demand = braess()
    paths = all_simple_paths(network, demand)
    with pytest.raises(InputError, match="no OD group from 3 to 2"):
        solve_logit(network, single_demand(network, 1.0, "3"), paths, np.ones(1), LOGIT_EXACT)


@st.composite
def random_cases(draw: st.DrawFn) -> tuple[Network, Demand]:
    """A small network with every kind of delay, parallel arcs, zero costs, and two classes."""
    nodes = [str(i) for i in range(draw(st.integers(3, 5)))]
    ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)).filter(lambda two: two[0] != two[1])
    pairs = draw(st.lists(ends, min_size=4, max_size=11))
    many = len(pairs)
    table = pd.DataFrame(pairs, columns=["from", "to"])
    fixed = st.lists(st.sampled_from([0.0, 1.0, 2.5, 4.0]), min_size=many, max_size=many)
    table["free_flow_cost"] = draw(fixed)
    table["delay"] = draw(
        st.lists(st.sampled_from(["none", "power", "conical"]), min_size=many, max_size=many)
    )
    table["delay_scale"] = draw(st.lists(st.sampled_from([0.0, 0.5, 3.0]), min_size=many, max_size=many))
    table["capacity"] = draw(st.lists(st.sampled_from([1.0, 4.0, 20.0]), min_size=many, max_size=many))
    steep = st.lists(st.sampled_from([1.5, 2.0, 4.0, 6.0]), min_size=many, max_size=many)
    network = make_network(table.assign(delay_power=draw(steep)), nodes=nodes)
    trips = draw(st.lists(ends, min_size=1, max_size=5))
    rows = pd.DataFrame(trips, columns=["origin", "destination"])
    rows["class"] = draw(st.lists(st.sampled_from(["a", "b"]), min_size=len(rows), max_size=len(rows)))
    rows["flow"] = draw(st.lists(st.sampled_from([0.1, 1.0, 7.0]), min_size=len(rows), max_size=len(rows)))
    extra = np.array(draw(fixed))
    return network, make_demand(
        rows, network, class_cost={"a": extra, "b": np.zeros(many)}, value_of_time={"a": 3.0}
    )


@runs(max_examples=60)
@given(random_cases(), st.sampled_from([0.01, 0.3, 2.0]), st.booleans())
def test_random_network_has_a_fixed_point_in_balance(
    case: tuple[Network, Demand], theta: float, generated: bool
) -> None:
    network, demand = case
    solve = sue if generated else sue_all_paths
    found = solve(network, demand, with_theta(theta, 1e-9, path_size=0.0))
    total = np.bincount(found.row, weights=found.shares, minlength=found.od_group.size)
    np.testing.assert_allclose(total, found.delivered.astype(float), atol=1e-12)
    assert (found.flows >= 0.0).all()
    carried = demand.subset(found.delivered)
    assert_balance(network, carried, found.flows)
    assert flow_residual(found) < 1e-8
    expected = np.bincount(found.row, weights=found.shares * found.path_cost, minlength=found.od_group.size)
    assert (found.satisfaction[found.delivered] <= expected[found.delivered] + 1e-9).all()


@runs(max_examples=25)
@given(random_cases(), st.sampled_from([0.5, 1.0]))
def test_random_network_with_path_sizes_has_a_fixed_point(case: tuple[Network, Demand], beta: float) -> None:
    network, demand = case
    arcs = network.arcs.assign(free_flow_cost=network.arcs["free_flow_cost"] + 1.0)
    network = make_network(arcs.drop(columns="group"), nodes=network.nodes)
    first = demand.table["class"].iloc[0]
    one = demand.subset((demand.table["class"] == first).to_numpy(dtype=bool))
    assume(len(one.table) > 0)
    paths = generate_paths(network, one, group_of_class=np.array([0, 1], np.int32))
    found = solve_logit(network, one, paths, np.array([0.2, 0.6]), with_theta(1.0, 1e-9, path_size=beta))
    assert flow_residual(found, beta) < 1e-8
