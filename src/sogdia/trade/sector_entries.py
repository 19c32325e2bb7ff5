"""Put the trade of sectors into cells, with goods that a third economy sells on.

Table ``sector_flows`` is net: goods are booked from where they are made to where they are used. Table
``entrepot`` says which part of a flow passes a hub, ``origin → hub → destination``; it is an entry of the
cell (origin, destination) whose cost changes by both legs. The rest of the flow goes directly.

A good of table ``trade`` follows the entries that it carries: direct ones, and both legs of those by a hub
(the second one only if the hub records its sales). Goods that carry no entry follow the goods and bullion
of their pair.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.trade.arrays import Ints
from sogdia.trade.entries import NO_LEG, Entries, Following, Legs, cell_rows, follow
from sogdia.trade.goods import PAIR
from sogdia.trade.negatives import AdjustedCell
from sogdia.trade.sector_data import BULLION, GOODS, SectorData
from sogdia.trade.sector_legs import KEYS, SectorLegs, build_sector_legs, carriers

CAPPED = "goods that pass a hub limited to the flow"


def build_sector_entries(
    case: Case,
    data: SectorData,
    goods: pd.DataFrame,
    group: dict[str, str],
    theta: dict[str, float],
) -> tuple[Legs, Entries, Following, tuple[AdjustedCell, ...]]:
    """Assign the trade of sectors to cells of the model.

    Args:
        case: Region, plan and scenario.
        data: Sectors of the pack.
        goods: Goods (:func:`sogdia.trade.goods.read_goods`).
        group: Sector of the model that each sector belongs to.
        theta: Trade elasticity by sector of the model.

    Returns:
        Legs, entries, the entries that goods follow, and cells of ``entrepot`` that a rule changed.
    """
    flows = _flow_rows(data)
    passing, adjusted = _passing(case, data, flows)
    abroad = flows[flows["exporter"] != flows["importer"]]
    keys = [abroad[KEYS], _leg_keys(passing, "origin", "hub"), _leg_keys(passing, "hub", "destination")]
    own = {name: theta[group[name]] for name in data.sectors}
    legs = build_sector_legs(case, data, goods, pd.concat(keys).drop_duplicates(), own)
    rows = pd.concat([_home(flows), _direct(flows, passing, legs), _by_hub(passing, legs)], ignore_index=True)
    rows = rows[rows["value"] > 0.0].reset_index(drop=True)
    cells, cell, elasticity = cell_rows(rows.assign(sector=rows["sector"].map(group)), theta)
    entries = Entries(
        cells, cell, rows["value"].to_numpy(dtype=np.float64), elasticity,
        rows["first"].to_numpy(dtype=np.int64), rows["second"].to_numpy(dtype=np.int64),
        rows[[*PAIR, "commodity"]], 100.0 * _tariffs(data, rows),
    )  # fmt: skip
    return legs.legs, entries, _follow(case, data, goods, rows, legs), adjusted


def _flow_rows(data: SectorData) -> pd.DataFrame:
    sector, exporter, importer = np.nonzero(data.flow > 0.0)
    names = np.array(data.economies, dtype=object)
    return pd.DataFrame(
        {
            "exporter": names[exporter],
            "importer": names[importer],
            "sector": np.array(data.sectors, dtype=object)[sector],
            "value": data.flow[sector, exporter, importer],
        }
    )


def _tariffs(data: SectorData, rows: pd.DataFrame) -> np.ndarray:
    """Return the tariff of each entry's sector and pair as a share of value."""
    code = {name: n for n, name in enumerate(data.economies)}
    number = {name: n for n, name in enumerate(data.sectors)}
    cells = rows["sector"].map(number), rows["exporter"].map(code), rows["importer"].map(code)
    return np.asarray(data.tariff[tuple(column.to_numpy(dtype=np.int64) for column in cells)])


def _passing(
    case: Case, data: SectorData, flows: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[AdjustedCell, ...]]:
    """Return goods that pass a hub, at most the flow from origin to destination; bullion is left out."""
    table = case.table("entrepot")[
        ["origin", "hub", "destination", "sector", "value_musd", "recorded_by_hub"]
    ]
    table = table.rename(columns={"value_musd": "value"}).reset_index(drop=True)
    table = table[(table["value"] > 0.0) & (table["sector"].map(data.kind) != BULLION)].copy()
    ends = ["origin", "destination", "sector"]
    known = flows.set_index(KEYS)["value"]
    flow = known.reindex(pd.MultiIndex.from_frame(table[ends])).fillna(0.0).to_numpy(dtype=np.float64)
    total = table.groupby(ends)["value"].transform("sum").to_numpy(dtype=np.float64)
    factor = np.minimum(1.0, np.divide(flow, total, out=np.ones_like(flow), where=total > 0.0))
    before, after = table["value"].to_numpy(dtype=np.float64), table["value"].to_numpy() * factor
    rows = [
        (CAPPED, "entrepot", row["origin"], row["destination"], row["sector"], row["hub"],
         float(before[n]), float(after[n]))
        for n, row in enumerate(table.to_dict("records")) if factor[n] < 1.0
    ]  # fmt: skip
    table["value"] = after
    return table[table["value"] > 0.0], tuple(rows)


