"""What a coupled run says: who gains, which trade moves, and what it costs to carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case
from sogdia.coupling.baseline import CoupledBaseline
from sogdia.coupling.trade_costs import Terms, TradeCosts
from sogdia.freight.results import FreightResult
from sogdia.numerics import Convergence
from sogdia.trade.goods import PAIR
from sogdia.trade.results import TradeResult

Floats = npt.NDArray[np.float64]
ECONOMIES = ("economy", "name", "home")


@dataclass(frozen=True, eq=False)
class CoupledResult:
    """Freight and trade of a case beside those of its base.

    Attributes:
        base: The base.
        case: The case.
        freight: Freight of the case, at the tonnes below.
        trade: Trade of the case.
        terms: What of the costs of trade does not hang on freight.
        trade_costs: Changes of the costs of trade.
        carriage: Delivered cost of each lane, USD/t, (T,); infinite where it has no path.
        value: Value of each good after, USD million, (R,).
        tonnes: Tonnes of each lane, (T,).
        convergence: Rounds and residuals; no step where the feedback is off.
    """

    base: CoupledBaseline
    case: Case
    freight: FreightResult
    trade: TradeResult
    terms: Terms
    trade_costs: TradeCosts
    carriage: Floats
    value: Floats
    tonnes: Floats
    convergence: Convergence

    def economies(self) -> pd.DataFrame:
        """Results by economy, the region's own first.

        Returns:
            ``economy``, ``name``, ``home``, the columns of :meth:`sogdia.trade.TradeResult.economies`, and
            ``gain_musd``, the change of real spending on goods in money of the base, and ``gdp_pct``, the
            same over the base's GDP.
        """
        known = self.base.case.table("economies").set_index("iso3")
        table = self.trade.economies()
        table["name"] = table["economy"].map(known["name"])
        table["home"] = table["economy"].isin(self.case.region.home)
        spent = self.base.trade.baseline.flow.sum(axis=(0, 1))
        before = dict(zip(self.base.trade.baseline.economies, spent.tolist(), strict=True))
        table["gain_musd"] = table["welfare_pct"] / 100.0 * table["economy"].map(before).astype(float)
        table["gdp_pct"] = 100.0 * table["gain_musd"] / table["economy"].map(known["gdp_musd"]).astype(float)
        rank = {code: n for n, code in enumerate([*self.case.region.home, *known.index])}
        order = table["economy"].map(rank).where(~table["home"], -len(rank) + table["economy"].map(rank))
        columns = [*ECONOMIES, *(name for name in table.columns if name not in ECONOMIES)]
        return table.loc[order.sort_values(kind="stable").index, columns].reset_index(drop=True)

    def costs(self) -> pd.DataFrame:
        """How the cost of each good came to change, one row a good.

        Returns:
            ``exporter``, ``importer``, ``commodity``, ``value_usd_per_t``; ``before_usd_per_t`` and
            ``after_usd_per_t``, the mean delivered cost of carriage over lanes with a path, weighted by
            the base's tonnes (empty where the good is no freight or has no path); ``closed_share``, the part
            of its tonnes whose lane lost its path; ``policy_pct`` and ``tariff_pct`` after;
            ``nontariff_hat``; ``cut_off``; ``cost_hat``, τ̂.
        """
        lanes, goods, terms = self.base.lanes, self.base.trade.goods, self.terms
        table = goods[[*PAIR, "commodity"]].copy()
        closed = np.where(lanes.joined & np.isinf(self.carriage), 1.0, 0.0)
        table["value_usd_per_t"] = goods["usd_per_t"]
        table["before_usd_per_t"] = lanes.mean(lanes.cost, len(goods))
        table["after_usd_per_t"] = lanes.mean(np.where(lanes.joined, self.carriage, np.inf), len(goods))
        table["closed_share"] = np.nan_to_num(lanes.mean(closed, len(goods)))
        table["policy_pct"] = 100.0 * terms.after.cost_share
        table["tariff_pct"] = terms.after.tariff_pct
        table["nontariff_hat"] = terms.ratio
        table["cut_off"] = np.isinf(self.trade_costs.good)
        table["cost_hat"] = self.trade_costs.good
        return table[goods["exporter"].ne(goods["importer"])].reset_index(drop=True)

    def flows(self) -> pd.DataFrame:
        """Trade of each good, sales at home included.

        Returns:
            ``exporter``, ``importer``, ``commodity``, ``before_musd``, ``after_musd``, ``change_musd``,
            ``change_pct``, and the tonnes asked to be carried, ``before_t`` and ``after_t``.
        """
        lanes, goods = self.base.lanes, self.base.trade.goods
        table = goods[[*PAIR, "commodity"]].copy()
        table["before_musd"], table["after_musd"] = goods["value_musd"], self.value
        table["change_musd"] = table["after_musd"] - table["before_musd"]
        table["change_pct"] = 100.0 * table["change_musd"] / table["before_musd"]
        known = lanes.good >= 0
        for name, tonnes in (("before_t", lanes.tonnes), ("after_t", self.tonnes)):
            table[name] = np.bincount(lanes.good[known], weights=tonnes[known], minlength=len(goods))
        return table

    def pairs(self) -> pd.DataFrame:
        """Trade between economies, all goods together; columns as of :meth:`flows`, without commodity."""
        table = self.flows()
        names = ["before_musd", "after_musd", "change_musd", "before_t", "after_t"]
        summed = table.groupby(PAIR, as_index=False)[names].sum()
        summed["change_pct"] = 100.0 * summed["change_musd"] / summed["before_musd"]
        return summed

    def undelivered(self) -> pd.DataFrame:
        """What the base ships and the case has no path for, at the base's tonnes; none is shipped after.

        Returns:
            ``exporter``, ``importer``, ``commodity``, ``tonnes``, ``value_musd``, ``in_base``: whether
            the base had no path either (trade the network does not explain; its costs stay).
        """
        lanes = self.base.lanes
        table = lanes.table[[*PAIR, "commodity"]].assign(tonnes=lanes.tonnes, in_base=~lanes.joined)
        prices = np.append(self.base.trade.goods["usd_per_t"].to_numpy(dtype=np.float64), 0.0)[lanes.good]
        table["value_musd"] = table["tonnes"] * prices / 1e6
        lost = table[np.isinf(self.carriage)]
        keys = [*PAIR, "commodity", "in_base"]
        summed = lost.groupby(keys, as_index=False)[["tonnes", "value_musd"]].sum()
        return summed.sort_values("tonnes", ascending=False, ignore_index=True)

    def rules(self) -> pd.DataFrame:
        """What was done to data and results by rules.

        Those of the trade model before and after, and pairs whose groups did not sum to their total.

        Returns:
            ``rule``, ``economy``, ``sector``, ``value``, ``meaning``.
        """
        balancing = self.base.trade.balancing
        gap = (balancing["total_musd"] - balancing["split_musd"]).abs().sum()
        meaning = (
            f"USD million by which groups of {len(balancing)} pairs miss their total; spread as the groups"
        )
        rows = [("groups scaled", "", "", float(gap), meaning)] if len(balancing) else []
        own = pd.DataFrame(rows, columns=["rule", "economy", "sector", "value", "meaning"])
        told = [table for table in (own, self.base.trade.baseline.report, self.trade.report()) if len(table)]
        return pd.concat(told, ignore_index=True) if told else own

    def rounds(self) -> pd.DataFrame:
        """``round``, ``residual`` and ``seconds`` since the start."""
        rows = [(step.iteration, step.residual, step.seconds) for step in self.convergence.steps]
        return pd.DataFrame(rows, columns=["round", "residual", "seconds"])
