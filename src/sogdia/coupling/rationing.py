"""Solve trade with the shadow prices of hard capacities, at the paths and queues of the last assignment.

Trade is solved at some prices; near its solution the prices at which freight fits follow from a concave
problem (:mod:`sogdia.coupling.local_prices`), at which trade is solved again, until it fits. The tonnes are
thus those of the trade model, with all its responses; the local problem has the elasticities that matter:

- buyers: ``σ = 1 + θ (1 − π)`` with the exporter's share π of the importer's purchases,
- suppliers with a specific factor: ``ε = (1 + η) / γR − 1`` of the share γR of its rent in costs and the
  elasticity η of its supply, since ``Ŷ = r̂^(1+η)`` and ``ĉ = r̂^γR``; net of other buyers of the same goods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sogdia.coupling.lanes import Lanes
from sogdia.coupling.local_prices import SOLVED, Anchor, LocalChoice, LocalModel
from sogdia.coupling.rents import LanePayments
from sogdia.coupling.scarcity import PriceStep, Rationing
from sogdia.coupling.trade_costs import TradeCosts
from sogdia.trade.inputs import TradeInputs
from sogdia.trade.results import TradeResult
from sogdia.units import UNITS

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
USD_PER_MUSD = UNITS["USD million"].factor
PASS_TOLERANCE = 5e-5
ROUGH_TOLERANCE = 2e-2
"""Largest relative excess over a capacity, and difference of exporters' prices, that ends the passes: at the
end, and while paths still change by more."""
ROUGH_PART = 0.1
"""Part of the last assignment's excess that ends the passes between these."""
SOLVED_PART = 0.1
"""Part of the tolerance of a pass to which the local model is solved."""
MOST_PASSES = 25
MOST_NET_ELASTICITY = 200.0
"""Elasticity of the supply that others leave, above which the exporter's price does not respond."""


@dataclass(frozen=True, eq=False)
class TradeStep:
    """Solution of the trade model at given costs of carriage; ``price_hat`` is of exporters' goods, (R,)."""

    costs: TradeCosts
    trade: TradeResult
    value: Floats
    tonnes: Floats
    price_hat: Floats


@dataclass(frozen=True, eq=False)
class PricedCosts:
    """Costs of carriage, USD/t, (T,), with the shadow prices that they contain, USD/t, (H,)."""

    carriage: Floats
    price: Floats


Solve = Callable[[Floats, TradeStep, LanePayments | None], TradeStep]
"""Solves trade at costs of carriage and payments, from a solution whose exporters' prices it assumes."""


