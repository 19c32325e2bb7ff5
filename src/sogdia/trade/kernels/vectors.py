"""Small steps on arrays that the kernels of trade share. Loops compile in less time than slices do."""

from __future__ import annotations

import numba as nb
import numpy as np

from sogdia.numerics.compiled import CALLEE, CALLEE_IN_PLACE
from sogdia.trade.arrays import Floats


@nb.njit(**CALLEE_IN_PLACE)
def copy_into(target: Floats, source: Floats) -> None:
    """Copy an array of one dimension into another: for slices numba compiles the text of an error too."""
    for n in range(source.size):
        target[n] = source[n]


@nb.njit(**CALLEE_IN_PLACE)
def set_zero(target: Floats) -> None:
    """Set an array of one dimension to zero, as ``target[:] = 0`` does with more code to compile."""
    for n in range(target.size):
        target[n] = 0.0


@nb.njit(**CALLEE)
def advance(inverse: Floats, gap: Floats, target: Floats) -> None:
    """Add the gaps of each economy times its matrix in ``inverse``, [economy, gap, target], to ``target``."""
    sectors, size = gap.shape
    step = np.empty(sectors)
    for i in range(size):
        for k in range(sectors):
            step[k] = 0.0
        for s in range(sectors):
            for k in range(sectors):
                step[k] += inverse[i, s, k] * gap[s, i]
        for k in range(sectors):
            target[k, i] += step[k]


@nb.njit(**CALLEE_IN_PLACE)
def add_gaps(gap: Floats, target: Floats) -> None:
    """Add gaps to ``target``, (S, N)."""
    for k in range(gap.shape[0]):
        for i in range(gap.shape[1]):
            target[k, i] += gap[k, i]


@nb.njit(**CALLEE_IN_PLACE)
def dot(first: Floats, second: Floats) -> float:
    """Return the scalar product in four sums, which a processor adds side by side."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    size = first.size
    end = size - size % 4
    for n in range(0, end, 4):
        a += first[n] * second[n]
        b += first[n + 1] * second[n + 1]
        c += first[n + 2] * second[n + 2]
        d += first[n + 3] * second[n + 3]
    for n in range(end, size):
        a += first[n] * second[n]
    return (a + b) + (c + d)
