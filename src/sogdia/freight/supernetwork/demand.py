"""Trade of a case as tonnes between zones.

Each row of ``trade`` between two economies is spread over the zones of both ends. Its tonnes are the row's
own or, where it has none, its value over the pair's value per tonne. A pair that is split by commodity
is carried by its commodities; one that is not, as the aggregate ``all``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import UnitValues
from sogdia.codes import ALL_GOODS, ANY, BOTH
from sogdia.freight.supernetwork.nodes import zone_node
from sogdia.units import convert

USD_PER_MUSD = convert(1.0, "USD million", "USD")


PAIR = ["exporter", "importer", "commodity"]


def tonnes_by_pair(
    trade: pd.DataFrame,
    commodities: pd.DataFrame,
    unit_values: UnitValues,
    factors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return tonnes of freight a year by exporter, importer and commodity.

    Tonnes are those of the row or, where it has none, its value over the unit value of pair and commodity.

    Args:
        trade: Table ``trade``.
        commodities: Table ``commodities``.
        unit_values: Values per tonne by pair and commodity.
        factors: Table ``demand_factors``; tonnes are those of ``trade`` if not given.

    Returns:
        ``row`` of ``trade``, ``exporter``, ``importer``, ``commodity``, ``tonnes``, ``value_musd``.
    """
    abroad = trade[trade["exporter"] != trade["importer"]].reset_index()
    split = (
        abroad[abroad["commodity"] != ALL_GOODS][["exporter", "importer"]]
        .drop_duplicates()
        .assign(split=True)
    )
    merged = abroad.merge(split, on=["exporter", "importer"], how="left")
    is_aggregate = merged["commodity"] == ALL_GOODS
    flows = merged[(~is_aggregate) | (is_aggregate & merged["split"].isna())].copy()
    flows = flows[flows["commodity"].map(commodities["freight"]).astype(bool)]
    usd_per_t = unit_values.of(flows)["usd_per_t"]
    flows["tonnes"] = flows["tonnes"].fillna(flows["value_musd"] * USD_PER_MUSD / usd_per_t)
    if factors is not None and len(factors):
        factor = factors.set_index(PAIR)["factor"]
        known = factor.reindex(pd.MultiIndex.from_frame(flows[PAIR])).fillna(1.0)
        flows["tonnes"] *= known.to_numpy(dtype=np.float64)
    return flows.loc[flows["tonnes"] > 0.0, ["row", *PAIR, "tonnes", "value_musd"]].reset_index(drop=True)


class ZoneShares:
    """Shares of zones by economy, role, commodity and partner: the closest set that exists.

    In order: role and commodity and partner; any partner; role, all goods, partner; any partner; both
    roles, all goods, partner; any partner. A set for the partner's group counts as one for the partner.
    """

    def __init__(self, zones: pd.DataFrame, group: Mapping[str, str]) -> None:
        self._group = group
        self._sets: dict[tuple[str, str, str, str], list[tuple[str, float]]] = {}
        keys = zip(zones["iso3"], zones["role"], zones["commodity"], zones["partner"], strict=True)
        for key, place, share in zip(keys, zones["place"], zones["share"], strict=True):
            self._sets.setdefault(key, []).append((str(place), float(share)))

    def of(self, economy: str, role: str, commodity: str, partner: str) -> list[tuple[str, float]]:
        """Return places and shares of an economy's trade in a role with a partner."""
        partners = (partner, self._group.get(partner, partner), ANY)
        for set_role, goods in ((role, commodity), (role, ALL_GOODS), (BOTH, ALL_GOODS)):
            for name in partners:
                shares = self._sets.get((economy, set_role, goods, name))
                if shares is not None:
                    return shares
        return []


def spread_over_zones(pairs: pd.DataFrame, shares: ZoneShares) -> pd.DataFrame:
    """Return tonnes between zones: the columns of ``pairs`` with ``origin``, ``destination``, ``flow``."""
    codes: dict[str, int] = {}
    origins, destinations, flows, counts = [], [], [], []
    columns = ("exporter", "importer", "commodity", "tonnes")
    for exporter, importer, commodity, tonnes in zip(*(pairs[name] for name in columns), strict=True):
        start, start_share = _coded(shares.of(exporter, "export", commodity, importer), exporter, codes)
        end, end_share = _coded(shares.of(importer, "import", commodity, exporter), importer, codes)
        origins.append(np.repeat(start, end.size))
        destinations.append(np.tile(end, start.size))
        flows.append(np.outer(start_share, end_share).ravel() * tonnes)
        counts.append(start.size * end.size)
    rows = np.repeat(np.arange(len(pairs)), counts)
    labels = np.array(list(codes), dtype=object)
    frame = pairs.drop(columns=["tonnes"]).iloc[rows].reset_index(drop=True)
    frame["origin"] = pd.array(labels[np.concatenate(origins)], dtype="str")
    frame["destination"] = pd.array(labels[np.concatenate(destinations)], dtype="str")
    frame["flow"] = np.concatenate(flows)
    return frame[frame["flow"] > 0.0].reset_index(drop=True)


def _coded(
    places: list[tuple[str, float]], economy: str, codes: dict[str, int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the code of each zone, new ones added to ``codes``, and its share."""
    numbers = [codes.setdefault(zone_node(place, economy).label, len(codes)) for place, _ in places]
    return np.array(numbers, dtype=np.int64), np.array([share for _, share in places])
