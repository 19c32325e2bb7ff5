"""What carriage costs: the rate that holds for a mode, a place and a kind of cargo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sogdia.errors import InputError

CARGOS = ("container", "dry_bulk", "liquid_bulk", "general")
ANY = "any"
_STAND_INS: Mapping[str, tuple[str, ...]] = {
    "container": ("container", "general", "dry_bulk", "liquid_bulk"),
    "general": ("general", "container", "dry_bulk", "liquid_bulk"),
    "dry_bulk": ("dry_bulk", "general", "container", "liquid_bulk"),
    "liquid_bulk": ("liquid_bulk", "dry_bulk", "general", "container"),
}
"""Kinds of cargo whose rate stands in where a mode has none for a kind, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with the row it is from; ``cargo`` is the kind it was made for."""

    value: float
    row: str
    cargo: str


class Rates:
    """Look-up of active rates.

    Of the rates of a mode and cargo the closest scope holds: the link's corridor, then the territory,
    then the territory's group of economies, then ``any``. A cargo without any rate takes that of the
    kind most like it.
    """

    def __init__(self, rates: pd.DataFrame) -> None:
        active = rates[rates["active"].fillna(False).astype(bool)]
        self._money = _by_key(active, "usd_per_tkm")
        self._co2 = _by_key(active, "co2_g_per_tkm")

    def money(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Rate:
        """US dollars a tonne-kilometre.

        Raises:
            InputError: If the region has no active rate for the mode at all.
        """
        rate = _find(self._money, mode, cargo, scopes)
        if rate is None:
            where = " or ".join((*scopes, ANY))
            raise InputError(f"rates.csv: no active rate for mode {mode} holds for {where}")
        return rate

    def co2(self, mode: str, cargo: str, scopes: tuple[str, ...]) -> Rate | None:
        """Grams of CO2 a tonne-kilometre, or ``None`` where no document gives one."""
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
    for kind in _STAND_INS[cargo]:
        for scope in (*scopes, ANY):
            found = table.get((mode, scope, kind))
            if found is not None:
                return found
    return None
