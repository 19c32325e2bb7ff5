"""Structure: how much of each channel lies with each partner, and the rows that each share stands on.

A partner is a row of ``partners``, whether studied or not; parties that belong to none stand for
themselves. Channels and their measures, ``all`` first:

- ``trade``: ``all`` (sold and bought), ``imports``, ``exports``, of trade abroad in USD million;
- ``transit``: ``all``, tonnes of the home's trade that pass the partner's land, of all delivered; several
lands may be
  passed on one way, so shares may sum to more than 100; ``operator``, on arcs of one that is known;
- ``energy``: ``all`` (burnt of the partner's fuel, and bought as power), ``fuel``, ``import``, ``builder``,
``owner``, in
  GWh of what the home makes and buys;
- ``capital``: ``all``, present value of debt that stands and of the plan's new loans; ``stock``, ``new``.
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
from sogdia.finance.lenders import partner_by_party

EXPOSURE = (
    "home",
    "channel",
    "measure",
    "partner",
    "name",
    "amount",
    "whole",
    "unit",
    "share_pct",
    "asymmetry",
)
ROWS = ("home", "channel", "partner", "row")
SUMMED = ("trade", "energy", "capital")
"""Channels whose shares are parts of one whole, so that concentration has a meaning."""


def exposure_of(
    case: Case,
    trade: pd.DataFrame,
    transit: pd.DataFrame,
    supply: pd.DataFrame,
    money: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Shares of every partner in every channel of every home.

    Args:
        case: The case.
        trade: ``home``, ``side``, ``economy``, ``commodity``, ``value_musd``, ``tonnes``.
        transit: ``home``, ``party``, ``operator``, ``tonnes``, ``whole_t``.
        supply: ``home``, ``by``, ``party``, ``gwh``, ``whole_gwh``, ``rows``.
        money: Tables ``stock`` and ``finance`` of a plan's money.

    Returns:
        ``home``, ``channel``, ``measure``, ``partner``, ``name``, ``amount``, ``whole``, ``unit``,
        ``share_pct``, and for all trade the ``asymmetry``; by home and channel, largest share first.
    """
    found = pd.concat(
        [_trade(case, trade), _transit(transit), _energy(case, supply), _capital(case, money)],
        ignore_index=True,
    )
    found["share_pct"] = 100.0 * found["amount"] / found["whole"]
    names = _names(case)
    found["name"] = found["partner"].map(lambda key: names.get(key, key))
    found["asymmetry"] = _asymmetries(case, found)
    found = found[found["amount"] > 0.0]
    order = found.sort_values(
        ["home", "channel", "measure", "share_pct"], ascending=[True, True, True, False]
    )
    return order[list(EXPOSURE)].reset_index(drop=True)


def _names(case: Case) -> dict[str, str]:
    parties = case.table("parties").set_index("code")["name"].to_dict()
    economies = case.table("economies").set_index("iso3")["name"].to_dict()
    told = {**economies, **parties, **case.table("partners")["name"].to_dict()}
    return {str(code): str(name) for code, name in told.items()}


def _measured(table: pd.DataFrame, channel: str, measure: str, unit: str) -> pd.DataFrame:
    """Sum ``amount`` by home and partner; the whole is theirs where none is given."""
    summed = table.groupby(["home", "partner"], as_index=False)["amount"].sum()
    if "whole" in table:
        summed["whole"] = summed["home"].map(table.groupby("home")["whole"].max())
    else:
        summed["whole"] = summed["home"].map(summed.groupby("home")["amount"].sum())
    return pd.DataFrame(summed.assign(channel=channel, measure=measure, unit=unit))


def grouped(case: Case, column: pd.Series[str]) -> pd.Series[str]:
    """Partner of each party; the party itself where it belongs to none."""
    partner = partner_by_party(case)
    return column.map(lambda code: partner.get(code, code))


def _trade(case: Case, trade: pd.DataFrame) -> pd.DataFrame:
    table = trade.assign(partner=grouped(case, trade["economy"]), amount=trade["value_musd"])
    sides = [(side, table[table["side"] == side]) for side in ("import", "export")]
    parts = [_measured(some, "trade", f"{side}s", "USD million") for side, some in sides]
    return pd.concat([_measured(table, "trade", "all", "USD million"), *parts])


def _transit(transit: pd.DataFrame) -> pd.DataFrame:
    table = transit.rename(columns={"tonnes": "amount", "whole_t": "whole"})
    land = table[table["party"] != ""].assign(partner=lambda rows: rows["party"])
    run = table[table["operator"] != ""].assign(partner=lambda rows: rows["operator"])
    return pd.concat([_measured(land, "transit", "all", "t"), _measured(run, "transit", "operator", "t")])


