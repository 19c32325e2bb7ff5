"""Contracts for electricity: prices, years and the lines that they use."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from sogdia.errors import Fault, clip
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault


def check_contracts(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check price, years and lines of each contract."""
    table = tables["power_contracts"]
    lines = tables["interconnectors"].data[["from_iso3", "to_iso3"]]
    ends = {str(name): set(pair) for name, *pair in lines.itertuples(name=None)}
    for position, row in enumerate(table.data.to_dict("records")):
        for field, problem, fix in (*_price_faults(row), *_year_faults(row), *_line_faults(row, ends)):
            yield row_fault(table, position, field, problem, fix, "contract")


def _price_faults(row: Mapping[Hashable, Any]) -> Iterator[tuple[str, str, str]]:
    has_price = not pd.isna(row["usd_per_mwh"])
    if row["swap"] and has_price:
        yield "usd_per_mwh", "a swap has no price", "delete the price, or write no under swap"
    if not row["swap"] and not has_price:
        yield "usd_per_mwh", "no price", "give the price of from_year, or write yes under swap"


def _year_faults(row: Mapping[Hashable, Any]) -> Iterator[tuple[str, str, str]]:
    first, last = row["from_year"], row["until_year"]
    if not pd.isna(first) and not pd.isna(last) and last < first:
        yield "until_year", f"{last} is before from_year {first}", "correct one of the two"


def _line_faults(row: Mapping[Hashable, Any], ends: Mapping[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield that seller and buyer are one country, or that the lines do not lead from one to the other."""
    at, buyer = str(row["seller"]), str(row["buyer"])
    names = [name for name in str(row["line"]).split(";") if name]
    if at == buyer:
        yield "buyer", f"{buyer} sells to itself", "name another country"
    elif names and all(name in ends for name in names):
        for name in names:
            onward = ends[name] - {at}
            if at not in ends[name] or len(onward) != 1:
                fix = "name the lines from the seller to the buyer in order"
                yield "line", f"{clip(name)} does not start in {at}", fix
                return
            (at,) = onward
        if at != buyer:
            yield "line", f"the lines end in {at}, not in {buyer}", "add the lines that follow"
