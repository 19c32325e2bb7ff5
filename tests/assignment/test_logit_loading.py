"""Logit loading: bundles match paths, OD groups without delays, derivatives, threads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import logit_loading as loading_module
from sogdia.assignment import make_demand
from sogdia.assignment.kernels import logit
from sogdia.assignment.logit_loading import LogitLoading, demand_by_od_group
from sogdia.assignment.path_sets import generate_paths
from sogdia.assignment.stochastic import sue
from sogdia.assignment.thread_pool import ThreadPool

from .cases import linear_network
from .small_networks import grid, with_theta


@pytest.mark.parametrize("factor", [1.0, 0.3])
def test_bundles_give_the_shares_flows_and_logsums_of_paths(factor: float) -> None:
    network, demand = grid(6)
    arcs = network.arcs.copy()
    arcs.loc[arcs.index % 4 != 0, "delay"] = "none"
    network = type(network)(network.nodes, arcs, network.through, network.zones)
    paths = generate_paths(network, demand)
    theta = np.array([0.7])
    with ThreadPool(2) as pool:
        rows = demand_by_od_group(network, demand, paths, theta)
        loading = LogitLoading(network, paths, rows, with_theta(0.7), pool)
        assert loading.bundle_choice.utility.size < loading.path_choice.utility.size
        loading.scale_utilities(factor)
        flow = np.random.default_rng(3).uniform(0.0, 60.0, loading.groups)
        loaded, _ = loading.load(flow)
        logsum, product = loading.logsum.copy(), loading.jacobian_product(flow)
        shares = loading.path_shares()
    od_groups, by_path = np.arange(paths.origin.size), np.zeros_like(shares)
    logsum_by_paths, by_paths, product_by_paths = (
        np.zeros_like(logsum),
        np.zeros_like(flow),
        np.zeros_like(flow),
    )
    logit.load(loading.scaled_path_choice, loading.delay, od_groups, by_path, logsum_by_paths, by_paths)
    logit.jacobian_product(loading.scaled_path_choice, by_path, flow, od_groups, product_by_paths)
    # Only choices that delays can change are scaled.
    delayed = np.isin(rows.od_group, np.flatnonzero(np.diff(loading.bundle_choice.od_ptr)))
    is_delayed = np.repeat(delayed, np.diff(loading.path_choice.share_ptr))
    np.testing.assert_allclose(shares[is_delayed], by_path[is_delayed], rtol=1e-12)
    np.testing.assert_allclose(loaded, by_paths, rtol=1e-12)
    np.testing.assert_allclose(product, product_by_paths, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(logsum[delayed], logsum_by_paths[delayed], rtol=1e-12)


def test_threads_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading_module, "SHARES_PER_PART", 20)
    network, demand = grid(6)
    found = [sue(network, demand, with_theta(0.5, 1e-9, workers=n)) for n in (1, 2, 3)]
    for other in found[1:]:
        np.testing.assert_array_equal(other.flows, found[0].flows)
        np.testing.assert_array_equal(other.shares, found[0].shares)


def test_od_groups_without_delay_are_solved_together_with_delayed_ones() -> None:
    arcs = [("1", "2", 1.0, 1.0), ("1", "2", 1.4, 0.0), ("3", "4", 1.0, 0.0), ("3", "4", 1.4, 0.0)]
    network = linear_network(arcs)
    rows = pd.DataFrame({"origin": ["1", "3"], "destination": ["2", "4"], "flow": [3.0, 5.0]})
    found = sue(network, make_demand(rows, network), with_theta(1.0))
    np.testing.assert_allclose(found.flows[0, 2:], 5.0 / (1.0 + np.exp([-0.4, 0.4])))
    np.testing.assert_allclose(found.satisfaction[1], -np.log(np.exp(-1.0) + np.exp(-1.4)))
    assert found.flows[0, 0] == pytest.approx(3.0 / (1.0 + np.exp(found.flows[0, 0] - 0.4)))


def test_jacobian_product_and_scale_derivative_match_finite_differences() -> None:
    network, demand = grid(5)
    paths = generate_paths(network, demand)
    random = np.random.default_rng(4)
    flow, change = random.uniform(5.0, 60.0, (2, network.delays.kind.size))
    with ThreadPool(1) as pool:
        rows = demand_by_od_group(network, demand, paths, np.array([0.4]))
        loading = LogitLoading(network, paths, rows, with_theta(0.4), pool)
        step = 1e-4
        up, down = loading.load(flow + step * change)[0], loading.load(flow - step * change)[0]
        slope = loading.load(flow)[1]
        product = loading.jacobian_product(slope * change)
        np.testing.assert_allclose(-product, (up - down) / (2.0 * step), rtol=1e-5, atol=1e-6)
        derivative = loading.utility_scale_derivative()
        scaled = []
        for factor in (np.exp(step), np.exp(-step)):
            loading.scale_utilities(float(factor))
            scaled.append(loading.load(flow)[0])
        np.testing.assert_allclose(derivative, (scaled[0] - scaled[1]) / (2.0 * step), rtol=1e-5, atol=1e-6)
