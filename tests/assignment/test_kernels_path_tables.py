"""Tables of paths: new paths, selection, merging, path sizes."""

from __future__ import annotations

import numpy as np

from sogdia.assignment.kernels.path_tables import (
    Paths,
    find_new_paths,
    marks_of_paths,
    merge_paths,
    path_sizes,
    select_paths,
)


def test_new_paths_are_those_that_the_od_group_does_not_have() -> None:
    first, second = table([[0], [1, 2]], [[0, 1]]), table([[1, 2], [2, 1, 0]], [[0]])
    arc_code = np.random.default_rng(1).integers(0, 2**63, size=3, dtype=np.int64)
    new = find_new_paths(second, first, arc_code)
    assert new.tolist() == [False, True, True]
    ptr, arcs = select_paths(
        second.path_ptr, second.path_arc, np.flatnonzero(new), np.array([5, 6, 7], np.int32)
    )
    assert ptr.tolist() == [0, 3, 4]
    assert arcs.tolist() == [7, 6, 5, 5]


def test_path_has_the_marks_of_its_arcs() -> None:
    paths = table([[0], [1, 2], []], [[2, 0]])
    marks = np.array([1, 2, 1 << 63], np.uint64)
    assert marks_of_paths(paths.path_ptr, paths.path_arc, marks).tolist() == [
        1,
        2 + (1 << 63),
        0,
        1 + (1 << 63),
    ]


def table(*od_groups: list[list[int]]) -> Paths:
    """Make a table of the paths of some OD groups, by their arcs."""
    paths = [path for od_group in od_groups for path in od_group]
    od_ptr, path_ptr = (np.cumsum([0, *map(len, some)], dtype=np.int64) for some in (od_groups, paths))
    arcs = np.array([a for path in paths for a in path], np.int32)
    return Paths(od_ptr, path_ptr, arcs, np.zeros(len(paths)))


def test_merged_paths_follow_those_of_their_od_group() -> None:
    old = table([[0], [1, 2]], [], [[2]])
    counts, sizes = np.array([1, 1, 0], np.int32), np.array([2, 1], np.int32)
    merged = merge_paths(old, counts, sizes, np.array([2, 0, 1], np.int32))
    assert merged.od_ptr.tolist() == [0, 3, 4, 5]
    assert merged.path_ptr.tolist() == [0, 1, 3, 5, 6, 7]
    assert merged.path_arc.tolist() == [0, 1, 2, 2, 0, 1, 2]


def test_path_size_is_the_length_weighted_mean_of_one_over_users() -> None:
    # Arc 0 (length 6) is in both paths of the first OD group: PS = (6 / 2 + 4) / 10.
    paths = table([[0, 1], [0, 2]], [[0, 1]])
    length = np.array([[6.0, 4.0, 2.0]])
    path_sizes(paths, np.zeros(2, np.int32), length, np.arange(2))
    np.testing.assert_allclose(np.exp(paths.log_path_size), [0.7, 5.0 / 8.0, 1.0], rtol=1e-12)


def test_path_without_length_counts_each_arc_as_one() -> None:
    paths = table([[0, 1], [0]])
    path_sizes(paths, np.zeros(1, np.int32), np.zeros((1, 2)), np.arange(1))
    np.testing.assert_allclose(np.exp(paths.log_path_size), [0.75, 0.5], rtol=1e-12)
