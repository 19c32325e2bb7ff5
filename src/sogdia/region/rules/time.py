"""Years and dates in an order that can be."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from sogdia.errors import Fault, clip
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import Table

_PROJECT_YEARS = ("announced_year", "start_year", "completion_year")


def nothing_ends_before_it_starts(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """A project is announced, started, completed in that order; a restriction starts before it ends."""
    yield from _in_order(tables["projects"], _PROJECT_YEARS)
    yield from _in_order(tables["restrictions"], ("from_year", "to_year"))


def _in_order(table: Table, columns: tuple[str, ...]) -> Iterator[Fault]:
    for position, row in enumerate(zip(*(table.data[name] for name in columns), strict=True)):
        known = [(name, int(year)) for name, year in zip(columns, row, strict=True) if year is not pd.NA]
        for (first, earlier), (second, later) in pairwise(known):
            if later < earlier:
                problem = f"{later} is before {first} {earlier}"
                yield row_fault(table, position, second, problem, "one of the two is wrong", "time-order")


def dates_exist(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """A date of day precision is a day of the calendar, one of month precision a month."""
    for name in ("policy_events", "sources"):
        table = tables[name]
        for position, text in enumerate(table.data["date"]):
            if text and not _is_date(text):
                yield row_fault(
                    table, position, "date", f"{clip(text)} is no date", "YYYY, YYYY-MM or YYYY-MM-DD", "date"
                )


def _is_date(text: str) -> bool:
    parts = text.split("-")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return False
    numbers = [int(part) for part in parts] + [1, 1]
    try:
        datetime.date(*numbers[:3])
    except ValueError:
        return False
    return True


def growth_covers_the_years(tables: Tables, block: RegionBlock) -> Iterator[Fault]:
    """Each growth path runs without gap or overlap over all the years that scenarios look at."""
    growth = tables["growth"]
    frame = growth.data.reset_index(drop=True).dropna(subset=["from_year", "to_year"])
    first, last = min(block.years), max(block.years)
    for (code, item), group in frame.groupby(["iso3", "item"], sort=False):
        path = group.sort_values("from_year")
        position = int(path.index[0])
        if path["from_year"].iloc[0] > first or path["to_year"].iloc[-1] < last:
            problem = f"{code} {item} runs {path['from_year'].iloc[0]} to {path['to_year'].iloc[-1]}"
            fix = f"it must cover {first} to {last}"
            yield row_fault(growth, position, "from_year", problem, fix, "growth-span")
        spans = zip(path.index.to_list(), path["from_year"].to_list(), path["to_year"].to_list(), strict=True)
        for (_, _, ended), (place, begins, _) in pairwise(spans):
            if begins != ended:
                problem = f"{code} {item} goes on in {begins} after a path to {ended}"
                yield row_fault(growth, place, "from_year", problem, "leave no gap or overlap", "growth-span")
    yield from _growth_of_every_economy(tables)


def _growth_of_every_economy(tables: Tables) -> Iterator[Fault]:
    growth, economies = tables["growth"].data, tables["economies"]
    for item in ("gdp", "population"):
        covered = set(growth.loc[growth["item"] == item, "iso3"])
        if "any" in covered:
            continue
        for position, code in enumerate(economies.data["iso3"]):
            if code not in covered:
                fix = "add its rows to growth.csv, or a row for any"
                yield row_fault(
                    economies, position, "iso3", f"{code} has no growth of {item}", fix, "growth-span"
                )
