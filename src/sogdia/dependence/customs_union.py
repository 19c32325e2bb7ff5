"""Customs union: tariffs of a home country after its union has ended.

The rule: a union ends for a home country when members with more than half of its duties have withdrawn from
it. The country then applies the national tariff of before its accession instead of the common one. With the
average n of the national and c of the common tariff, each tariff t on goods from outside becomes
``t n / c``. Goods of the members that remain enter free, as under the free-trade agreement that the members
have in addition; trade with those that withdraw ends in the channel *trade*. Duties were pooled and
divided by fixed shares: a country loses what it received in excess of the duties that it collected.

The country takes the prices of the world as given and gains by lower tariffs

    ``H = Σ_ik ½ (t_ik + t'_ik) (M'_ik − M_ik)``

with imports M at the exporters' prices (Harberger 1964), before and after in the trade model. In a rerun of
the trade model terms of trade would change as well: with goods that differ by origin a country of any size
gains by a tariff of up to 1 / θ (Gros 1987), so that lower tariffs cost it. That is no reason for a loss of
small countries, but an assumption of table ``ranges``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.trade.arrays import Floats
from sogdia.trade.inputs import TradeInputs
from sogdia.trade.results import TradeResult

TABLE = "customs_unions"
MAJORITY_PCT = 50.0
"""Share of a union's duties above which the withdrawal of its members ends it."""
End = Literal["value", "low", "high"]
NATIONAL = {"value": "national_tariff_pct", "low": "national_low_pct", "high": "national_high_pct"}
"""Columns with the average national tariff and its ends."""


def ended_unions(case: Case, withdrawn: Collection[str], homes: Collection[str]) -> dict[str, dict[Any, Any]]:
    """Return the membership of each home country whose union ends.

    Args:
        case: The case.
        withdrawn: Economies that have withdrawn.
        homes: Home countries that they withdraw from.

    Returns:
        Rows of ``customs_unions`` by home country.
    """
    table = case.table(TABLE).reset_index(drop=True)
    parts = table[table["member"].isin(withdrawn)].groupby("union")["duties_share_pct"].sum()
    ended = set(parts.index[parts > MAJORITY_PCT])
    own = table[table["union"].isin(ended) & table["member"].isin(homes) & ~table["member"].isin(withdrawn)]
    return {str(row["member"]): row for row in own.to_dict("records")}


def is_minority(case: Case, withdrawn: Collection[str], home: str) -> bool:
    """Return whether members of the country's union withdraw without ending it."""
    table = case.table(TABLE).reset_index(drop=True)
    unions = set(table.loc[table["member"] == home, "union"])
    others = table[table["union"].isin(unions) & table["member"].isin(withdrawn)]
    return len(others) > 0 and home not in ended_unions(case, withdrawn, (home,))


def national_tariffs(
    case: Case,
    inputs: TradeInputs,
    tariff_pct: Floats,
    withdrawn: Collection[str],
    homes: Collection[str],
    end: End = "value",
) -> Floats:
    """Return the tariff on each entry after unions have ended, per cent, (E,).

    Args:
        case: The case.
        inputs: Trade of the baseline.
        tariff_pct: Tariff on each entry before, (E,).
        withdrawn: Economies that have withdrawn.
        homes: Home countries that they withdraw from.
        end: Middle, low or high average of the national tariff.
    """
    factor = np.ones(len(tariff_pct))
    importer = inputs.entries.table["importer"]
    for home, row in ended_unions(case, withdrawn, homes).items():
        national, common = float(row[NATIONAL[end]]), float(row["common_tariff_pct"])
        if not (np.isnan(national) or np.isnan(common)):
            factor[(importer == home).to_numpy(dtype=np.bool_)] = national / common
    return np.asarray(tariff_pct * factor)


def lost_duties(case: Case, withdrawn: Collection[str], homes: Collection[str]) -> pd.Series[float]:
    """Return what home countries received from the pool of duties in excess of their own, USD million a year.

    0 where no balance is published.
    """
    ended = ended_unions(case, withdrawn, homes)
    values = {
        home: float(ended[home]["duties_balance_musd"]) if home in ended else 0.0 for home in case.region.home
    }
    return pd.Series(values, dtype=float).fillna(0.0)


def price_taker_gain(union: TradeResult, national: TradeResult) -> Floats:
    """Return the gain H of each economy by national tariffs at given world prices, USD million a year, (N,).

    Args:
        union: Trade at the tariffs of the union.
        national: Trade at national tariffs.
    """
    before, after = (each.flow / each.cost_hat[:, :, None] for each in (union, national))
    rates = [_rates(each) for each in (union, national)]
    return np.asarray((0.5 * (rates[0] + rates[1]) * (after - before)).sum(axis=(0, 1)))


def _rates(result: TradeResult) -> Floats:
    tariff = result.change.tariff
    return np.asarray(result.baseline.tariff if tariff is None else tariff)
