"""Find the goods of table ``trade`` that carry the trade of each sector: legs of :mod:`sogdia.trade.entries`.

Table ``sector_commodities`` says which commodity groups carry a sector. The trade of a sector from one
economy to another is carried, by the first rule that applies, as

1. the pair's goods of those commodities, in proportion to their value; freight before other goods;
2. the pair's good ``all``, if its trade is not split; a leg for each commodity, in proportion to the world's
   split trade, so that policy on a commodity applies;
3. the exporter's goods of those commodities that it sells to others, where a hard capacity limits the
   commodity: other freight of the pair would pass by its pipelines and wagons;
4. the mean of the pair's freight, if it is split and has none of those commodities;
5. no good, if the pair has none: policy alone changes its cost.

Services face policy on ``all`` goods. Gas and electricity face policy, and end with the last line between
both ends. Bullion is sold to the world: no policy between two economies touches it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.entries import Legs
from sogdia.trade.goods import PAIR
from sogdia.trade.sector_data import BULLION, GOODS, NETWORK, SectorData

KEYS = [*PAIR, "sector"]


@dataclass(frozen=True, eq=False)
class SectorLegs:
    """Legs of sectors.

    Attributes:
        legs: The legs, in the order of ``table``.
        weight: Share of each leg in the trade of its sector and pair, (L,).
        is_mean: True for legs carried as the mean of a pair's freight, (L,).
    """

    legs: Legs
    weight: Floats
    is_mean: Bools

    @property
    def table(self) -> pd.DataFrame:
        """Legs with their ``weight`` and position ``leg``."""
        own = self.legs.table
        return own.assign(weight=self.weight, leg=np.arange(len(own), dtype=np.int64))


def build_sector_legs(
    case: Case, data: SectorData, goods: pd.DataFrame, keys: pd.DataFrame, theta: dict[str, float]
) -> SectorLegs:
    """Build the legs of sectors.

    Args:
        case: Its table ``sector_commodities`` assigns commodities.
        data: Sectors.
        goods: Goods (:func:`sogdia.trade.goods.read_goods`).
        keys: ``exporter``, ``importer``, ``sector`` of the legs, without repetition.
        theta: Trade elasticity by sector.
    """
    commodities = case.table("sector_commodities")[["sector", "commodity"]].astype(object)
    numbered = goods[[*PAIR, "commodity", "value_musd", "freight"]].copy()
    numbered["good"] = np.arange(len(goods), dtype=np.int64)
    rows = keys[KEYS].copy()
    rows["kind"] = rows["sector"].map(data.kind)
    carried = rows[rows["kind"].isin((GOODS, NETWORK))]
    parts = [matched := _matched(carried, commodities, numbered)]
    left = _without(carried[carried["kind"] == GOODS], matched)
    parts.append(unsplit := _unsplit(left, commodities, numbered))
    left = _without(left, unsplit)
    limited = commodities[commodities["commodity"].isin(set(case.table("hard_capacities")["commodity"]))]
    parts.append(elsewhere := _elsewhere(left, limited, numbered))
    left = _without(left, elsewhere)
    parts.append(_mean(left, commodities, numbered))
    served = pd.concat([part[KEYS] for part in parts]).drop_duplicates()
    parts.append(_without_good(_without(rows, served), commodities))
    table = pd.concat(parts, ignore_index=True)
    labels = table.groupby([*KEYS, "commodity"], as_index=False, sort=True).agg(
        weight=("weight", "sum"), is_mean=("is_mean", "any"), kind=("kind", "first")
    )
    leg = pd.MultiIndex.from_frame(labels[[*KEYS, "commodity"]]).get_indexer(
        pd.MultiIndex.from_frame(table[[*KEYS, "commodity"]])
    )
    total = labels.groupby(KEYS)["weight"].transform("sum").to_numpy(dtype=np.float64)
    has_good = (table["good"] >= 0).to_numpy(dtype=np.bool_)
    kind = labels["kind"].to_numpy(dtype=object)
    legs = Legs(
        labels[[*KEYS, "commodity"]],
        np.array(labels["sector"].map(theta), dtype=np.float64),
        np.asarray(kind == BULLION),
        np.asarray(kind == NETWORK),
        np.asarray(leg[has_good], dtype=np.int64),
        table.loc[has_good, "good"].to_numpy(dtype=np.int64),
        table.loc[has_good, "weight"].to_numpy(dtype=np.float64),
    )
    weight = labels["weight"].to_numpy(dtype=np.float64) / total
    return SectorLegs(legs, weight, labels["is_mean"].to_numpy(dtype=np.bool_))


def _matched(rows: pd.DataFrame, commodities: pd.DataFrame, goods: pd.DataFrame) -> pd.DataFrame:
    """Return rule 1: goods of the pair of the sector's own commodities."""
    table = rows.merge(commodities, on="sector").merge(goods, on=[*PAIR, "commodity"])
    has_freight = table.groupby(KEYS)["freight"].transform("any")
    table = table[table["freight"] | ~has_freight]
    return table.assign(weight=table["value_musd"], is_mean=False)


