"""Paths that queues make the cheapest, added to a set; one look for them saves most of the next.

A set is complete at some costs if no market, by any view of the costs c, has a way that is cheaper by some
tolerance τ than all its paths: ``L ≥ (1 − τ) B``, L the least cost of any way and B that of its paths. What
a look found of L bounds it at other costs c' from below: all paths are sums of arcs, so

    ``L' ≥ L · min(1, min_a c'_a / c_a)``,

and B' is that of known paths. A tree is grown only where ``L' ≥ (1 − τ) B'`` does not follow already, so
the paths found are those of a full look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sogdia.assignment.kernels import path_generation as cheaper_paths
from sogdia.assignment.kernels.arrays import Floats, Longs, Work
from sogdia.assignment.kernels.path_generation import Seen
from sogdia.assignment.kernels.path_search import ROUNDING, Markets, Views
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.od_groups import views_at, views_of
from sogdia.assignment.path_sets import Found, PathRules, PathSet, by_origin, joined
from sogdia.assignment.user_equilibrium import base_costs


@dataclass(frozen=True, eq=False)
class Look:
    """What a look for cheaper paths leaves for the next one.

    Attributes:
        markets: The markets it looked at.
        free: Costs by view at no delay.
        cost: Those at which it looked, (C, A).
        seen: Bounds at these.
    """

    markets: Markets
    free: Views
    cost: Floats
    seen: Seen

    def bounds(self, markets: Markets, free: Views, cost: Floats) -> Seen | None:
        """Bounds at other costs; ``None`` for other markets or where costs at no delay differ."""
        same = all(np.array_equal(*pair) for pair in zip(markets, self.markets, strict=True))
        if not (
            same and np.array_equal(free.ptr, self.free.ptr) and np.array_equal(free.cost, self.free.cost)
        ):
            return None
        kept = part_kept(self.cost, cost)[_views(free)][markets.group]
        low = np.where(np.isinf(self.seen.low), np.inf, self.seen.low * kept)
        return Seen(low, self.seen.near.copy())


def part_kept(before: Floats, after: Floats) -> Floats:
    """Part of what any path cost before that it costs after at the least, at most 1, by view, (C,).

    Rounding errors of sums are off it.
    """
    told = np.isfinite(before) & (before > 0.0)
    ratio = np.divide(after, before, out=np.ones_like(after), where=told)
    return np.asarray(np.minimum(ratio.min(axis=1, initial=1.0), 1.0) * (1.0 - ROUNDING))


def _views(views: Views) -> Longs:
    """Views of each geometry group, the last one again where it has fewer than another, (S, v)."""
    each = views.ptr[:-1, None] + np.arange(views.most)
    return np.asarray(np.minimum(each, views.ptr[1:, None] - 1))


def with_cheaper(
    network: Network,
    demand: Demand,
    paths: PathSet,
    delay: Floats,
    rules: PathRules,
    workers: int = 2,
    before: Look | None = None,
) -> tuple[PathSet, int, Look]:
    """The set with the paths that are cheaper at the given delays (G,) than all a market has.

    Args:
        network: The network.
        demand: The demand.
        paths: The set.
        delay: Delay of each group, (G,).
        rules: ``views`` and ``tolerance`` are heeded.
        workers: Threads; the paths are the same for any number.
        before: An earlier look, whose markets may have got more paths since but lost none; the paths are
            the same with any.

    Returns:
        The set, the same where nothing is missing; how many paths it gained; and what the next look may
        be told. A market may come to have more paths than were generated.
    """
    free = views_of(base_costs(network, demand), paths.geometry, rules.views)
    views = views_at(free.ptr, free.cost + delay[network.graph.group])
    seen = None if before is None else before.bounds(paths.markets, free, views.cost)
    if seen is None:
        shape = (paths.origin.size, views.most)
        seen = Seen(np.zeros(shape), np.zeros(shape, np.int32))

    def search(first: int, last: int, work: Work) -> Found:
        return cheaper_paths.cheaper_from(
            first, last, network.graph, paths.markets, views, paths.table, rules.tolerance, seen, work
        )

    counts, sizes, arcs = joined(by_origin(network, paths.origin, workers, search))
    look = Look(paths.markets, free, views.cost, seen)
    if sizes.size == 0:
        return paths, 0, look
    return paths.with_more(counts, sizes, arcs, paths.length, workers), int(sizes.size), look
