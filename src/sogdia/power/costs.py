"""Costs of generation, transmission and unserved energy, from the table ``power_costs``."""

from __future__ import annotations

from sogdia.case import Case
from sogdia.codes import ANY
from sogdia.errors import InputError
from sogdia.units import KWH_PER_MWH

FUEL_CARRIERS = ("coal", "gas", "oil", "nuclear")
"""Carriers that need a fuel price; that of others without a row, such as waste, is zero."""
OVERHEAD_LINE = "hvac_overhead"
BORDER = "border"
"""Carrier of cross-border trade: its variable cost is the premium below which no trade takes place."""
LOAD_SHEDDING = "load_shedding"


class PowerCosts:
    """Look-up in ``power_costs``: a country's own row before that of ``any``, the latest one up to the year.

    If all rows are later than the year, the earliest applies.

    Args:
        case: Case whose table is read.
    """

    def __init__(self, case: Case) -> None:
        table = case.table("power_costs")
        self.year = case.year
        self._rows: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
        columns = (table[name] for name in ("carrier", "item", "iso3", "year", "value"))
        for carrier, item, iso3, year, value in zip(*columns, strict=True):
            self._rows.setdefault((carrier, item, iso3), []).append((int(year), float(value)))
        for rows in self._rows.values():
            rows.sort()

    def find(self, carrier: str, item: str, iso3: str) -> float | None:
        """Return a value; ``None`` if no row has it."""
        rows = self._rows.get((carrier, item, iso3)) or self._rows.get((carrier, item, ANY))
        return None if rows is None else _latest(rows, self.year)

    def require(self, carrier: str, item: str, iso3: str) -> float:
        """Return a required value.

        Raises:
            InputError: If no row has it.
        """
        value = self.find(carrier, item, iso3)
        if value is None:
            raise InputError(f"power_costs.csv: {item} of {carrier} is missing for {iso3} and for {ANY}")
        return value

    def get(self, carrier: str, item: str, iso3: str, default: float) -> float:
        """Return a value, or a default if no row has it."""
        value = self.find(carrier, item, iso3)
        return default if value is None else value

    def fleet_year(self, carrier: str, iso3: str) -> int | None:
        """Return the year of the country's own efficiency, which is that of the fleet existing then."""
        rows = self._rows.get((carrier, "efficiency", iso3))
        return None if rows is None else rows[-1][0]

    def efficiency(self, carrier: str, iso3: str, *, new: bool) -> float:
        """Return the efficiency of the existing fleet, or of new plants; 1 without rows."""
        return self.get(carrier, "efficiency", ANY if new else iso3, 1.0)

    def fuel_usd_per_mwh_th(self, carrier: str, iso3: str) -> float:
        """Return the price of fuel; 0 for carriers without fuel.

        Raises:
            InputError: If a carrier that needs fuel has no price.
        """
        if carrier in FUEL_CARRIERS:
            return self.require(carrier, "fuel_usd_per_mwh_th", iso3)
        return self.get(carrier, "fuel_usd_per_mwh_th", iso3, 0.0)

    def annuity_usd_per_kw_a(self, carrier: str, iso3: str, item: str = "capex_usd_per_kw") -> float:
        """Return the annual cost of a unit of capacity, ``capex · r / (1 − (1 + r)^−n) + fixed cost``.

        Raises:
            InputError: If capital cost, lifetime or discount rate is missing.
        """
        rate = self.require(ANY, "discount_rate", iso3)
        life = self.require(carrier, "lifetime_a", iso3)
        factor = 1.0 / life if rate == 0 else rate / (1.0 - (1.0 + rate) ** -life)
        fixed = self.get(carrier, "fom_usd_per_kw_a", iso3, 0.0) if item == "capex_usd_per_kw" else 0.0
        return float(self.require(carrier, item, iso3) * factor + fixed)


def _latest(rows: list[tuple[int, float]], year: int) -> float:
    values = [value for row_year, value in rows if row_year <= year]
    return values[-1] if values else rows[0][1]


def value_of_lost_load(case: Case, costs: PowerCosts, iso3: str) -> float:
    """Return the value of lost load of a country, USD/MWh: the latest of ``macro``, else of ``power_costs``.

    Raises:
        InputError: If neither table has one.
    """
    macro = case.table("macro")
    rows = macro[(macro["item"] == "voll_usd_per_kwh") & (macro["iso3"] == iso3)].sort_values("year")["value"]
    if len(rows):
        return KWH_PER_MWH * float(rows.iloc[-1])
    return costs.require(LOAD_SHEDDING, "vom_usd_per_mwh", iso3)
