"""The trade of a region's case as a model: goods in sectors, what changes them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.composition import Cells, Combined, Composition, cells_of, combined, tariffs_before
from sogdia.trade.goods import PAIR, TOTAL, goods_of
from sogdia.trade.policy import Policy, policy_of
from sogdia.trade.results import TradeResult

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TradeInputs:
    """A region's trade, ready to be solved.

    Attributes:
        case: The case whose table ``trade`` it is.
        composition: How goods not split by commodity are put into sectors.
        goods: What is sold, (R,) rows (:func:`sogdia.trade.goods.goods_of`).
        misfits: Pairs whose groups did not sum to their total, and the factor that mended it.
        policy: Barriers under which the goods are sold.
        cells: Goods in sectors.
        baseline: The matrix the solver starts from.
    """

    case: Case
    composition: Composition
    goods: pd.DataFrame
    misfits: pd.DataFrame
    policy: Policy
    cells: Cells
    baseline: Baseline

    @property
    def elasticity(self) -> Floats:
        """Trade elasticity of each good: that of its sector; of ``all`` where it lies in several, (R,)."""
        known = self.case.table("commodities")["elasticity"].astype(float)
        if self.composition == "one_sector":
            return np.full(len(self.goods), known[TOTAL])
        return np.asarray(self.goods["commodity"].map(known).to_numpy(dtype=np.float64))

    def change(
        self, cost_hat: Floats, tariff_pct: Floats, unit_cost: Mapping[str, float] | None = None
    ) -> tuple[Change, Combined]:
        """A change of the costs and tariffs of goods, as the solver wants it.

        Args:
            cost_hat: Change τ̂ of the cost of each good, (R,); infinite where it is cut off.
            tariff_pct: Tariff after on each good, per cent, (R,).
            unit_cost: Change of the cost of what an economy sells, at given wages; 1 where not named.
        """
        mixed = combined(self.cells, cost_hat, self.policy.tariff_pct, tariff_pct)
        at = self._positions()
        costs = np.ones(self.baseline.flow.shape)
        costs[at] = mixed.cost_hat
        tariff = None
        if self.policy.tariff_pct.any() or tariff_pct.any():
            tariff = np.zeros(self.baseline.flow.shape)
            tariff[at] = mixed.tariff_pct / 100.0
        return Change(costs, tariff, self._productivity(unit_cost or {})), mixed

    def _productivity(self, unit_cost: Mapping[str, float]) -> Floats | None:
        if not unit_cost:
            return None
        factors = [unit_cost.get(name, 1.0) for name in self.baseline.economies]
        return np.tile(1.0 / np.array(factors), (len(self.baseline.sectors), 1))

    def after(self, result: TradeResult, mixed: Combined) -> Floats:
        """Value of each good after, USD million, (R,): its part of what its cells sell."""
        at = self._positions()
        before = self.baseline.flow[at]
        value = self.cells.cells["value"].to_numpy(dtype=np.float64)
        grown = np.divide(result.flow[at], before, out=np.zeros_like(before), where=before > 0.0) * value
        sold = grown[self.cells.cell] * mixed.share
        return np.bincount(self.cells.good, weights=sold, minlength=len(self.goods)).astype(np.float64)

    def _positions(self) -> tuple[Longs, Longs, Longs]:
        """Sector, exporter and importer of each cell, as positions in the baseline."""
        place = {name: n for n, name in enumerate(self.baseline.economies)}
        sector = {name: n for n, name in enumerate(self.baseline.sectors)}
        cells = self.cells.cells
        names = (("sector", sector), ("exporter", place), ("importer", place))
        first, second, third = (
            np.asarray(cells[column].map(known), dtype=np.int64) for column, known in names
        )
        return first, second, third


def trade_inputs(case: Case, composition: Composition = "one_sector") -> TradeInputs:
    """The trade of a case.

    Args:
        case: Region, plan and scenario; its barriers are those under which the goods are sold.
        composition: See :func:`sogdia.trade.composition.cells_of`.

    Raises:
        FaultsError: If an economy sells nothing at home, or the matrix does not hold.
        UnknownNameError: If the composition is not known.
    """
    goods, misfits = goods_of(case)
    policy = policy_of(case, goods)
    elasticity = case.table("commodities")["elasticity"].astype(float).to_dict()
    cells = cells_of(goods, {str(name): value for name, value in elasticity.items()}, composition)
    before = tariffs_before(cells, policy.tariff_pct)
    keyed = cells.cells[[*PAIR, "sector"]]
    tariffs = keyed.assign(tariff_pct=before) if before.any() else None
    baseline = Baseline.from_frames(cells.cells, cells.theta, tariffs=tariffs, file="trade.csv")
    return TradeInputs(case, composition, goods, misfits, policy, cells, baseline)
