"""Build the trade model of a case: goods and sectors as cells, their shocks and counterfactual values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.trade.arrays import Floats, Ints
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.composition import Composition, Horizon, composition_of, one_sector
from sogdia.trade.entries import (
    CellChanges,
    Entries,
    Following,
    Legs,
    base_tariffs,
    combine_entries,
)
from sogdia.trade.goods import PAIR, read_goods
from sogdia.trade.policy import Policy, read_policy
from sogdia.trade.results import TradeResult
from sogdia.trade.sector_data import SectorData, aggregate, read_sector_data
from sogdia.trade.sector_entries import build_sector_entries
from sogdia.trade.tables import ADJUSTMENTS

UnitCosts = Mapping[tuple[str, str], float]
"""Change of unit cost by economy and sector; a sector ``all`` is every sector."""


@dataclass(frozen=True, eq=False)
class TradeInputs:
    """Trade of a case as arrays of the model.

    Attributes:
        case: Case whose tables are the base year.
        requested: Composition asked for.
        composition: Composition in use: ``one_sector`` where the pack has no trade by sector.
        horizon: Set of elasticities of the sectors.
        goods: Goods of table ``trade``, R rows (:func:`sogdia.trade.goods.read_goods`).
        balancing: Pairs whose commodity groups were scaled to their total, with the factor.
        policy: Base-year trade policy on goods.
        leg_policy: The same on legs.
        tariff_pct: Base-year tariff on each entry, per cent, (E,).
        legs: Trade of sectors between two economies, and the goods it is carried as.
        entries: Entries of the model's cells.
        following: Entries that each good follows.
        sectors: Sectors of the pack, before aggregation; ``None`` with one sector.
        group: Sector of the model that holds each sector of the pack.
        baseline: Base year of the solver.
    """

    case: Case
    requested: Composition
    composition: Composition
    horizon: Horizon
    goods: pd.DataFrame
    balancing: pd.DataFrame
    policy: Policy
    leg_policy: Policy
    tariff_pct: Floats
    legs: Legs
    entries: Entries
    following: Following
    sectors: SectorData | None
    group: Mapping[str, str]
    baseline: Baseline

    @property
    def elasticity(self) -> Floats:
        """Trade elasticity of each good: the mean of the sectors that it carries, (R,)."""
        theta = self.entries.theta
        if self.sectors is None:
            return np.asarray(theta)
        return self.following.mean(theta, len(self.goods))

    @property
    def gravity(self) -> tuple[Floats, Floats, tuple[str, ...], tuple[str, ...]]:
        """Flows (S, N, N), elasticities (S,), sectors and economies from which non-tariff costs follow."""
        if self.sectors is None:
            own = self.baseline
            return own.flow, own.theta, own.sectors, own.economies
        data = self.sectors
        return data.flow, data.theta, data.sectors, data.economies

    @property
    def leg_tariff(self) -> Floats:
        """Base-year tariff on each leg as a share of value, (L,)."""
        own = self.leg_policy.tariff_pct / 100.0
        if self.sectors is None:
            return np.asarray(own)
        number = {name: k for k, name in enumerate(self.sectors.sectors)}
        code = {name: n for n, name in enumerate(self.sectors.economies)}
        table = self.legs.table
        cells = table["sector"].map(number), table["exporter"].map(code), table["importer"].map(code)
        at = tuple(column.to_numpy(dtype=np.int64) for column in cells)
        return np.asarray(own + self.sectors.tariff[at])

    def read_tariffs(self, case: Case) -> Floats:
        """Return the tariff on each entry in a case, per cent, (E,): the sector's and that of barriers."""
        own = read_policy(case, self.entries.table).tariff_pct
        return np.asarray(self.entries.sector_tariff_pct + own)

    def build_change(
        self, leg_hat: Floats, tariff_pct: Floats, unit_cost: UnitCosts | None = None
    ) -> tuple[Change, CellChanges]:
        """Aggregate shocks of legs and entries to a change of the solver.

        Args:
            leg_hat: Cost shock τ̂ of each leg, (L,); infinite where it is cut off.
            tariff_pct: Counterfactual tariff on each entry, per cent, (E,).
            unit_cost: Change of unit cost at given wages; 1 if not named.

        Returns:
            The change, and the shocks by cell.
        """
        changes = combine_entries(self.entries, self.entries.cost_hat(leg_hat), self.tariff_pct, tariff_pct)
        at = self.positions
        costs = np.ones(self.baseline.flow.shape)
        costs[at] = changes.cost_hat
        tariff = None
        if self.tariff_pct.any() or tariff_pct.any():
            tariff = self.baseline.tariff.copy()
            tariff[at] = changes.tariff_pct / 100.0
        return Change(costs, tariff, self._productivity(unit_cost or {})), changes

    def _productivity(self, unit_cost: UnitCosts) -> Floats | None:
        if not unit_cost:
            return None
        out = np.ones(self.baseline.output.shape)
        economy = {name: n for n, name in enumerate(self.baseline.economies)}
        sector = {name: n for n, name in enumerate(self.baseline.sectors)}
        for (name, part), factor in unit_cost.items():
            if name in economy:
                rows = slice(None) if part == ALL_GOODS else sector[part]
                out[rows, economy[name]] /= factor
        return out

    def value_after(
        self, result: TradeResult, changes: CellChanges, choice: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Return the counterfactual value of each good and its quantity relative to the base year, (R,) each.

        Values are USD million. Quantities are values at the exporter's prices of the base year.

        Args:
            result: Solution of the trade model.
            changes: Shocks by cell.
            choice: Changes of the shares of goods in their legs (:meth:`Following.choice`); 1 by default.
        """
        sector, exporter, _ = at = self.positions
        before = self.baseline.flow[at]
        after = np.divide(result.flow[at], before, out=np.zeros_like(before), where=before > 0.0)
        cell = self.entries.cell
        value = self.entries.cells["value"].to_numpy(dtype=np.float64)
        ratio = (after * value)[cell] * changes.share / self.entries.value
        price = result.cost_hat[sector, exporter][cell]
        count, observed = len(self.goods), self.goods["value_musd"].to_numpy(dtype=np.float64)
        quantity = self.following.mean(ratio / price, count, choice)
        return observed * self.following.mean(ratio, count, choice), quantity

    @cached_property
    def positions(self) -> tuple[Ints, Ints, Ints]:
        """Sector, exporter and importer of each cell as positions in the baseline."""
        return _positions(self.entries, self.baseline.sectors, self.baseline.economies)


def build_trade_inputs(
    case: Case, composition: Composition = "sectors", horizon: Horizon = "long_run"
) -> TradeInputs:
    """Build the trade of a case as the base year.

    Args:
        case: Region, plan and scenario.
        composition: Sectors of the model (:mod:`sogdia.trade.composition`).
        horizon: Set of elasticities of the sectors; one sector has that of ``all`` goods.

    Raises:
        FaultsError: If an economy has no sales, purchases or home sales, or data of sectors are missing.
        UnknownNameError: If the composition is not known.
    """
    goods, balancing = read_goods(case)
    chosen = composition_of(case, composition)
    data: SectorData | None = None
    group: dict[str, str] = {}
    if chosen == "one_sector":
        theta = float(case.table("commodities")["elasticity"][ALL_GOODS])
        legs, entries, following = one_sector(goods, theta)
    else:
        data = read_sector_data(case, horizon)
        group = _group(case, data, chosen)
        world = data if chosen == "sectors" else aggregate(data, group)
        by_sector = dict(zip(world.sectors, world.theta.tolist(), strict=True))
        legs, entries, following, adjusted = build_sector_entries(case, data, goods, group, by_sector)
        data = replace(data, adjusted=(*data.adjusted, *adjusted))
    tariff = np.asarray(entries.sector_tariff_pct + read_policy(case, entries.table).tariff_pct)
    if data is None:
        baseline = _one_sector_baseline(entries, theta, tariff)
    else:
        baseline = _sector_baseline(world, entries, tariff)
        baseline = replace(baseline, adjusted=ADJUSTMENTS.frame(list(data.adjusted)))
    return TradeInputs(
        case, composition, chosen, horizon, goods, balancing, read_policy(case, goods),
        read_policy(case, legs.table), tariff, legs, entries, following, data, group, baseline,
    )  # fmt: skip


def _group(case: Case, data: SectorData, composition: Composition) -> dict[str, str]:
    if composition == "sectors":
        return {name: name for name in data.sectors}
    table = case.table("sectors")
    return dict(zip(table["id"].astype(str), table["aggregate"].astype(str), strict=True))


def _one_sector_baseline(entries: Entries, theta: float, tariff_pct: Floats) -> Baseline:
    before = base_tariffs(entries, tariff_pct)
    keyed = entries.cells[[*PAIR, "sector"]]
    tariffs = keyed.assign(tariff_pct=before) if before.any() else None
    return Baseline.from_frames(entries.cells, {ALL_GOODS: theta}, tariffs=tariffs, file="trade.csv")


def _sector_baseline(world: SectorData, entries: Entries, tariff_pct: Floats) -> Baseline:
    """Return the base year in sectors, with the tariffs of the entries."""
    at = _positions(entries, world.sectors, world.economies)
    tariff, flow = world.tariff.copy(), np.zeros_like(world.flow)
    tariff[at] = base_tariffs(entries, tariff_pct) / 100.0
    flow[at] = entries.cells["value"].to_numpy(dtype=np.float64)
    has_rents, has_transfers = world.specific_share.any(), world.transfers.any()
    return Baseline.from_arrays(
        world.economies, world.sectors, flow, world.theta, tariff, world.value_added_share, world.input_share,
        specific_share=world.specific_share if has_rents else None,
        supply_elasticity=world.supply_elasticity if has_rents else None,
        transfers=world.transfers if has_transfers else None,
    )  # fmt: skip


def _positions(
    entries: Entries, sectors: tuple[str, ...], economies: tuple[str, ...]
) -> tuple[Ints, Ints, Ints]:
    number = {name: n for n, name in enumerate(sectors)}
    code = {name: n for n, name in enumerate(economies)}
    cells = entries.cells
    names = (("sector", number), ("exporter", code), ("importer", code))
    at: list[Ints] = [np.array(cells[name].map(known), dtype=np.int64) for name, known in names]
    return at[0], at[1], at[2]
