"""Outlook of a home country's GDP, exports, revenue and domestic debt, in US dollars of each year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sogdia.case import Case
from sogdia.case.growth import growth_factor, growth_paths
from sogdia.finance.debt_settings import DebtSettings
from sogdia.finance.debt_stock import TOTAL_DEBT

Floats = npt.NDArray[np.float64]

EXPORTS, REVENUE = "exports_gs_musd", "government_revenue_musd"
TOTAL_PUBLIC, TOTAL_PUBLIC_PCT = "total_public_debt_musd", "total_public_debt_pct_gdp"
GROWTH_SD, EXPORTS_SD = "gdp_growth_sd_pct", "exports_growth_sd_pct"
"""Items of ``macro``: standard deviation of yearly growth, the size of a shock."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """Outlook of a home country; arrays are (T,), USD million of the year.

    Attributes:
        home: The country.
        first: First year of the path.
        growth: Nominal growth of GDP in US dollars, as a fraction.
        gdp: Gross domestic product.
        exports: Exports of goods and services; NaN if no figure is known.
        revenue: Government revenue; NaN if no figure is known.
        domestic: Domestic public debt; NaN if total public debt is not known.
    """

    home: str
    first: int
    growth: Floats
    gdp: Floats
    exports: Floats
    revenue: Floats
    domestic: Floats

    def with_shortfall(self, name: str, points: float, years: slice) -> Outlook:
        """Return the outlook with growth lower by percentage points in some years; the level stays lower.

        Args:
            name: ``gdp`` (revenue falls with it) or ``exports``.
            points: Percentage points of yearly growth.
            years: Years of the shock, as places in the path.
        """
        level = getattr(self, name)
        rates = 1.0 + self.growth
        lower = rates.copy()
        lower[years] -= points / 100.0
        factor = np.cumprod(lower / rates)
        if name == "exports":
            return replace(self, exports=level * factor)
        return replace(self, gdp=level * factor, revenue=self.revenue * factor)

    def with_depreciation(self, pct: float, year: int) -> Outlook:
        """Return the outlook with a lower value of the currency in dollars from a year on.

        GDP, revenue and domestic debt are in domestic currency; exports are in dollars.
        """
        factor = np.where(np.arange(len(self.gdp)) >= year, 1.0 - pct / 100.0, 1.0)
        return replace(
            self, gdp=self.gdp * factor, revenue=self.revenue * factor, domestic=self.domestic * factor
        )


def outlook(case: Case, home: str, first: int, settings: DebtSettings) -> Outlook:
    """Project GDP, exports, revenue and domestic debt of a country.

    GDP is that of ``economies``, grown by ``growth`` as the scenario has it and by dollar inflation π:
    ``Y_t = Y_0 Π (1 + g_s)(1 + π)``. Exports and revenue are the latest of ``macro``, grown with GDP from
    their year on. Domestic debt is total public less external public debt, constant over GDP if the other
    borrowing is, otherwise constant.

    Args:
        case: The case.
        home: The country.
        first: First year of the path.
        settings: Length, inflation, borrowing.
    """
    nominal = _nominal_gdp(case, home, settings.dollar_inflation_pct / 100.0)
    years = range(first, first + settings.years)
    gdp = np.array([nominal(year) for year in years])
    growth = gdp / np.array([nominal(year - 1) for year in years]) - 1.0
    figures = {name: latest(case, name).get(home) for name in (EXPORTS, REVENUE)}
    levels = {
        name: gdp * (float("nan") if figure is None else figure[1] / nominal(figure[0]))
        for name, figure in figures.items()
    }
    domestic = np.full(len(gdp), _domestic_share(case, home, nominal))
    domestic *= gdp if settings.borrowing == "gdp_share" else nominal(first - 1)
    return Outlook(home, first, growth, gdp, levels[EXPORTS], levels[REVENUE], domestic)


def latest(case: Case, item: str) -> dict[str, tuple[int, float]]:
    """Return year and value of the latest figure of an item of ``macro`` by country."""
    rows = case.table("macro")
    rows = rows[(rows["item"] == item) & rows["value"].notna()].sort_values("year")
    columns = (rows[name] for name in ("iso3", "year", "value"))
    return {str(code): (int(year), float(value)) for code, year, value in zip(*columns, strict=True)}


def _nominal_gdp(case: Case, home: str, inflation: float) -> Callable[[int], float]:
    """Return GDP in dollars of a year as a function of the year."""
    economies = case.region.table("economies").set_index("iso3")[["year", "gdp_musd"]].to_dict("index")
    base, size = int(economies[home]["year"]), float(economies[home]["gdp_musd"])
    paths = growth_paths(case.table("growth"))
    scale = 0.0 if case.scenario.growth == "none" else case.scenario.growth_factor

    def nominal(year: int) -> float:
        ends = (base, year) if year >= base else (year, base)
        real = growth_factor(paths, home, "gdp", *ends, scale)
        return float(size * (real if year >= base else 1.0 / real) * (1.0 + inflation) ** (year - base))

    return nominal


def _domestic_share(case: Case, home: str, nominal: Callable[[int], float]) -> float:
    """Return domestic public debt over GDP, by the later of the two figures of total public debt."""
    external = latest(case, TOTAL_DEBT).get(home)
    amount, share = latest(case, TOTAL_PUBLIC).get(home), latest(case, TOTAL_PUBLIC_PCT).get(home)
    figures = [] if amount is None else [(amount[0], 1, amount[1] / nominal(amount[0]))]
    figures += [] if share is None else [(share[0], 0, share[1] / 100.0)]
    if external is None or not figures:
        return float("nan")
    total = max(figures)[2]
    return max(total - external[1] / nominal(external[0]), 0.0)
