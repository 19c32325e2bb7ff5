"""Costs of generation, transmission and unserved energy, from the table ``power_costs``."""

from __future__ import annotations

from dataclasses import dataclass

from sogdia.case import Case
from sogdia.codes import ANY
from sogdia.errors import InputError

COAL, NUCLEAR = "coal", "nuclear"
FUEL_CARRIERS = (COAL, "gas", "oil", NUCLEAR)
"""Carriers that need a fuel price; that of others without a row, such as waste, is zero."""
FUEL_OF = {"gas_ocgt": "gas"}
"""Fuel of carriers that are not named after it; prices, emissions and availability of fuel are the fuel's."""
BATTERY, BATTERY_POWER, BATTERY_ENERGY = "battery", "battery_power", "battery_energy"
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
        fuel = FUEL_OF.get(carrier, carrier)
        if fuel in FUEL_CARRIERS:
            return self.require(fuel, "fuel_usd_per_mwh_th", iso3)
        return self.get(carrier, "fuel_usd_per_mwh_th", iso3, 0.0)

    def has_capital(self, carrier: str, iso3: str) -> bool:
        """Return true if a carrier has capital cost, lifetime and discount rate in a country."""
        items = [(ANY, "discount_rate")]
        if carrier == BATTERY:
            items += [(BATTERY_POWER, "capex_usd_per_kw"), (BATTERY_POWER, "lifetime_a")]
            items += [(BATTERY_ENERGY, "capex_usd_per_kwh"), (BATTERY_ENERGY, "lifetime_a")]
        else:
            items += [(carrier, "capex_usd_per_kw"), (carrier, "lifetime_a")]
        return all(self.find(name, item, iso3) is not None for name, item in items)

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


RATIONING, DISCONNECTION = "rationing", "disconnection"
"""Tiers of unserved energy."""


@dataclass(frozen=True, slots=True)
class LostLoad:
    """Tier of unserved energy: its name, its share of load, and its value, USD/MWh."""

    name: str
    share: float
    usd_per_mwh: float


def lost_load_tiers(costs: PowerCosts, iso3: str, single: float | None = None) -> tuple[LostLoad, ...]:
    """Return the tiers of unserved energy of a country, lowest value first.

    Planned rationing serves the first ``rationing_share`` of load at its value, disconnection the rest.
    Without a rationing row there is one tier.

    Args:
        costs: Costs of the case.
        iso3: Country.
        single: One value for all unserved energy, USD/MWh.

    Raises:
        InputError: If no row has a value of lost load.
    """
    if single is not None:
        return (LostLoad(DISCONNECTION, 1.0, single),)
    highest = costs.find(LOAD_SHEDDING, "disconnection_usd_per_mwh", iso3)
    if highest is None:
        highest = costs.require(LOAD_SHEDDING, "vom_usd_per_mwh", iso3)
    lowest = costs.find(LOAD_SHEDDING, "rationing_usd_per_mwh", iso3)
    if lowest is None:
        return (LostLoad(DISCONNECTION, 1.0, highest),)
    share = costs.require(LOAD_SHEDDING, "rationing_share", iso3)
    return LostLoad(RATIONING, share, lowest), LostLoad(DISCONNECTION, 1.0 - share, highest)
