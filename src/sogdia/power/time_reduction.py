"""Reduce a year of 8,760 hours to real weeks, mean days or longer steps, with the same annual energies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sogdia.power.arrays import Floats, Ints
from sogdia.power.snapshots import (
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    HOURS_PER_DAY,
    MEAN_DAY_HOURS,
    MONTHS,
    Snapshots,
    mean_days,
    real_weeks,
)
from sogdia.power.system import PowerInputs
from sogdia.power.weeks import WEEK_HOURS, Weeks

Reduce = Callable[[Floats, Floats], Floats]
RESCALINGS = 5
"""Rounds of rescaling: values above the maximum are cut, the rest is raised to keep the mean."""


def _reduced(inputs: PowerInputs, snapshots: Snapshots, reduce: Reduce) -> PowerInputs:
    """Return the inputs with each series reduced; ``reduce`` takes series (T, N) and their maxima (N,)."""
    none = np.full(1, np.inf)

    def ordered(values: Floats, maximum: Floats = none) -> Floats:
        # Sums depend on the order in memory, and a copy sent to another process has the order of C.
        return np.ascontiguousarray(reduce(np.ascontiguousarray(values), maximum))

    p_max = ordered(inputs.p_max, np.maximum(1.0, inputs.p_max.max(axis=0)))
    return replace(
        inputs,
        weeks=None,
        snapshots=snapshots,
        load_mw=ordered(inputs.load_mw),
        p_max=p_max,
        p_min=np.minimum(ordered(inputs.p_min), p_max),
        inflow_mw=ordered(inputs.inflow_mw),
    )


def mean_day_snapshot(inputs: PowerInputs) -> Ints:
    """Return the snapshot of mean days that corresponds to each hour of the year, (T,)."""
    return (inputs.snapshots.month - 1) * HOURS_PER_DAY + inputs.snapshots.hour


def to_mean_days(inputs: PowerInputs) -> PowerInputs:
    """Return the same system in a mean day of each month.

    Args:
        inputs: Inputs with 8,760 hours.
    """
    snapshot = mean_day_snapshot(inputs)
    count = np.bincount(snapshot, minlength=MONTHS * HOURS_PER_DAY)[:, None]
    first_hour = np.unique(snapshot, return_index=True)[1]

    def reduce(values: Floats, _: Floats) -> Floats:
        # Mean of differences from the first day: equal days give that day to the bit.
        first = values[first_hour]
        difference = np.zeros_like(first)
        np.add.at(difference, snapshot, values - first[snapshot])
        return np.asarray(first + difference / count)

    settings = inputs.settings.model_copy(update={"hours": MEAN_DAY_HOURS})
    year = int(inputs.snapshots.time[0].year)
    return _reduced(replace(inputs, settings=settings), mean_days(year), reduce)


def to_weeks(inputs: PowerInputs, weeks: Weeks) -> PowerInputs:
    """Return the same system in real weeks.

    In each period a series is the real one of its week, multiplied so that its mean is that of all days of
    the period. Availability above 1 is cut and the rest raised. A series that is zero in the week but not in
    the period, such as a season, is constant at its mean.

    Args:
        inputs: Inputs with 8,760 hours.
        weeks: The weeks.
    """
    year = int(inputs.snapshots.time[0].year)
    snapshots = real_weeks(year, weeks.week, weeks.period_of_day)
    hours = (WEEK_HOURS * weeks.week[:, None] + np.arange(DAYS_PER_WEEK * HOURS_PER_DAY)).ravel()
    order = np.argsort(weeks.period_of_day, kind="stable")
    starts = np.searchsorted(weeks.period_of_day[order], np.arange(len(weeks.week)))
    size = np.bincount(weeks.period_of_day)[:, None] * HOURS_PER_DAY

    def reduce(values: Floats, maximum: Floats) -> Floats:
        daily = values.reshape(DAYS_PER_YEAR, HOURS_PER_DAY, values.shape[1]).sum(axis=1)
        mean = np.add.reduceat(daily[order], starts, axis=0) / size
        chosen = values[hours].reshape(len(weeks.week), WEEK_HOURS, values.shape[1])
        return _rescaled(chosen, mean, maximum).reshape(len(hours), values.shape[1])

    return _reduced(inputs, snapshots, reduce)


def _rescaled(values: Floats, mean: Floats, maximum: Floats) -> Floats:
    """Return values multiplied in each period to a mean, below a maximum; (P, H, N) and (P, N)."""
    result = values
    for _ in range(RESCALINGS):
        own = result.mean(axis=1)
        is_close = np.abs(own - mean) <= 1e-12 * np.maximum(np.abs(mean), 1e-12)
        if is_close.all():
            break
        factor = np.where(is_close, 1.0, np.divide(mean, own, out=np.ones_like(mean), where=own > 0))
        result = np.minimum(result * factor[:, None, :], maximum)
        result = np.where((own == 0)[:, None, :], mean[:, None, :], result)
    return result


def to_steps(inputs: PowerInputs, step_h: int) -> PowerInputs:
    """Return the same system in snapshots of several hours, with means over each.

    Args:
        inputs: Inputs with snapshots of one hour; ``step_h`` divides the hours of each period.
        step_h: Hours of the new snapshots.
    """
    old = inputs.snapshots
    snapshots = Snapshots(
        time=old.time[::step_h],
        period=old.period[::step_h],
        weight_h=old.weight_h[::step_h] * step_h,
        period_of_day=old.period_of_day,
        step_h=old.step_h * step_h,
    )

    def reduce(values: Floats, _: Floats) -> Floats:
        return np.asarray(
            values.reshape(len(values) // step_h, step_h, values.shape[1]).mean(axis=1), dtype=np.float64
        )

    return _reduced(inputs, snapshots, reduce)
