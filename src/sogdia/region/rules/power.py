"""Tables of the power system: complete series and months, means of availability."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DAYS_PER_YEAR = sum(DAYS_OF_MONTH)
TOLERANCE = 0.005
HYDRO = "hydro"


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


def check_availability(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that an item has all months, and that the mean of availability over the year is 1."""
    table = tables["power_availability"]
    frame = table.data.reset_index(drop=True).dropna(subset=["month", "value"])
    for (iso3, carrier, item), group in frame.groupby(["iso3", "carrier", "item"], sort=False):
        name, position = f"{item} of {carrier} in {iso3}", int(group.index[0])
        if len(group) < len(DAYS_OF_MONTH):
            problem = f"{name} has {len(group)} of {len(DAYS_OF_MONTH)} months"
            yield row_fault(table, position, "month", problem, "add the months", "availability")
            continue
        days = [DAYS_OF_MONTH[month - 1] for month in group["month"].astype(int)]
        mean = float(np.average(group["value"].to_numpy(float), weights=days))
        if item == "availability" and abs(mean - 1.0) > TOLERANCE:
            problem = f"{name} has a mean of {mean:.3f} over the year, not 1"
            yield row_fault(table, position, "value", problem, "divide the months by it", "availability")
        if item == "heat_floor" and float(group["value"].max()) > 1.0:
            problem = f"{name} is above 1"
            yield row_fault(table, position, "value", problem, "give a share of capacity", "availability")


def check_gas_limits(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a limit of a country and year has all months."""
    table = tables["power_gas_limits"]
    frame = table.data.reset_index(drop=True)
    for (iso3, carrier, year), group in frame.groupby(["iso3", "carrier", "from_year"], sort=False):
        if len(group) < len(DAYS_OF_MONTH):
            name = f"the limit of {carrier} in {iso3} from {year}"
            problem = f"{name} has {len(group)} of {len(DAYS_OF_MONTH)} months"
            yield row_fault(table, int(group.index[0]), "month", problem, "add the months", "gas-limits")


def check_releases(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the bounds of a river have all months, are in order, and allow the mean release."""
    table = tables["power_releases"]
    frame = table.data.reset_index(drop=True).dropna(subset=["month", "min_share", "max_share"])
    for position, (least, greatest) in enumerate(
        zip(table.data["min_share"], table.data["max_share"], strict=True)
    ):
        if least > greatest:
            problem = f"{least:g} is above max_share {greatest:g}"
            yield row_fault(table, position, "min_share", problem, "exchange the two", "releases")
    for (iso3, river), group in frame.groupby(["iso3", "river"], sort=False):
        name, position = f"the release of {river} in {iso3}", int(group.index[0])
        if len(group) < len(DAYS_OF_MONTH):
            problem = f"{name} has {len(group)} of {len(DAYS_OF_MONTH)} months"
            yield row_fault(table, position, "month", problem, "add the months", "releases")
            continue
        days = [DAYS_OF_MONTH[month - 1] for month in group["month"].astype(int)]
        for field, excess in (("min_share", 1), ("max_share", -1)):
            mean = float(np.average(group[field].to_numpy(float), weights=days))
            if excess * (mean - 1.0) > TOLERANCE:
                problem = f"{name} cannot have its mean: {field} is {mean:.3f} over the year"
                yield row_fault(table, position, field, problem, "widen the bounds", "releases")


def check_cascades(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a hydropower plant has at most one reservoir, and that no water returns to a reservoir."""
    table, plants = tables["power_cascades"], tables["plants"].data
    carrier = plants["carrier"].to_dict()
    seen: dict[str, str] = {}
    below = dict(zip(table.data["id"], table.data["downstream"].fillna(""), strict=True))
    for position, (name, listed) in enumerate(zip(table.data["id"], table.data["plants"], strict=True)):
        for plant in filter(None, str(listed).split(";")):
            if carrier.get(plant, HYDRO) != HYDRO:
                problem, fix = f"{plant} is a plant of {carrier[plant]}", "list hydropower plants"
                yield row_fault(table, position, "plants", problem, fix, "cascades")
            if seen.setdefault(plant, name) != name:
                problem, fix = f"{plant} is listed by {seen[plant]} too", "keep one of them"
                yield row_fault(table, position, "plants", problem, fix, "cascades")
        loop = [name]
        while below.get(loop[-1]) and below[loop[-1]] not in loop:
            loop.append(below[loop[-1]])
        if below.get(loop[-1]) == name and name == min(loop):
            problem, fix = f"water of {name} returns to it", "leave downstream of the lowest reservoir empty"
            yield row_fault(table, position, "downstream", problem, fix, "cascades")


def check_withdrawals(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the rows of a partner and carrier begin with the year of the withdrawal."""
    table = tables["power_withdrawals"]
    frame = table.data.reset_index(drop=True)
    for (partner, carrier), group in frame.groupby(["partner", "carrier"], sort=False):
        if 0 not in set(group["years_since"].dropna()):
            problem = f"{carrier} of {partner} has no row for years_since 0"
            yield row_fault(
                table, int(group.index[0]), "years_since", problem, "add the first year", "withdrawals"
            )
