"""Nondominated points of a set."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

BLOCK = 20_000


def nondominated(points: npt.NDArray[np.float64], tolerance: float = 1e-9) -> npt.NDArray[np.bool_]:
    """Return which points no other point dominates, larger being better; of equal points the first.

    Point y dominates x if it is at least as large in every coordinate and larger in one. Coordinates that
    differ by less than the tolerance, relative to the largest absolute value of the coordinate (at least
    1), count as equal, so that rounding makes no point.

    Args:
        points: (N, P), finite.
        tolerance: Relative tolerance.

    Returns:
        Mask, (N,).
    """
    mask = np.zeros(len(points), dtype=np.bool_)
    if not len(points):
        return mask
    step = tolerance * np.maximum(1.0, np.abs(points).max(axis=0))
    grid = np.round(points / step)
    # Lexicographic order, largest first: a point can be dominated only by one before it.
    order = np.lexsort((np.arange(len(points)), *(-grid[:, k] for k in reversed(range(grid.shape[1])))))
    front = np.empty((0, points.shape[1]))
    found: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(order), BLOCK):
        part = order[start : start + BLOCK]
        part = part[~_covered(grid[part], front)]
        within = part[_first_front(grid[part])]
        found.append(within)
        front = np.vstack([front, grid[within]])
    mask[np.concatenate(found)] = True
    return mask


def _covered(points: npt.NDArray[np.float64], front: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return which points are at most some point of a front in every coordinate."""
    covered = np.zeros(len(points), dtype=np.bool_)
    for row in front:
        covered |= (points <= row).all(axis=1)
    return covered


def _first_front(points: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the positions of nondominated points, which are in lexicographic order, largest first."""
    rest = np.arange(len(points))
    found = []
    while rest.size:
        head = rest[0]
        found.append(head)
        rest = rest[~(points[rest] <= points[head]).all(axis=1)]
    return np.array(found, dtype=np.int64)
