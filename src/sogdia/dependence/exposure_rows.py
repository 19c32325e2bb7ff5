"""Provenance of exposure: the rows of the region that each share is computed from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sogdia.case import Case
from sogdia.dependence.exposure import grouped
from sogdia.dependence.tables import ROWS
from sogdia.finance.debt_stock import unpublished_lenders
from sogdia.finance.lenders import partner_by_party


def rows_of(
    case: Case,
    transit: pd.DataFrame,
    used_rows: pd.DataFrame,
    supply: pd.DataFrame,
    money: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """List rows by home, channel and partner, as ``table/key``; :meth:`sogdia.case.Case.trace` opens each.

    Args:
        case: The case.
        transit: Transit of each home's trade by party.
        used_rows: Rows of the network in use, by territory.
        supply: Electricity supply by party, with rows.
        money: Tables ``stock`` and ``finance``.

    Returns:
        Table ``rows`` (:data:`sogdia.dependence.tables.ROWS`).
    """
    parts = [_trade(case), _transit(case, transit, used_rows), _energy(case, supply), _capital(case, money)]
    names = list(ROWS.column_names)
    table = pd.concat(parts, ignore_index=True)[names].drop_duplicates()
    return table.sort_values(names, ignore_index=True)


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


def _transit(case: Case, transit: pd.DataFrame, used_rows: pd.DataFrame) -> pd.DataFrame:
    partner = partner_by_party(case)
    used = used_rows.assign(
        partner=used_rows["territory"].map(lambda territory: partner.get(territory, territory))
    )
    passed = transit[transit["party"] != ""].rename(columns={"party": "partner"})[["home", "partner"]]
    return passed.merge(used[["partner", "row"]], on="partner").assign(channel="transit")


def _energy(case: Case, supply: pd.DataFrame) -> pd.DataFrame:
    table = supply.assign(partner=grouped(case, supply["party"]), row=supply["rows"].str.split(";"))
    table = table.explode("row")
    return table[table["row"] != ""].assign(channel="energy")


def _capital(case: Case, money: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [money[name][["home", "party", "row"]] for name in ("stock", "finance")]
    table = pd.concat(parts)
    table = table[~table["party"].isin(unpublished_lenders(case))]
    return table.assign(partner=grouped(case, table["party"]), channel="capital")
