"""Rows of the region that each exposure stands on, so that every figure opens to them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sogdia.case import Case
from sogdia.dependence.exposure import ROWS, grouped
from sogdia.finance.lenders import partner_by_party


def rows_of(
    case: Case,
    transit: pd.DataFrame,
    ways: pd.DataFrame,
    supply: pd.DataFrame,
    money: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Rows by home, channel and partner, as ``table/key``; :meth:`sogdia.case.Case.trace` opens each.

    Args:
        case: The case.
        transit: Whose land each home's trade passes.
        ways: Rows in use by territory.
        supply: Power by party, with rows.
        money: Tables ``stock`` and ``finance``.

    Returns:
        ``home``, ``channel``, ``partner``, ``row``.
    """
    parts = [_trade(case), _transit(case, transit, ways), _energy(case, supply), _capital(case, money)]
    table = pd.concat(parts, ignore_index=True)[list(ROWS)].drop_duplicates()
    return table.sort_values(list(ROWS), ignore_index=True)


def _trade(case: Case) -> pd.DataFrame:
    rows = case.table("trade")
    rows = rows[(rows["exporter"] != rows["importer"]) & (rows["value_musd"] > 0.0)]
    parts = []
    for own, other in (("exporter", "importer"), ("importer", "exporter")):
        some = rows[rows[own].isin(case.region.home)]
        keys = [f"trade/{key}" for key in some.index]
        parts.append(
            pd.DataFrame({"home": some[own].array, "partner": grouped(case, some[other]).array, "row": keys})
        )
    return pd.concat(parts).assign(channel="trade")


def _transit(case: Case, transit: pd.DataFrame, ways: pd.DataFrame) -> pd.DataFrame:
    partner = partner_by_party(case)
    used = ways.assign(partner=ways["territory"].map(lambda land: partner.get(land, land)))
    passed = transit[transit["party"] != ""].rename(columns={"party": "partner"})[["home", "partner"]]
    return passed.merge(used[["partner", "row"]], on="partner").assign(channel="transit")


def _energy(case: Case, supply: pd.DataFrame) -> pd.DataFrame:
    table = supply.assign(partner=grouped(case, supply["party"]), row=supply["rows"].str.split(";"))
    table = table.explode("row")
    return table[table["row"] != ""].assign(channel="energy")


def _capital(case: Case, money: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [money[name][["home", "party", "row"]] for name in ("stock", "finance")]
    table = pd.concat(parts)
    return table.assign(partner=grouped(case, table["party"]), channel="capital")
