"""Rates of carriage: the tariff and emission that hold for a mode, a scope and a cargo type.

A tariff has a part by distance and a fixed part, which makes the price of a tonne-kilometre fall with
distance. The fixed part is paid where freight enters a territory by the mode: on loading there, on a change
to the mode, and at a border crossing that has a row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from sogdia.codes import ANY
from sogdia.errors import InputError
from sogdia.freight.supernetwork.loads import CARGO_TYPES, Loads, Price

_SUBSTITUTES: Mapping[str, tuple[str, ...]] = {
    "container": ("container", "general", "dry_bulk", "liquid_bulk"),
    "general": ("general", "container", "dry_bulk", "liquid_bulk"),
    "dry_bulk": ("dry_bulk", "general", "container", "liquid_bulk"),
    "liquid_bulk": ("liquid_bulk", "dry_bulk", "general", "container"),
}
"""Cargo types whose rate applies where a mode has none for a type, the most similar first."""

PRICE_COLUMNS = ("usd_per_teu_km", "usd_per_vehicle_km", "usd_per_tkm")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure by tonne-kilometre and the row of ``rates`` it comes from."""

    value: float
    row: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """Price of carriage of a mode and cargo type: ``m = fixed + usd_per_tkm · length``, fixed once on entry.

    Attributes:
        usd_per_tkm: Price by tonne-kilometre.
        fixed: Fixed part, USD/t, for initial and terminal operations.
        transit: Price by tonne-kilometre in transit, without a fixed part; NaN where it is the same.
        eastward: Factor on the price towards the east.
        row: Row of ``rates``.
    """

    usd_per_tkm: float
    fixed: float
    transit: float
    eastward: float
    row: str


class Rates:
    """Look-up of active rates.

    Of the rates of a mode and cargo type the closest scope holds: the pipeline itself, the link's corridor,
    then the territory, the territory's group of economies, then ``any``. A cargo type without a rate takes
    that of the most similar type. Rates by vehicle become rates by tonne through the loads.
    """

    def __init__(self, rates: pd.DataFrame, loads: Loads) -> None:
        active = rates[rates["active"].fillna(False).astype(bool)]
        self.loads = loads
        priced = active[active[list(PRICE_COLUMNS)].notna().any(axis=1)]
        self._prices = _by_key(priced)
        self._co2 = {
            key: Rate(float(row["co2_g_per_tkm"]), str(row["row"]))
            for key, row in _by_key(active[active["co2_g_per_tkm"].notna()]).items()
        }
        self._tariffs: dict[tuple[str, str, tuple[str, ...]], Tariff] = {}

    def tariff(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Tariff:
        """Return the price of carriage of a mode and cargo type.

        Raises:
            InputError: If the region has no active rate for the mode.
        """
        key = (mode, cargo, scopes)
        if key not in self._tariffs:
            self._tariffs[key] = self._read_tariff(*key)
        return self._tariffs[key]

    def _read_tariff(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Tariff:
        row = _find(self._prices, mode, cargo, scopes)
        if row is None:
            scope = " or ".join((*scopes, ANY))
            raise InputError(f"rates.csv: no active rate for mode {mode} holds for {scope}")
        price = Price(f"rates/{row['row']}", *(float(row[name]) for name in PRICE_COLUMNS))
        fixed, eastward = float(row["fixed_usd_per_t"]), float(row["eastward_factor"])
        return Tariff(
            self.loads.usd_per_t(price, mode, cargo),
            0.0 if math.isnan(fixed) else fixed,
            float(row["transit_usd_per_tkm"]),
            1.0 if math.isnan(eastward) else eastward,
            str(row["row"]),
        )

    def co2(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Rate | None:
        """Return grams of CO2 per tonne-kilometre, or ``None`` where no document gives a figure."""
        return _find(self._co2, mode, cargo, scopes)


@dataclass(frozen=True, slots=True)
class Entry:
    """Fixed parts that freight pays on entering a territory by a mode, USD/t by cargo type.

    Attributes:
        fixed: Of a pair's own trade.
        transit: Of transit, where its rate is known: none.
    """

    fixed: Mapping[str, float]
    transit: Mapping[str, float]

    def on_top_of(self, fees: Mapping[str, float]) -> dict[str, Any]:
        """Return the fields of an arc for its charges: fees by cargo type and these."""
        total = {cargo: fees.get(cargo, 0.0) + usd for cargo, usd in self.fixed.items()}
        return {"usd_per_t": total, "tariff_usd_per_t": self.fixed, "transit_usd_per_t": self.transit}


def entry_tariffs(
    rates: Rates, mode: str, territory: str, group: Mapping[str, str], corridor: str = ""
) -> Entry:
    """Return what freight pays on entering a territory by a mode.

    Args:
        rates: Rates of the region.
        mode: Mode by which it goes on.
        territory: Territory entered.
        group: Group of each economy.
        corridor: Corridor of the link by which it enters, at a border.
    """
    scopes = scopes_of(territory, group, corridor)
    tariffs = {cargo: rates.tariff(mode, cargo, scopes) for cargo in CARGO_TYPES}
    transit = {cargo: 0.0 for cargo, tariff in tariffs.items() if not math.isnan(tariff.transit)}
    return Entry({cargo: tariff.fixed for cargo, tariff in tariffs.items()}, transit)


def scopes_of(territory: str, group: Mapping[str, str], corridor: str = "") -> tuple[str, ...]:
    """Return the scopes of a rate, the closest first: corridor, territory, group of economies."""
    return tuple(scope for scope in (corridor, territory, group.get(territory, "")) if scope)


def _by_key(rates: pd.DataFrame) -> dict[tuple[str, str, str], Mapping[Any, Any]]:
    rows = rates.rename_axis("row").reset_index().to_dict("records")
    return {(str(row["mode"]), str(row["scope"]), str(row["cargo"])): row for row in rows}


def _find(
    table: Mapping[tuple[str, str, str], Found], mode: str, cargo: str, scopes: tuple[str, ...]
) -> Found | None:
    for substitute in _SUBSTITUTES[cargo]:
        for scope in (*scopes, ANY):
            found = table.get((mode, scope, substitute))
            if found is not None:
                return found
    return None
