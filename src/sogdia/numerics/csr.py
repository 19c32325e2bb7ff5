"""Ragged arrays in compressed form: values of all rows in one array, and the start of each row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def row_starts(sizes: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return the start of each row, and the end of the last, (n + 1,), from the sizes of the rows, (n,).

    >>> row_starts(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    starts = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts
