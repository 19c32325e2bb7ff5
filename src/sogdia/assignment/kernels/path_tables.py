"""Tables of paths: path sizes, delayed groups along paths, selecting and merging paths."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs, Numbers
from sogdia.numerics.compiled import CALLEE, ENTRY, IN_PLACE

Marks = npt.NDArray[np.uint64]
"""Up to 64 marks, one in each bit."""


class Paths(NamedTuple):
    """Paths of M OD groups.

    Attributes:
        od_ptr: Paths of OD group m are ``od_ptr[m]`` to ``od_ptr[m + 1]``, (M + 1,).
        path_ptr: Arcs of path p are ``path_arc[path_ptr[p]:path_ptr[p + 1]]``, (P + 1,).
        path_arc: Arcs of all paths.
        log_path_size: Logarithm of the path size of each path, (P,).
    """

    od_ptr: Longs
    path_ptr: Longs
    path_arc: Numbers
    log_path_size: Floats


@nb.njit(**ENTRY)
def path_sizes(paths: Paths, class_group: Ints, length: Floats, od_groups: Longs) -> None:
    """Compute the logarithm of the path size of each path of some OD groups, into ``log_path_size``.

    ``PS_r = Σ_{a ∈ r} (l_a / L_r) / Σ_s δ_as`` with l the lengths of arcs, L_r their sum over path r, and
    ``Σ_s δ_as`` the number of the OD group's paths that use arc a (Ben-Akiva & Bierlaire 1999). If L_r is 0,
    each arc has the length 1.

    Args:
        paths: The paths; ``log_path_size`` is written.
        class_group: Class group of each OD group, (M,).
        length: Lengths of arcs by class group, (S, A).
        od_groups: Numbers of the OD groups.
    """
    path_ptr, path_arc = paths.path_ptr, paths.path_arc
    count = np.zeros(length.shape[1], np.int32)
    for m in od_groups:
        size_of = length[class_group[m]]
        begin, end = path_ptr[paths.od_ptr[m]], path_ptr[paths.od_ptr[m + 1]]
        for s in range(begin, end):
            count[path_arc[s]] += 1
        for p in range(paths.od_ptr[m], paths.od_ptr[m + 1]):
            total, size, uniform = 0.0, 0.0, 0.0
            for s in range(path_ptr[p], path_ptr[p + 1]):
                a = path_arc[s]
                total += size_of[a]
                size += size_of[a] / count[a]
                uniform += 1.0 / count[a]
            share = size / total if total > 0.0 else uniform / (path_ptr[p + 1] - path_ptr[p])
            paths.log_path_size[p] = np.log(share)
        for s in range(begin, end):
            count[path_arc[s]] = 0


@nb.njit(**IN_PLACE)
def count_delayed(
    path_ptr: Longs, path_arc: Numbers, delayed: Ints, first: int, last: int, out: Longs
) -> None:
    """Count the arcs of paths ``first`` to ``last`` with a delayed group (A,), not −1, into ``out`` (P,)."""
    for p in range(first, last):
        delayed_arcs = 0
        for s in range(path_ptr[p], path_ptr[p + 1]):
            delayed_arcs += delayed[path_arc[s]] >= 0
        out[p] = delayed_arcs


@nb.njit(**IN_PLACE)
def list_delayed(
    path_ptr: Longs,
    path_arc: Numbers,
    delayed: Ints,
    first: int,
    last: int,
    group_ptr: Longs,
    path_group: Numbers,
) -> None:
    """List the delayed groups of paths ``first`` to ``last``, at places given by ``group_ptr`` (P + 1,)."""
    for p in range(first, last):
        at = group_ptr[p]
        if at == group_ptr[p + 1]:
            continue
        for s in range(path_ptr[p], path_ptr[p + 1]):
            group = delayed[path_arc[s]]
            if group >= 0:
                path_group[at] = group
                at += 1


@nb.njit(**ENTRY)
def select_paths(path_ptr: Longs, path_arc: Numbers, chosen: Longs, number: Numbers) -> tuple[Longs, Numbers]:
    """Return chosen paths with their arcs renumbered (A,): start of each path, and the arcs."""
    ptr = np.zeros(chosen.size + 1, np.int64)
    for n in range(chosen.size):
        ptr[n + 1] = ptr[n] + path_ptr[chosen[n] + 1] - path_ptr[chosen[n]]
    arcs = np.empty(ptr[-1], number.dtype)
    for n in range(chosen.size):
        offset = path_ptr[chosen[n]] - ptr[n]
        for s in range(ptr[n], ptr[n + 1]):
            arcs[s] = number[path_arc[s + offset]]
    return ptr, arcs


@nb.njit(**ENTRY)
def marks_of_paths(path_ptr: Longs, path_arc: Numbers, marks: Marks) -> Marks:
    """Return the marks of each path, (P,): a path has the marks of all its arcs (A,)."""
    out = np.zeros(path_ptr.size - 1, np.uint64)
    for p in range(out.size):
        for s in range(path_ptr[p], path_ptr[p + 1]):
            out[p] |= marks[path_arc[s]]
    return out


@nb.njit(**CALLEE)
def _path_codes(paths: Paths, arc_code: Longs) -> Longs:
    """Return a code of each path, the sum of the random codes of its arcs (A,), (P,)."""
    out = np.zeros(paths.log_path_size.size, np.int64)
    for p in range(out.size):
        for s in range(paths.path_ptr[p], paths.path_ptr[p + 1]):
            out[p] += arc_code[paths.path_arc[s]]
    return out


@nb.njit(**ENTRY)
def find_new_paths(paths: Paths, known: Paths, arc_code: Longs) -> Bools:
    """Return a mask of the paths that the same OD group does not have in another set, (P,).

    Paths are compared by the sums of random 63-bit codes of their arcs (A,): paths with the same arcs have
    the same sum, and different paths have the same sum with negligible probability.
    """
    codes, known_codes = _path_codes(paths, arc_code), _path_codes(known, arc_code)
    is_new = np.ones(codes.size, np.bool_)
    for m in range(paths.od_ptr.size - 1):
        for p in range(paths.od_ptr[m], paths.od_ptr[m + 1]):
            for q in range(known.od_ptr[m], known.od_ptr[m + 1]):
                if codes[p] == known_codes[q]:
                    is_new[p] = False
                    break
    return is_new


@nb.njit(**ENTRY)
def merge_paths(old: Paths, counts: Ints, sizes: Ints, arcs: Numbers) -> Paths:
    """Append new paths to those of each OD group.

    Path sizes of OD groups without new paths are copied; those of the others have to be computed.

    Args:
        old: The paths.
        counts: Number of new paths of each OD group, (M,).
        sizes: Number of arcs of each new path.
        arcs: Arcs of the new paths.
    """
    paths = old.log_path_size.size + sizes.size
    od_ptr, path_ptr = np.zeros_like(old.od_ptr), np.zeros(paths + 1, np.int64)
    path_arc, log_path_size = np.empty(old.path_arc.size + arcs.size, old.path_arc.dtype), np.zeros(paths)
    p, added, at = 0, 0, 0
    for m in range(counts.size):
        begin, first, last = p, old.od_ptr[m], old.od_ptr[m + 1]
        for q in range(first, last):
            log_path_size[p] = old.log_path_size[q]
            path_ptr[p + 1] = path_ptr[p] + old.path_ptr[q + 1] - old.path_ptr[q]
            p += 1
        offset = path_ptr[begin] - old.path_ptr[first]
        for s in range(old.path_ptr[first], old.path_ptr[last]):
            path_arc[s + offset] = old.path_arc[s]
        for _ in range(counts[m]):
            path_ptr[p + 1] = path_ptr[p] + sizes[added]
            for s in range(sizes[added]):
                path_arc[path_ptr[p] + s] = arcs[at + s]
            at += sizes[added]
            p, added = p + 1, added + 1
        od_ptr[m + 1] = p
    return Paths(od_ptr, path_ptr, path_arc, log_path_size)
