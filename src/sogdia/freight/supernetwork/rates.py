"""Rates of carriage: the charge and emission that hold for a mode, a scope and a cargo type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sogdia.codes import ANY
from sogdia.errors import InputError

CARGO_TYPES = ("container", "dry_bulk", "liquid_bulk", "general")
_SUBSTITUTES: Mapping[str, tuple[str, ...]] = {
    "container": ("container", "general", "dry_bulk", "liquid_bulk"),
    "general": ("general", "container", "dry_bulk", "liquid_bulk"),
    "dry_bulk": ("dry_bulk", "general", "container", "liquid_bulk"),
    "liquid_bulk": ("liquid_bulk", "dry_bulk", "general", "container"),
}
"""Cargo types whose rate applies where a mode has none for a type, the most similar first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate, the row of ``rates`` it comes from, and the cargo type that row is for."""

    value: float
    row: str
    cargo: str


class Rates:
    """Look-up of active rates.

    Of the rates of a mode and cargo type the closest scope holds: the link's corridor, then the territory,
    then the territory's group of economies, then ``any``. A cargo type without a rate takes that of the most
    similar type.
    """

    def __init__(self, rates: pd.DataFrame) -> None:
        active = rates[rates["active"].fillna(False).astype(bool)]
        self._charges = _by_key(active, "usd_per_tkm")
        self._co2 = _by_key(active, "co2_g_per_tkm")

    def charge(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Rate:
        """Return the charge of a mode and cargo type, USD per tonne-kilometre.

        Raises:
            InputError: If the region has no active rate for the mode.
        """
        rate = _find(self._charges, mode, cargo, scopes)
        if rate is None:
            scope = " or ".join((*scopes, ANY))
            raise InputError(f"rates.csv: no active rate for mode {mode} holds for {scope}")
        return rate

    def co2(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Rate | None:
        """Return grams of CO2 per tonne-kilometre, or ``None`` where no document gives a figure."""
        return _find(self._co2, mode, cargo, scopes)


def _by_key(rates: pd.DataFrame, column: str) -> dict[tuple[str, str, str], Rate]:
    known = rates[rates[column].notna()]
    keys = zip(known["mode"], known["scope"], known["cargo"], strict=True)
    values = zip(known[column], known.index, known["cargo"], strict=True)
    return {
        key: Rate(float(value), str(row), str(cargo))
        for key, (value, row, cargo) in zip(keys, values, strict=True)
    }


def _find(
    table: Mapping[tuple[str, str, str], Rate], mode: str, cargo: str, scopes: tuple[str, ...]
) -> Rate | None:
    for substitute in _SUBSTITUTES[cargo]:
        for scope in (*scopes, ANY):
            rate = table.get((mode, scope, substitute))
            if rate is not None:
                return rate
    return None
