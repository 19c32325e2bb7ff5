"""Turn costs of carriage into costs of trade, and trade back into tonnes.

The cost of a good on lane z, relative to its value at the exporter, is ``τ_z = 1 + g_z / v + p`` with
carriage g (USD/t), value per tonne v of the pair's own row, and other policy costs p. A good's change weights
those of its lanes by their shares s_z of the baseline's tonnes,

    ``τ̂_lanes = (Σ_z s_z τ̂_z^{−θ})^{−1/θ}``,  ``τ̂_z = τ'_z / τ_z``,

as buyers see it who choose among lanes with elasticity θ: a lane without a path has an infinite cost, and a
good is cut off if all its lanes are. Legs, the trade of a sector between two economies, take the mean of the
goods that carry them, times the change of non-tariff costs ``(1 + f n) / (1 + n)`` and the cost of a
factor on trade ``f^(−1/θ)`` (:mod:`sogdia.trade.policy`); legs without goods take ``(1 + p') / (1 + p)``
(:mod:`sogdia.trade.entries`). Tonnes follow the quantities of the entries that a good carries, values over
the exporter's price p̂ in the sector:
``q'_z = q_z · Σ_e w_e (X'_e / X_e) / p̂_e · (τ̂_z / τ̂_lanes)^{−θ}``. Tonnes do not depend on the numeraire.

A lane without a path in the baseline is trade that the network does not explain: its cost stays, even if
the case opens a path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.coupling.lanes import Lanes
from sogdia.trade.inputs import TradeInputs
from sogdia.trade.pipelines import has_lost_pipelines
from sogdia.trade.policy import (
    Policy,
    nontariff_cost,
    nontariff_cost_hat,
    read_policy,
    trade_factor_cost_hat,
)

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ROUNDING = 1e-12
"""Difference of two factors that is none."""
ELECTRICITY = "electricity"
"""Sector whose trade the power system counts."""


@dataclass(frozen=True, eq=False)
class PolicyTerms:
    """Terms of trade costs that do not depend on freight.

    Attributes:
        before: Policy on goods in the baseline.
        after: Policy on goods in the case.
        ratio: Change of the cost of each leg by non-tariff barriers and factors on trade, (L,).
        without: Factor of legs that no good carries, (L,).
        own_cost: Factor of policy costs on the leg's commodity over those on the goods that carry it, (L,);
            1 unless policy names a commodity that the pair's trade is not split by.
        cut: True for legs that policy or closed pipelines cut off, (L,).
        cut_goods: The same for goods, (R,).
        tariff_pct: Tariff on each entry in the case, per cent, (E,).
        remarks: Rows of policy that affect no trade, as text.
    """

    before: Policy
    after: Policy
    ratio: Floats
    without: Floats
    own_cost: Floats
    cut: Bools
    cut_goods: Bools
    tariff_pct: Floats
    remarks: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TradeCosts:
    """Changes of the cost of trade.

    Attributes:
        good: τ̂ of each good, the mean of the legs that it carries, (R,); infinite if it is cut off.
        by_lanes: Factor of τ̂ that comes from lanes, (R,).
        lane: τ̂_z of each lane, (T,).
        leg: τ̂ of each leg, (L,); infinite if it is cut off.
    """

    good: Floats
    by_lanes: Floats
    lane: Floats
    leg: Floats


def read_policy_terms(trade: TradeInputs, lanes: Lanes, case: Case) -> PolicyTerms:
    """Compare policy and pipelines of a case with those of its baseline.

    Trade in electricity of home economies with plants keeps its cost: the power system counts it.
    """
    goods, legs = trade.goods, trade.legs
    after, leg_after = read_policy(case, goods), read_policy(case, legs.table)
    before = trade.leg_policy
    ratio = nontariff_cost_hat(_nontariff(trade, lanes), before.nontariff_factor, leg_after.nontariff_factor)
    ratio = ratio * trade_factor_cost_hat(legs.theta, before.trade_factor, leg_after.trade_factor)
    lost = has_lost_pipelines(trade.case, case, legs.table)
    cut = (leg_after.prohibited & ~before.prohibited) | (legs.by_line & lost)
    without = (1.0 + leg_after.cost_share) / (1.0 + before.cost_share)
    of_goods = legs.average((1.0 + after.cost_share) / (1.0 + trade.policy.cost_share), np.nan)
    own_cost = np.where(np.isnan(of_goods), 1.0, without / of_goods)
    own_cost = np.where(np.abs(own_cost - 1.0) < ROUNDING, 1.0, own_cost)
    is_settled = _is_settled(trade)
    fixed = legs.world_traded | is_settled
    cut = np.where(legs.world_traded, _is_closed(trade, case), cut & ~is_settled)
    no_freight = ~goods["freight"].to_numpy(dtype=np.bool_)
    lost_goods = no_freight & has_lost_pipelines(trade.case, case, goods)
    return PolicyTerms(
        trade.policy, after,
        np.where(fixed, 1.0, ratio), np.where(fixed, 1.0, without), np.where(fixed, 1.0, own_cost), cut,
        (after.prohibited & ~trade.policy.prohibited) | lost_goods,
        trade.read_tariffs(case), leg_after.remarks,
    )  # fmt: skip


def _is_settled(trade: TradeInputs) -> Bools:
    """Return whether the power system counts the trade of each leg, (L,)."""
    counted = set(trade.case.region.home) & set(trade.case.table("plants")["iso3"])
    table = trade.legs.table
    at_home = table[["exporter", "importer"]].isin(list(counted)).any(axis=1)
    return np.asarray((table["sector"].eq(ELECTRICITY) & at_home).to_numpy(dtype=np.bool_))


def _nontariff(trade: TradeInputs, lanes: Lanes) -> Floats:
    """Return the non-tariff part n of the cost of each leg, (L,)."""
    legs, goods = trade.legs, trade.goods
    value = goods["usd_per_t"].to_numpy(dtype=np.float64)
    transport = legs.average(np.nan_to_num(lanes.mean(lanes.cost, len(goods))) / value)
    flow, theta, names, economies = trade.gravity
    sector = legs.table["sector"].map({name: k for k, name in enumerate(names)}).to_numpy(dtype=np.int64)
    code = {name: n for n, name in enumerate(economies)}
    i, j = (legs.table[end].map(code).to_numpy(dtype=np.int64) for end in ("exporter", "importer"))
    passed = np.bincount(trade.entries.first + 1, weights=trade.entries.value, minlength=len(legs.table) + 1)[
        1:
    ]
    paid_share = (1.0 + transport + trade.leg_policy.cost_share) * (1.0 + trade.leg_tariff)
    sold, paid = np.zeros_like(flow), np.zeros_like(flow)
    np.add.at(sold, (sector, i, j), passed)
    np.add.at(paid, (sector, i, j), passed * paid_share)
    both, spent = sold + sold.transpose(0, 2, 1), paid + paid.transpose(0, 2, 1)
    explained = np.divide(spent, both, out=np.ones_like(both), where=both > 0.0)
    return np.asarray(nontariff_cost(flow, theta, explained)[sector, i, j])


def _is_closed(trade: TradeInputs, case: Case) -> Bools:
    """Return whether either end of each leg may trade with no other economy, (L,)."""
    names = list(trade.baseline.economies)
    rows = case.table("barriers")
    rows = rows[(rows["commodity"] == ALL_GOODS) & rows["prohibited"].fillna(False).astype(bool)]
    pairs = set(zip(rows["exporter"], rows["importer"], strict=True))
    closed = [
        name for name in names
        if all((name, other) in pairs and (other, name) in pairs for other in names if other != name)
    ]  # fmt: skip
    return np.asarray(trade.legs.table[["exporter", "importer"]].isin(closed).any(axis=1).to_numpy())


def trade_costs(trade: TradeInputs, lanes: Lanes, terms: PolicyTerms, carriage: Floats) -> TradeCosts:
    """Compute changes of trade costs from costs of carriage in the case.

    Args:
        trade: Trade of the baseline.
        lanes: Lanes of the baseline.
        terms: Terms that do not depend on freight.
        carriage: Delivered cost of each lane in the case, USD/t, (T,); infinite if it has no path.
    """
    count = len(trade.goods)
    policy = (1.0 + terms.after.cost_share) / (1.0 + terms.before.cost_share)
    good = np.maximum(lanes.good, 0)
    value = trade.goods["usd_per_t"].to_numpy(dtype=np.float64)[good]
    has_good = lanes.good >= 0
    is_known = lanes.is_connected & has_good
    before = 1.0 + np.where(is_known, lanes.cost, 0.0) / value + terms.before.cost_share[good]
    after = 1.0 + np.where(is_known, carriage, 0.0) / value + terms.after.cost_share[good]
    lane = np.where(is_known, after / before, np.where(has_good, policy[good], 1.0))
    elasticity = trade.elasticity
    theta = elasticity[good]
    total_share = np.bincount(good[has_good], weights=lanes.share[has_good], minlength=count)
    weight = lanes.share[has_good] * lane[has_good] ** -theta[has_good]
    total = np.bincount(good[has_good], weights=weight, minlength=count)
    mean = np.divide(total, total_share, out=np.ones(count), where=total_share > 0.0)
    with np.errstate(divide="ignore"):
        shipped = mean ** (-1.0 / elasticity)
    by_lanes = np.where(total_share > 0.0, shipped, policy)
    leg = np.where(terms.cut, np.inf, trade.legs.mean(by_lanes, terms.without) * terms.ratio * terms.own_cost)
    return TradeCosts(_of_goods(trade, terms, by_lanes), by_lanes, lane, leg)


def _of_goods(trade: TradeInputs, terms: PolicyTerms, by_lanes: Floats) -> Floats:
    """Return the cost shock of each good: its lanes, times the mean of its legs' other changes, (R,)."""
    return np.where(terms.cut_goods, np.inf, by_lanes * good_ratio(trade, terms))


