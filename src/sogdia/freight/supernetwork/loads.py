"""Loads: tonnes in one loaded vehicle, by which charges by vehicle become charges by tonne.

A price is by box (USD/TEU), by wagon or lorry (USD/vehicle) or by tonne. For a mode and cargo type

    ``m = box / t_per_teu``, else ``vehicle / t_per_vehicle``, else ``tonne``   (USD/t)

for containers; other cargo pays the vehicle or the tonne, and the box where nothing else is given. Tonnes
per vehicle are those of the table ``loads``. A charge is paid by a loaded vehicle. A count or a capacity in
boxes includes empty ones, so that ``t_per_counted_teu`` turns it into tonnes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sogdia.codes import ANY
from sogdia.errors import InputError

CARGO_TYPES = ("container", "dry_bulk", "liquid_bulk", "general")
CONTAINER = "container"
TEU = "teu"


@dataclass(frozen=True, slots=True)
class Price:
    """A price as its table states it; NaN where it has no figure.

    Attributes:
        row: Row of the region, as ``table/key``.
        per_teu: By loaded twenty-foot unit.
        per_vehicle: By loaded wagon or lorry.
        per_t: By tonne.
    """

    row: str
    per_teu: float = math.nan
    per_vehicle: float = math.nan
    per_t: float = math.nan


@dataclass(frozen=True, slots=True)
class Load:
    """A row of ``loads``.

    Attributes:
        vehicle: ``teu``, ``wagon`` or ``lorry``.
        t_per_vehicle: Tonnes in a loaded one.
        t_per_counted_vehicle: Tonnes in one as counted, empty ones among them.
        empty_cost: Cost of an empty run over that of a loaded one.
    """

    vehicle: str
    t_per_vehicle: float
    t_per_counted_vehicle: float
    empty_cost: float


class Loads:
    """Look-up of the table ``loads``: the row of the mode and cargo type, then that of ``any`` mode."""

    def __init__(self, table: pd.DataFrame) -> None:
        counted = table["t_per_counted_vehicle"].fillna(table["t_per_vehicle"])
        columns = (table["vehicle"], table["t_per_vehicle"], counted, table["empty_cost_factor"].fillna(0.0))
        keys = zip(table["mode"].astype(str), table["cargo"].astype(str), strict=True)
        self._loads = {
            key: Load(str(vehicle), float(load), float(as_counted), float(empty))
            for key, vehicle, load, as_counted, empty in zip(keys, *columns, strict=True)
        }

    @property
    def t_per_teu(self) -> float:
        """Return tonnes in a loaded twenty-foot unit.

        Raises:
            InputError: If no row gives it.
        """
        return self._box().t_per_vehicle

    @property
    def t_per_counted_teu(self) -> float:
        """Return tonnes per twenty-foot unit counted, empty ones among them.

        Raises:
            InputError: If no row gives it.
        """
        return self._box().t_per_counted_vehicle

    def _box(self) -> Load:
        load = self._loads.get((ANY, CONTAINER))
        if load is None or load.vehicle != TEU:
            raise InputError(
                f"loads.csv: no row {ANY}/{CONTAINER} with vehicle {TEU}; add one with the tonnes of a "
                "loaded twenty-foot unit"
            )
        return load

    def t_per_vehicle(self, mode: str, cargo: str) -> float:
        """Return tonnes in a loaded wagon or lorry of a mode and cargo type.

        Raises:
            InputError: If no row gives it.
        """
        for name in (mode, ANY):
            load = self._loads.get((name, cargo))
            if load is not None and load.vehicle != TEU:
                return load.t_per_vehicle
        raise InputError(
            f"loads.csv: no wagon or lorry of mode {mode} and cargo {cargo}; add the row {mode}/{cargo}"
        )

    def empty_cost(self, mode: str, cargo: str) -> float:
        """Return the cost of an empty run over that of a loaded one; 0 where no row gives it."""
        load = self._loads.get((mode, cargo)) or self._loads.get((ANY, cargo))
        return 0.0 if load is None else load.empty_cost

    def usd_per_t(self, price: Price, mode: str, cargo: str) -> float:
        """Return a price by tonne for a mode and cargo type; 0 where it has no figure.

        Raises:
            InputError: If the price is by vehicle and no row gives its load.
        """
        if not math.isnan(price.per_teu) and cargo == CONTAINER:
            return price.per_teu / self.t_per_teu
        if not math.isnan(price.per_vehicle):
            return price.per_vehicle / self.t_per_vehicle(mode, cargo)
        if not math.isnan(price.per_t):
            return price.per_t
        return 0.0 if math.isnan(price.per_teu) else price.per_teu / self.t_per_teu

    def charges(self, row: Mapping[Any, Any], table: str, mode: str) -> dict[str, float]:
        """Return the charges of a row of ``crossings`` or ``transfers`` by cargo type, USD/t.

        Args:
            row: The row, with its key as ``row``.
            table: Name of its table.
            mode: Mode whose vehicles pay.
        """
        price = Price(
            f"{table}/{row['row']}",
            float(row["cost_usd_per_teu"]),
            float(row.get("cost_usd_per_vehicle", math.nan)),
            float(row["cost_usd_per_t"]),
        )
        return {cargo: self.usd_per_t(price, mode, cargo) for cargo in CARGO_TYPES}
