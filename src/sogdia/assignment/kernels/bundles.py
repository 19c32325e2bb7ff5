"""Bundles: paths of an OD group with the same delayed capacity groups.

Whatever the delays are, such paths have the same shares of their bundle's flow. The logit between paths is
therefore one between bundles, each with the utility ``U_b = ln Σ_{r ∈ b} exp(u_r)`` (an aggregate
alternative: McFadden 1978). There are about half as many bundles as paths.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Ints, Longs, Numbers
from sogdia.assignment.kernels.logit import Choice
from sogdia.numerics.compiled import ENTRY, INLINE


@nb.njit(**INLINE)
def _same_groups(p: int, q: int, group_ptr: Longs, path_group: Numbers) -> bool:
    """Test if two paths have the same delayed groups in the same order."""
    size = group_ptr[p + 1] - group_ptr[p]
    if group_ptr[q + 1] - group_ptr[q] != size:
        return False
    same = True
    for s in range(size):
        same = same and path_group[group_ptr[p] + s] == path_group[group_ptr[q] + s]
    return same


@nb.njit(**ENTRY)
def bundles_of(
    od_ptr: Longs, group_ptr: Longs, path_group: Numbers, delayed: Bools
) -> tuple[Longs, Longs, Ints]:
    """Group the paths of OD groups marked in ``delayed`` (M,) into bundles; the others get none.

    Returns:
        First bundle of each OD group, (M + 1,); first path of each bundle; bundle of each path, counted
        from the first of its OD group, (P,).
    """
    ptr, first = np.zeros_like(od_ptr), np.empty(group_ptr.size - 1, np.int64)
    bundle_of, count = np.zeros(group_ptr.size - 1, np.int32), 0
    for m in range(delayed.size):
        if delayed[m]:
            for p in range(od_ptr[m], od_ptr[m + 1]):
                b = ptr[m]
                while b < count and not _same_groups(first[b], p, group_ptr, path_group):
                    b += 1
                if b == count:
                    first[b] = p
                    count += 1
                bundle_of[p] = b - ptr[m]
        ptr[m + 1] = count
    return ptr, first[:count], bundle_of


@nb.njit(**ENTRY)
def bundle_utilities(choice: Choice, bundle_of: Ints, od_groups: Longs, bundled: Choice) -> None:
    """Compute the utilities of bundles of some OD groups from those of paths; −inf if all are closed."""
    total = np.empty(16)
    for m in od_groups:
        p0, b0 = choice.od_ptr[m], bundled.od_ptr[m]
        count, bundles = choice.od_ptr[m + 1] - p0, bundled.od_ptr[m + 1] - b0
        if bundles > total.size:
            total = np.empty(2 * bundles)
        for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
            at, to = choice.share_ptr[choice.row[j]], bundled.share_ptr[choice.row[j]]
            for b in range(bundles):
                total[b], bundled.utility[to + b] = 0.0, -np.inf
            for r in range(count):
                b = bundle_of[p0 + r]
                bundled.utility[to + b] = max(bundled.utility[to + b], choice.utility[at + r])
            for r in range(count):
                b = bundle_of[p0 + r]
                below = choice.utility[at + r] - bundled.utility[to + b]
                # Most bundles are one path, with the term 1; if all are closed, ``below`` is not a number.
                total[b] += 1.0 if not below < 0.0 else math.exp(below)
            for b in range(bundles):
                if total[b] != 1.0:
                    bundled.utility[to + b] += math.log(total[b])