def good_ratio(trade: TradeInputs, terms: PolicyTerms) -> Floats:
    """Return the change of each good's cost by non-tariff barriers and factors on trade, (R,).

    It is the mean of the legs that the good carries.
    """
    legs, count = trade.legs, len(trade.goods)
    weight = np.bincount(legs.good, weights=legs.weight, minlength=count)
    total = np.bincount(legs.good, weights=legs.weight * terms.ratio[legs.leg], minlength=count)
    return np.asarray(np.divide(total, weight, out=np.ones(count), where=weight > 0.0))


def lane_tonnes(trade: TradeInputs, lanes: Lanes, costs: TradeCosts, quantity: Floats) -> Floats:
    """Compute the tonnes of each lane in the case, (T,).

    Args:
        trade: Trade of the baseline.
        lanes: Lanes of the baseline.
        costs: Changes of trade costs.
        quantity: Quantity of each good relative to the baseline, (R,).
    """
    has_good = lanes.good >= 0
    good = np.maximum(lanes.good, 0)
    is_shipped = has_good & np.isfinite(costs.lane) & np.isfinite(costs.good)[good] & (quantity[good] > 0.0)
    ratio = np.where(is_shipped, costs.lane, 1.0) / np.where(is_shipped, costs.by_lanes[good], 1.0)
    shipped = lanes.tonnes * quantity[good] * ratio ** -trade.elasticity[good]
    tonnes = np.where(is_shipped, shipped, 0.0)
    return np.where(has_good, tonnes, lanes.tonnes)
