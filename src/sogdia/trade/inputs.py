"""Build the trade model of a case: goods in sectors, their shocks, and their counterfactual values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.trade.arrays import Floats, Ints
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.composition import (
    CellChanges,
    Cells,
    Composition,
    base_tariffs,
    build_cells,
    combine_goods,
)
from sogdia.trade.goods import PAIR, read_goods
from sogdia.trade.policy import Policy, read_policy
from sogdia.trade.results import TradeResult


@dataclass(frozen=True, eq=False)
class TradeInputs:
    """Trade of a case as arrays of the model.

    Attributes:
        case: Case whose table ``trade`` is the base year.
        composition: Assignment of goods not split by commodity to sectors.
        goods: Goods, R rows (:func:`sogdia.trade.goods.read_goods`).
        balancing: Pairs whose commodity groups were scaled to their total, with the factor.
        policy: Base-year trade policy.
        cells: Goods in sectors.
        baseline: Base year of the solver.
    """

    case: Case
    composition: Composition
    goods: pd.DataFrame
    balancing: pd.DataFrame
    policy: Policy
    cells: Cells
    baseline: Baseline

    @property
    def elasticity(self) -> Floats:
        """Trade elasticity of each good's sector, that of ``all`` for a good in several sectors, (R,)."""
        known = self.case.table("commodities")["elasticity"].astype(float)
        if self.composition == "one_sector":
            return np.full(len(self.goods), known[ALL_GOODS])
        return np.asarray(self.goods["commodity"].map(known).to_numpy(dtype=np.float64))

    def build_change(
        self, cost_hat: Floats, tariff_pct: Floats, unit_cost: Mapping[str, float] | None = None
    ) -> tuple[Change, CellChanges]:
        """Aggregate shocks of goods to a change of the solver.

        Args:
            cost_hat: Cost shock τ̂ of each good, (R,); infinite where it is cut off.
            tariff_pct: Counterfactual tariff on each good, per cent, (R,).
            unit_cost: Change of an economy's unit cost at given wages, by economy; 1 if not named.

        Returns:
            The change, and the shocks by cell.
        """
        changes = combine_goods(self.cells, cost_hat, self.policy.tariff_pct, tariff_pct)
        at = self._positions()
        costs = np.ones(self.baseline.flow.shape)
        costs[at] = changes.cost_hat
        tariff = None
        if self.policy.tariff_pct.any() or tariff_pct.any():
            tariff = np.zeros(self.baseline.flow.shape)
            tariff[at] = changes.tariff_pct / 100.0
        return Change(costs, tariff, self._productivity(unit_cost or {})), changes

    def _productivity(self, unit_cost: Mapping[str, float]) -> Floats | None:
        if not unit_cost:
            return None
        factors = [unit_cost.get(name, 1.0) for name in self.baseline.economies]
        return np.tile(1.0 / np.array(factors), (len(self.baseline.sectors), 1))

    def value_after(self, result: TradeResult, changes: CellChanges) -> Floats:
        """Return the counterfactual value of each good, USD million, (R,): its share of the cells' flows."""
        at = self._positions()
        before = self.baseline.flow[at]
        value = self.cells.cells["value"].to_numpy(dtype=np.float64)
        after = np.divide(result.flow[at], before, out=np.zeros_like(before), where=before > 0.0) * value
        entry_value = after[self.cells.cell] * changes.share
        summed = np.bincount(self.cells.good, weights=entry_value, minlength=len(self.goods))
        return summed.astype(np.float64)

    def _positions(self) -> tuple[Ints, Ints, Ints]:
        """Return sector, exporter and importer of each cell as positions in the baseline."""
        economy = {name: n for n, name in enumerate(self.baseline.economies)}
        sector = {name: n for n, name in enumerate(self.baseline.sectors)}
        cells = self.cells.cells
        names = (("sector", sector), ("exporter", economy), ("importer", economy))
        first, second, third = (
            np.asarray(cells[column].map(known), dtype=np.int64) for column, known in names
        )
        return first, second, third


def build_trade_inputs(case: Case, composition: Composition = "one_sector") -> TradeInputs:
    """Build the trade model of a case.

    Args:
        case: Region, plan and scenario; its barriers are those of the base year.
        composition: See :func:`sogdia.trade.composition.build_cells`.

    Raises:
        FaultsError: If an economy has no home sales, or the base year is inconsistent.
        UnknownNameError: If the composition is unknown.
    """
    goods, balancing = read_goods(case)
    policy = read_policy(case, goods)
    elasticity = case.table("commodities")["elasticity"].astype(float).to_dict()
    cells = build_cells(goods, {str(name): value for name, value in elasticity.items()}, composition)
    before = base_tariffs(cells, policy.tariff_pct)
    keyed = cells.cells[[*PAIR, "sector"]]
    tariffs = keyed.assign(tariff_pct=before) if before.any() else None
    baseline = Baseline.from_frames(cells.cells, cells.theta, tariffs=tariffs, file="trade.csv")
    return TradeInputs(case, composition, goods, balancing, policy, cells, baseline)
