"""Figures of ways to make, carry and do without electricity, as ``power_costs`` gives them."""

from __future__ import annotations

from sogdia.case import Case
from sogdia.errors import InputError

ANY = "any"
BURNT = ("coal", "gas", "oil", "nuclear")
"""Carriers that need a price of fuel; others without one, such as waste, burn for nothing."""
CIRCUIT = "hvac_overhead"
BORDER = "border"
"""Trade between two states: its variable cost is the premium below which none takes place."""
SHEDDING = "load_shedding"


class PowerCosts:
    """Look-up in ``power_costs``: the country's row before that of ``any``, the newest not after the year.

    Where all rows are of later years the earliest of them holds.

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
        """A figure, or ``None`` where no row gives it."""
        rows = self._rows.get((carrier, item, iso3)) or self._rows.get((carrier, item, ANY))
        return None if rows is None else _at(rows, self.year)

    def of(self, carrier: str, item: str, iso3: str) -> float:
        """A figure that must be there.

        Raises:
            InputError: If no row gives it.
        """
        found = self.find(carrier, item, iso3)
        if found is None:
            raise InputError(f"power_costs.csv has no {item} of {carrier} for {iso3} or any")
        return found

    def get(self, carrier: str, item: str, iso3: str, otherwise: float) -> float:
        """A figure, or another where no row gives it."""
        found = self.find(carrier, item, iso3)
        return otherwise if found is None else found

    def fleet_year(self, carrier: str, iso3: str) -> int | None:
        """Year of the country's own efficiency, which is that of the plants standing then."""
        rows = self._rows.get((carrier, "efficiency", iso3))
        return None if rows is None else rows[-1][0]

    def efficiency(self, carrier: str, iso3: str, *, new: bool) -> float:
        """Efficiency of plants standing in the fleet's year, or of those built after it; 1 without rows."""
        return self.get(carrier, "efficiency", ANY if new else iso3, 1.0)

    def fuel_usd_per_mwh_th(self, carrier: str, iso3: str) -> float:
        """Price of fuel; 0 for carriers that burn none.

        Raises:
            InputError: If a carrier that burns fuel has no price.
        """
        if carrier in BURNT:
            return self.of(carrier, "fuel_usd_per_mwh_th", iso3)
        return self.get(carrier, "fuel_usd_per_mwh_th", iso3, 0.0)

    def annuity_usd_per_kw_a(self, carrier: str, iso3: str, item: str = "capex_usd_per_kw") -> float:
        """Yearly cost of a unit of capacity: ``capex · r / (1 − (1 + r)^−n) + fixed cost``.

        Raises:
            InputError: If capital cost, lifetime or discount rate is missing.
        """
        rate = self.of(ANY, "discount_rate", iso3)
        life = self.of(carrier, "lifetime_a", iso3)
        factor = 1.0 / life if rate == 0 else rate / (1.0 - (1.0 + rate) ** -life)
        fixed = self.get(carrier, "fom_usd_per_kw_a", iso3, 0.0) if item == "capex_usd_per_kw" else 0.0
        return float(self.of(carrier, item, iso3) * factor + fixed)


def _at(rows: list[tuple[int, float]], year: int) -> float:
    known = [value for told, value in rows if told <= year]
    return known[-1] if known else rows[0][1]


def value_of_lost_load(case: Case, costs: PowerCosts, iso3: str) -> float:
    """Value of lost load of a country, USD/MWh: the newest of ``macro``, else that of ``power_costs``.

    Raises:
        InputError: If neither table has one.
    """
    macro = case.table("macro")
    told = macro[(macro["item"] == "voll_usd_per_kwh") & (macro["iso3"] == iso3)].sort_values("year")["value"]
    return 1e3 * float(told.iloc[-1]) if len(told) else costs.of(SHEDDING, "vom_usd_per_mwh", iso3)
