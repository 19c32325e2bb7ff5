"""Sums of money turned into dollars at the yearly rates of the region pack."""

from __future__ import annotations

import datetime as dt

from sogdia.articles.claim import Amount, Period, Quantity
from sogdia.region import Region

_DOLLARS = "USD"


class Rates:
    """The table ``exchange_rates`` of a pack."""

    def __init__(self, region: Region) -> None:
        self._rates: dict[str, dict[int, float]] = {}
        for currency, year, rate in region.table("exchange_rates")[
            ["currency", "year", "usd_per_unit"]
        ].values.tolist():
            self._rates.setdefault(currency, {})[int(year)] = float(rate)

    def amount(self, money: Quantity, date: Period | None, day: dt.date | None) -> Amount:
        """A sum as told and in million dollars, at the rate of its year or the nearest year the pack has.

        Args:
            money: The sum.
            date: When the claim is of.
            day: The article's date; a sum of the future or of no date is turned at its year.
        """
        if money.unit == _DOLLARS:
            return Amount(
                money.text, money.value, money.unit, money.bound, _round(money.value / 1e6), upper=money.upper
            )
        years = self._rates.get(money.unit, {})
        if not years:
            return Amount(money.text, money.value, money.unit, money.bound, None, None, None, money.upper)
        wanted = day.year if day else max(years)
        if date is not None and (day is None or date.year <= day.year):
            wanted = date.year
        year = min(years, key=lambda told: (abs(told - wanted), told))
        rate = years[year]
        return Amount(
            money.text,
            money.value,
            money.unit,
            money.bound,
            _round(money.value * rate / 1e6),
            rate,
            year,
            money.upper,
        )


def _round(value: float) -> float:
    return float(f"{value:.6g}")
