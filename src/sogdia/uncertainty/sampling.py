"""Sample the groups of uncertain figures: Latin hypercube and Sobol sequences, one draw for each sample."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from sogdia.case.draws import Draw
from sogdia.errors import InputError
from sogdia.region import Region
from sogdia.region.uncertain import uncertain_groups

Method = Literal["lhs", "sobol"]
METHODS: tuple[Method, ...] = get_args(Method)
NEAREST_TO_END = 1e-6
"""Quantiles nearer to 0 or 1 are moved to it."""
MEDIAN = 0.5
MOST_SAMPLES = 2**17
"""Samples of one ensemble at most; each is at least one run of all models."""


def unit_sample(samples: int, dimensions: int, seed: int, method: Method = "lhs") -> npt.NDArray[np.float64]:
    """Return points of the unit cube, (samples, dimensions).

    Latin hypercube: each of n equal intervals of a dimension has one point (McKay, Beckman & Conover 1979).
    Sobol: a scrambled sequence of low discrepancy (Sobol 1967; Owen 1998), whose first half is that of
    half the length.

    Args:
        samples: Number of points n; a power of two for Sobol sequences.
        dimensions: Number of dimensions.
        seed: Seed; equal seeds give equal points.
        method: ``lhs`` or ``sobol``.

    Raises:
        InputError: If ``samples`` is out of range, or not a power of two for a Sobol sequence.
    """
    if method not in METHODS:
        raise InputError(f"method: {method!r} is not known; expected {' or '.join(METHODS)}")
    if not 1 <= samples <= MOST_SAMPLES:
        raise InputError(f"samples: {samples:,} is not from 1 to {MOST_SAMPLES:,}")
    if method == "lhs":
        points = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(samples)
        return np.clip(points, NEAREST_TO_END, 1.0 - NEAREST_TO_END)
    if samples & (samples - 1):
        raise InputError(
            f"samples: {samples} is not a power of two, as a Sobol sequence needs; expected "
            f"{1 << samples.bit_length()}, or the method lhs"
        )
    points = qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random_base2(samples.bit_length() - 1)
    return np.clip(points, NEAREST_TO_END, 1.0 - NEAREST_TO_END)


def draw_samples(
    region: Region, samples: int, seed: int, method: Method = "lhs", spare: int = 0
) -> tuple[tuple[Draw, ...], npt.NDArray[np.float64]]:
    """Draw the groups of a region's uncertain figures.

    A group whose figures share no deviation has no dimension: only the own ones of its rows are drawn.

    Args:
        region: The region.
        samples: Number of samples.
        seed: Seed.
        method: ``lhs`` or ``sobol``.
        spare: Further dimensions, for choices other than figures.

    Returns:
        The draws, numbered from 1, and the points of the spare dimensions, (samples, spare).

    Raises:
        InputError: If the region has no rules of uncertainty, or as in :func:`unit_sample`.
    """
    groups = uncertain_groups(region)
    if not groups:
        raise InputError(
            "the region has no rules of uncertainty; add rows to uncertainty_rules (sogdia ls uncertain)"
        )
    common = sorted(group for group, share in groups.items() if share > 0.0)
    points = unit_sample(samples, len(common) + spare, seed, method)
    alone = dict.fromkeys(sorted(set(groups) - set(common)), MEDIAN)
    draws = tuple(
        Draw(
            seed=seed,
            sample=number,
            scores=tuple({**alone, **dict(zip(common, row.tolist(), strict=False))}.items()),
        )
        for number, row in enumerate(points, start=1)
    )
    return draws, points[:, len(common) :]
