"""Charges and rates: by box, by vehicle or by tonne."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

PRICES = ("usd_per_tkm", "usd_per_teu_km", "usd_per_vehicle_km")
CHARGES = ("cost_usd_per_t", "cost_usd_per_teu", "cost_usd_per_vehicle")
CONTAINER = "container"


def check_active_rates(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that at most one rate is active for a mode, scope and cargo.

    Cost and emissions come from different documents, so a row with a cost and a row without one may
    both be active.
    """
    rates = tables["rates"]
    frame = rates.data.reset_index(drop=True)
    active = frame[frame["active"].fillna(False).astype(bool)].copy()
    active["priced"] = active[list(PRICES)].notna().any(axis=1)
    columns = ["mode", "scope", "cargo", "priced"]
    for position in active.index[active.duplicated(columns)]:
        row = active.loc[position]
        problem = f"a second active rate for {row['mode']}/{row['scope']}/{row['cargo']}"
        yield row_fault(rates, int(position), "active", problem, "keep one active", "active-rate")


def check_one_price(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each kind of cargo has one price in a row of rates, and one charge in a row of crossings.

    A price by box holds for containers and may accompany one for other cargo, but not in a row that is for
    containers.
    """
    for name, columns in (("rates", PRICES), ("crossings", CHARGES)):
        table = tables[name]
        by_t, by_teu, by_vehicle = columns
        for position, row in enumerate(table.data.to_dict("records")):
            given = [field for field in columns if not np.isnan(row[field])]
            pair = _same_cargo(row, given, by_t, by_vehicle, by_teu)
            if pair:
                problem = f"given with {pair[1]}, for the same cargo"
                yield row_fault(table, position, pair[0], problem, "leave one of them empty", "one-price")
            if name == "crossings" and not given:
                yield row_fault(table, position, by_t, "empty, like the others", "give a charge", "one-price")


def _same_cargo(
    row: dict[Any, Any], given: list[str], by_t: str, by_vehicle: str, by_teu: str
) -> tuple[str, str] | None:
    """Return two fields of a row that price the same cargo."""
    if by_t in given and by_vehicle in given:
        return by_t, by_vehicle
    other = [field for field in given if field != by_teu]
    if row.get("cargo") == CONTAINER and by_teu in given and other:
        return other[0], by_teu
    return None


def check_transit_rates(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a rate of transit is for a country, whose own trade is apart from transit."""
    rates, countries = tables["rates"], set(tables["places"].data["iso3"])
    for position, row in enumerate(rates.data.to_dict("records")):
        if not np.isnan(row["transit_usd_per_tkm"]) and row["scope"] not in countries:
            problem = f"a rate of transit with scope {row['scope']}, which is no country of places.csv"
            fix = "name a country as scope or leave the cell empty"
            yield row_fault(rates, position, "transit_usd_per_tkm", problem, fix, "transit-rate")
