"""Flows of rows of demand at shadow prices, with derivatives, in one pass over their patterns of use."""

from __future__ import annotations

import math

import numba as nb
import numpy as np
import numpy.typing as npt

from sogdia.numerics.compiled import CALLEE, ENTRY

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@nb.njit(**CALLEE)
def _weigh(
    start: int,
    end: int,
    uses: Floats,
    share: Floats,
    queue: Floats,
    theta: float,
    change: Floats,
    weight: Floats,
) -> tuple[float, float]:
    """Write ``p⁰ exp(θ (x_least − x))`` of a row's patterns into ``weight``; return x_least and their sum."""
    least, total = np.inf, 0.0
    for p in range(start, end):
        cost = -queue[p]
        for h in range(change.size):
            cost += uses[p, h] * change[h]
        weight[p] = cost
        least = min(least, cost)
    for p in range(start, end):
        weight[p] = share[p] * math.exp(theta * (least - weight[p]))
        total += weight[p]
    return least, total


@nb.njit(**CALLEE)
def _add_choice(
    start: int, end: int, uses: Floats, weight: Floats, response: float, mean: Floats, fall: Floats
) -> None:
    """Write the mean uses of a row into ``mean``, and add what choice among its patterns gives to ``fall``.

    Weights sum to 1; the response is ``q θ``.
    """
    capacities = mean.size
    mean[:] = 0.0
    for p in range(start, end):
        for h in range(capacities):
            if uses[p, h] > 0.0:
                mean[h] += weight[p] * uses[p, h]
                for other in range(capacities):
                    fall[h, other] += response * weight[p] * uses[p, h] * uses[p, other]


@nb.njit(**CALLEE)
def _add_row(
    mean: Floats, q: float, slope: float, response: float, s: int, a: float, flow: Floats, fall: Floats
) -> None:
    """Add the flow of a row and its fall, without that of choice: ``slope`` is that of its tonnes by cost."""
    capacities = mean.size
    for h in range(capacities):
        if mean[h] > 0.0:
            flow[h] += q * mean[h]
            for other in range(capacities):
                fall[h, other] += (slope - response) * mean[h] * mean[other]
            if s >= 0:
                fall[h, capacities + s] += slope * mean[h] * a
                fall[capacities + s, h] += slope * mean[h] * a
    if s >= 0:
        flow[capacities + s] += q * a
        fall[capacities + s, capacities + s] += slope * a * a


@nb.njit(**ENTRY)
def add_flows(
    first: Longs,
    uses: Floats,
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
        uses: Uses of the capacities by each pattern, (M, H').
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
    mean, weight = np.zeros(capacities), np.zeros(share.size)
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
        q = tonnes_before[t] * ratio ** -elasticity[t]
        tonnes[t] = q
        area = math.log(ratio) if power == 0.0 else (ratio**power - 1.0) / power
        surplus += tonnes_before[t] * cost_before[t] * area
        for p in range(start, end):
            weight[p] /= total
        _add_choice(start, end, uses, weight, q * theta[t], mean, fall)
        slope = q * elasticity[t] / base
        _add_row(mean, q, slope, q * theta[t], s, a, flow, fall)
    return surplus