def _unsplit(rows: pd.DataFrame, commodities: pd.DataFrame, goods: pd.DataFrame) -> pd.DataFrame:
    """Return rule 2: the pair's good ``all``, by the commodities of the sector."""
    split = goods[goods["freight"] & (goods["commodity"] != ALL_GOODS)]
    world = split.groupby("commodity")["value_musd"].sum()
    general = goods[goods["commodity"] == ALL_GOODS].drop(columns=["commodity"])
    known = commodities.assign(weight=commodities["commodity"].map(world).fillna(0.0))
    known["weight"] /= known.groupby("sector")["weight"].transform("sum")
    known = known[known["weight"] > 0.0]
    return rows.merge(general, on=PAIR).merge(known, on="sector").assign(is_mean=False)


def _elsewhere(rows: pd.DataFrame, commodities: pd.DataFrame, goods: pd.DataFrame) -> pd.DataFrame:
    """Return rule 3: the exporter's goods of some commodities, to whomever it sells them."""
    split = goods.loc[goods["freight"] & (goods["commodity"] != ALL_GOODS), PAIR].drop_duplicates()
    own = rows.merge(split, on=PAIR).merge(commodities, on="sector")
    table = own.merge(goods[goods["freight"]].drop(columns=["importer"]), on=["exporter", "commodity"])
    share = table["value_musd"] / table.groupby(KEYS)["value_musd"].transform("sum")
    return table.assign(weight=share, is_mean=False)


def _mean(rows: pd.DataFrame, commodities: pd.DataFrame, goods: pd.DataFrame) -> pd.DataFrame:
    """Return rule 4: all freight of the pair."""
    own = rows.merge(commodities.drop_duplicates("sector"), on="sector")
    freight = goods[goods["freight"]].drop(columns=["commodity"])
    table = own.merge(freight, on=PAIR)
    return table.assign(weight=table["value_musd"], is_mean=True)


def _without_good(rows: pd.DataFrame, commodities: pd.DataFrame) -> pd.DataFrame:
    """Return rule 5: policy alone, on the sector's first commodity where it is carried by any."""
    first = commodities.drop_duplicates("sector").set_index("sector")["commodity"]
    is_carried = rows["kind"].isin((GOODS, NETWORK))
    commodity = rows["sector"].map(first).where(is_carried, ALL_GOODS).fillna(ALL_GOODS)
    return rows.assign(commodity=commodity, good=-1, weight=1.0, is_mean=False)


def _without(rows: pd.DataFrame, served: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose sector and pair are not among those served."""
    known = pd.MultiIndex.from_frame(served[KEYS])
    return rows[~pd.MultiIndex.from_frame(rows[KEYS]).isin(known)]


def carriers(legs: Legs, is_mean: Bools) -> tuple[Ints, Ints, Floats]:
    """Return leg, good and share of each carriage of the sector's own goods, means left out."""
    own = ~is_mean[legs.leg]
    total = np.bincount(legs.leg, weights=legs.weight, minlength=len(legs.table))
    share = legs.weight / total[legs.leg]
    return legs.leg[own], legs.good[own], share[own]
