"""Tables of paths: their path sizes, the delayed groups along them, and two sets in one."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs


class Paths(NamedTuple):
    """Paths of M markets.

    Attributes:
        od_ptr: Paths of market m are ``od_ptr[m]`` to ``od_ptr[m + 1]``, (M + 1,).
        path_ptr: Arcs of path p stand at ``path_arc[path_ptr[p]:path_ptr[p + 1]]``, (P + 1,).
        path_arc: Arcs of all paths.
        ln_ps: Logarithm of each path's path size, (P,).
    """

    od_ptr: Longs
    path_ptr: Longs
    path_arc: Ints
    ln_ps: Floats


@nb.njit(cache=True, nogil=True)
def path_sizes(paths: Paths, group: Ints, length: Floats, markets: Longs) -> None:
    """Logarithm of the path size of each path of some markets, into ``ln_ps``.

    ``PS_r = Σ_{a ∈ r} (l_a / L_r) / Σ_s δ_as`` with l the lengths, (S, A) by the group (M,) of a market,
    and L_r their sum over r (Ben-Akiva & Bierlaire 1999, eq. 26). Where L_r is 0 each arc counts as 1 long.
    """
    path_ptr, path_arc = paths.path_ptr, paths.path_arc
    count = np.zeros(length.shape[1], np.int32)
    for m in markets:
        size_of = length[group[m]]
        begin, end = path_ptr[paths.od_ptr[m]], path_ptr[paths.od_ptr[m + 1]]
        for s in range(begin, end):
            count[path_arc[s]] += 1
        for p in range(paths.od_ptr[m], paths.od_ptr[m + 1]):
            whole, size, even = 0.0, 0.0, 0.0
            for s in range(path_ptr[p], path_ptr[p + 1]):
                a = path_arc[s]
                whole += size_of[a]
                size += size_of[a] / count[a]
                even += 1.0 / count[a]
            share = size / whole if whole > 0.0 else even / (path_ptr[p + 1] - path_ptr[p])
            paths.ln_ps[p] = np.log(share)
        for s in range(begin, end):
            count[path_arc[s]] = 0


@nb.njit(cache=True, nogil=True)
def count_delayed(path_ptr: Longs, path_arc: Ints, delayed: Ints, first: int, last: int, out: Longs) -> None:
    """Arcs of paths ``first`` to ``last`` that a group delays (A,), −1 where none, into ``out`` (P,)."""
    for p in range(first, last):
        many = 0
        for s in range(path_ptr[p], path_ptr[p + 1]):
            many += delayed[path_arc[s]] >= 0
        out[p] = many


@nb.njit(cache=True, nogil=True)
def keep_delayed(
    path_ptr: Longs, path_arc: Ints, delayed: Ints, first: int, last: int, way_ptr: Longs, way_group: Ints
) -> None:
    """Groups that delay arcs of paths ``first`` to ``last``, where ``way_ptr`` (P + 1,) has them."""
    for p in range(first, last):
        at = way_ptr[p]
        if at == way_ptr[p + 1]:
            continue
        for s in range(path_ptr[p], path_ptr[p + 1]):
            group = delayed[path_arc[s]]
            if group >= 0:
                way_group[at] = group
                at += 1


@nb.njit(cache=True, nogil=True)
def picked(path_ptr: Longs, path_arc: Ints, chosen: Longs, number: Ints) -> tuple[Longs, Ints]:
    """Chosen paths, their arcs as numbered elsewhere (A,): where those of each start, and the arcs."""
    ptr = np.zeros(chosen.size + 1, np.int64)
    for n in range(chosen.size):
        ptr[n + 1] = ptr[n] + path_ptr[chosen[n] + 1] - path_ptr[chosen[n]]
    arcs = np.empty(ptr[-1], np.int32)
    for n in range(chosen.size):
        shift = path_ptr[chosen[n]] - ptr[n]
        for s in range(ptr[n], ptr[n + 1]):
            arcs[s] = number[path_arc[s + shift]]
    return ptr, arcs


@nb.njit(cache=True, nogil=True)
def _marks(paths: Paths, draw: Longs) -> Longs:
    """Sum of the numbers drawn for the arcs (A,) of each path."""
    out = np.zeros(paths.ln_ps.size, np.int64)
    for p in range(out.size):
        for s in range(paths.path_ptr[p], paths.path_ptr[p + 1]):
            out[p] += draw[paths.path_arc[s]]
    return out


@nb.njit(cache=True, nogil=True)
def not_among(paths: Paths, known: Paths, draw: Longs) -> Bools:
    """Which paths are none of the same market's in another set, (P,).

    They are told apart by the sums of numbers drawn for arcs (A,): the same for the same, else as good as
    never.
    """
    mine, theirs = _marks(paths, draw), _marks(known, draw)
    new = np.ones(mine.size, np.bool_)
    for m in range(paths.od_ptr.size - 1):
        for p in range(paths.od_ptr[m], paths.od_ptr[m + 1]):
            for q in range(known.od_ptr[m], known.od_ptr[m + 1]):
                if mine[p] == theirs[q]:
                    new[p] = False
                    break
    return new


@nb.njit(cache=True, nogil=True)
def merge(old: Paths, counts: Ints, sizes: Ints, arcs: Ints) -> Paths:
    """Paths with some added to each market (M,), given by their sizes and arcs, behind those it has.

    Path sizes of markets that get none are kept; the others are still to be found.
    """
    paths = old.ln_ps.size + sizes.size
    od_ptr, path_ptr = np.zeros_like(old.od_ptr), np.zeros(paths + 1, np.int64)
    path_arc, ln_ps = np.empty(old.path_arc.size + arcs.size, np.int32), np.zeros(paths)
    p, extra, at = 0, 0, 0
    for m in range(counts.size):
        begin, first, last = p, old.od_ptr[m], old.od_ptr[m + 1]
        for q in range(first, last):
            ln_ps[p] = old.ln_ps[q]
            path_ptr[p + 1] = path_ptr[p] + old.path_ptr[q + 1] - old.path_ptr[q]
            p += 1
        shift = path_ptr[begin] - old.path_ptr[first]
        for s in range(old.path_ptr[first], old.path_ptr[last]):
            path_arc[s + shift] = old.path_arc[s]
        for _ in range(counts[m]):
            path_ptr[p + 1] = path_ptr[p] + sizes[extra]
            for s in range(sizes[extra]):
                path_arc[path_ptr[p] + s] = arcs[at + s]
            at += sizes[extra]
            p, extra = p + 1, extra + 1
        od_ptr[m + 1] = p
    return Paths(od_ptr, path_ptr, path_arc, ln_ps)
