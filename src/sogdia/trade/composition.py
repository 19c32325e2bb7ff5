"""Assign the trade of a case to the sectors of the model.

``sectors`` takes the sectors of the pack's tables, with inputs, services and tariffs
(:mod:`sogdia.trade.sector_data`); ``aggregates`` sums them to the coarser ones of table ``sectors``;
``one_sector`` takes the goods of table ``trade`` as varieties in one sector.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.errors import UnknownNameError
from sogdia.trade.entries import NO_LEG, Entries, Following, Legs, cell_rows, follow
from sogdia.trade.goods import PAIR

Composition = Literal["sectors", "aggregates", "one_sector"]
COMPOSITIONS: tuple[str, ...] = get_args(Composition)
Horizon = Literal["long_run", "short_run"]
HORIZONS: tuple[str, ...] = get_args(Horizon)
SECTOR_FLOWS = "sector_flows"


def has_sectors(case: Case) -> bool:
    """Return whether the pack has trade by sector."""
    return SECTOR_FLOWS in case.frames and len(case.frames[SECTOR_FLOWS]) > 0


def composition_of(case: Case, composition: str) -> Composition:
    """Return the composition that applies: ``one_sector`` if the pack has no trade by sector.

    Raises:
        UnknownNameError: If the composition is none of :data:`COMPOSITIONS`.
    """
    if composition not in COMPOSITIONS:
        raise UnknownNameError("composition", composition, COMPOSITIONS)
    if composition == "one_sector" or not has_sectors(case):
        return "one_sector"
    return "aggregates" if composition == "aggregates" else "sectors"


def one_sector(goods: pd.DataFrame, theta: float) -> tuple[Legs, Entries, Following]:
    """Assign all goods to one sector, as varieties of their pair's cell.

    Args:
        goods: Goods (:func:`sogdia.trade.goods.read_goods`).
        theta: Trade elasticity of all goods.
    """
    count = len(goods)
    each = np.arange(count, dtype=np.int64)
    table = goods[[*PAIR, "commodity"]].assign(sector=ALL_GOODS)
    network = ~goods["freight"].to_numpy(dtype=np.bool_)
    elasticity, ones = np.full(count, theta), np.ones(count)
    legs = Legs(table, elasticity, np.zeros(count, dtype=np.bool_), network, each, each, ones)
    values = goods["value_musd"].to_numpy(dtype=np.float64)
    cells, cell, own = cell_rows(table.assign(value=values), {ALL_GOODS: theta})
    entries = Entries(
        cells, cell, values, own, each, np.full(count, NO_LEG), goods[[*PAIR, "commodity"]], np.zeros(count)
    )
    return legs, entries, follow(each, each, values, count)
