"""Results of freight coupled with trade: welfare, flows and costs compared with the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case
from sogdia.coupling.baseline import CoupledBaseline
from sogdia.coupling.data_rules import pack_adjustments, reconcile, sector_rule
from sogdia.coupling.freight_step import FreightStep
from sogdia.coupling.scarcity import ShadowPrices
from sogdia.coupling.tables import COSTS, ECONOMIES, FLOWS, RULES, UNDELIVERED
from sogdia.coupling.trade_costs import PolicyTerms, TradeCosts, good_ratio
from sogdia.freight.results import FreightResult
from sogdia.numerics import Convergence
from sogdia.tables.summary import ShortRepr
from sogdia.trade.goods import PAIR
from sogdia.trade.results import TradeResult
from sogdia.trade.tables import ADJUSTMENTS, WELFARE
from sogdia.trade.welfare import decompose_welfare
from sogdia.units import UNITS

Floats = npt.NDArray[np.float64]
USD_PER_MUSD = UNITS["USD million"].factor


@dataclass(frozen=True, eq=False, repr=False)
class CoupledResult(ShortRepr):
    """Freight and trade of a case, compared with its baseline.

    Attributes:
        baseline: The baseline.
        case: The case.
        freight: Freight of the case, at the tonnes below.
        trade: Trade of the case.
        terms: Terms of trade costs that do not depend on freight.
        trade_costs: Changes of trade costs.
        carriage: Delivered cost of each lane, USD/t, (T,); infinite if it has no path.
        value: Value of each good in the case, USD million, (R,).
        tonnes: Tonnes of each lane, (T,).
        prices: Shadow prices of hard capacities; 0 if ``feedback`` is off.
        paid: What a tonne on each lane pays for hard capacities, part of ``carriage``, USD/t, (T,).
        unlinked: Trade at the same costs of freight, with no change of the cost of electricity.
        convergence: Rounds and residuals; no step if ``feedback`` is off.
        step: Last round, from which the loop of the same network may start at other elasticities.
    """

    baseline: CoupledBaseline
    case: Case
    freight: FreightResult
    trade: TradeResult
    terms: PolicyTerms
    trade_costs: TradeCosts
    carriage: Floats
    value: Floats
    tonnes: Floats
    prices: ShadowPrices
    paid: Floats
    unlinked: TradeResult
    convergence: Convergence
    step: FreightStep

    def economies(self) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.ECONOMIES`, the region's own economies first."""
        known = self.baseline.case.table("economies").set_index("iso3")
        table = self.trade.economies()
        table["name"] = table["economy"].map(known["name"])
        table["home"] = table["economy"].isin(self.case.region.home)
        parts = self._parts
        table["gain_musd"] = table["economy"].map(parts["equivalent_variation"]).astype(float)
        apart = parts
        if self.unlinked is not self.trade:
            apart = decompose_welfare(self.unlinked).set_index("economy")
        table["trade_gain_musd"] = table["economy"].map(apart["equivalent_variation"]).astype(float)
        table["gdp_pct"] = 100.0 * table["gain_musd"] / table["economy"].map(known["gdp_musd"]).astype(float)
        rank = {code: n for n, code in enumerate([*self.case.region.home, *known.index])}
        order = table["economy"].map(rank).where(~table["home"], -len(rank) + table["economy"].map(rank))
        ordered = table.loc[order.sort_values(kind="stable").index]
        return ECONOMIES.frame(ordered).reset_index(drop=True)

    @cached_property
    def _parts(self) -> pd.DataFrame:
        """Parts of welfare by economy, which several tables take."""
        return decompose_welfare(self.trade).set_index("economy")

    def welfare(self) -> pd.DataFrame:
        """Return the parts of welfare (:data:`sogdia.trade.tables.WELFARE`), as ordered in ``economies``."""
        parts = self._parts
        return WELFARE.frame(parts.loc[self.economies()["economy"]].reset_index())

    def sectors(self) -> pd.DataFrame:
        """Return results by sector and economy (:data:`sogdia.trade.tables.SECTORS`)."""
        return self.trade.sectors()

    def adjustments(self) -> pd.DataFrame:
        """Return the cells of the data that rules changed (:data:`sogdia.trade.tables.ADJUSTMENTS`).

        Those that balancing of the pack moved come first, those of the year and of the model after them.
        """
        parts = [self.baseline.trade.baseline.adjustments]
        if self.baseline.trade.sectors is not None:
            parts.insert(0, pack_adjustments(self.baseline.case))
        filled = [part for part in parts if len(part)]
        return ADJUSTMENTS.frame(pd.concat(filled, ignore_index=True) if filled else [])

    def reconciliation(self) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.RECONCILIATION`."""
        return reconcile(self.baseline.trade)

    def shadow_prices(self) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.SHADOW_PRICES`: hard capacities that are full."""
        return self.prices.table(self.case)

    def costs(self) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.COSTS`, one row for each good traded abroad.

        ``before_usd_per_t`` and ``after_usd_per_t`` are means over lanes with a path, weighted by the
        baseline's tonnes; empty for goods that are not freight or have no path.
        """
        lanes, goods, terms = self.baseline.lanes, self.baseline.trade.goods, self.terms
        table = goods[[*PAIR, "commodity"]].copy()
        closed = np.where(lanes.is_connected & np.isinf(self.carriage), 1.0, 0.0)
        carriage = np.where(lanes.is_connected, self.carriage, np.inf)
        table["value_usd_per_t"] = goods["usd_per_t"]
        table["before_usd_per_t"] = lanes.mean(lanes.cost, len(goods))
        table["after_usd_per_t"] = lanes.mean(carriage - self.paid, len(goods))
        table["shadow_usd_per_t"] = lanes.mean(np.where(np.isfinite(carriage), self.paid, np.nan), len(goods))
        table["closed_share"] = np.nan_to_num(lanes.mean(closed, len(goods)))
        table["policy_pct"] = 100.0 * terms.after.cost_share
        table["tariff_pct"] = self._tariffs()
        table["nontariff_hat"] = good_ratio(self.baseline.trade, terms)
        table["cut_off"] = np.isinf(self.trade_costs.good)
        table["cost_hat"] = self.trade_costs.good
        return COSTS.frame(table[goods["exporter"].ne(goods["importer"])]).reset_index(drop=True)

    def _tariffs(self) -> Floats:
        """Return the tariff on each good in the case: the mean of the entries that it follows, (R,)."""
        following, rates = self.baseline.trade.following, self.terms.tariff_pct
        total = np.bincount(
            following.good, weights=following.weight * rates[following.entry],
            minlength=len(self.baseline.trade.goods),
        )  # fmt: skip
        return np.asarray(total, dtype=np.float64)

    def flows(self) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.FLOWS`, one row for each good."""
        lanes, goods = self.baseline.lanes, self.baseline.trade.goods
        table = goods[[*PAIR, "commodity"]].copy()
        table["before_musd"], table["after_musd"] = goods["value_musd"], self.value
        table["change_musd"] = table["after_musd"] - table["before_musd"]
        table["change_pct"] = 100.0 * table["change_musd"] / table["before_musd"]
        has_good = lanes.good >= 0
        for name, tonnes in (("before_t", lanes.tonnes), ("after_t", self.tonnes)):
            table[name] = np.bincount(lanes.good[has_good], weights=tonnes[has_good], minlength=len(goods))
        return FLOWS.frame(table)

    def pairs(self) -> pd.DataFrame:
        """Return trade between economies, all goods together; columns of :meth:`flows` but ``commodity``."""
        table = self.flows()
        names = ["before_musd", "after_musd", "change_musd", "before_t", "after_t"]
        summed = table.groupby(PAIR, as_index=False)[names].sum()
        summed["change_pct"] = 100.0 * summed["change_musd"] / summed["before_musd"]
        return summed

    def undelivered(self) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.UNDELIVERED`, the largest tonnage first.

        Freight without a path in the baseline is trade that the network does not explain: its cost stays.
        """
        lanes = self.baseline.lanes
        table = lanes.table[[*PAIR, "commodity"]].assign(tonnes=lanes.tonnes, in_base=~lanes.is_connected)
        table["value_musd"] = table["tonnes"] * self._lane_values() / USD_PER_MUSD
        lost = table[np.isinf(self.carriage)]
        keys = [*PAIR, "commodity", "in_base"]
        summed = lost.groupby(keys, as_index=False)[["tonnes", "value_musd"]].sum()
        return UNDELIVERED.frame(summed.sort_values("tonnes", ascending=False, ignore_index=True))

    def _lane_values(self) -> Floats:
        """Return the value per tonne of each lane's good, USD/t, (T,); 0 for goods without value."""
        values = self.baseline.trade.goods["usd_per_t"].to_numpy(dtype=np.float64)
        return np.asarray(np.append(values, 0.0)[self.baseline.lanes.good])

    def rules(self) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.RULES`.

        Rules of the trade model before and after, and pairs whose commodities do not sum to their total.
        """
        balancing = self.baseline.trade.balancing
        gap = (balancing["total_musd"] - balancing["split_musd"]).abs().sum()
        meaning = (
            f"USD million by which groups of {len(balancing)} pairs miss their total; spread as the groups"
        )
        rows = [("groups scaled", "", "", float(gap), meaning)] if len(balancing) else []
        rows += sector_rule(self.baseline.trade)
        own = RULES.frame(rows)
        reports = (own, self.baseline.trade.baseline.report, self.trade.report())
        tables = [table for table in reports if len(table)]
        return RULES.frame(pd.concat(tables, ignore_index=True)) if tables else own

    def rounds(self) -> pd.DataFrame:
        """Return ``round``, ``residual`` and ``seconds`` since the start of the loop."""
        rows = [(step.iteration, step.residual, step.seconds) for step in self.convergence.steps]
        return pd.DataFrame(rows, columns=["round", "residual", "seconds"])
