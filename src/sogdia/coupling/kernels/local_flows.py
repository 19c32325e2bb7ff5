"""Flows of rows of demand at shadow prices, with derivatives, in one pass over their patterns of use."""

from __future__ import annotations

import math

import numba as nb
import numpy as np
import numpy.typing as npt

from sogdia.numerics.compiled import CALLEE_IN_PLACE, ENTRY, IN_PLACE

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Uses = tuple[Longs, Longs, Floats]
"""Uses of capacities by M patterns: the first of each, (M + 1,), then capacity and number of uses."""


@nb.njit(**CALLEE_IN_PLACE)
def _weigh(
    start: int,
    end: int,
    uses: Uses,
    share: Floats,
    queue: Floats,
    theta: float,
    change: Floats,
    weight: Floats,
) -> tuple[float, float]:
    """Write ``p⁰ exp(θ (x_least − x))`` of a row's patterns into ``weight``; return x_least and their sum."""
    ptr, capacity, number = uses
    least, total = np.inf, 0.0
    for p in range(start, end):
        cost = -queue[p]
        for n in range(ptr[p], ptr[p + 1]):
            cost += number[n] * change[capacity[n]]
        weight[p] = cost
        least = min(least, cost)
    for p in range(start, end):
        # Most rows have few patterns, and the exponential of the least-cost one is 1.
        weight[p] = share[p] * (math.exp(theta * (least - weight[p])) if weight[p] > least else 1.0)
        total += weight[p]
    return least, total


@nb.njit(**CALLEE_IN_PLACE)
def _add_choice(
    start: int, end: int, uses: Uses, weight: Floats, response: float, mean: Floats, fall: Floats
) -> None:
    """Add the mean uses of a row to ``mean``, and what choice among its patterns gives to ``fall``.

    Weights sum to 1; the response is ``q θ``.
    """
    ptr, capacity, number = uses
    for p in range(start, end):
        for n in range(ptr[p], ptr[p + 1]):
            mean[capacity[n]] += weight[p] * number[n]
            for other in range(ptr[p], ptr[p + 1]):
                both = response * weight[p] * number[n] * number[other]
                fall[capacity[n], capacity[other]] += both


@nb.njit(**CALLEE_IN_PLACE)
def _add_row(
    used: Longs, mean: Floats, q: float, slope: float, response: float, s: int, a: float,
    flow: Floats, fall: Floats,
) -> None:  # fmt: skip
    """Add the flow of a row and its fall, without that of choice: ``slope`` is that of its tonnes by cost."""
    last = mean.size + s
    for h in used:
        flow[h] += q * mean[h]
        for other in used:
            fall[h, other] += (slope - response) * mean[h] * mean[other]
        if s >= 0:
            fall[h, last] += slope * mean[h] * a
            fall[last, h] += slope * mean[h] * a
    if s >= 0:
        flow[last] += q * a
        fall[last, last] += slope * a * a


@nb.njit(**CALLEE_IN_PLACE)
def _list_used(start: int, end: int, uses: Uses, mean: Floats, used: Longs) -> int:
    """List the capacities that a row's patterns use, with their ``mean`` set to 0; return their number."""
    ptr, capacity, _ = uses
    count = 0
    for n in range(ptr[start], ptr[end]):
        mean[capacity[n]] = -1.0
    for n in range(ptr[start], ptr[end]):
        if mean[capacity[n]] < 0.0:
            mean[capacity[n]] = 0.0
            used[count] = capacity[n]
            count += 1
    return count


@nb.njit(**IN_PLACE)
def choose(
    first: Longs,
    uses: Uses,
    share: Floats,
    queue: Floats,
    theta: Floats,
    change: Floats,
    cost: Floats,
    mean: Floats,
    chosen: Floats,
) -> None:
    """Compute Δg, mean uses and shares at other prices (:meth:`sogdia.coupling.local_prices.LocalChoice.at`).

    Args:
        first: First pattern of each row, (R,).
        uses: Uses of the capacities by each pattern: first, (M + 1,), capacity and number.
        share: Shares of the patterns, (M,).
        queue: Cost of their queues that vanish, USD/t, (M,).
        theta: Scale of choice, (R,).
        change: Prices less those of the shares, USD/t, (H',).
        cost: Δg, USD/t, (R,), written.
        mean: Mean uses, (R, H'), zeros before.
        chosen: Shares at these prices, (M,), written.
    """
    ptr, capacity, number = uses
    for t in range(first.size):
        start = first[t]
        end = first[t + 1] if t + 1 < first.size else share.size
        least, total = _weigh(start, end, uses, share, queue, theta[t], change, chosen)
        cost[t] = least - math.log(total) / theta[t]
        for p in range(start, end):
            chosen[p] /= total
            for n in range(ptr[p], ptr[p + 1]):
                mean[t, capacity[n]] += chosen[p] * number[n]


