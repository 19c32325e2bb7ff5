"""How goods are put into the sectors of the model, and how goods of one cell share its trade.

A cell is a sector, an exporter and an importer. Several goods may lie in one cell, and one good in cells of
several sectors; a pair of both is an entry e with value x_e. Buyers choose between the entries of a cell
as between exporters, with the sector's elasticity θ. So the prices and the shares of a cell follow by exact
hat algebra from those of its entries, with q̂_e = τ̂_e (1 + t'_e) / (1 + t_e) and gross value
g_e = x_e (1 + t_e):

    ``Q̂ = (Σ_e (g_e / G) q̂_e^{−θ})^{−1/θ}``,  ``s'_e = (g_e / G) (q̂_e / Q̂)^{−θ}``

The cell's tariff is the one whose revenue is that of its entries, ``1 / (1 + T') = Σ_e s'_e / (1 + t'_e)``,
and its cost the rest, ``τ̂ = Q̂ (1 + T) / (1 + T')``. Nothing is approximated: this is the model with each
entry a variety of its own, for all entries of a cell bear the same change of the exporter's price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.trade.goods import PAIR, TOTAL

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Composition = Literal["one_sector", "exporter", "unsplit"]
COMPOSITIONS: tuple[str, ...] = get_args(Composition)


@dataclass(frozen=True, eq=False)
class Cells:
    """Entries of goods in cells.

    Attributes:
        cells: ``exporter``, ``importer``, ``sector``, ``value``: one row a cell.
        theta: Elasticity by sector.
        good: Good of each entry, (E,).
        cell: Cell of each entry, (E,).
        value: Value of each entry, USD million, net of tariffs, (E,).
        power: θ of each entry's sector, (E,).
    """

    cells: pd.DataFrame
    theta: Mapping[str, float]
    good: Longs
    cell: Longs
    value: Floats
    power: Floats


@dataclass(frozen=True, eq=False)
class Combined:
    """What costs and tariffs of goods come to in each of C cells.

    Attributes:
        cost_hat: Change of cost, (C,); infinite where all entries are cut off.
        tariff_pct: Tariff after, per cent, (C,).
        share: Share of each entry in the value of its cell after, net of tariffs, (E,).
    """

    cost_hat: Floats
    tariff_pct: Floats
    share: Floats


def cells_of(goods: pd.DataFrame, elasticity: Mapping[str, float], composition: str) -> Cells:
    """Put goods into sectors.

    Args:
        goods: Goods (:func:`sogdia.trade.goods.goods_of`).
        elasticity: Trade elasticity by commodity.
        composition: ``one_sector``: all goods in the sector ``all``, commodities as varieties;
            ``exporter``: a sector a commodity, goods not split (those sold at home among them) as their
            exporter's split goods are made up; ``unsplit``: the same, goods not split in a sector ``all``.

    Raises:
        UnknownNameError: If the composition is none of these.
    """
    if composition not in COMPOSITIONS:
        raise UnknownNameError("composition", composition, COMPOSITIONS)
    entries = goods[[*PAIR, "commodity"]].assign(
        good=np.arange(len(goods)), value=goods["value_musd"].to_numpy(dtype=np.float64)
    )
    if composition == "one_sector":
        entries["sector"] = TOTAL
    elif composition == "unsplit":
        entries["sector"] = entries["commodity"]
    else:
        entries = _as_exporter(entries)
    keys = [*PAIR, "sector"]
    cells = entries.groupby(keys, as_index=False, sort=True)[["value"]].sum()
    cell = pd.MultiIndex.from_frame(cells[keys]).get_indexer(pd.MultiIndex.from_frame(entries[keys]))
    theta = {name: float(elasticity[name]) for name in sorted(set(cells["sector"]))}
    return Cells(
        cells,
        theta,
        entries["good"].to_numpy(dtype=np.int64),
        np.asarray(cell, dtype=np.int64),
        entries["value"].to_numpy(dtype=np.float64),
        entries["sector"].map(theta).to_numpy(dtype=np.float64),
    )


def _as_exporter(entries: pd.DataFrame) -> pd.DataFrame:
    """Goods not split, spread over sectors as their exporter's split goods; the rest as they are.

    An exporter without split goods keeps the sector ``all``.
    """
    split = entries[entries["commodity"] != TOTAL]
    made = split.groupby(["exporter", "commodity"], as_index=False)[["value"]].sum()
    made["weight"] = made["value"] / made.groupby("exporter")["value"].transform("sum")
    weights = made.rename(columns={"commodity": "sector"})[["exporter", "sector", "weight"]]
    whole = entries[entries["commodity"] == TOTAL].merge(weights, on="exporter", how="left")
    whole["sector"] = whole["sector"].fillna(TOTAL)
    whole["value"] = whole["value"] * whole["weight"].fillna(1.0)
    return pd.concat(
        [split.assign(sector=split["commodity"]), whole.drop(columns=["weight"])], ignore_index=True
    )


def combined(cells: Cells, cost_hat: Floats, before_pct: Floats, after_pct: Floats) -> Combined:
    """Combine costs and tariffs of goods by cell; see the module.

    Args:
        cells: Goods in cells.
        cost_hat: Change of the cost of each good, (R,); infinite where it is cut off.
        before_pct: Tariff before on each good, per cent, (R,).
        after_pct: Tariff after, (R,).
    """
    size, at = len(cells.cells), cells.cell
    old, new = 1.0 + before_pct[cells.good] / 100.0, 1.0 + after_pct[cells.good] / 100.0
    gross = cells.value * old
    whole = _sum(at, gross, size)
    duty_before = whole / _sum(at, cells.value, size)
    hat = cost_hat[cells.good] * new / old
    # The least change of a cell is taken out first, so that powers of large changes do not vanish.
    least = np.full(size, np.inf)
    np.minimum.at(least, at, hat)
    open_ = np.isfinite(least)
    scale = np.where(open_, least, 1.0)[at]
    with np.errstate(divide="ignore"):
        weight = gross * (hat / scale) ** -cells.power
    total = _sum(at, weight, size)
    power = np.ones(size)
    power[at] = cells.power
    gross_share = np.divide(weight, total[at], out=np.zeros_like(weight), where=total[at] > 0.0)
    inverse = _sum(at, gross_share / new, size)
    moved = _sum(at, np.where((hat == 1.0) & (new == old), 0.0, 1.0), size) > 0.0
    duty = np.divide(1.0, inverse, out=duty_before.copy(), where=moved & (inverse > 0.0))
    price = np.where(open_, least * np.where(open_, total / whole, 1.0) ** (-1.0 / power), np.inf)
    return Combined(price * duty_before / duty, (duty - 1.0) * 100.0, gross_share / new * duty[at])


def tariffs_before(cells: Cells, before_pct: Floats) -> Floats:
    """Tariff of each cell before, per cent: that with the revenue of its entries, (C,)."""
    revenue = _sum(cells.cell, cells.value * before_pct[cells.good], len(cells.cells))
    return np.asarray(revenue / cells.cells["value"].to_numpy(dtype=np.float64))


def _sum(at: Longs, values: Floats, size: int) -> Floats:
    return np.bincount(at, weights=values, minlength=size).astype(np.float64)
