"""Aggregate the entries of a cell, and follow goods through the cells that hold them.

A cell is one sector, exporter and importer. It holds entries, with value x_e: goods of different carriage, or
the same goods by different routes. Buyers substitute between the entries of a cell as between exporters, with
the sector's elasticity θ. Prices and shares of a cell then follow from those of its entries by exact hat
algebra, with ``q̂_e = τ̂_e (1 + t'_e) / (1 + t_e)``, gross value ``g_e = x_e (1 + t_e)`` and ``G = Σ_e g_e``:

    ``Q̂ = (Σ_e (g_e / G) q̂_e^{−θ})^{−1/θ}``,  ``s'_e = (g_e / G) (q̂_e / Q̂)^{−θ}``

The tariff of the cell is the one with the revenue of its entries, ``1 / (1 + T') = Σ_e s'_e / (1 + t'_e)``,
and its cost shock is ``τ̂ = Q̂ (1 + T) / (1 + T')``. The aggregation is exact: it is the model in which each
entry is a variety of its own, because all entries of a cell share the change of the exporter's price.

An entry passes one leg, or two where a third economy sells the goods on: ``τ̂_e = τ̂_first τ̂_second``. A leg is
the trade of a sector from one economy to another, carried as goods of the table ``trade``. A good can serve
several legs, and a leg can be carried as several goods, in which case its cost is their CES mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.trade.arrays import Bools, Floats, Ints

NO_LEG = -1
"""Leg of entries that no cost of carriage and no policy touches: home sales."""


@dataclass(frozen=True, eq=False)
class Legs:
    """Trade of a sector from one economy to another: L legs, and the C goods they are carried as.

    Attributes:
        table: ``exporter``, ``importer``, ``sector`` and ``commodity``, one row per leg; the commodity is
            the one whose policy applies.
        theta: Trade elasticity of each leg's sector, (L,).
        world_traded: True for legs that only the closure of an economy to all others cuts off, (L,).
        by_line: True for legs that end with the last pipeline or cable between both ends, (L,).
        leg: Leg of each carriage, (C,).
        good: Good of each carriage, as a position in the table of goods, (C,).
        weight: Share of the good in the leg, (C,).
    """

    table: pd.DataFrame
    theta: Floats
    world_traded: Bools
    by_line: Bools
    leg: Ints
    good: Ints
    weight: Floats

    def mean(self, good_hat: Floats, without: Floats) -> Floats:
        """Return the CES mean of the goods of each leg, (L,).

        Args:
            good_hat: Factor of each good, (R,); infinite where it cannot be carried.
            without: Factor of legs that no good serves, (L,).
        """
        count = len(self.table)
        hat, theta = good_hat[self.good], self.theta[self.leg]
        weight = np.bincount(self.leg, weights=self.weight, minlength=count)
        total = np.bincount(self.leg, weights=self.weight * hat**-theta, minlength=count)
        mean = np.divide(total, weight, out=np.ones(count), where=weight > 0.0)
        with np.errstate(divide="ignore"):
            return np.asarray(np.where(weight > 0.0, mean ** (-1.0 / self.theta), without))

    def average(self, values: Floats, empty: float = 0.0) -> Floats:
        """Return the weighted arithmetic mean of values of goods (R,) by leg, (L,)."""
        count = len(self.table)
        weight = np.bincount(self.leg, weights=self.weight, minlength=count)
        total = np.bincount(self.leg, weights=self.weight * values[self.good], minlength=count)
        return np.asarray(np.divide(total, weight, out=np.full(count, empty), where=weight > 0.0))


@dataclass(frozen=True, eq=False)
class Entries:
    """Entries of cells: E of them in as many cells as the table has rows.

    Attributes:
        cells: ``exporter``, ``importer``, ``sector``, ``value``: one row per cell.
        cell: Cell of each entry, (E,).
        value: Value of each entry, USD million, net of tariffs, (E,).
        theta: Trade elasticity of each entry's cell, (E,).
        first: Leg that each entry passes, (E,); :data:`NO_LEG` for none.
        second: Second leg of goods sold on by a third economy, (E,); :data:`NO_LEG` for none.
        table: ``exporter``, ``importer``, ``commodity``: whose tariffs apply to each entry, E rows.
        sector_tariff_pct: Tariff on the entry's sector, per cent, (E,).
    """

    cells: pd.DataFrame
    cell: Ints
    value: Floats
    theta: Floats
    first: Ints
    second: Ints
    table: pd.DataFrame
    sector_tariff_pct: Floats

    def cost_hat(self, leg_hat: Floats) -> Floats:
        """Return the cost shock of each entry, the product of those of its legs (L,), (E,)."""
        padded = np.append(leg_hat, 1.0)
        return np.asarray(padded[self.first] * padded[self.second])


@dataclass(frozen=True, eq=False)
class CellChanges:
    """Shocks of cells, aggregated from those of entries.

    Attributes:
        cost_hat: Cost shock, (cells,); infinite where all entries are cut off.
        tariff_pct: Counterfactual tariff, per cent, (cells,).
        share: Share of each entry in the counterfactual value of its cell, net of tariffs, (E,).
    """

    cost_hat: Floats
    tariff_pct: Floats
    share: Floats


@dataclass(frozen=True, eq=False)
class Following:
    """Entries that each good of the table ``trade`` follows.

    Attributes:
        good: Good of each row, as a position in the table of goods.
        entry: Entry that it follows.
        weight: Share of the entry among those of the good; the shares of a good sum to 1.
        leg: Leg of the entry that the good carries; :data:`NO_LEG` if it follows without carrying it.
    """

    good: Ints
    entry: Ints
    weight: Floats
    leg: Ints

    def choice(self, legs: Legs, good_hat: Floats, left: Floats | None = None) -> Floats:
        """Return the change of the share of the good in the leg that it carries, by row; 1 without a leg.

        Goods of a leg are varieties: ``(τ̂_good / τ̂_leg)^−θ``, with τ̂_leg the CES mean of its goods. A part of
        what buyers pay may be rent, which buys no goods: times ``(1 − ρ_good) / (1 − ρ_leg)``.

        Args:
            legs: The legs.
            good_hat: Cost shock of the carriage of each good, (R,); infinite where it cannot be carried.
            left: Part of the price of each good that rents leave, ``1 − ρ_good``, (R,).
        """
        count = len(legs.table)
        mean = legs.mean(good_hat, np.ones(count))

        def shift(good: Ints, leg: Ints) -> Floats:
            is_open = np.isfinite(good_hat[good]) & np.isfinite(mean[leg])
            hat = np.divide(good_hat[good], mean[leg], out=np.full(good.size, np.inf), where=is_open)
            return np.asarray(hat ** -legs.theta[leg])

        carries = self.leg != NO_LEG
        good, leg = self.good[carries], self.leg[carries]
        out = np.ones(self.good.size)
        out[carries] = shift(good, leg)
        if left is not None:
            weight = legs.weight * shift(legs.good, legs.leg)
            total = np.bincount(legs.leg, weights=weight, minlength=count)
            rest = np.bincount(legs.leg, weights=weight * left[legs.good], minlength=count)
            of_leg = np.divide(rest, total, out=np.ones(count), where=total > 0.0)
            out[carries] *= left[good] / of_leg[leg]
        return out

    def mean(self, ratio: Floats, count: int, choice: Floats | None = None) -> Floats:
        """Return the weighted mean of ratios of entries (E,) by good, (count,); 1 without an entry.

        Args:
            ratio: Ratios of entries, (E,).
            count: Number of goods.
            choice: Factors of :meth:`choice`; 1 by default.
        """
        factor = self.weight if choice is None else self.weight * choice
        total = np.bincount(self.good, weights=factor * ratio[self.entry], minlength=count)
        weight = np.bincount(self.good, weights=self.weight, minlength=count)
        return np.asarray(np.divide(total, weight, out=np.ones(count), where=weight > 0.0))


def follow(good: Ints, entry: Ints, weight: Floats, count: int, leg: Ints | None = None) -> Following:
    """Return entries followed by goods, with weights scaled to shares of each of ``count`` goods.

    Without ``leg`` each good is alone in its leg, or follows without carrying.
    """
    used = weight > 0.0
    leg = np.full(good.size, NO_LEG, dtype=np.int64) if leg is None else leg
    good, entry, weight, leg = good[used], entry[used], weight[used], leg[used]
    total = np.bincount(good, weights=weight, minlength=count)
    return Following(good, entry, weight / total[good], leg)


def combine_entries(entries: Entries, cost_hat: Floats, before_pct: Floats, after_pct: Floats) -> CellChanges:
    """Aggregate cost shocks and tariffs of entries by cell; equations in the module's docstring.

    Args:
        entries: Entries of cells.
        cost_hat: Cost shock of each entry, (E,); infinite where it is cut off.
        before_pct: Base-year tariff on each entry, per cent, (E,).
        after_pct: Counterfactual tariff, per cent, (E,).
    """
    size, at = len(entries.cells), entries.cell
    old, new = 1.0 + before_pct / 100.0, 1.0 + after_pct / 100.0
    gross = entries.value * old
    cell_gross = _sum_by_cell(at, gross, size)
    duty_before = cell_gross / _sum_by_cell(at, entries.value, size)
    hat = cost_hat * new / old
    # The smallest change of a cell is factored out, so that powers of large changes do not underflow.
    smallest = np.full(size, np.inf)
    np.minimum.at(smallest, at, hat)
    is_open = np.isfinite(smallest)
    scale = np.where(is_open, smallest, 1.0)[at]
    with np.errstate(divide="ignore"):
        weight = gross * (hat / scale) ** -entries.theta
    total = _sum_by_cell(at, weight, size)
    theta = np.ones(size)
    theta[at] = entries.theta
    gross_share = np.divide(weight, total[at], out=np.zeros_like(weight), where=total[at] > 0.0)
    inverse = _sum_by_cell(at, gross_share / new, size)
    is_changed = _sum_by_cell(at, np.where((hat == 1.0) & (new == old), 0.0, 1.0), size) > 0.0
    duty = np.divide(1.0, inverse, out=duty_before.copy(), where=is_changed & (inverse > 0.0))
    mean = np.where(is_open, total / cell_gross, 1.0) ** (-1.0 / theta)
    price = np.where(is_open, smallest * mean, np.inf)
    # Rounding must not turn a tariff of zero negative.
    tariff_pct = np.maximum(duty - 1.0, 0.0) * 100.0
    return CellChanges(price * duty_before / duty, tariff_pct, gross_share / new * duty[at])


def base_tariffs(entries: Entries, before_pct: Floats) -> Floats:
    """Return the base-year tariff of each cell, per cent: that with the revenue of its entries."""
    size = len(entries.cells)
    revenue = _sum_by_cell(entries.cell, entries.value * before_pct, size)
    return np.asarray(revenue / entries.cells["value"].to_numpy(dtype=np.float64))


def cell_rows(entries: pd.DataFrame, theta: Mapping[str, float]) -> tuple[pd.DataFrame, Ints, Floats]:
    """Return the cells of entries, the cell of each entry and its elasticity.

    Args:
        entries: ``exporter``, ``importer``, ``sector``, ``value``.
        theta: Trade elasticity by sector.
    """
    keys = ["exporter", "importer", "sector"]
    cells = entries.groupby(keys, as_index=False, sort=True)[["value"]].sum()
    cell = pd.MultiIndex.from_frame(cells[keys]).get_indexer(pd.MultiIndex.from_frame(entries[keys]))
    elasticity: Floats = np.array(entries["sector"].map(theta), dtype=np.float64)
    return cells, np.asarray(cell, dtype=np.int64), elasticity


def _sum_by_cell(at: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(at, weights=values, minlength=size).astype(np.float64)
