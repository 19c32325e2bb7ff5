"""Trade of a case as tonnes between zones.

Each row of ``trade`` between two economies is spread over the zones of both ends. Its tonnes are the row's
own or, where it has none, its value over the pair's value per tonne. A pair that is split by commodity
is carried by its commodities; one that is not, as the aggregate ``all``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats, Longs
from sogdia.case import UnitValues
from sogdia.codes import ALL_GOODS, ANY, BOTH
from sogdia.errors import InputError
from sogdia.freight.supernetwork.nodes import zone_node
from sogdia.units import convert

USD_PER_MUSD = convert(1.0, "USD million", "USD")


PAIR = ["exporter", "importer", "commodity"]
SHARE_TOLERANCE = 1e-6
"""Difference of the shares of a gateway at both ends that is taken as rounding."""


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


class ZoneShare(NamedTuple):
    """Share of a zone in a trade: its place, the share, and its gateway or an empty text."""

    place: str
    share: float
    gateway: str = ""


class ZoneShares:
    """Shares of zones by economy, role, commodity and partner: the closest set that exists.

    In order: role and commodity and partner; any partner; role, all goods, partner; any partner; both
    roles, all goods, partner; any partner. A set for the partner's group counts as one for the partner.
    """

    def __init__(self, zones: pd.DataFrame, group: Mapping[str, str]) -> None:
        self._group = group
        self._sets: dict[tuple[str, str, str, str], list[ZoneShare]] = {}
        names = ("iso3", "role", "commodity", "partner")
        keys = zip(*(zones[name].tolist() for name in names), strict=True)
        columns = (zones["place"], zones["share"], zones["gateway"].fillna(""))
        values = zip(*(column.tolist() for column in columns), strict=True)
        for key, (place, share, gateway) in zip(keys, values, strict=True):
            self._sets.setdefault(key, []).append(ZoneShare(str(place), float(share), str(gateway)))

    def of(self, economy: str, role: str, commodity: str, partner: str) -> list[ZoneShare]:
        """Return the zones of an economy's trade in a role with a partner."""
        partners = (partner, self._group.get(partner, partner), ANY)
        for set_role, goods in ((role, commodity), (role, ALL_GOODS), (BOTH, ALL_GOODS)):
            for name in partners:
                shares = self._sets.get((economy, set_role, goods, name))
                if shares is not None:
                    return shares
        return []


def spread_over_zones(pairs: pd.DataFrame, shares: ZoneShares) -> pd.DataFrame:
    """Spread tonnes of pairs over the zones of both ends.

    With shares s_i and t_j of zones, the part of zones i and j is ``s_i t_j``. Where both sets have
    gateways, it is ``s_i t_j / T_g`` for zones of one gateway g, whose shares sum to T_g at both ends, and
    0 for zones of two gateways.

    Returns:
        The columns of ``pairs`` with ``origin``, ``destination`` and ``flow`` in place of ``tonnes``.

    Raises:
        InputError: If the shares of a gateway differ between the ends of a trade.
    """
    codes: dict[str, int] = {}
    origins, destinations, flows, counts = [], [], [], []
    columns = ("exporter", "importer", "commodity", "tonnes")
    # Lists: the values of a pandas column of text are slow one by one.
    for exporter, importer, commodity, tonnes in zip(
        *(pairs[name].tolist() for name in columns), strict=True
    ):
        starts = shares.of(exporter, "export", commodity, importer)
        ends = shares.of(importer, "import", commodity, exporter)
        start, end = _coded(starts, exporter, codes), _coded(ends, importer, codes)
        origins.append(np.repeat(start, end.size))
        destinations.append(np.tile(end, start.size))
        joint = _joint_shares(starts, ends, f"{exporter} to {importer}, {commodity}")
        flows.append(joint.ravel() * tonnes)
        counts.append(start.size * end.size)
    rows = np.repeat(np.arange(len(pairs)), counts)
    labels = list(codes)
    columns_of = {name: categories(rows, pairs[name].tolist()) for name in pairs.columns.drop("tonnes")}
    frame = pd.DataFrame(columns_of)
    frame["origin"] = categories(np.concatenate(origins), labels)
    frame["destination"] = categories(np.concatenate(destinations), labels)
    frame["flow"] = np.concatenate(flows)
    return frame[frame["flow"] > 0.0].reset_index(drop=True)


def categories(codes: Longs, names: Sequence[str]) -> pd.Categorical:
    """Return ``names[codes]`` as categories, in which several codes may have one name."""
    code_of, unique = pd.factorize(np.array(names, dtype=object))
    return pd.Categorical.from_codes(code_of[codes], pd.Index(unique, dtype="str"))


def _joint_shares(starts: list[ZoneShare], ends: list[ZoneShare], trade: str) -> Floats:
    """Return the part of a trade from each start to each end, (S, E)."""
    share = np.outer([zone.share for zone in starts], [zone.share for zone in ends])
    at_start, at_end = (np.array([zone.gateway for zone in zones]) for zones in (starts, ends))
    if not (at_start != "").any() or not (at_end != "").any():
        return share
    for gateway in sorted({*at_start.tolist(), *at_end.tolist()}):
        sums = [sum(zone.share for zone in zones if zone.gateway == gateway) for zones in (starts, ends)]
        if abs(sums[0] - sums[1]) > SHARE_TOLERANCE:
            raise InputError(
                f"zones.csv: {trade}: gateway {gateway or 'none'} has the share {sums[0]:g} of the exporter's"
                f" zones and {sums[1]:g} of the importer's; make both equal"
            )
        share[at_start == gateway] *= (at_end == gateway) / max(sums[0], SHARE_TOLERANCE)
    return share


@lru_cache(maxsize=4096)
def _zone_label(place: str, economy: str) -> str:
    return zone_node(place, economy).label


def _coded(zones: list[ZoneShare], economy: str, codes: dict[str, int]) -> npt.NDArray[np.int64]:
    """Return the code of each zone; new ones are added to ``codes``."""
    numbers = [codes.setdefault(_zone_label(zone.place, economy), len(codes)) for zone in zones]
    return np.array(numbers, dtype=np.int64)
