"""A start for all hours of a year from its mean days.

8,760 hours are too many for the simplex method from nothing, and the interior point method has no basis to
go on from for the next case. But every day of a month is nearly its mean day: the basis of the mean days,
given to each day of its month, lies so near the optimum of the year that a few iterations an hour remain.
The optimum does not hang on the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from sogdia.power.arrays import Floats, Ints
from sogdia.power.inputs import PowerInputs
from sogdia.power.program import Program
from sogdia.power.snapshots import HOURS_PER_DAY, MONTHS, hours_of


def mean_day_of(inputs: PowerInputs) -> Ints:
    """Snapshot among mean days that stands for each snapshot of the year, (T,)."""
    return (inputs.hourly.month - 1) * HOURS_PER_DAY + inputs.hourly.hour


def in_mean_days(inputs: PowerInputs) -> PowerInputs:
    """The same system in mean days: what changes by the hour is the mean over the days of each month."""
    places = mean_day_of(inputs)
    count = np.bincount(places, minlength=MONTHS * HOURS_PER_DAY)[:, None]

    def mean(values: Floats) -> Floats:
        first = values[np.unique(places, return_index=True)[1]]
        away = np.zeros_like(first)
        np.add.at(away, places, values - first[places])
        return np.asarray(first + away / count)

    return replace(
        inputs,
        settings=inputs.settings.model_copy(update={"hours": MONTHS * HOURS_PER_DAY}),
        hourly=hours_of(inputs.case.year, 288),
        load_mw=mean(inputs.load_mw),
        p_max=mean(inputs.p_max),
        p_min=mean(inputs.p_min),
        inflow_mw=mean(inputs.inflow_mw),
    )


def spread_basis(basis: Any, small: Program, large: Program, places: Ints) -> Any:
    """The basis of mean days given to each day of the year.

    Args:
        basis: That of the mean days.
        small: Their programme.
        large: The programme of the year.
        places: Mean snapshot of each snapshot of the year, (T,).
    """
    found = highspy.HighsBasis()
    status = highspy.HighsBasisStatus
    found.col_status = _spread(
        small.columns, large.columns, basis.col_status, places, [status.kLower] * len(large.cost)
    )
    found.row_status = _spread(
        small.rows, large.rows, basis.row_status, places, [status.kBasic] * len(large.row_lower)
    )
    found.valid = found.alien = True
    return found


def _spread(
    small: Mapping[str, Ints], large: Mapping[str, Ints], told: Any, places: Ints, begun: list[Any]
) -> list[Any]:
    known, result = np.array(list(told), dtype=object), np.array(begun, dtype=object)
    for kind, where in large.items():
        source = small[kind][places] if where.ndim == 2 else small[kind]
        there = where >= 0
        result[where[there]] = known[source[there]]
    return list(result)
