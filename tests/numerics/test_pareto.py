"""Nondominated points, against the definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sogdia.numerics import nondominated


@given(arrays(np.float64, st.tuples(st.integers(0, 12), st.integers(1, 4)), elements=st.integers(0, 4)))
def test_nondominated_points_are_those_of_the_definition(points: np.ndarray) -> None:
    found = nondominated(points)
    for i, point in enumerate(points):
        is_dominated = any((other >= point).all() and (other > point).any() for other in points)
        is_repeated = any((other == point).all() for other in points[:i])
        assert found[i] == (not is_dominated and not is_repeated)


def test_rounding_makes_no_point() -> None:
    points = np.array([[1.0, 5.0], [1.0 + 1e-13, 4.0], [2.0, 5.0 - 1e-13], [2.0, 4.0]])
    assert nondominated(points).tolist() == [False, False, True, False]
