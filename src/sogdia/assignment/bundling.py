"""Bundles of the paths of a path set: paths of an OD group with the same delayed capacity groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sogdia.assignment.kernels import bundles, path_tables
from sogdia.assignment.kernels.arrays import Bools, Ints, Longs, Numbers


@dataclass(frozen=True, eq=False)
class Bundles:
    """Bundles of the OD groups with delays, B of them; OD groups without delays have none.

    Attributes:
        delayed: Mask of OD groups with a delayed group on a path, (M,).
        ptr: Bundles of OD group m are ``ptr[m]`` to ``ptr[m + 1]``, (M + 1,).
        bundle_of: Bundle of each path, counted from the first of its OD group, (P,).
        group_ptr: Delayed groups of bundle b are ``path_group[group_ptr[b]:group_ptr[b + 1]]``, (B + 1,).
        path_group: Delayed groups of all bundles.
    """

    delayed: Bools
    ptr: Longs
    bundle_of: Ints
    group_ptr: Longs
    path_group: Numbers


def make_bundles(od_ptr: Longs, group_ptr: Longs, path_group: Numbers) -> Bundles:
    """Put paths into bundles.

    Args:
        od_ptr: First path of each OD group, (M + 1,).
        group_ptr: First delayed group of each path, (P + 1,).
        path_group: Delayed groups of all paths.
    """
    group_at = group_ptr[od_ptr]
    delayed = group_at[1:] > group_at[:-1]
    ptr, first, bundle_of = bundles.bundles_of(od_ptr, group_ptr, path_group, delayed)
    same = np.arange(int(path_group.max(initial=0)) + 1, dtype=path_group.dtype)
    return Bundles(delayed, ptr, bundle_of, *path_tables.select_paths(group_ptr, path_group, first, same))
