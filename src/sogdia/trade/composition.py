"""Assign goods to the sectors of the model, and aggregate the goods of one flow.

A cell is one sector, exporter and importer. A cell may hold several goods, and a good may lie in cells of
several sectors; an entry e is a good in a cell, with value x_e. Buyers substitute between the entries of a
cell as between exporters, with the sector's elasticity θ. Prices and shares of a cell then follow from those
of its entries by exact hat algebra, with ``q̂_e = τ̂_e (1 + t'_e) / (1 + t_e)``, gross value
``g_e = x_e (1 + t_e)`` and ``G = Σ_e g_e``:

    ``Q̂ = (Σ_e (g_e / G) q̂_e^{−θ})^{−1/θ}``,  ``s'_e = (g_e / G) (q̂_e / Q̂)^{−θ}``

The tariff of the cell is the one with the revenue of its entries, ``1 / (1 + T') = Σ_e s'_e / (1 + t'_e)``,
and its cost shock is ``τ̂ = Q̂ (1 + T) / (1 + T')``. The aggregation is exact: it is the model in which each
entry is a variety of its own, because all entries of a cell share the change of the exporter's price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from sogdia.codes import ALL_GOODS
from sogdia.errors import UnknownNameError
from sogdia.trade.arrays import Floats, Ints
from sogdia.trade.goods import PAIR

Composition = Literal["one_sector", "exporter", "unsplit"]
COMPOSITIONS: tuple[str, ...] = get_args(Composition)


@dataclass(frozen=True, eq=False)
class Cells:
    """Goods in cells: C cells, E entries.

    Attributes:
        cells: ``exporter``, ``importer``, ``sector``, ``value``: one row per cell.
        theta: Trade elasticity by sector.
        good: Good of each entry, (E,).
        cell: Cell of each entry, (E,).
        value: Value of each entry, USD million, net of tariffs, (E,).
        entry_theta: Trade elasticity of each entry's sector, (E,).
    """

    cells: pd.DataFrame
    theta: Mapping[str, float]
    good: Ints
    cell: Ints
    value: Floats
    entry_theta: Floats


@dataclass(frozen=True, eq=False)
class CellChanges:
    """Shocks of cells, aggregated from those of goods.

    Attributes:
        cost_hat: Cost shock, (C,); infinite where all entries are cut off.
        tariff_pct: Counterfactual tariff, per cent, (C,).
        share: Share of each entry in the counterfactual value of its cell, net of tariffs, (E,).
    """

    cost_hat: Floats
    tariff_pct: Floats
    share: Floats


def build_cells(goods: pd.DataFrame, elasticity: Mapping[str, float], composition: str) -> Cells:
    """Assign goods to sectors.

    Args:
        goods: Goods (:func:`sogdia.trade.goods.read_goods`).
        elasticity: Trade elasticity by commodity.
        composition: ``one_sector``: all goods in the sector ``all``, commodities as varieties. ``exporter``:
            one sector per commodity; goods not split by commodity (home sales among them) in the proportions
            of their exporter's split goods. ``unsplit``: one sector per commodity; goods not split in a
            sector ``all``.

    Raises:
        UnknownNameError: If the composition is none of these.
    """
    if composition not in COMPOSITIONS:
        raise UnknownNameError("composition", composition, COMPOSITIONS)
    entries = goods[[*PAIR, "commodity"]].assign(
        good=np.arange(len(goods)), value=goods["value_musd"].to_numpy(dtype=np.float64)
    )
    if composition == "one_sector":
        entries["sector"] = ALL_GOODS
    elif composition == "unsplit":
        entries["sector"] = entries["commodity"]
    else:
        entries = _split_as_exporter(entries)
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


def _split_as_exporter(entries: pd.DataFrame) -> pd.DataFrame:
    """Spread goods not split by commodity over sectors in the proportions of the exporter's split goods.

    An exporter without split goods keeps the sector ``all``.
    """
    split = entries[entries["commodity"] != ALL_GOODS]
    exports = split.groupby(["exporter", "commodity"], as_index=False)[["value"]].sum()
    exports["weight"] = exports["value"] / exports.groupby("exporter")["value"].transform("sum")
    weights = exports.rename(columns={"commodity": "sector"})[["exporter", "sector", "weight"]]
    unsplit = entries[entries["commodity"] == ALL_GOODS].merge(weights, on="exporter", how="left")
    unsplit["sector"] = unsplit["sector"].fillna(ALL_GOODS)
    unsplit["value"] = unsplit["value"] * unsplit["weight"].fillna(1.0)
    return pd.concat(
        [split.assign(sector=split["commodity"]), unsplit.drop(columns=["weight"])], ignore_index=True
    )


def combine_goods(cells: Cells, cost_hat: Floats, before_pct: Floats, after_pct: Floats) -> CellChanges:
    """Aggregate cost shocks and tariffs of goods by cell; equations in the module's docstring.

    Args:
        cells: Goods in cells.
        cost_hat: Cost shock of each good, (R,); infinite where it is cut off.
        before_pct: Base-year tariff on each good, per cent, (R,).
        after_pct: Counterfactual tariff, per cent, (R,).
    """
    size, at = len(cells.cells), cells.cell
    old, new = 1.0 + before_pct[cells.good] / 100.0, 1.0 + after_pct[cells.good] / 100.0
    gross = cells.value * old
    cell_gross = _sum_by_cell(at, gross, size)
    duty_before = cell_gross / _sum_by_cell(at, cells.value, size)
    hat = cost_hat[cells.good] * new / old
    # The smallest change of a cell is factored out, so that powers of large changes do not underflow.
    smallest = np.full(size, np.inf)
    np.minimum.at(smallest, at, hat)
    is_open = np.isfinite(smallest)
    scale = np.where(is_open, smallest, 1.0)[at]
    with np.errstate(divide="ignore"):
        weight = gross * (hat / scale) ** -cells.entry_theta
    total = _sum_by_cell(at, weight, size)
    theta = np.ones(size)
    theta[at] = cells.entry_theta
    gross_share = np.divide(weight, total[at], out=np.zeros_like(weight), where=total[at] > 0.0)
    inverse = _sum_by_cell(at, gross_share / new, size)
    is_changed = _sum_by_cell(at, np.where((hat == 1.0) & (new == old), 0.0, 1.0), size) > 0.0
    duty = np.divide(1.0, inverse, out=duty_before.copy(), where=is_changed & (inverse > 0.0))
    mean = np.where(is_open, total / cell_gross, 1.0) ** (-1.0 / theta)
    price = np.where(is_open, smallest * mean, np.inf)
    return CellChanges(price * duty_before / duty, (duty - 1.0) * 100.0, gross_share / new * duty[at])


def base_tariffs(cells: Cells, before_pct: Floats) -> Floats:
    """Return the base-year tariff of each cell, per cent: that with the revenue of its entries, (C,)."""
    revenue = _sum_by_cell(cells.cell, cells.value * before_pct[cells.good], len(cells.cells))
    return np.asarray(revenue / cells.cells["value"].to_numpy(dtype=np.float64))


def _sum_by_cell(at: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(at, weights=values, minlength=size).astype(np.float64)