def _leg_keys(passing: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    renamed = passing[[start, end, "sector"]].set_axis(KEYS, axis=1)
    return renamed[renamed["exporter"] != renamed["importer"]]


def _home(flows: pd.DataFrame) -> pd.DataFrame:
    rows = flows[flows["exporter"] == flows["importer"]]
    return rows.assign(first=NO_LEG, second=NO_LEG, commodity=ALL_GOODS, recorded=False)


def _direct(flows: pd.DataFrame, passing: pd.DataFrame, legs: SectorLegs) -> pd.DataFrame:
    """Return entries that pass no hub: the flow less what passes one."""
    rows = flows[flows["exporter"] != flows["importer"]]
    lost = passing.groupby(["origin", "destination", "sector"])["value"].sum().rename_axis(KEYS)
    by_hub = lost.reindex(pd.MultiIndex.from_frame(rows[KEYS])).fillna(0.0).to_numpy(dtype=np.float64)
    # The rest of a flow that passes hubs altogether is rounding.
    left = rows["value"].to_numpy(dtype=np.float64) - by_hub
    left = np.where(left > 1e-12 * rows["value"].to_numpy(dtype=np.float64), left, 0.0)
    table = rows.assign(value=left).merge(legs.table.rename(columns={"leg": "first"}), on=KEYS)
    return table.assign(value=table["value"] * table["weight"], second=NO_LEG, recorded=False)


def _by_hub(passing: pd.DataFrame, legs: SectorLegs) -> pd.DataFrame:
    """Return entries that pass a hub, for each pair of legs."""
    first = legs.table[[*KEYS, "weight", "leg"]].set_axis(["origin", "hub", "sector", "w1", "first"], axis=1)
    second = legs.table[[*KEYS, "weight", "leg", "commodity"]]
    second = second.set_axis(["hub", "destination", "sector", "w2", "second", "commodity"], axis=1)
    table = passing.merge(first, on=["origin", "hub", "sector"])
    table = table.merge(second, on=["hub", "destination", "sector"])
    table["value"] = table["value"] * table["w1"] * table["w2"]
    return table.rename(
        columns={"origin": "exporter", "destination": "importer", "recorded_by_hub": "recorded"}
    )


def _follow(
    case: Case, data: SectorData, goods: pd.DataFrame, rows: pd.DataFrame, legs: SectorLegs
) -> Following:
    """Return the entries that each good follows; rules in the module's docstring."""
    leg, good, share = carriers(legs.legs, legs.is_mean)
    carried = pd.DataFrame({"leg": leg, "good": good, "share": share})
    value = rows["value"].to_numpy(dtype=np.float64)
    numbered = pd.DataFrame({"entry": np.arange(len(rows), dtype=np.int64), "value": value})
    parts = []
    for name, used in (("first", np.ones(len(rows), dtype=bool)), ("second", rows["recorded"].astype(bool))):
        table = numbered[np.asarray(used)].assign(leg=rows.loc[np.asarray(used), name].to_numpy())
        table = table.merge(carried, on="leg")
        parts.append(table.assign(weight=table["value"] * table["share"]))
    parts.append(_bullion_rows(case, data, goods, rows, numbered))
    table = pd.concat(parts, ignore_index=True)
    found = set(table.loc[table["weight"] > 0.0, "good"])
    table = pd.concat([table, _left_rows(data, goods, rows, numbered, found)], ignore_index=True)
    passed = table["leg"].fillna(NO_LEG).astype(np.int64)
    weight = table["weight"].to_numpy(dtype=np.float64)
    return follow(_longs(table["good"]), _longs(table["entry"]), weight, len(goods), _longs(passed))


def _bullion_rows(
    case: Case, data: SectorData, goods: pd.DataFrame, rows: pd.DataFrame, numbered: pd.DataFrame
) -> pd.DataFrame:
    """Return bullion of a pair with the goods that follow it without carrying it."""
    names = [name for name in data.sectors if data.kind[name] == BULLION]
    commodities = case.table("sector_commodities")[["sector", "commodity"]].astype(object)
    table = rows[[*PAIR, "sector"]].assign(entry=numbered["entry"], value=numbered["value"])
    table = table[table["sector"].isin(names)].merge(commodities, on="sector")
    known = goods[[*PAIR, "commodity"]].assign(good=np.arange(len(goods), dtype=np.int64))
    table = table.merge(known, on=[*PAIR, "commodity"])
    return table.assign(weight=table["value"])[["entry", "good", "weight"]]


def _left_rows(
    data: SectorData, goods: pd.DataFrame, rows: pd.DataFrame, numbered: pd.DataFrame, found: set[int]
) -> pd.DataFrame:
    """Return entries of goods and bullion of a pair with the goods that follow no other entry."""
    names = [name for name in data.sectors if data.kind[name] in (GOODS, BULLION)]
    left = goods[PAIR].assign(good=np.arange(len(goods), dtype=np.int64))
    left = left[~left["good"].isin(found)]
    table = rows[[*PAIR, "sector"]].assign(entry=numbered["entry"], weight=numbered["value"])
    return table[table["sector"].isin(names)].merge(left, on=PAIR)[["entry", "good", "weight"]]


def _longs(column: pd.Series[int]) -> Ints:
    return np.asarray(column.to_numpy(dtype=np.int64))
