"""Convert amounts of money to US dollars at the yearly rates of the region pack."""

from __future__ import annotations

import datetime as dt

from sogdia.articles.claim import Amount, Period, Quantity
from sogdia.region import Region

DOLLARS = "USD"


class ExchangeRates:
    """Dollars per unit of a currency, by currency and year: the table ``exchange_rates`` of a pack."""

    def __init__(self, region: Region) -> None:
        self._rates: dict[str, dict[int, float]] = {}
        for currency, year, rate in region.table("exchange_rates")[
            ["currency", "year", "usd_per_unit"]
        ].values.tolist():
            self._rates.setdefault(currency, {})[int(year)] = float(rate)

    def nearest(self, currency: str, year: int | None) -> tuple[float, int] | None:
        """Return the rate of a currency in a year, or in the nearest year of the pack, with that year.

        Args:
            currency: ISO 4217 code.
            year: The year; the latest of the pack if ``None``.

        Returns:
            Dollars per unit and the year of the rate; ``None`` if the pack has no rate of the currency.
        """
        years = self._rates.get(currency)
        if not years:
            return None
        target = max(years) if year is None else year
        found = min(years, key=lambda known: (abs(known - target), known))
        return years[found], found

    def convert(self, money: Quantity, date: Period | None, published: dt.date | None) -> Amount:
        """Return an amount with its value in million dollars.

        Args:
            money: The stated amount.
            date: Date of the claim.
            published: Date of the article; the year of the rate if the claim has no date or a later one.
        """
        if money.unit == DOLLARS:
            musd = _round(money.value / 1e6)
            return Amount(money.text, money.value, money.unit, money.bound, musd, upper=money.upper)
        year = published.year if published else None
        if date is not None and (published is None or date.year <= published.year):
            year = date.year
        found = self.nearest(money.unit, year)
        if found is None:
            return Amount(money.text, money.value, money.unit, money.bound, None, None, None, money.upper)
        rate, rate_year = found
        musd = _round(money.value * rate / 1e6)
        return Amount(money.text, money.value, money.unit, money.bound, musd, rate, rate_year, money.upper)


def _round(value: float) -> float:
    return float(f"{value:.6g}")
