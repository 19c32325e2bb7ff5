"""Cooperative games: the loss of every coalition of withdrawn partners, attributed to the partners.

A game is a table v of 2^n rows. Row S is the loss when exactly the partners of coalition S are withdrawn;
``v[0]`` is the loss without any withdrawal. Columns, if there are any, are home countries; all functions work
on all columns at once. A coalition is a bit mask: partner p is bit ``1 << p``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from sogdia.errors import InputError

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

MOST_EXACT = 10
"""Number of partners up to which every coalition is run."""
LEAST_SAMPLES = 2


def players_of(v: Floats) -> int:
    """Return the number of partners n of a table of 2^n rows.

    Raises:
        InputError: If the number of rows is not a power of two.
    """
    rows = len(v)
    if rows == 0 or rows & (rows - 1):
        raise InputError(f"a game has 2^n rows, one for each coalition; got {rows} rows")
    return rows.bit_length() - 1


def _without(n: int, player: int) -> Longs:
    """Return the masks of all coalitions without a player."""
    masks = np.arange(1 << n, dtype=np.int64)
    return np.asarray(masks[masks >> player & 1 == 0])


def _sizes(masks: Longs) -> Longs:
    return np.array([int(mask).bit_count() for mask in masks], dtype=np.int64)


def shapley(v: Floats) -> Floats:
    """Compute Shapley values, ``φ_p = Σ_{S∌p} |S|! (n−|S|−1)! / n! · (v(S∪p) − v(S))``; Σ φ = v(all) − v(∅).

    Source: Shapley (1953). Shape (n,) or (n, H).
    """
    n = players_of(v)
    weight = np.array([1.0 / (n * comb(n - 1, size)) for size in range(n)])
    return np.array([weight[_sizes(s)] @ (v[s | 1 << p] - v[s]) for p in range(n) for s in [_without(n, p)]])


def solo(v: Floats) -> Floats:
    """Compute the loss by the withdrawal of one partner alone, ``v({p}) − v(∅)``, (n,) or (n, H)."""
    n = players_of(v)
    return np.array([v[1 << p] - v[0] for p in range(n)])


def last_in(v: Floats) -> Floats:
    """Compute the loss by the withdrawal of one partner after all others, ``v(all) − v(all∖p)``."""
    n = players_of(v)
    return np.array([v[-1] - v[len(v) - 1 - (1 << p)] for p in range(n)])


def interactions(v: Floats) -> Floats:
    """Compute the Shapley interaction index of each pair, (n, n) or (n, n, H); 0 on the diagonal.

    ``I_pq = Σ_{S∌p,q} |S|! (n−|S|−2)! / (n−1)! · (v(S∪pq) − v(S∪p) − v(S∪q) + v(S))`` (Grabisch & Roubens
    1999). Positive: the joint loss exceeds the sum, the partners are substitutes for each other. Negative:
    the two losses overlap.
    """
    n = players_of(v)
    out = np.zeros((n, n, *v.shape[1:]))
    weight = np.array([1.0 / ((n - 1) * comb(n - 2, size)) for size in range(max(n - 1, 0))])
    for p in range(n):
        for q in range(p + 1, n):
            s = _without(n, p)
            s = s[s >> q & 1 == 0]
            change = v[s | 1 << p | 1 << q] - v[s | 1 << p] - v[s | 1 << q] + v[s]
            out[p, q] = out[q, p] = weight[_sizes(s)] @ change
    return out


def pivotality(v: Floats, tolerance: float) -> Floats:
    """Compute how often a withdrawal turns a tolerable loss into an intolerable one, (n,) or (n, H).

    Share of the coalitions S of the others with ``v(S) ≤ tolerance < v(S∪p)``: Banzhaf's (1965) measure in
    the game where a coalition wins when its loss exceeds the tolerance.
    """
    n, beyond = players_of(v), v > tolerance
    return np.array(
        [(beyond[s | 1 << p] & ~beyond[s]).mean(axis=0) for p in range(n) for s in [_without(n, p)]]
    )


def largest_solo(v: Floats) -> tuple[Floats, Longs]:
    """Compute the headline ``L* = max_p v({p})`` and its partner, each () or (H,)."""
    alone = solo(v)
    return np.asarray(alone.max(axis=0)), np.asarray(alone.argmax(axis=0), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Sampled:
    """Shapley values from sampled permutations.

    Attributes:
        values: φ, (n,) or (n, H); their sum is v(all) − v(∅) exactly, as in every permutation.
        standard_errors: Their standard errors, of the same shape.
        permutations: Number of permutations drawn.
        coalitions: Number of coalitions evaluated.
    """

    values: Floats
    standard_errors: Floats
    permutations: int
    coalitions: int


def permutations_of(n: int, pairs: int, seed: int) -> Longs:
    """Draw orders of withdrawal, each followed by its reverse, (2 · pairs, n).

    A partner that is early in one order is late in the other, which removes most of the variance due to
    position (antithetic sampling; Lomeli et al. 2019).
    """
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(n) for _ in range(pairs)]
    return np.array([order for one in orders for order in (one, one[::-1])], dtype=np.int64)


def coalitions_in(orders: Longs) -> list[int]:
    """Return the masks of the coalitions that permutations pass through, once each, by size."""
    found = {0}
    for order in orders:
        mask = 0
        for player in order:
            mask |= 1 << int(player)
            found.add(mask)
    return sorted(found, key=lambda mask: (mask.bit_count(), mask))


def sampled_shapley(value: Callable[[int], Floats | float], orders: Longs) -> Sampled:
    """Estimate Shapley values from sampled permutations (Castro, Gómez & Tejada 2009).

    Args:
        value: v(S) by mask.
        orders: From :func:`permutations_of`: pairs of an order and its reverse.

    Raises:
        InputError: If there are fewer than two pairs, so that no standard error can be computed.
    """
    pairs, n = len(orders) // 2, orders.shape[1]
    if pairs < LEAST_SAMPLES:
        raise InputError("sampled Shapley values need at least two pairs of permutations")
    known = {mask: np.asarray(value(mask), dtype=np.float64) for mask in coalitions_in(orders)}
    drawn = np.array([_marginals(order, known) for order in orders])
    means = drawn.reshape(pairs, 2, n, *drawn.shape[2:]).mean(axis=1)
    error = means.std(axis=0, ddof=1) / np.sqrt(pairs)
    return Sampled(means.mean(axis=0), error, len(orders), len(known))


def _marginals(order: Longs, known: dict[int, Floats]) -> Floats:
    out, mask = np.zeros((len(order), *known[0].shape)), 0
    for player in order:
        bigger = mask | 1 << int(player)
        out[player] = known[bigger] - known[mask]
        mask = bigger
    return out
