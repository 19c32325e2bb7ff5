"""The logit between bundles of paths is that between the paths."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.assignment.kernels import logit
from sogdia.assignment.kernels.bundles import bundles_of
from sogdia.assignment.logit_loading import LogitLoading, demand_by_od_group
from sogdia.assignment.path_sets import generate_paths
from sogdia.assignment.thread_pool import ThreadPool

from .logit_cases import with_theta
from .test_path_sets import grid


def test_bundles_are_paths_through_the_same_groups() -> None:
    od_ptr, group_ptr = np.array([0, 4, 5, 7]), np.array([0, 1, 1, 2, 4, 4, 5, 7])
    path_group = np.array([3, 3, 1, 2, 5, 1, 2], np.int32)
    late = np.array([True, False, True])
    ptr, first, of = bundles_of(od_ptr, group_ptr, path_group, late)
    assert ptr.tolist() == [0, 3, 3, 5]
    assert first.tolist() == [0, 1, 3, 5, 6]
    assert of.tolist() == [0, 1, 0, 2, 0, 0, 1]


@pytest.mark.parametrize("level", [1.0, 0.3])
def test_shares_loads_and_logsums_are_those_of_paths(level: float) -> None:
    network, demand = grid(6)
    arcs = network.arcs.copy()
    arcs.loc[arcs.index % 4 != 0, "delay"] = "none"
    network = type(network)(network.nodes, arcs, network.through, network.zones)
    paths = generate_paths(network, demand)
    theta = np.array([0.7])
    with ThreadPool(2) as team:
        needs = demand_by_od_group(network, demand, paths, theta)
        loader = LogitLoading(network, paths, needs, with_theta(0.7), team)
        assert loader.bundle_choice.utility.size < loader.path_choice.utility.size
        loader.scale_utilities(level)
        flow = np.random.default_rng(3).uniform(0.0, 60.0, loader.groups)
        loaded, _ = loader.load(flow)
        logsum, bent = loader.logsum.copy(), loader.jacobian_product(flow)
        shares = loader.path_shares()
    od_groups, plain = np.arange(paths.origin.size), np.zeros_like(shares)
    expected, by_paths, bent_by = np.zeros_like(logsum), np.zeros_like(flow), np.zeros_like(flow)
    logit.load(loader.scaled_path_choice, loader.delay, od_groups, plain, expected, by_paths)
    logit.jacobian_product(loader.scaled_path_choice, plain, flow, od_groups, bent_by)
    # Softened are only choices that delays can change.
    late = np.isin(needs.od_group, np.flatnonzero(np.diff(loader.bundle_choice.od_ptr)))
    mine = np.repeat(late, np.diff(loader.path_choice.share_ptr))
    np.testing.assert_allclose(shares[mine], plain[mine], rtol=1e-12)
    np.testing.assert_allclose(loaded, by_paths, rtol=1e-12)
    np.testing.assert_allclose(bent, bent_by, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(logsum[late], expected[late], rtol=1e-12)
