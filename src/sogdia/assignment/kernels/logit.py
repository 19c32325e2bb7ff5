"""The path-based logit: loading, its derivatives, costs and class flows of paths.

OD groups are triples of origin, class group and destination and have paths. Rows of demand are triples of
origin, destination and user class; each belongs to an OD group and has one share for each of its paths. Most
kernels work on some OD groups, given by number, so that parts of them may run in threads.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.assignment.kernels.arrays import Floats, Ints, Longs, Numbers
from sogdia.numerics.compiled import ENTRY, IN_PLACE, INLINE


class Choice(NamedTuple):
    """Choice sets and demand: M OD groups, P paths, T rows of demand, K user classes.

    Attributes:
        od_ptr: Paths of OD group m are ``od_ptr[m]`` to ``od_ptr[m + 1]``, (M + 1,).
        path_ptr: Arcs of path p are ``path_arc[path_ptr[p]:path_ptr[p + 1]]``, (P + 1,).
        path_arc: Arcs of all paths.
        group_ptr: The same for the delayed capacity groups of its arcs, (P + 1,).
        path_group: Delayed capacity groups of all paths.
        row_ptr: Rows of OD group m are ``row[row_ptr[m]:row_ptr[m + 1]]``, (M + 1,).
        row: Rows of demand by OD group, (T,).
        user_class: Class of each row, (T,).
        flow: Flow of each row, (T,).
        share_ptr: Shares of row t are ``share_ptr[t]`` to ``share_ptr[t + 1]``, (T + 1,).
        scale: θ_k times the value of time of the class: utility per unit of cost, (K,).
        utility: Utility of each path to each row without delays, by share.
    """

    od_ptr: Longs
    path_ptr: Longs
    path_arc: Numbers
    group_ptr: Longs
    path_group: Numbers
    row_ptr: Longs
    row: Longs
    user_class: Ints
    flow: Floats
    share_ptr: Longs
    scale: Floats
    utility: Floats


@nb.njit(**IN_PLACE)
def path_sums(
    choice: Choice, values: Floats, delay: Floats, weight: Floats, od_groups: Longs, out: Floats
) -> None:
    """Compute ``weight_k · (Σ_a values_ka + Σ_g delay_g)`` of each path for each row, into ``out`` by share.

    ``values`` is (K, A) or, if the same for all classes, (1, A).
    """
    by_class = values.shape[0] > 1
    for m in od_groups:
        p0 = choice.od_ptr[m]
        for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
            t = choice.row[j]
            k = choice.user_class[t]
            value = values[k if by_class else 0]
            at = choice.share_ptr[t]
            for r in range(choice.od_ptr[m + 1] - p0):
                total = 0.0
                for s in range(choice.path_ptr[p0 + r], choice.path_ptr[p0 + r + 1]):
                    total += value[choice.path_arc[s]]
                for s in range(choice.group_ptr[p0 + r], choice.group_ptr[p0 + r + 1]):
                    total += delay[choice.path_group[s]]
                out[at + r] = weight[k] * total


@nb.njit(**IN_PLACE)
def add_path_size(choice: Choice, exponent: float, log_path_size: Floats, od_groups: Longs) -> None:
    """Add ``β ln PS_r`` (P,) to the utilities."""
    for m in od_groups:
        p0 = choice.od_ptr[m]
        for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
            at = choice.share_ptr[choice.row[j]]
            for r in range(choice.od_ptr[m + 1] - p0):
                choice.utility[at + r] += exponent * log_path_size[p0 + r]


@nb.njit(**IN_PLACE)
def copy_utilities(old: Choice, new: Choice) -> None:
    """Copy the utilities of rows that have as many paths as in the old choice."""
    for t in range(new.flow.size):
        at, before = new.share_ptr[t], old.share_ptr[t]
        count = new.share_ptr[t + 1] - at
        if old.share_ptr[t + 1] - before == count:
            for r in range(count):
                new.utility[at + r] = old.utility[before + r]


@nb.njit(**ENTRY)
def rows_by_od_group(od_group: Longs, row_ptr: Longs, row: Longs) -> None:
    """Sort rows of demand by OD group: fill ``row_ptr`` (M + 1,), all 0 before, and ``row`` (T,)."""
    for m in od_group:
        row_ptr[m + 1] += 1
    for m in range(row_ptr.size - 1):
        row_ptr[m + 1] += row_ptr[m]
    at = row_ptr[:-1].copy()
    for t in range(od_group.size):
        row[at[od_group[t]]] = t
        at[od_group[t]] += 1


@nb.njit(**INLINE)
def _path_sum(choice: Choice, path: int, values: Floats) -> float:
    """Return the sum of values of capacity groups (G,) along a path."""
    total = 0.0
    for s in range(choice.group_ptr[path], choice.group_ptr[path + 1]):
        total += values[choice.path_group[s]]
    return total


@nb.njit(**INLINE)
def _add_to_groups(choice: Choice, path: int, amount: float, out: Floats) -> None:
    """Add an amount to the capacity groups of a path."""
    if amount != 0.0:
        for s in range(choice.group_ptr[path], choice.group_ptr[path + 1]):
            out[choice.path_group[s]] += amount


@nb.njit(**ENTRY)
def load(choice: Choice, delay: Floats, od_groups: Longs, share: Floats, logsum: Floats, out: Floats) -> None:
    """Compute logit shares at given delays, and load the demand by them.

    ``P_r = exp(u_r) / Σ_s exp(u_s)`` with ``u_r = utility_r − scale_k Σ_g delay_g``. The largest u is
    subtracted first, against overflow.

    Args:
        choice: Choice sets and demand.
        delay: Delay of each capacity group, (G,).
        od_groups: Numbers of the OD groups.
        share: Shares; written.
        logsum: ``ln Σ exp(u)`` of each row, −inf if no path is open to its class, (T,); written.
        out: Flow of each capacity group from these OD groups, (G,); written.
    """
    for g in range(out.size):
        out[g] = 0.0
    delay_of, flow_of = np.empty(16), np.empty(16)
    for m in od_groups:
        p0 = choice.od_ptr[m]
        count = choice.od_ptr[m + 1] - p0
        if count > delay_of.size:
            delay_of, flow_of = np.empty(2 * count), np.empty(2 * count)
        for r in range(count):
            delay_of[r] = _path_sum(choice, p0 + r, delay)
            flow_of[r] = 0.0
        for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
            t = choice.row[j]
            at, scale = choice.share_ptr[t], choice.scale[choice.user_class[t]]
            best = -np.inf
            for r in range(count):
                u = choice.utility[at + r] - scale * delay_of[r]
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
                flow_of[r] += choice.flow[t] * share[at + r]
        for r in range(count):
            _add_to_groups(choice, p0 + r, flow_of[r], out)


@nb.njit(**ENTRY)
def jacobian_product(choice: Choice, share: Floats, values: Floats, od_groups: Longs, out: Floats) -> None:
    """Compute ``H z`` for a change z of delays (G,), into ``out`` (G,); −H is the Jacobian of the loading.

    ``H = Σ_t q_t scale_k (E[δδᵀ] − E[δ] E[δ]ᵀ)`` with δ the incidence of a path's capacity groups and E the
    mean by the shares: symmetric and positive semidefinite (Daganzo 1982).
    """
    for g in range(out.size):
        out[g] = 0.0
    sums, product = np.empty(16), np.empty(16)
    for m in od_groups:
        p0 = choice.od_ptr[m]
        count = choice.od_ptr[m + 1] - p0
        if count < 2:
            continue
        if count > sums.size:
            sums, product = np.empty(2 * count), np.empty(2 * count)
        for r in range(count):
            sums[r] = _path_sum(choice, p0 + r, values)
            product[r] = 0.0
        for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
            t = choice.row[j]
            at = choice.share_ptr[t]
            mean = 0.0
            for r in range(count):
                mean += share[at + r] * sums[r]
            factor = choice.flow[t] * choice.scale[choice.user_class[t]]
            for r in range(count):
                product[r] += factor * share[at + r] * (sums[r] - mean)
        for r in range(count):
            _add_to_groups(choice, p0 + r, product[r], out)


@nb.njit(**IN_PLACE)
def utility_scale_derivative(choice: Choice, share: Floats, od_groups: Longs, out: Floats) -> None:
    """Compute the derivative of the loading by the logarithm of a factor of all utilities, into ``out`` (G,).

    ``Σ_t q_t Σ_r P_r (u_r − E[u]) δ_r``, in which ``u_r − E[u] = ln P_r − E[ln P]``.
    """
    for g in range(out.size):
        out[g] = 0.0
    for m in od_groups:
        p0 = choice.od_ptr[m]
        for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
            t = choice.row[j]
            at = choice.share_ptr[t]
            mean = 0.0
            for i in range(at, choice.share_ptr[t + 1]):
                if share[i] > 0.0:
                    mean += share[i] * math.log(share[i])
            for i in range(at, choice.share_ptr[t + 1]):
                if share[i] > 0.0:
                    change = choice.flow[t] * share[i] * (math.log(share[i]) - mean)
                    _add_to_groups(choice, p0 + i - at, change, out)


@nb.njit(**IN_PLACE)
def jacobian_diagonal(choice: Choice, share: Floats, od_groups: Longs, out: Floats) -> None:
    """Approximate the diagonal of H by ``Σ_t q_t scale_k P_r (1 − P_r)`` along paths, into ``out`` (G,)."""
    for g in range(out.size):
        out[g] = 0.0
    for m in od_groups:
        p0 = choice.od_ptr[m]
        for r in range(choice.od_ptr[m + 1] - p0):
            total = 0.0
            for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
                t = choice.row[j]
                part = share[choice.share_ptr[t] + r]
                total += choice.flow[t] * choice.scale[choice.user_class[t]] * part * (1.0 - part)
            _add_to_groups(choice, p0 + r, total, out)


@nb.njit(**IN_PLACE)
def largest_change(choice: Choice, old: Floats, new: Floats, od_groups: Longs) -> float:
    """Return the largest ``q_t |old − new|`` over the shares of the rows of some OD groups."""
    largest = 0.0
    for m in od_groups:
        for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
            t = choice.row[j]
            for i in range(choice.share_ptr[t], choice.share_ptr[t + 1]):
                largest = max(largest, choice.flow[t] * abs(old[i] - new[i]))
    return largest


@nb.njit(**IN_PLACE)
def class_flows(
    choice: Choice, od_group: Longs, share: Floats, amount: Floats, area: Ints, out: Floats
) -> None:
    """Add the flows of all rows to arcs, ``out`` (K, A), all 0 before.

    Args:
        choice: Choice sets and demand.
        od_group: OD group of each row, (T,).
        share: Shares.
        amount: Flow of each row on the arcs of each area, (T, N).
        area: Area of each arc, −1 if it is in none, (A,).
        out: Flow by class and arc; written.
    """
    for t in range(od_group.size):
        k, first = choice.user_class[t], choice.od_ptr[od_group[t]] - choice.share_ptr[t]
        for i in range(choice.share_ptr[t], choice.share_ptr[t + 1]):
            if share[i] > 0.0:
                for s in range(choice.path_ptr[first + i], choice.path_ptr[first + i + 1]):
                    a = choice.path_arc[s]
                    if area[a] >= 0:
                        out[k, a] += amount[t, area[a]] * share[i]


@nb.njit(**IN_PLACE)
def shares_through(choice: Choice, share: Floats, member: Longs, out: Floats) -> None:
    """Add up the share of each row that uses at least one arc of each of N ≤ 63 sets, all 0 before.

    Each path is walked once for all classes and sets.

    Args:
        choice: Choice sets and demand.
        share: Shares.
        member: Sets that each arc is in, as bits, (A,).
        out: Shares by set, (N, T); written.
    """
    for m in range(choice.od_ptr.size - 1):
        p0 = choice.od_ptr[m]
        for p in range(p0, choice.od_ptr[m + 1]):
            used = np.int64(0)
            for s in range(choice.path_ptr[p], choice.path_ptr[p + 1]):
                used |= member[choice.path_arc[s]]
            n = 0
            while used != 0:
                if used & 1:
                    for j in range(choice.row_ptr[m], choice.row_ptr[m + 1]):
                        t = choice.row[j]
                        out[n, t] += share[choice.share_ptr[t] + p - p0]
                used >>= 1
                n += 1
