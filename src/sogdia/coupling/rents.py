"""Rents of hard capacities as wedges of the trade model: buyers pay them, owners earn them.

A tonne on lane z pays ``Σ_h m_zh λ_h`` for scarce capacity, with mean uses m and shadow prices λ, and its
exporter the value ``p̂ v``. What buyers pay both has the share ``ρ_zh = m_zh λ_h / (p̂ v + Σ_h m_zh λ_h)`` for
the capacity: carriage is an iceberg cost, no payment. Shares of a good, leg, entry and cell are means
weighted by value in the case, and those of the two legs of goods sold on add up. A cell with the share ρ
keeps the buyers' price:

    iceberg cost ``τ̂ (1 − ρ)``,  wedge ``ω = ρ / (1 − ρ)``,  divided among the owners by their shares.

The rent is then income of an economy and no cost of the world. What is paid to an owner is not shipped: an
entry has the share ``(1 − ρ_e) / (1 − ρ)`` of what it would have of its cell's sales, and the tonnes of a
lane are those of its good times ``(1 − ρ_z) / (1 − ρ_r)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sogdia.coupling.lanes import Lanes
from sogdia.coupling.trade_costs import TradeCosts
from sogdia.trade.change import Change
from sogdia.trade.entries import CellChanges
from sogdia.trade.inputs import TradeInputs
from sogdia.trade.wedges import Wedges

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
MOST_SHARE = 0.99
"""Largest share of the price that rents take; prices that are not yet final may ask for more."""


@dataclass(frozen=True, eq=False)
class LanePayments:
    """Payments for scarce capacity by H' of the hard capacities.

    Attributes:
        lanes: Lanes that pay, as positions, (Z,).
        usd_per_t: Payment of a tonne on each, (Z, H').
        owners: Owners of each capacity with their shares, H' of them.
        added: What they have more in terms of goods than in money, USD/t, (Z,).
    """

    lanes: Longs
    usd_per_t: Floats
    owners: tuple[Mapping[str, float], ...]
    added: Floats | None = None

    def over(self, price_hat: Floats) -> LanePayments:
        """Return the payments in terms of goods whose prices changed by ``price_hat``, (Z,)."""
        scaled = self.usd_per_t / price_hat[:, None]
        return LanePayments(self.lanes, scaled, self.owners, (scaled - self.usd_per_t).sum(axis=1))

    def on_top_of(self, carriage: Floats) -> Floats:
        """Return costs of carriage (T,), which have the payments in money, with them in terms of goods."""
        if self.added is None:
            return carriage
        out = carriage.copy()
        out[self.lanes] = np.maximum(out[self.lanes] + self.added, 0.0)
        return out


def with_rents(
    change: Change,
    mixed: CellChanges,
    trade: TradeInputs,
    lanes: Lanes,
    costs: TradeCosts,
    payments: LanePayments,
) -> tuple[Change, CellChanges, Floats, Floats]:
    """Turn rents from iceberg costs into wedges with an owner.

    Args:
        change: The change with all carriage as iceberg cost.
        mixed: Its shocks by cell.
        trade: Trade of the baseline.
        lanes: Lanes of the baseline.
        costs: Changes of trade costs, shadow prices included.
        payments: Payments for scarce capacity.

    Returns:
        The change, its shocks by cell with the entries' shares of sales, the factor of the tonnes of each
        lane, (T,), and the part of the price of each good that rents leave, (R,).
    """
    lane_share, good_share = _lane_and_good_shares(trade, lanes, costs, payments)
    entry_share = _entry_shares(trade, costs, good_share)
    share = _by_cell(trade, mixed, entry_share)
    total = share.sum(axis=1)
    share *= np.minimum(1.0, MOST_SHARE / np.maximum(total, MOST_SHARE))[:, None]
    total = share.sum(axis=1)
    sector, exporter, importer = at = trade.positions
    cost_hat = change.cost_hat.copy()
    cost_hat[at] *= 1.0 - total
    economy = {name: n for n, name in enumerate(trade.baseline.economies)}
    owned = np.zeros((len(payments.owners), len(economy)))
    for n, owners in enumerate(payments.owners):
        for name, part in owners.items():
            owned[n, economy[name]] = part
    rate = (share / (1.0 - total)[:, None]) @ owned
    rate[exporter == importer] = 0.0
    cell, owner = np.nonzero(rate > 0.0)
    wedges = Wedges(sector[cell], exporter[cell], importer[cell], owner, rate[cell, owner])
    sold = _part_left(entry_share.sum(axis=1)) / (1.0 - total)[trade.entries.cell]
    good = np.maximum(lanes.good, 0)
    left = _part_left(good_share.sum(axis=1))
    factor = np.where(lanes.good >= 0, _part_left(lane_share) / left[good], 1.0)
    changed = replace(change, cost_hat=cost_hat, wedges=wedges)
    return changed, replace(mixed, share=mixed.share * sold), factor, left


def _part_left(share: Floats) -> Floats:
    """Return the part of a price that rents leave, from their share."""
    return np.asarray(1.0 - np.minimum(share, MOST_SHARE))


def _lane_and_good_shares(
    trade: TradeInputs,
    lanes: Lanes,
    costs: TradeCosts,
    payments: LanePayments,
) -> tuple[Floats, Floats]:
    """Return the share that rents take of the price on each lane, (T,), and of that of each good, (R, H')."""
    count = len(trade.goods)
    used = (lanes.good >= 0) & np.isfinite(costs.lane)
    good, weight = lanes.good[used], lanes.share[used]
    theta = trade.elasticity[good]
    weight = weight * costs.lane[used] ** -theta
    total = np.bincount(good, weights=weight, minlength=count)
    weight_of = np.zeros(lanes.good.size)
    weight_of[used] = np.divide(weight, total[good], out=np.zeros_like(weight), where=total[good] > 0.0)
    pays = lanes.is_connected[payments.lanes] & (weight_of[payments.lanes] > 0.0)
    rows, paid = payments.lanes[pays], payments.usd_per_t[pays]
    good = lanes.good[rows]
    value = trade.goods["usd_per_t"].to_numpy(dtype=np.float64)[good]
    part = paid / (value + paid.sum(axis=1))[:, None]
    on_lane = np.zeros(lanes.good.size)
    on_lane[rows] = part.sum(axis=1)
    part = part * weight_of[rows][:, None]
    columns = [np.bincount(good, weights=each, minlength=count) for each in part.T]
    return on_lane, np.array(columns, dtype=np.float64).reshape(paid.shape[1], count).T


def _entry_shares(trade: TradeInputs, costs: TradeCosts, good: Floats) -> Floats:
    """Return the share of the price of each entry that rents take, (E, H')."""
    legs, entries, count = trade.legs, trade.entries, len(trade.legs.table)
    with np.errstate(divide="ignore"):
        weight = legs.weight * costs.by_lanes[legs.good] ** -legs.theta[legs.leg]
    total = np.bincount(legs.leg, weights=weight, minlength=count)
    weight = np.divide(weight, total[legs.leg], out=np.zeros_like(weight), where=total[legs.leg] > 0.0)
    out = np.zeros((entries.cell.size, good.shape[1]))
    for n in range(good.shape[1]):
        padded = np.append(np.bincount(legs.leg, weights=weight * good[legs.good, n], minlength=count), 0.0)
        out[:, n] = padded[entries.first] + padded[entries.second]
    return out


def _by_cell(trade: TradeInputs, mixed: CellChanges, entry: Floats) -> Floats:
    """Return the share of the price of each cell that rents take, (cells, H')."""
    cell, count = trade.entries.cell, len(trade.entries.cells)
    columns = [np.bincount(cell, weights=mixed.share * each, minlength=count) for each in entry.T]
    return np.array(columns, dtype=np.float64).reshape(entry.shape[1], count).T