@dataclass(frozen=True, eq=False)
class LocalTrade:
    """Trade of the rows that can use the capacities in question.

    Attributes:
        trade: Trade of the baseline.
        lanes: Lanes of the baseline.
        rationing: Hard capacities.
        step: The last assignment's flows and choice.
        rows: Lanes of the rows of its choice, (R,).
    """

    trade: TradeInputs
    lanes: Lanes
    rationing: Rationing
    step: PriceStep
    rows: Longs

    def clear(
        self, choice: LocalChoice, solve: Solve, at: PricedCosts, previous: TradeStep
    ) -> tuple[PricedCosts, TradeStep]:
        """Return costs and prices at which freight fits, and trade at these.

        Args:
            choice: Choice of the rows.
            solve: The trade model.
            at: Costs and prices to start from.
            previous: Solution to start from.
        """
        near, known = self.step.near, self.step.price[self.step.near]
        capacity, price, assumed = self.rationing.capacity[near], at.price[near], previous
        tolerance = min(max(PASS_TOLERANCE, ROUGH_PART * self.step.excess), ROUGH_TOLERANCE)
        offset = choice.at(price - known, with_queue=False)[0]
        for _ in range(MOST_PASSES):
            detour, uses, _ = choice.at(price - known)
            carriage = at.carriage.copy()
            carriage[self.rows] = np.maximum(carriage[self.rows] + detour - offset, 0.0)
            payments = self.rationing.payments(near, self.rows, uses, price)
            found = solve(carriage, assumed, payments)
            flow = found.tonnes[self.rows] @ uses
            relative = flow / capacity - 1.0
            excess = np.where(price > 0.0, np.abs(relative), relative).max(initial=0.0)
            if max(excess, self._drift(assumed, found, uses @ price)) <= tolerance:
                break
            anchor = self._anchor(found, price - known, carriage[self.rows], uses @ price)
            model = LocalModel.of(choice, anchor, detour, uses)
            price, supplied = model.clearing_prices(price, capacity, max(SOLVED, SOLVED_PART * tolerance))
            assumed = self._with_prices(found, anchor, supplied)
        every = at.price.copy()
        every[near] = price
        return PricedCosts(carriage, every), found

    def _with_prices(self, found: TradeStep, anchor: Anchor, supplied: Floats) -> TradeStep:
        """Return a solution with the exporters' prices that the local model expects of its next one."""
        price_hat, moved = found.price_hat.copy(), anchor.supply >= 0
        good = self.lanes.good[self.rows[moved]]
        price_hat[good] = found.price_hat[good] * (1.0 + supplied[anchor.supply[moved]])
        return replace(found, price_hat=price_hat)

    def _drift(self, assumed: TradeStep, found: TradeStep, paid: Floats) -> float:
        """Return the largest relative difference of prices of exporters whose goods pay."""
        good = self.lanes.good[self.rows]
        pays = (good >= 0) & (paid > 0.0) & (found.tonnes[self.rows] > 1.0)
        ratio = found.price_hat[good[pays]] / assumed.price_hat[good[pays]]
        return float(np.abs(ratio - 1.0).max(initial=0.0))

    def _anchor(self, found: TradeStep, change: Floats, carriage: Floats, paid: Floats) -> Anchor:
        """Return how the tonnes of the rows respond near a solution of the trade model."""
        lanes, trade = self.lanes, self.trade
        good = np.maximum(lanes.good[self.rows], 0)
        responds = (lanes.good[self.rows] >= 0) & lanes.is_connected[self.rows]
        price_hat = np.where(responds, found.price_hat[good], 1.0)
        value = trade.goods["usd_per_t"].to_numpy(dtype=np.float64)[good]
        at_exporter = np.maximum(price_hat * (value + carriage - paid), 0.0)
        cost = at_exporter + paid
        sector, exporter, share = self._main_cells(found.trade)
        elasticity = np.where(responds, 1.0 + trade.elasticity[good] * (1.0 - share[good]), 0.0)
        tonnes = found.tonnes[self.rows]
        key = np.where(responds, sector[good] * len(trade.baseline.economies) + exporter[good], -1)
        sold = tonnes * value * price_hat / USD_PER_MUSD
        supply, net = self._supplies(found.trade, key, sold, elasticity)
        return Anchor(change, tonnes, cost, elasticity, supply, at_exporter, net)

    def _main_cells(self, result: TradeResult) -> tuple[Longs, Longs, Floats]:
        """Return sector and exporter of the cell that each good follows most, and its share, (R,) each."""
        following, entries = self.trade.following, self.trade.entries
        order = np.lexsort((-following.weight, following.good))
        good, first = np.unique(following.good[order], return_index=True)
        sector, exporter, importer = self.trade.positions
        cell = entries.cell[following.entry[order[first]]]
        count = len(self.trade.goods)
        out: tuple[Longs, Longs, Floats] = (
            np.zeros(count, np.int64),
            np.zeros(count, np.int64),
            np.zeros(count),
        )
        k, i, j = sector[cell], exporter[cell], importer[cell]
        out[0][good], out[1][good] = k, i
        bought = result.expenditure[k, j]
        out[2][good] = np.clip(result.flow[k, i, j] / np.where(bought > 0.0, bought, np.inf), 0.0, 1.0)
        return out

    def _supplies(
        self, result: TradeResult, key: Longs, sold: Floats, elasticity: Floats
    ) -> tuple[Longs, Floats]:
        """Return the supply of each row, (R,), −1 for none, and the elasticity that others leave it, (G,)."""
        base = self.trade.baseline
        out = np.full(key.size, -1, dtype=np.int64)
        if base.specific_share is None or base.supply_elasticity is None:
            return out, np.zeros(0)
        found, at = np.unique(key, return_inverse=True)
        k, i = np.maximum(found, 0) // len(base.economies), np.maximum(found, 0) % len(base.economies)
        flow, share = result.flow[k, i], base.specific_share[k, i]
        bought = result.expenditure[k]
        others_part = 1.0 - np.divide(flow, bought, out=np.ones_like(flow), where=bought > 0.0)
        every = (flow * (1.0 + base.theta[k][:, None] * np.maximum(others_part, 0.0))).sum(axis=1)
        own, total = np.bincount(at, weights=sold), flow.sum(axis=1)
        others = np.maximum(every - np.bincount(at, weights=sold * elasticity), np.maximum(total - own, 0.0))
        is_specific = (found >= 0) & (share > 0.0) & (own > 0.0)
        supply = (1.0 + base.supply_elasticity[k, i]) / np.where(share > 0.0, share, np.inf) - 1.0
        net = (supply * total + others) / np.where(own > 0.0, own, np.inf)
        specific = np.flatnonzero(is_specific & (net < MOST_NET_ELASTICITY))
        number = np.full(found.size, -1, dtype=np.int64)
        number[specific] = np.arange(specific.size)
        return number[at], net[specific]
