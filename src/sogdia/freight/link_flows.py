"""Tonnes on the links of a region, for maps and comparisons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.freight.solve import FreightResult

LINKS = "links/"


def link_flows(freight: FreightResult) -> pd.DataFrame:
    """What each link of the region carries, all goods together.

    Args:
        freight: An assigned case.

    Returns:
        ``link``, ``from``, ``to``, ``mode``, ``length_km``, ``tonnes`` in both directions, ``forward_t``
        and ``back_t``, ``capacity_t`` (infinite where none is known), ``v_c`` of the busier direction, and
        ``from_lon``, ``from_lat``, ``to_lon``, ``to_lat``; one row a link that the case has, in the order of
        its table.
    """
    case, arcs = freight.supernetwork.case, freight.result.links()
    first = arcs["rows"].str.partition(";")[0]
    haul = arcs[arcs["kind"].eq("haul") & first.str.startswith(LINKS)].copy()
    haul["link"] = first[haul.index].str.removeprefix(LINKS)
    known = case.table("links").set_index("id")
    known = known[known.index.isin(haul["link"])]
    end = haul["to"].str.partition("/")[0].str.rpartition(">")[2].str.partition("#")[0]
    forward = end.eq(haul["link"].map(known["to"]))
    tonnes = {
        name: haul.loc[way, "flow"].groupby(haul["link"]).sum().reindex(known.index).fillna(0.0)
        for name, way in (("forward_t", forward), ("back_t", ~forward))
    }
    table = known[["from", "to", "mode", "length_km"]].rename_axis("link")
    table["tonnes"] = tonnes["forward_t"] + tonnes["back_t"]
    table = table.assign(**tonnes)
    by_link = haul.groupby("link")
    table["capacity_t"] = by_link["capacity"].max().reindex(table.index).astype(np.float64)
    table["v_c"] = by_link["v_c"].max().reindex(table.index)
    places = case.table("places").set_index("id")
    for side in ("from", "to"):
        for axis in ("lon", "lat"):
            table[f"{side}_{axis}"] = table[side].map(places[axis]).astype(np.float64)
    return table.reset_index()
