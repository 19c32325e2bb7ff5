"""Ragged arrays in compressed form."""

from __future__ import annotations

import numpy as np

from sogdia.numerics.csr import row_starts


def test_row_starts_are_cumulated_sizes() -> None:
    assert row_starts(np.array([2, 0, 3], np.int32)).tolist() == [0, 2, 2, 5]
    assert row_starts(np.array([], np.int64)).tolist() == [0]
    assert row_starts(np.array([1], np.int32)).dtype == np.int64
