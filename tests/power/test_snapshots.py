"""Snapshots: hours of the year, periods and the days that they represent."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.power.snapshots import DAYS, Snapshots, all_hours, mean_days, real_weeks


def weeks() -> Snapshots:
    """Return two weeks: the first represents 100 days, the second 265."""
    return real_weeks(2031, np.array([3, 40]), np.repeat([0, 1], [100, 265]))


@pytest.mark.parametrize("snapshots", [all_hours(2030), mean_days(2030), weeks()])
def test_weights_sum_to_the_hours_of_the_year(snapshots: Snapshots) -> None:
    assert snapshots.weight_h.sum() == pytest.approx(8760.0)
    assert snapshots.month_days.sum(axis=0) == pytest.approx(DAYS)
    per_period = np.bincount(snapshots.period, weights=snapshots.weight_h)
    assert per_period == pytest.approx(24.0 * snapshots.month_days.sum(axis=1))


def test_repeats_are_days_over_days() -> None:
    assert all_hours(2030).repeats == pytest.approx(1.0)
    assert mean_days(2030).repeats == pytest.approx(DAYS)
    assert weeks().repeats == pytest.approx([100 / 7, 265 / 7])


def test_time_stamps_are_those_of_the_week_and_leap_days_are_omitted() -> None:
    assert str(weeks().time[0]) == "2031-01-22 00:00:00"
    assert str(weeks().time[168]) == "2031-10-08 00:00:00"
    leap = all_hours(2028).time
    assert len(leap) == 8760
    assert not ((leap.month == 2) & (leap.day == 29)).any()


def test_daily_figures_by_month_are_summed_over_the_days_of_a_period() -> None:
    daily = np.arange(1.0, 13.0)
    assert weeks().period_sum(daily).sum() == pytest.approx(DAYS @ daily)
    assert weeks().period_sum(daily)[0] == pytest.approx(31 * 1 + 28 * 2 + 31 * 3 + 10 * 4)
