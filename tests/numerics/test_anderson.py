"""Anderson mixing: linear maps exactly, damping without memory, acceleration of a nonlinear map."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.numerics import AndersonMixing

MATRIX = np.array([[0.5, 0.3, 0.0], [0.1, 0.7, 0.1], [0.0, 0.2, 0.6]])
SHIFT = np.array([1.0, -2.0, 0.5])
SOLUTION = np.linalg.solve(np.eye(3) - MATRIX, SHIFT)


def test_linear_map_is_solved_after_as_many_points_as_unknowns() -> None:
    mixing, point = AndersonMixing(depth=3), np.zeros(3)
    for _ in range(5):
        point = mixing.next_point(point, MATRIX @ point + SHIFT)
    np.testing.assert_allclose(point, SOLUTION, rtol=1e-8)


def test_depth_zero_is_damping() -> None:
    mixing, point = AndersonMixing(depth=0, damping=0.25), np.ones(3)
    for _ in range(3):
        image = MATRIX @ point + SHIFT
        expected = point + 0.25 * (image - point)
        point = mixing.next_point(point, image)
        np.testing.assert_array_equal(point, expected)


def test_mixing_needs_fewer_iterations_than_the_plain_map() -> None:
    def iterations(mixing: AndersonMixing) -> int:
        point = np.array([3.0])
        for count in range(1, 200):
            image = np.cos(point)
            if abs(float(image[0] - point[0])) < 1e-10:
                return count
            point = mixing.next_point(point, image)
        raise AssertionError("no convergence")

    assert iterations(AndersonMixing(depth=2)) < iterations(AndersonMixing(depth=0)) / 4


def test_fixed_point_stays_where_it_is() -> None:
    mixing = AndersonMixing(depth=2)
    for _ in range(4):
        assert mixing.next_point(SOLUTION, SOLUTION) == pytest.approx(SOLUTION, abs=0.0)