@nb.njit(**ENTRY)
def add_flows(
    first: Longs,
    uses: Uses,
    share: Floats,
    queue: Floats,
    theta: Floats,
    change: Floats,
    known: Floats,
    anchor: tuple[Floats, Floats, Floats, Longs, Floats],
    relative: Floats,
    least_cost: float,
    flow: Floats,
    fall: Floats,
    tonnes: Floats,
) -> float:
    """Add flows and their fall by prices to zeros, compute tonnes, and return what users lose, USD a year.

    Equations in :mod:`sogdia.coupling.local_prices`. R rows have M patterns of use of H' capacities; G
    supplies follow the capacities among the prices.

    Args:
        first: First pattern of each row, (R,).
        uses: Uses of the capacities by each pattern: first, (M + 1,), capacity and number.
        share: Shares of the patterns, (M,).
        queue: Cost of their queues that vanish, USD/t, (M,).
        theta: Scale of choice, (R,).
        change: Prices less those of the shares, USD/t, (H',).
        known: Δg of the anchor, USD/t, (R,).
        anchor: Tonnes, cost, elasticity, supply and the part of the cost that moves with it, (R,) each.
        relative: Relative prices of supplies, (G,).
        least_cost: Least cost relative to that of the anchor.
        flow: v and ``Σ a q``, (H' + G,).
        fall: Minus their derivatives by prices, (H' + G, H' + G).
        tonnes: Tonnes, (R,).
    """
    tonnes_before, cost_before, elasticity, supply, at_exporter = anchor
    rows, capacities, surplus = first.size, change.size, 0.0
    mean, weight, listed = np.zeros(capacities), np.zeros(share.size), np.zeros(capacities, np.int64)
    for t in range(rows):
        start = first[t]
        end = first[t + 1] if t + 1 < rows else share.size
        least, total = _weigh(start, end, uses, share, queue, theta[t], change, weight)
        s, a = supply[t], at_exporter[t]
        base = cost_before[t] + least - math.log(total) / theta[t] - known[t]
        if s >= 0:
            base += a * relative[s]
        base = max(base, least_cost * cost_before[t])
        ratio, power = base / cost_before[t], 1.0 - elasticity[t]
        fallen = ratio ** -elasticity[t]
        q = tonnes_before[t] * fallen
        tonnes[t] = q
        area = math.log(ratio) if power == 0.0 else (ratio * fallen - 1.0) / power
        surplus += tonnes_before[t] * cost_before[t] * area
        for p in range(start, end):
            weight[p] /= total
        used = listed[: _list_used(start, end, uses, mean, listed)]
        _add_choice(start, end, uses, weight, q * theta[t], mean, fall)
        slope = q * elasticity[t] / base
        _add_row(used, mean, q, slope, q * theta[t], s, a, flow, fall)
    return surplus


@nb.njit(**ENTRY)
def complementary(
    matrix: Floats,
    constant: Floats,
    price: Floats,
    lower: Floats,
    upper: Floats,
    most_sweeps: int,
    tolerance: float,
) -> Floats:
    """Return l ≤ x ≤ u with ``M (x − price) = constant``, ≥ where x = l and ≤ where x = u, (H',).

    M is a symmetric positive semidefinite matrix with scaled rows, so that projected Gauss–Seidel sweeps
    converge (Cottle, Pang & Stone 1992, ch. 5).
    """
    found = price.copy()
    for _ in range(most_sweeps):
        largest, highest = 0.0, 0.0
        for n in range(found.size):
            gap = constant[n]
            for m in range(found.size):
                gap -= matrix[n, m] * (found[m] - price[m])
            moved = min(max(lower[n], found[n] + gap / matrix[n, n]), upper[n])
            largest, found[n] = max(largest, abs(moved - found[n])), moved
        for each in found:
            highest = max(highest, each)
        if largest <= tolerance * (1.0 + highest):
            break
    return found