def _energy(case: Case, supply: pd.DataFrame) -> pd.DataFrame:
    table = supply.rename(columns={"gwh": "amount", "whole_gwh": "whole"})
    table["partner"] = grouped(case, table["party"])
    whole = _measured(table[table["by"].isin(["fuel", "import"])], "energy", "all", "GWh")
    kinds = ("fuel", "import", "builder", "owner")
    return pd.concat([whole, *(_measured(table[table["by"] == by], "energy", by, "GWh") for by in kinds)])


def _capital(case: Case, money: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    stock = money["stock"][["home", "party", "pv_musd"]]
    new = money["finance"]
    new = new[new["lent"].astype(bool) & new["pv_musd"].notna()][["home", "party", "pv_musd"]]
    parts = []
    for measure, table in (("all", pd.concat([stock, new])), ("stock", stock), ("new", new)):
        owed = table.assign(partner=grouped(case, table["party"]), amount=table["pv_musd"].astype(float))
        owed = owed[~owed["partner"].isin(case.region.home)]
        parts.append(_measured(owed, "capital", measure, "USD million"))
    return pd.concat(parts)


def _asymmetries(case: Case, found: pd.DataFrame) -> pd.Series[float]:
    """Asymmetry of trade: the partner's share in ours against ours in the partner's."""
    rows = case.table("trade")
    rows = rows[(rows["commodity"] == "all") & (rows["exporter"] != rows["importer"])]
    size: dict[str, float] = {}
    for side in ("exporter", "importer"):
        partner = grouped(case, rows[side])
        for key, value in rows.groupby(partner)["value_musd"].sum().items():
            size[str(key)] = size.get(str(key), 0.0) + float(value)
    out = []
    for row in found.to_dict("records"):
        whole = size.get(str(row["partner"]), 0.0)
        told = row["channel"] == "trade" and row["measure"] == "all" and whole > 0.0
        out.append(asymmetry(row["amount"] / row["whole"], row["amount"] / whole) if told else np.nan)
    return pd.Series(out, index=found.index, dtype=float)


def concentration_of(case: Case, exposure: pd.DataFrame) -> pd.DataFrame:
    """How concentrated each home's channels are.

    Blocs of Theil's measure are the groups of ``economies``; a partner without one is a bloc with its kind.

    Returns:
        ``home``, ``channel``, ``measure``, ``partners`` (how many), ``hhi``, ``hhi_normalised``,
        ``effective_partners``, ``theil``, ``theil_between``, ``theil_within``, ``hirschman``, ``cr1``,
        ``largest``.
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
    names = [
        "home", "channel", "measure", "partners", "hhi", "hhi_normalised", "effective_partners", "theil",
        "theil_between", "theil_within", "hirschman", "cr1", "largest",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _blocs(case: Case) -> dict[str, str]:
    group = case.table("economies").set_index("iso3")["group"].to_dict()
    kind = case.table("parties").set_index("code")["kind"].to_dict()
    found = {str(code): str(group.get(code, name)) for code, name in {**kind, **group}.items()}
    for name, cell in case.table("partners")["members"].items():
        members = str(cell).split(";")
        first = next((code for code in members if code in group), members[0])
        found[str(name)] = str(group.get(first, kind.get(first, "other")))
    return found


def eu_of(case: Case, trade: pd.DataFrame) -> pd.DataFrame:
    """The Commission's three indicators of each home by commodity; inside is the region.

    Returns:
        ``home``, ``commodity``, ``concentration``, ``outside_share``, ``substitution``, ``dependent``,
        ``outside_musd``.
    """
    rows, homes = [], set(case.region.home)
    for (home, commodity), part in trade.groupby(["home", "commodity"]):
        bought = part[part["side"] == "import"]
        outside = bought[~bought["economy"].isin(homes)]["value_musd"]
        inside = float(bought["value_musd"].sum() - outside.sum())
        sold = float(part.loc[part["side"] == "export", "value_musd"].sum())
        found = eu_indicators(outside.to_numpy(dtype=np.float64), inside, sold)
        if found is not None:
            row = (home, commodity, found.concentration, found.outside_share, found.substitution)
            rows.append((*row, found.dependent, float(outside.sum())))
    names = [
        "home",
        "commodity",
        "concentration",
        "outside_share",
        "substitution",
        "dependent",
        "outside_musd",
    ]
    return pd.DataFrame(rows, columns=names)
