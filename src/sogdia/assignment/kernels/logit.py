"""The path-based logit on arrays: loading, its derivative, costs and class flows of paths.

Markets are triples of origin, destination and geometry group; they own paths. Needs are rows of demand
(origin, destination, class); each belongs to a market and has one share for each of its paths. Most
kernels work on some markets, given by number, so that parts of them may run in threads.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs


class Choice(NamedTuple):
    """What is chosen from, by whom: M markets, P paths, T needs, K classes.

    Attributes:
        od_ptr: Paths of market m are ``od_ptr[m]`` to ``od_ptr[m + 1]``, (M + 1,).
        path_ptr: Arcs of path p stand at ``path_arc[path_ptr[p]:path_ptr[p + 1]]``, (P + 1,).
        path_arc: Arcs of all paths.
        way_ptr: The same for the groups of its congested arcs, (P + 1,).
        way_group: Groups of the congested arcs of all paths.
        need_ptr: Needs of market m stand at ``need[need_ptr[m]:need_ptr[m + 1]]``, (M + 1,).
        need: Needs by market, (T,).
        klass: Class of each need, (T,).
        flow: Flow of each need, (T,).
        share_ptr: Shares of need t are ``share_ptr[t]`` to ``share_ptr[t + 1]``, (T + 1,).
        scale: θ_k times the worth of the class: turns its costs into utility, (K,).
        utility: Utility of each path to each need at no delay, by share.
    """

    od_ptr: Longs
    path_ptr: Longs
    path_arc: Ints
    way_ptr: Longs
    way_group: Ints
    need_ptr: Longs
    need: Longs
    klass: Ints
    flow: Floats
    share_ptr: Longs
    scale: Floats
    utility: Floats


@nb.njit(cache=True, nogil=True)
def sum_paths(
    choice: Choice, values: Floats, delay: Floats, weight: Floats, markets: Longs, out: Floats
) -> None:
    """``weight_k · (Σ_a values_ka + Σ_g delay_g)`` of each path to each need, into ``out`` by share.

    ``values`` is (K, A) or, alike for all classes, (1, A).
    """
    many = values.shape[0] > 1
    for m in markets:
        p0 = choice.od_ptr[m]
        for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
            t = choice.need[j]
            k = choice.klass[t]
            row = values[k if many else 0]
            at = choice.share_ptr[t]
            for r in range(choice.od_ptr[m + 1] - p0):
                total = 0.0
                for s in range(choice.path_ptr[p0 + r], choice.path_ptr[p0 + r + 1]):
                    total += row[choice.path_arc[s]]
                for s in range(choice.way_ptr[p0 + r], choice.way_ptr[p0 + r + 1]):
                    total += delay[choice.way_group[s]]
                out[at + r] = weight[k] * total


@nb.njit(cache=True, nogil=True)
def add_path_size(choice: Choice, exponent: float, ln_ps: Floats, markets: Longs) -> None:
    """Add ``β ln PS_r`` (P,) to the utilities."""
    for m in markets:
        p0 = choice.od_ptr[m]
        for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
            at = choice.share_ptr[choice.need[j]]
            for r in range(choice.od_ptr[m + 1] - p0):
                choice.utility[at + r] += exponent * ln_ps[p0 + r]


@nb.njit(cache=True, nogil=True)
def take_utilities(old: Choice, new: Choice) -> None:
    """Copy the utilities of needs that choose between as many paths as in the old choice."""
    for t in range(new.flow.size):
        at, before = new.share_ptr[t], old.share_ptr[t]
        count = new.share_ptr[t + 1] - at
        if old.share_ptr[t + 1] - before == count:
            for r in range(count):
                new.utility[at + r] = old.utility[before + r]


@nb.njit(cache=True, nogil=True)
def needs_by_market(market: Longs, need_ptr: Longs, need: Longs) -> None:
    """Sort needs by market: fill ``need_ptr`` (M + 1,), all 0 before, and ``need`` (T,)."""
    for m in market:
        need_ptr[m + 1] += 1
    for m in range(need_ptr.size - 1):
        need_ptr[m + 1] += need_ptr[m]
    at = need_ptr[:-1].copy()
    for t in range(market.size):
        need[at[market[t]]] = t
        at[market[t]] += 1


@nb.njit(cache=True, nogil=True, inline="always")
def _along(choice: Choice, path: int, values: Floats) -> float:
    """Sum of values of groups (G,) along a path."""
    total = 0.0
    for s in range(choice.way_ptr[path], choice.way_ptr[path + 1]):
        total += values[choice.way_group[s]]
    return total


@nb.njit(cache=True, nogil=True, inline="always")
def _spread(choice: Choice, path: int, amount: float, out: Floats) -> None:
    """Add an amount to the groups of a path."""
    if amount != 0.0:
        for s in range(choice.way_ptr[path], choice.way_ptr[path + 1]):
            out[choice.way_group[s]] += amount


@nb.njit(cache=True, nogil=True)
def load(choice: Choice, delay: Floats, markets: Longs, share: Floats, logsum: Floats, out: Floats) -> None:
    """Logit shares at given delays (G,), and the group flows they make.

    ``P_r = exp(u_r) / Σ_s exp(u_s)`` with ``u_r = utility_r − scale_k Σ_g delay_g``; the greatest u is
    taken off first, so that nothing overflows. Fills shares, ``logsum`` = ln Σ exp(u) (T,) (−inf where a
    class may use no path) and ``out`` (G,).
    """
    for g in range(out.size):
        out[g] = 0.0
    late, load_of = np.empty(16), np.empty(16)
    for m in markets:
        p0 = choice.od_ptr[m]
        count = choice.od_ptr[m + 1] - p0
        if count > late.size:
            late, load_of = np.empty(2 * count), np.empty(2 * count)
        for r in range(count):
            late[r] = _along(choice, p0 + r, delay)
            load_of[r] = 0.0
        for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
            t = choice.need[j]
            at, scale = choice.share_ptr[t], choice.scale[choice.klass[t]]
            best = -np.inf
            for r in range(count):
                u = choice.utility[at + r] - scale * late[r]
                share[at + r] = u
                best = max(best, u)
            if best == -np.inf:
                for r in range(count):
                    share[at + r] = 0.0
                logsum[t] = -np.inf
                continue
            total = 0.0
            for r in range(count):
                part = math.exp(share[at + r] - best)
                share[at + r] = part
                total += part
            logsum[t] = best + math.log(total)
            for r in range(count):
                share[at + r] /= total
                load_of[r] += choice.flow[t] * share[at + r]
        for r in range(count):
            _spread(choice, p0 + r, load_of[r], out)


@nb.njit(cache=True, nogil=True)
def bend(choice: Choice, share: Floats, values: Floats, markets: Longs, out: Floats) -> None:
    """How the loading falls with delays: ``H z``, for delays that change by ``z`` (G,), into ``out`` (G,).

    ``H = Σ_t q_t scale_k (E[δδᵀ] − E[δ] E[δ]ᵀ)`` with δ a path's groups and E by the shares: symmetric
    and positive semidefinite, and the Jacobian of the loading by delays is −H (Daganzo 1982).
    """
    for g in range(out.size):
        out[g] = 0.0
    along, back = np.empty(16), np.empty(16)
    for m in markets:
        p0 = choice.od_ptr[m]
        count = choice.od_ptr[m + 1] - p0
        if count < 2:
            continue
        if count > along.size:
            along, back = np.empty(2 * count), np.empty(2 * count)
        for r in range(count):
            along[r] = _along(choice, p0 + r, values)
            back[r] = 0.0
        for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
            t = choice.need[j]
            at = choice.share_ptr[t]
            mean = 0.0
            for r in range(count):
                mean += share[at + r] * along[r]
            pull = choice.flow[t] * choice.scale[choice.klass[t]]
            for r in range(count):
                back[r] += pull * share[at + r] * (along[r] - mean)
        for r in range(count):
            _spread(choice, p0 + r, back[r], out)


@nb.njit(cache=True, nogil=True)
def tilt(choice: Choice, share: Floats, markets: Longs, out: Floats) -> None:
    """Derivative of the loading by a factor of all utilities, at that factor's logarithm, into ``out`` (G,).

    ``Σ_t q_t Σ_r P_r (u_r − E[u]) δ_r``, in which ``u_r − E[u] = ln P_r − E[ln P]``.
    """
    for g in range(out.size):
        out[g] = 0.0
    for m in markets:
        p0 = choice.od_ptr[m]
        for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
            t = choice.need[j]
            at = choice.share_ptr[t]
            mean = 0.0
            for i in range(at, choice.share_ptr[t + 1]):
                if share[i] > 0.0:
                    mean += share[i] * math.log(share[i])
            for i in range(at, choice.share_ptr[t + 1]):
                if share[i] > 0.0:
                    gain = choice.flow[t] * share[i] * (math.log(share[i]) - mean)
                    _spread(choice, p0 + i - at, gain, out)


@nb.njit(cache=True, nogil=True)
def diagonal(choice: Choice, share: Floats, markets: Longs, out: Floats) -> None:
    """A cheap stand-in for the diagonal of H: ``Σ_t q_t scale_k P_r (1 − P_r)`` along paths, (G,)."""
    for g in range(out.size):
        out[g] = 0.0
    for m in markets:
        p0 = choice.od_ptr[m]
        for r in range(choice.od_ptr[m + 1] - p0):
            total = 0.0
            for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
                t = choice.need[j]
                part = share[choice.share_ptr[t] + r]
                total += choice.flow[t] * choice.scale[choice.klass[t]] * part * (1.0 - part)
            _spread(choice, p0 + r, total, out)


@nb.njit(cache=True, nogil=True)
def largest_change(choice: Choice, old: Floats, new: Floats, markets: Longs) -> float:
    """Largest ``q_t |old − new|`` over the shares of the needs of markets."""
    most = 0.0
    for m in markets:
        for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
            t = choice.need[j]
            for i in range(choice.share_ptr[t], choice.share_ptr[t + 1]):
                most = max(most, choice.flow[t] * abs(old[i] - new[i]))
    return most


@nb.njit(cache=True, nogil=True)
def class_flows(choice: Choice, market: Longs, share: Floats, mine: Longs, out: Floats) -> None:
    """Flow on each arc (A,) of the needs listed in ``mine``; ``market`` of each need is (T,)."""
    for t in mine:
        p0 = choice.od_ptr[market[t]]
        for i in range(choice.share_ptr[t], choice.share_ptr[t + 1]):
            flow = choice.flow[t] * share[i]
            if flow > 0.0:
                p = p0 + i - choice.share_ptr[t]
                for s in range(choice.path_ptr[p], choice.path_ptr[p + 1]):
                    out[choice.path_arc[s]] += flow


@nb.njit(cache=True, nogil=True)
def passing(choice: Choice, share: Floats, chosen: Bools, out: Floats) -> None:
    """Share of each need (T,) that passes at least one chosen arc (A,), into ``out``, all 0 before.

    Goes by market, as paths are stored, and looks at each path once for all classes.
    """
    for m in range(choice.od_ptr.size - 1):
        p0 = choice.od_ptr[m]
        for p in range(p0, choice.od_ptr[m + 1]):
            hit = False
            for s in range(choice.path_ptr[p], choice.path_ptr[p + 1]):
                if chosen[choice.path_arc[s]]:
                    hit = True
                    break
            if hit:
                for j in range(choice.need_ptr[m], choice.need_ptr[m + 1]):
                    t = choice.need[j]
                    out[t] += share[choice.share_ptr[t] + p - p0]
