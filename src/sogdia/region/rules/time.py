"""Order of years, dates of the calendar, and spans of growth paths."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from sogdia.codes import ANY
from sogdia.errors import Fault, clip
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import Table

_PROJECT_YEARS = ("announced_year", "start_year", "completion_year")


def check_year_order(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that years of projects and restrictions are in order."""
    yield from _in_order(tables["projects"], _PROJECT_YEARS)
    yield from _in_order(tables["restrictions"], ("from_year", "to_year"))


def _in_order(table: Table, columns: tuple[str, ...]) -> Iterator[Fault]:
    for position, row in enumerate(zip(*(table.data[name] for name in columns), strict=True)):
        known = [(name, int(year)) for name, year in zip(columns, row, strict=True) if year is not pd.NA]
        for (first, earlier), (second, later) in pairwise(known):
            if later < earlier:
                problem = f"{later} is before {first} {earlier}"
                yield row_fault(table, position, second, problem, "correct one of the two", "time-order")


def check_dates(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that dates are days or months of the calendar, or years."""
    for name in ("policy_events", "sources"):
        table = tables[name]
        for position, text in enumerate(table.data["date"]):
            if text and not _is_date(text):
                yield row_fault(
                    table,
                    position,
                    "date",
                    f"{clip(text)} is not a date",
                    "write YYYY, YYYY-MM or YYYY-MM-DD",
                    "date",
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


def check_growth_spans(tables: Tables, block: RegionBlock) -> Iterator[Fault]:
    """Check that each growth path covers all years of scenarios without gap or overlap."""
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
                problem = f"{code} {item} continues in {begins} after a span to {ended}"
                yield row_fault(
                    growth, place, "from_year", problem, "close the gap or overlap", "growth-span"
                )
    yield from _growth_of_every_economy(tables)


def _growth_of_every_economy(tables: Tables) -> Iterator[Fault]:
    growth, economies = tables["growth"].data, tables["economies"]
    for item in ("gdp", "population"):
        covered = set(growth.loc[growth["item"] == item, "iso3"])
        if ANY in covered:
            continue
        for position, code in enumerate(economies.data["iso3"]):
            if code not in covered:
                fix = f"add its rows to growth.csv, or a row for {ANY}"
                yield row_fault(
                    economies, position, "iso3", f"{code} has no growth of {item}", fix, "growth-span"
                )
