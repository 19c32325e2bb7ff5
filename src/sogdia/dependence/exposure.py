"""Exposure: the share of each partner in each channel of each home country.

A partner is a row of ``partners``; a party that belongs to none is its own partner. Channels and measures,
``all`` first:

- ``trade``: ``all`` (exports and imports), ``imports``, ``exports``, in USD million of foreign trade;
- ``transit``: ``all``, tonnes of the home's trade that pass the partner's territory, of all delivered tonnes
  (one path may pass several territories, so shares may sum to more than 100); ``operator``, tonnes on arcs of
  a known operator;
- ``energy``: ``all`` (generation from the partner's fuel, and imported electricity), ``fuel``, ``import``,
  ``builder``, ``owner``, in GWh of the home's generation and imports;
- ``capital``: ``all``, present value of outstanding debt and of the plan's new loans; ``stock``, ``new``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.dependence.concentration import (
    asymmetry,
    concentration_ratio,
    effective_number,
    eu_indicators,
    hhi,
    hhi_normalised,
    hirschman_1945,
    shares_of,
    theil_blocs,
)
from sogdia.dependence.tables import CONCENTRATION, EU, EXPOSURE
from sogdia.finance.debt_stock import unpublished_lenders
from sogdia.finance.lenders import partner_by_party

SUMMED = ("trade", "energy", "capital")
"""Channels whose shares sum to 100 %, so that concentration is defined."""


def exposure_of(
    case: Case,
    trade: pd.DataFrame,
    transit: pd.DataFrame,
    supply: pd.DataFrame,
    money: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Compute the share of every partner in every channel of every home country.

    Args:
        case: The case.
        trade: Table ``trade`` of :func:`sogdia.dependence.structure.goods_structure`.
        transit: Table ``transit`` of the same.
        supply: Table ``supply`` of :func:`sogdia.dependence.structure.power_structure`.
        money: Tables ``stock`` and ``finance`` of a plan's finance.

    Returns:
        Table ``exposure`` (:data:`sogdia.dependence.tables.EXPOSURE`); by home and channel, largest share
        first.
    """
    shares = pd.concat(
        [_trade(case, trade), _transit(transit), _energy(case, supply), _capital(case, money)],
        ignore_index=True,
    )
    shares["share_pct"] = 100.0 * shares["amount"] / shares["total"]
    names = _names(case)
    shares["name"] = shares["partner"].map(lambda key: names.get(key, key))
    shares["asymmetry"] = _asymmetries(case, shares)
    shares = shares[shares["amount"] > 0.0]
    order = shares.sort_values(
        ["home", "channel", "measure", "share_pct"], ascending=[True, True, True, False]
    )
    return EXPOSURE.frame(order).reset_index(drop=True)


def _names(case: Case) -> dict[str, str]:
    parties = case.table("parties").set_index("code")["name"].to_dict()
    economies = case.table("economies").set_index("iso3")["name"].to_dict()
    names = {**economies, **parties, **case.table("partners")["name"].to_dict()}
    return {str(code): str(name) for code, name in names.items()}


def _measured(table: pd.DataFrame, channel: str, measure: str, unit: str) -> pd.DataFrame:
    """Sum ``amount`` by home and partner; the total is their sum unless the table states one."""
    summed = table.groupby(["home", "partner"], as_index=False)["amount"].sum()
    if "total" in table:
        summed["total"] = summed["home"].map(table.groupby("home")["total"].max())
    else:
        summed["total"] = summed["home"].map(summed.groupby("home")["amount"].sum())
    return pd.DataFrame(summed.assign(channel=channel, measure=measure, unit=unit))


def grouped(case: Case, column: pd.Series[str]) -> pd.Series[str]:
    """Map each party to its partner, or to itself if it belongs to none."""
    partner = partner_by_party(case)
    return column.map(lambda code: partner.get(code, code))


def _trade(case: Case, trade: pd.DataFrame) -> pd.DataFrame:
    table = trade.assign(partner=grouped(case, trade["economy"]), amount=trade["value_musd"])
    sides = [(side, table[table["side"] == side]) for side in ("import", "export")]
    parts = [_measured(some, "trade", f"{side}s", "USD million") for side, some in sides]
    return pd.concat([_measured(table, "trade", "all", "USD million"), *parts])


def _transit(transit: pd.DataFrame) -> pd.DataFrame:
    table = transit.rename(columns={"tonnes": "amount", "total_t": "total"})
    passed = table[table["party"] != ""].assign(partner=lambda rows: rows["party"])
    operated = table[table["operator"] != ""].assign(partner=lambda rows: rows["operator"])
    return pd.concat(
        [_measured(passed, "transit", "all", "t"), _measured(operated, "transit", "operator", "t")]
    )


