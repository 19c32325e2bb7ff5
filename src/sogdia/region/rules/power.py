"""Tables of the power system: hourly series are complete."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

DAYS_PER_YEAR = 365


def check_hourly_series(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each hourly series has every day of the year."""
    hourly = tables["power_hourly"]
    frame = hourly.data.reset_index(drop=True)
    for name, group in frame.groupby("series", sort=False):
        days = set(group["day"].dropna())
        if len(days) < DAYS_PER_YEAR:
            first = min(set(range(1, DAYS_PER_YEAR + 1)) - days)
            problem = f"series {name} has {len(days)} of {DAYS_PER_YEAR} days: day {first} is missing"
            yield row_fault(hourly, int(group.index[0]), "series", problem, "add the days", "hourly-series")
