"""Paths found for the OD groups of one origin after another, and their arcs together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from threading import local

import numpy as np

from sogdia.assignment.kernels.arrays import Ints, Numbers, Work, new_work, numbers_type
from sogdia.assignment.network import Network
from sogdia.assignment.thread_pool import ThreadPool

PathArcs = tuple[Ints, Ints, Numbers]
"""Number of paths of each OD group, number of arcs of each path, and the arcs."""


def by_origin(
    network: Network, origin: Ints, workers: int, search: Callable[[int, int, Work], PathArcs]
) -> list[PathArcs]:
    """Run a search for the OD groups of each origin, in threads; return the paths in order of origins."""
    edges = np.flatnonzero(np.diff(origin)) + 1
    runs = list(pairwise([0, *edges.tolist(), origin.size])) if origin.size else []
    own = local()

    def job(n: int) -> PathArcs:
        if not hasattr(own, "work"):
            own.work = new_work(len(network.nodes), network.size)
        return search(*runs[n], own.work)

    with ThreadPool(workers) as pool:
        return pool.map(job, len(runs))


def concatenate_paths(path_arcs: Sequence[PathArcs], arcs: int) -> PathArcs:
    """Concatenate paths found for one run of OD groups after another, on a network of some arcs."""
    none = (np.empty(0, np.int32),) * 3
    counts, sizes, found = zip(none, *path_arcs, strict=True)
    numbers: Numbers = np.concatenate(found, dtype=numbers_type(arcs), casting="unsafe")
    return np.concatenate(counts), np.concatenate(sizes), numbers
