"""Reduce a year of 8,760 hours to representative days, whose basis starts the solve of the year.

The simplex method is slow on 8,760 hours without a start, and the interior point method ends without a basis
for the next case. Every day of a month resembles its mean day. The basis of the mean days, given to each day
of its month, is so close to the optimum of the year that few iterations per hour remain. The optimum does not
depend on the start.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sogdia.power.arrays import Floats, Ints
from sogdia.power.inputs import PowerInputs
from sogdia.power.snapshots import HOURS_PER_DAY, MONTHS, REPRESENTATIVE_HOURS, build_snapshots


def representative_snapshot(inputs: PowerInputs) -> Ints:
    """Return the snapshot of representative days that corresponds to each hour of the year, (T,)."""
    return (inputs.snapshots.month - 1) * HOURS_PER_DAY + inputs.snapshots.hour


def to_representative_days(inputs: PowerInputs) -> PowerInputs:
    """Return the same system in representative days, whose profiles are means over the days of a month."""
    snapshot = representative_snapshot(inputs)
    count = np.bincount(snapshot, minlength=MONTHS * HOURS_PER_DAY)[:, None]

    def mean(values: Floats) -> Floats:
        # Mean of differences from the first day: equal days give that day to the bit.
        first = values[np.unique(snapshot, return_index=True)[1]]
        difference = np.zeros_like(first)
        np.add.at(difference, snapshot, values - first[snapshot])
        return np.asarray(first + difference / count)

    return replace(
        inputs,
        settings=inputs.settings.model_copy(update={"hours": REPRESENTATIVE_HOURS}),
        snapshots=build_snapshots(inputs.case.year, REPRESENTATIVE_HOURS),
        load_mw=mean(inputs.load_mw),
        p_max=mean(inputs.p_max),
        p_min=mean(inputs.p_min),
        inflow_mw=mean(inputs.inflow_mw),
    )
