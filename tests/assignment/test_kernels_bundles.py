"""Bundles: paths of an OD group with the same delayed groups."""

from __future__ import annotations

import numpy as np

from sogdia.assignment.kernels.bundles import bundles_of


def test_bundles_are_paths_with_the_same_groups() -> None:
    od_ptr, group_ptr = np.array([0, 4, 5, 7]), np.array([0, 1, 1, 2, 4, 4, 5, 7])
    path_group = np.array([3, 3, 1, 2, 5, 1, 2], np.int32)
    delayed = np.array([True, False, True])
    ptr, first, bundle_of = bundles_of(od_ptr, group_ptr, path_group, delayed)
    assert ptr.tolist() == [0, 3, 3, 5]
    assert first.tolist() == [0, 1, 3, 5, 6]
    assert bundle_of.tolist() == [0, 1, 0, 2, 0, 0, 1]
