"""The logit between bundles of paths is that between the paths."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.assignment.kernels import logit
from sogdia.assignment.kernels.bundles import bundles_of
from sogdia.assignment.logit_equilibrium import Loader, needs_of
from sogdia.assignment.path_sets import generate_paths
from sogdia.assignment.thread_pool import ThreadPool

from .logit_cases import with_theta
from .test_path_sets import grid


def test_bundles_are_paths_through_the_same_groups() -> None:
    od_ptr, way_ptr = np.array([0, 4, 5, 7]), np.array([0, 1, 1, 2, 4, 4, 5, 7])
    way_group = np.array([3, 3, 1, 2, 5, 1, 2], np.int32)
    late = np.array([True, False, True])
    ptr, first, of = bundles_of(od_ptr, way_ptr, way_group, late)
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
        needs = needs_of(network, demand, paths, theta)
        loader = Loader(network, paths, needs, with_theta(0.7), team)
        assert loader.choice.utility.size < loader.hard.utility.size
        loader.soften(level)
        flow = np.random.default_rng(3).uniform(0.0, 60.0, loader.groups)
        loaded, _ = loader.load(flow)
        logsum, bent = loader.logsum.copy(), loader.bend(flow)
        shares = loader.path_shares()
    markets, plain = np.arange(paths.origin.size), np.zeros_like(shares)
    expected, by_paths, bent_by = np.zeros_like(logsum), np.zeros_like(flow), np.zeros_like(flow)
    logit.load(loader.paths, loader.delay, markets, plain, expected, by_paths)
    logit.bend(loader.paths, plain, flow, markets, bent_by)
    # Softened are only choices that delays can change.
    late = np.isin(needs.market, np.flatnonzero(np.diff(loader.choice.od_ptr)))
    mine = np.repeat(late, np.diff(loader.hard.share_ptr))
    np.testing.assert_allclose(shares[mine], plain[mine], rtol=1e-12)
    np.testing.assert_allclose(loaded, by_paths, rtol=1e-12)
    np.testing.assert_allclose(bent, bent_by, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(logsum[late], expected[late], rtol=1e-12)
