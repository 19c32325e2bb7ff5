"""Outlines: clipping and the point for a name."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.report.outlines import area, clip, label_point


def test_clipped_square_is_the_part_inside() -> None:
    square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    assert area(clip(square, (0.0, 0.0, 5.0, 0.5))) == pytest.approx(0.5)
    assert len(clip(square, (2.0, 2.0, 3.0, 3.0))) == 0


def test_label_point_of_a_hook_is_inside() -> None:
    hook = np.array([[0, 0], [10, 0], [10, 10], [9, 10], [9, 1], [0, 1]], dtype=float)
    x, y = label_point(hook)
    assert (0 < x < 10 and 0 < y < 1) or (9 < x < 10 and 0 < y < 10)