def _energy(case: Case, supply: pd.DataFrame) -> pd.DataFrame:
    table = supply.rename(columns={"gwh": "amount", "total_gwh": "total"})
    table["partner"] = grouped(case, table["party"])
    total = _measured(table[table["by"].isin(["fuel", "import"])], "energy", "all", "GWh")
    kinds = ("fuel", "import", "builder", "owner")
    return pd.concat([total, *(_measured(table[table["by"] == by], "energy", by, "GWh") for by in kinds)])


def _capital(case: Case, money: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    stock = money["stock"][["home", "party", "pv_musd"]]
    new = money["finance"]
    new = new[new["lent"].astype(bool) & new["pv_musd"].notna()][["home", "party", "pv_musd"]]
    parts = []
    for measure, table in (("all", pd.concat([stock, new])), ("stock", stock), ("new", new)):
        owed = table.assign(partner=grouped(case, table["party"]), amount=table["pv_musd"].astype(float))
        owed = owed[~owed["partner"].isin(case.region.home)]
        owed["total"] = owed.groupby("home")["amount"].transform("sum")
        # Shares are of all debt; lenders that are not published are no partner.
        published = owed[~owed["party"].isin(unpublished_lenders(case))]
        parts.append(_measured(published, "capital", measure, "USD million"))
    return pd.concat(parts)


def _asymmetries(case: Case, shares: pd.DataFrame) -> pd.Series[float]:
    """Compute the asymmetry of trade: the partner's share in the home's trade against the reverse share."""
    rows = case.table("trade")
    rows = rows[(rows["commodity"] == "all") & (rows["exporter"] != rows["importer"])]
    size: dict[str, float] = {}
    for side in ("exporter", "importer"):
        partner = grouped(case, rows[side])
        for key, value in rows.groupby(partner)["value_musd"].sum().items():
            size[str(key)] = size.get(str(key), 0.0) + float(value)
    out = []
    for row in shares.to_dict("records"):
        total = size.get(str(row["partner"]), 0.0)
        is_defined = row["channel"] == "trade" and row["measure"] == "all" and total > 0.0
        out.append(asymmetry(row["amount"] / row["total"], row["amount"] / total) if is_defined else np.nan)
    return pd.Series(out, index=shares.index, dtype=float)


def concentration_of(case: Case, exposure: pd.DataFrame) -> pd.DataFrame:
    """Compute the concentration of each home's channels.

    Blocs of Theil's measure are the groups of ``economies``; a partner without a group is in the bloc of its
    kind.

    Returns:
        Table ``concentration`` (:data:`sogdia.dependence.tables.CONCENTRATION`).
    """
    bloc, rows = _blocs(case), []
    chosen = exposure[exposure["channel"].isin(SUMMED)]
    for (home, channel, measure), part in chosen.groupby(["home", "channel", "measure"]):
        shares = shares_of(part["amount"].to_numpy(dtype=np.float64))
        blocs = theil_blocs(shares, [bloc.get(str(key), "other") for key in part["partner"]])
        rows.append(
            (home, channel, measure, len(shares), hhi(shares), hhi_normalised(shares),
            effective_number(shares),
             blocs.total, blocs.between, blocs.within, hirschman_1945(shares), concentration_ratio(shares, 1),
             part["name"].iloc[int(shares.argmax())])
        )  # fmt: skip
    return CONCENTRATION.frame(rows)


def _blocs(case: Case) -> dict[str, str]:
    group = case.table("economies").set_index("iso3")["group"].to_dict()
    kind = case.table("parties").set_index("code")["kind"].to_dict()
    blocs = {str(code): str(group.get(code, name)) for code, name in {**kind, **group}.items()}
    for name, cell in case.table("partners")["members"].items():
        members = str(cell).split(";")
        first = next((code for code in members if code in group), members[0])
        blocs[str(name)] = str(group.get(first, kind.get(first, "other")))
    return blocs


def eu_of(case: Case, trade: pd.DataFrame) -> pd.DataFrame:
    """Compute the Commission's three indicators of each home by commodity; the region counts as inside.

    Returns:
        Table ``eu`` (:data:`sogdia.dependence.tables.EU`).
    """
    rows, homes = [], set(case.region.home)
    for (home, commodity), part in trade.groupby(["home", "commodity"]):
        imports = part[part["side"] == "import"]
        outside = imports[~imports["economy"].isin(homes)]["value_musd"]
        inside = float(imports["value_musd"].sum() - outside.sum())
        exports = float(part.loc[part["side"] == "export", "value_musd"].sum())
        indicators = eu_indicators(outside.to_numpy(dtype=np.float64), inside, exports)
        if indicators is not None:
            row = (
                home,
                commodity,
                indicators.concentration,
                indicators.outside_share,
                indicators.substitution,
            )
            rows.append((*row, indicators.is_dependent, float(outside.sum())))
    return EU.frame(rows)
