"""Choose the real weeks that represent a year: the peak week, and a week for each run of similar weeks.

The weeks of a year other than the peak week are cut into K runs of consecutive weeks. Each run is represented
by its medoid, the week with the least sum of squared distances to the others. The cut minimises the sum over
runs,

``min Σ_k min_{w in k} Σ_{v in k} ‖x_v − x_w‖²``,

exactly, by dynamic programming (Fisher 1958). Runs keep the order of the year, so that reservoirs see wet and
dry seasons in turn (chronological clustering: Pineda & Morales 2018). A vector x holds the hourly load, wind
and solar profiles of all zones in one week, each with unit variance over the year and weighted by the zone's
share of demand.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sogdia.power.arrays import Floats, Ints
from sogdia.power.snapshots import DAYS_PER_WEEK, DAYS_PER_YEAR, HOURS_PER_DAY

WEEKS_PER_YEAR = DAYS_PER_YEAR // DAYS_PER_WEEK
WEEK_HOURS = DAYS_PER_WEEK * HOURS_PER_DAY
CACHED_CHOICES = 4
"""Choices of weeks in memory."""


@dataclass(frozen=True, eq=False)
class Weeks:
    """Real weeks that represent a year, P of them.

    Attributes:
        week: Week of the year of each period, from 0, (P,).
        period_of_day: Period that represents each day of the year, (365,).
    """

    week: Ints
    period_of_day: Ints


def choose_weeks(profiles: Floats, weight: Floats, load: Floats, count: int) -> Weeks:
    """Choose the weeks that represent a year.

    Args:
        profiles: Hourly profiles, (8760, N).
        weight: Weight of each profile, (N,).
        load: Load of the region, (8760,); the week with its maximum is the peak week.
        count: Number of weeks in addition to the peak week, 1 to 51.

    Returns:
        ``count + 1`` weeks in chronological order.
    """
    arrays = (profiles, weight, load)
    return _choose(*(np.ascontiguousarray(array, dtype=np.float64).tobytes() for array in arrays), count)


@lru_cache(maxsize=CACHED_CHOICES)
def _choose(profile_bytes: bytes, weight_bytes: bytes, load_bytes: bytes, count: int) -> Weeks:
    """Choose the weeks from arrays as bytes, once for the cases of a region."""
    weight, load = np.frombuffer(weight_bytes), np.frombuffer(load_bytes)
    profiles = np.frombuffer(profile_bytes).reshape(len(load), len(weight))
    hours = WEEKS_PER_YEAR * WEEK_HOURS
    spread = profiles.std(axis=0)
    scaled = (profiles - profiles.mean(axis=0)) / np.where(spread > 0, spread, 1.0) * np.sqrt(weight)
    peak = min(int(load.argmax()), hours - 1) // WEEK_HOURS
    others = np.delete(np.arange(WEEKS_PER_YEAR), peak)
    vectors = scaled[:hours].reshape(WEEKS_PER_YEAR, -1)[others]
    runs = [others[run] for run in _best_cut(_squared_distances(vectors), count)]
    distance = _squared_distances(scaled[:hours].reshape(WEEKS_PER_YEAR, -1))
    medoids = [int(run[distance[np.ix_(run, run)].sum(axis=0).argmin()]) for run in runs]
    week = np.array(sorted([*medoids, peak]), dtype=np.int64)
    period = {int(w): n for n, w in enumerate(week)}
    of_week = np.empty(WEEKS_PER_YEAR, dtype=np.int64)
    for run, medoid in zip(runs, medoids, strict=True):
        of_week[run] = period[medoid]
    of_week[peak] = period[peak]
    last = [of_week[-1]] * (DAYS_PER_YEAR - WEEKS_PER_YEAR * DAYS_PER_WEEK)
    return Weeks(week, np.append(np.repeat(of_week, DAYS_PER_WEEK), last).astype(np.int64))


def _squared_distances(vectors: Floats) -> Floats:
    square = (vectors**2).sum(axis=1)
    distance = square[:, None] + square[None, :] - 2.0 * (vectors @ vectors.T)
    return np.asarray(np.maximum(distance, 0.0), dtype=np.float64)


def _best_cut(distance: Floats, count: int) -> list[Ints]:
    """Return the cut of N items in order into ``count`` runs with the least cost, as positions."""
    size = len(distance)
    column = np.vstack([np.zeros(size), distance.cumsum(axis=0)])
    cost = np.full((size, size + 1), np.inf)
    for start in range(size):
        for end in range(start + 1, size + 1):
            cost[start, end] = (column[end, start:end] - column[start, start:end]).min()
    best, origin = cost[0].copy(), np.zeros((count, size + 1), dtype=np.int64)
    best[0] = np.inf
    for run in range(1, count):
        total = best[:size, None] + cost
        origin[run], best = total.argmin(axis=0), total.min(axis=0)
    ends = [size]
    for run in range(count - 1, 0, -1):
        ends.append(int(origin[run, ends[-1]]))
    edges = [0, *reversed(ends)]
    return [np.arange(start, end) for start, end in itertools.pairwise(edges)]
