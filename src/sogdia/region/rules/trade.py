"""The trade matrix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sogdia.codes import ALL_GOODS
from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

TOLERANCE = 0.01
SMALL_GROUPS_MUSD = 0.5
"""Tolerance for commodity groups of a few thousand dollars, which sources omit."""


def check_domestic_sales(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each economy has positive domestic sales on the diagonal of the trade matrix."""
    trade = tables["trade"].data
    own = trade[
        (trade["exporter"] == trade["importer"])
        & (trade["commodity"] == ALL_GOODS)
        & (trade["value_musd"] > 0)
    ]
    economies = tables["economies"]
    for position, code in enumerate(economies.data["iso3"]):
        if code not in set(own["exporter"]):
            problem = f"{code} has no domestic sales in trade.csv"
            fix = f"add a row with {code} as exporter and importer"
            yield row_fault(economies, position, "iso3", problem, fix, "domestic-sales")


def check_trade_totals(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the commodity groups of a pair sum to its total within 1 % or half a million dollars."""
    trade = tables["trade"]
    frame = trade.data.reset_index(drop=True)
    total = frame["commodity"] == ALL_GOODS
    keys = ["exporter", "importer", "year"]
    sums = frame[~total].groupby(keys)["value_musd"].sum()
    positions = frame[total].reset_index().set_index(keys)["index"]
    for key, value in zip(sums.index.to_list(), sums.to_list(), strict=True):
        if key not in positions.index:
            position = int(frame.index[(frame[keys] == list(key)).all(axis=1)][0])
            problem = f"{key[0]} to {key[1]} is split by commodity and has no row for all"
            yield row_fault(trade, position, "commodity", problem, "add its total", "trade-sum")
            continue
        position = int(np.atleast_1d(positions.loc[key])[0])
        total_musd = float(frame["value_musd"].iloc[position])
        if abs(value - total_musd) > max(TOLERANCE * total_musd, SMALL_GROUPS_MUSD):
            problem = (
                f"the groups of {key[0]} to {key[1]} sum to {value:,.2f}, the total is {total_musd:,.2f}"
            )
            yield row_fault(
                trade, position, "value_musd", problem, "both are the same trade; correct one", "trade-sum"
            )


def check_unit_values(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each value per tonne lies between its low and high value."""
    table = tables["unit_values"]
    for position, row in enumerate(table.data.to_dict("records")):
        low, value, high = (row[f"{part}usd_per_t"] for part in ("low_", "", "high_"))
        if low > value:
            problem = f"{low:g} is above usd_per_t {value:g}"
            yield row_fault(table, position, "low_usd_per_t", problem, "lower it", "unit values")
        if high < value:
            problem = f"{high:g} is below usd_per_t {value:g}"
            yield row_fault(table, position, "high_usd_per_t", problem, "raise it", "unit values")
