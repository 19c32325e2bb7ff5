"""Choice of real weeks: runs by hand, the peak week, and the days that each week represents."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sogdia.power.weeks import WEEK_HOURS, WEEKS_PER_YEAR, choose_weeks


def year(levels: list[float]) -> np.ndarray:
    """Return hourly load from its level in each week; the last day repeats the last week."""
    hours = np.repeat(levels, WEEK_HOURS)
    return np.append(hours, np.full(24, levels[-1]))


def test_runs_of_equal_weeks_are_found_and_the_peak_week_is_its_own_period() -> None:
    levels = [3.0] * 10 + [1.0] * 30 + [2.0] * 12
    levels[5] = 9.0
    load = year(levels)
    weeks = choose_weeks(load[:, None], np.ones(1), load, 3)
    assert 5 in weeks.week
    assert len(weeks.week) == 4
    days = np.bincount(weeks.period_of_day)
    assert sorted(days.tolist()) == [7, 63, 85, 210]
    chosen = {int(week): int(days[number]) for number, week in enumerate(weeks.week)}
    assert chosen[5] == 7
    assert list(weeks.week) == sorted(weeks.week)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_cut_has_the_least_cost_of_all_cuts(count: int) -> None:
    """Every cut of the other weeks into runs is tried; none has a lower sum of squared distances."""
    rng = np.random.default_rng(5)
    levels = rng.random(WEEKS_PER_YEAR).round(3).tolist()
    levels[20] = 5.0
    load = year(levels)
    weeks = choose_weeks(load[:, None], np.ones(1), load, count)
    others = np.delete(np.array(levels), 20)

    def cost(edges: tuple[int, ...]) -> float:
        parts = np.split(others, edges)
        return float(sum(min(((part - middle) ** 2).sum() for middle in part) for part in parts))

    least = min(cost(edges) for edges in combinations(range(1, len(others)), count - 1))
    of_week = weeks.period_of_day[::7][:WEEKS_PER_YEAR]
    found = sum(
        ((np.array(levels)[of_week == period] - levels[week]) ** 2).sum()
        for period, week in enumerate(weeks.week)
    )
    assert found == pytest.approx(least)


def test_scale_of_a_profile_does_not_matter() -> None:
    rng = np.random.default_rng(7)
    profiles = rng.random((8760, 2))
    load = rng.random(8760)
    one = choose_weeks(profiles, np.ones(2), load, 4)
    other = choose_weeks(profiles * [10.0, 0.1] + 3.0, np.ones(2), load, 4)
    assert np.array_equal(one.week, other.week)
    assert np.array_equal(one.period_of_day, other.period_of_day)
