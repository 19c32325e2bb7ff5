"""Trade of a case as tonnes between zones.

Each row of ``trade`` between two economies is spread over the zones of both ends. Its tonnes are the
row's own; where it has none, its value over the commodity's value per tonne. A pair that is split by
commodity is carried by its groups; one that is not, as the group ``all``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.freight.supernetwork.stations import zone_node

TOTAL, ANY, BOTH = "all", "any", "both"


def tonnes_by_pair(trade: pd.DataFrame, commodities: pd.DataFrame) -> pd.DataFrame:
    """Tonnes of freight a year by exporter, importer and commodity; ``row`` is the row of ``trade``."""
    abroad = trade[trade["exporter"] != trade["importer"]].reset_index()
    split = (
        abroad[abroad["commodity"] != TOTAL][["exporter", "importer"]].drop_duplicates().assign(split=True)
    )
    merged = abroad.merge(split, on=["exporter", "importer"], how="left")
    whole = merged["commodity"] == TOTAL
    kept = merged[(~whole) | (whole & merged["split"].isna())].copy()
    kept = kept[kept["commodity"].map(commodities["freight"]).astype(bool)]
    by_value = kept["value_musd"] * 1e6 / kept["commodity"].map(commodities["usd_per_t"]).astype(float)
    kept["tonnes"] = kept["tonnes"].fillna(by_value)
    return kept.loc[
        kept["tonnes"] > 0.0, ["row", "exporter", "importer", "commodity", "tonnes", "value_musd"]
    ].reset_index(drop=True)


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
        """Places and shares of an economy's trade in a role with a partner."""
        partners = (partner, self._group.get(partner, partner), ANY)
        for asked, goods in ((role, commodity), (role, TOTAL), (BOTH, TOTAL)):
            for name in partners:
                found = self._sets.get((economy, asked, goods, name))
                if found is not None:
                    return found
        return []


def spread(pairs: pd.DataFrame, shares: ZoneShares) -> pd.DataFrame:
    """Tonnes between zones: the columns of ``pairs`` with ``origin``, ``destination`` and ``flow``."""
    names: dict[str, int] = {}
    starts, ends, flows, counts = [], [], [], []
    columns = ("exporter", "importer", "commodity", "tonnes")
    for exporter, importer, commodity, tonnes in zip(*(pairs[name] for name in columns), strict=True):
        here, out = _coded(shares.of(exporter, "export", commodity, importer), exporter, names)
        there, back = _coded(shares.of(importer, "import", commodity, exporter), importer, names)
        starts.append(np.repeat(here, there.size))
        ends.append(np.tile(there, here.size))
        flows.append(np.outer(out, back).ravel() * tonnes)
        counts.append(here.size * there.size)
    rows = np.repeat(np.arange(len(pairs)), counts)
    nodes = np.array(list(names), dtype=object)
    frame = pairs.drop(columns=["tonnes"]).iloc[rows].reset_index(drop=True)
    frame["origin"] = pd.array(nodes[np.concatenate(starts)], dtype="str")
    frame["destination"] = pd.array(nodes[np.concatenate(ends)], dtype="str")
    frame["flow"] = np.concatenate(flows)
    return frame[frame["flow"] > 0.0].reset_index(drop=True)


def _coded(
    places: list[tuple[str, float]], economy: str, names: dict[str, int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    codes = [names.setdefault(zone_node(place, economy), len(names)) for place, _ in places]
    return np.array(codes, dtype=np.int64), np.array([share for _, share in places])
