"""Times at borders by season."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

WINTER = 5.0 / 12.0
"""Part of the year that is winter: December to April on the passes."""
MEAN_TOLERANCE = 0.02
"""Relative difference of the time from the mean of its seasons that counts as rounding."""


def check_seasons(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a crossing has a time for both seasons or neither, and for both that it is their mean."""
    crossings = tables["crossings"]
    columns = ("dwell_h", "dwell_winter_h", "dwell_summer_h")
    times = crossings.data[list(columns)].to_numpy(dtype=np.float64)
    for position, (dwell, winter, summer) in enumerate(times.tolist()):
        if np.isnan(winter) and np.isnan(summer):
            continue
        if np.isnan(winter) or np.isnan(summer):
            field = columns[1] if np.isnan(winter) else columns[2]
            fix = "give a time for both seasons or neither"
            yield row_fault(
                crossings, position, field, "empty, but the other season has a time", fix, "seasons"
            )
            continue
        mean = WINTER * winter + (1.0 - WINTER) * summer
        if abs(dwell - mean) > MEAN_TOLERANCE * mean:
            problem = f"{dwell:g} is not the mean of five months of winter and seven of summer"
            yield row_fault(crossings, position, columns[0], problem, f"expected {mean:.1f}", "seasons")
