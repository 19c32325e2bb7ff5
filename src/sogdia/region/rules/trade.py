"""The trade matrix and the rates of carriage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

TOLERANCE = 0.01
LEFT_OUT_MUSD = 0.5
"""Groups of a few thousand dollars are left out of a pair's split."""
TOTAL = "all"


def economies_sell_at_home(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Each economy's domestic sales stand on the diagonal, above zero."""
    trade = tables["trade"].data
    own = trade[
        (trade["exporter"] == trade["importer"]) & (trade["commodity"] == TOTAL) & (trade["value_musd"] > 0)
    ]
    economies = tables["economies"]
    for position, code in enumerate(economies.data["iso3"]):
        if code not in set(own["exporter"]):
            problem = f"{code} sells nothing to itself in trade.csv"
            yield row_fault(economies, position, "iso3", problem, "add its domestic sales", "domestic-sales")


def groups_sum_to_all(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Where a pair is split by commodity, the groups sum to its total within 1 % or half a million."""
    trade = tables["trade"]
    frame = trade.data.reset_index(drop=True)
    total = frame["commodity"] == TOTAL
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
        whole = float(frame["value_musd"].iloc[position])
        if abs(value - whole) > max(TOLERANCE * whole, LEFT_OUT_MUSD):
            problem = f"the groups of {key[0]} to {key[1]} sum to {value:,.2f}, all is {whole:,.2f}"
            yield row_fault(trade, position, "value_musd", problem, "they are the same money", "trade-sum")


def one_rate_is_active(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """At most one rate of a kind is active for a mode, scope and cargo.

    Cost and emissions come from different documents, so a row with a cost and a row without one may
    both be active.
    """
    rates = tables["rates"]
    frame = rates.data.reset_index(drop=True)
    active = frame[frame["active"].fillna(False).astype(bool)].copy()
    active["priced"] = active["usd_per_tkm"].notna()
    columns = ["mode", "scope", "cargo", "priced"]
    for position in active.index[active.duplicated(columns)]:
        row = active.loc[position]
        problem = f"a second active rate for {row['mode']}/{row['scope']}/{row['cargo']}"
        yield row_fault(rates, int(position), "active", problem, "leave one active", "active-rate")
