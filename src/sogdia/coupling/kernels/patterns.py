"""Patterns of use: paths of a row of demand that use the same capacities as often are one pattern."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from sogdia.numerics.compiled import CALLEE_IN_PLACE, IN_PLACE

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@nb.njit(**CALLEE_IN_PLACE)
def _order(known: Longs, at: int, code: Longs, p: int) -> int:
    """Return −1, 0 or 1 as a known code is less than, equal to or greater than that of a path."""
    for n in range(code.shape[1]):
        if known[at, n] != code[p, n]:
            return -1 if known[at, n] < code[p, n] else 1
    return 0


@nb.njit(**CALLEE_IN_PLACE)
def _insert(code: Longs, p: int, share: float, start: int, end: int, codes: Longs, shares: Floats) -> int:
    """Add a path to the patterns from ``start`` to ``end``, which are in order; return their new end."""
    at = end
    while at > start and _order(codes, at - 1, code, p) > 0:
        at -= 1
    if at > start and _order(codes, at - 1, code, p) == 0:
        shares[at - 1] += share
        return end
    for n in range(end, at, -1):
        shares[n] = shares[n - 1]
        for g in range(code.shape[1]):
            codes[n, g] = codes[n - 1, g]
    shares[at] = share
    for g in range(code.shape[1]):
        codes[at, g] = code[p, g]
    return end + 1


@nb.njit(**IN_PLACE)
def find_patterns(
    ptr: Longs, code: Longs, share: Floats, rows: Longs, first: Longs, codes: Longs, shares: Floats
) -> tuple[int, int]:
    """Find the patterns of the rows of which any path that is chosen uses a capacity.

    Args:
        ptr: First path of each row, (T + 1,).
        code: Uses of each path as numbers, 0 if it uses none, (P, G).
        share: Share of each path in the row's choice, (P,).
        rows: The R rows found, written; of length T.
        first: First pattern of each of them, written; of length T.
        codes: Uses of their M patterns, in order by row, written; of shape (P, G).
        shares: Shares of the patterns, written; of length P.

    Returns:
        R and M.
    """
    found, end = 0, 0
    for t in range(ptr.size - 1):
        start, uses_any = end, False
        for p in range(ptr[t], ptr[t + 1]):
            if share[p] > 0.0:
                end = _insert(code, p, share[p], start, end, codes, shares)
                for g in range(code.shape[1]):
                    uses_any = uses_any or code[p, g] != 0
        if uses_any:
            rows[found], first[found] = t, start
            found += 1
        else:
            end = start
    return found, end
