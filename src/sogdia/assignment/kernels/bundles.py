"""Bundles: paths of a market that pass the same delayed groups.

Whatever the delays are, such paths share their bundle's flow alike, so the logit between paths is one
between bundles, each with the utility ``U_b = ln Σ_{r ∈ b} exp(u_r)``. There are about half as many.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Ints, Longs
from sogdia.assignment.kernels.logit import Choice


@nb.njit(cache=True, nogil=True, inline="always")
def _alike(p: int, q: int, way_ptr: Longs, way_group: Ints) -> bool:
    """Whether two paths pass the same groups in the same order."""
    size = way_ptr[p + 1] - way_ptr[p]
    if way_ptr[q + 1] - way_ptr[q] != size:
        return False
    same = True
    for s in range(size):
        same = same and way_group[way_ptr[p] + s] == way_group[way_ptr[q] + s]
    return same


@nb.njit(cache=True, nogil=True)
def bundles_of(od_ptr: Longs, way_ptr: Longs, way_group: Ints, late: Bools) -> tuple[Longs, Longs, Ints]:
    """Bundles of the markets marked in ``late`` (M,); the others have none.

    Returns:
        Where the bundles of each market start, (M + 1,); the first path of each bundle; and the bundle of
        each path, counted from its market's first, (P,).
    """
    ptr, first = np.zeros_like(od_ptr), np.empty(way_ptr.size - 1, np.int64)
    of, count = np.zeros(way_ptr.size - 1, np.int32), 0
    for m in range(late.size):
        if late[m]:
            for p in range(od_ptr[m], od_ptr[m + 1]):
                b = ptr[m]
                while b < count and not _alike(first[b], p, way_ptr, way_group):
                    b += 1
                if b == count:
                    first[b] = p
                    count += 1
                of[p] = b - ptr[m]
        ptr[m + 1] = count
    return ptr, first[:count], of


@nb.njit(cache=True, nogil=True)
def bundle_utilities(choice: Choice, of: Ints, markets: Longs, bundled: Choice) -> None:
    """Utilities of bundles, from those of paths, of some markets; −inf where all its paths are closed."""
    total = np.empty(16)
    for m in markets:
        p0, b0 = choice.od_ptr[m], bundled.od_ptr[m]
        count, many = choice.od_ptr[m + 1] - p0, bundled.od_ptr[m + 1] - b0
        if many > total.size:
            total = np.empty(2 * many)
        for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
            at, to = choice.share_ptr[choice.need[j]], bundled.share_ptr[choice.need[j]]
            for b in range(many):
                total[b], bundled.utility[to + b] = 0.0, -np.inf
            for r in range(count):
                b = of[p0 + r]
                bundled.utility[to + b] = max(bundled.utility[to + b], choice.utility[at + r])
            for r in range(count):
                b = of[p0 + r]
                below = choice.utility[at + r] - bundled.utility[to + b]
                # Most bundles are one path, whose part is 1; where all are closed, this is no number.
                total[b] += 1.0 if not below < 0.0 else math.exp(below)
            for b in range(many):
                if total[b] != 1.0:
                    bundled.utility[to + b] += math.log(total[b])
