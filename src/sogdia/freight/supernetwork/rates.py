"""Rates of carriage: the charge and emission that hold for a mode, a scope and a cargo type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from sogdia.codes import ANY
from sogdia.errors import InputError
from sogdia.freight.supernetwork.loads import Loads, Price

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
    """A rate by tonne-kilometre and the row of ``rates`` it comes from."""

    value: float
    row: str


class Rates:
    """Look-up of active rates.

    Of the rates of a mode and cargo type the closest scope holds: the link's corridor, then the territory,
    then the territory's group of economies, then ``any``. A cargo type without a rate takes that of the most
    similar type. Rates by vehicle become rates by tonne through the loads.
    """

    def __init__(self, rates: pd.DataFrame, loads: Loads) -> None:
        active = rates[rates["active"].fillna(False).astype(bool)]
        self.loads = loads
        priced = active[active[list(PRICE_COLUMNS)].notna().any(axis=1)]
        self._prices = {key: _price(row) for key, row in _by_key(priced).items()}
        self._co2 = {
            key: Rate(float(row["co2_g_per_tkm"]), str(row["row"]))
            for key, row in _by_key(active[active["co2_g_per_tkm"].notna()]).items()
        }

    def charge(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Rate:
        """Return the charge of a mode and cargo type, USD per tonne-kilometre.

        Raises:
            InputError: If the region has no active rate for the mode.
        """
        price = _find(self._prices, mode, cargo, scopes)
        if price is None:
            scope = " or ".join((*scopes, ANY))
            raise InputError(f"rates.csv: no active rate for mode {mode} holds for {scope}")
        return Rate(self.loads.usd_per_t(price, mode, cargo), price.row)

    def co2(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Rate | None:
        """Return grams of CO2 per tonne-kilometre, or ``None`` where no document gives a figure."""
        return _find(self._co2, mode, cargo, scopes)


def _by_key(rates: pd.DataFrame) -> dict[tuple[str, str, str], Mapping[Any, Any]]:
    rows = rates.rename_axis("row").reset_index().to_dict("records")
    return {(str(row["mode"]), str(row["scope"]), str(row["cargo"])): row for row in rows}


def _price(row: Mapping[Any, Any]) -> Price:
    figures = (float(row[name]) for name in PRICE_COLUMNS)
    return Price(str(row["row"]), *figures)


def _find(
    table: Mapping[tuple[str, str, str], Found], mode: str, cargo: str, scopes: tuple[str, ...]
) -> Found | None:
    for substitute in _SUBSTITUTES[cargo]:
        for scope in (*scopes, ANY):
            found = table.get((mode, scope, substitute))
            if found is not None:
                return found
    return None
