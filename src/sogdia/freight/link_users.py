"""Freight on each link by commodity, and the trade that uses each link: select-link for all links."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.freight.results import FreightResult
from sogdia.freight.supernetwork.arcs import HAUL
from sogdia.freight.supernetwork.constants import PER_CENT
from sogdia.freight.tables import LINK_COMMODITIES, LINK_USERS

MOST_USERS = 25
"""Largest users of a link that are listed."""
LEAST_T = 0.5
"""Tonnes a year below which neither a commodity nor a user is listed."""
USER = ["exporter", "importer", "commodity"]


def link_commodities(freight: FreightResult) -> pd.DataFrame:
    """Return tonnes of each commodity on each link, both directions.

    Their sum over commodities is ``tonnes`` of :meth:`FreightResult.links`, up to rows below 0.5 t a year.

    Returns:
        The columns of :data:`sogdia.freight.tables.LINK_COMMODITIES`.
    """
    result, of_class = freight.result, freight.supernetwork.classes["commodity"]
    links, code = _links_of_arcs(freight)
    commodities = [str(of_class[name]) for name in result.demand.classes]
    parts = []
    for commodity in dict.fromkeys(commodities):
        is_own = np.array([name == commodity for name in commodities])
        flow = result.flows[is_own].sum(axis=0)
        tonnes = np.bincount(code[code >= 0], weights=flow[code >= 0], minlength=len(links))
        parts.append(pd.DataFrame({"link": links, "commodity": commodity, "tonnes": tonnes}))
    table = pd.concat(parts, ignore_index=True)
    return LINK_COMMODITIES.frame(table[table["tonnes"] >= LEAST_T].reset_index(drop=True))


def link_users(freight: FreightResult, most: int = MOST_USERS) -> pd.DataFrame:
    """Return the exporters, importers and commodities that use each link, the largest of each link.

    Args:
        freight: Assigned freight.
        most: Most rows of one link.

    Returns:
        The columns of :data:`sogdia.freight.tables.LINK_USERS`.
    """
    links, code = _links_of_arcs(freight)
    demand = freight.supernetwork.identified(freight.result.demand)
    user, users = _users(demand)
    flow = demand["flow"].to_numpy(dtype=np.float64)
    used = np.unique(code[(code >= 0) & (freight.result.flows.sum(axis=0) >= LEAST_T)])
    arcs: Bools = code[None, :] == used[:, None]
    parts = []
    for number, share in zip(used, freight.result.loading.each_share(arcs), strict=True):
        tonnes: Floats = np.asarray(
            np.bincount(user, weights=share * flow, minlength=len(users)), dtype=np.float64
        )
        parts.append(_largest(links[number], tonnes, users, most))
    filled = [part for part in parts if len(part)]
    return LINK_USERS.frame(pd.concat(filled, ignore_index=True) if filled else ())


def _links_of_arcs(freight: FreightResult) -> tuple[list[str], Longs]:
    """Return the links that carry freight, and the position of each arc's link, −1 for other arcs, (A,)."""
    arcs = freight.result.network.arcs
    link = arcs["link_id"].where(arcs["kind"].eq(HAUL), "").astype(str)
    code, names = pd.factorize(link.where(link != ""))
    return [str(name) for name in names], np.asarray(code, dtype=np.int64)


def _users(demand: pd.DataFrame) -> tuple[Longs, pd.DataFrame]:
    """Return the number of each row's user, (T,), and the users."""
    keys = demand[USER].astype(str)
    user: Longs = np.asarray(keys.groupby(USER, sort=False).ngroup(), dtype=np.int64)
    return user, keys.drop_duplicates(ignore_index=True)


def _largest(link: str, tonnes: Floats, users: pd.DataFrame, most: int) -> pd.DataFrame:
    order = np.argsort(-tonnes, kind="stable")[:most]
    order = order[tonnes[order] >= LEAST_T]
    table = users.iloc[order].reset_index(drop=True)
    table.insert(0, "link", link)
    table["tonnes"] = tonnes[order]
    table["share_pct"] = PER_CENT * tonnes[order] / tonnes.sum()
    return table
