"""From what carriage costs to what trade costs, and back from trade to tonnes.

The cost of a good on lane z over its value at the exporter's door is ``τ_z = 1 + g_z / v + p`` with carriage
g (USD/t), the value per tonne v of the pair's own row, and p what policy costs besides. A good's own change
weighs those of its lanes by their shares of tonnes s_z in the base,

    ``τ̂ = (Σ_z s_z τ̂_z^{−θ})^{−1/θ} · (1 + f n) / (1 + n)``,  ``τ̂_z = τ'_z / τ_z``,

which is how buyers who choose between lanes with elasticity θ see it: a lane without a path counts as
infinitely dear, and a good whose lanes are all cut off is cut off. The second factor is that of non-tariff
costs (:mod:`sogdia.trade.policy`). Tonnes follow value, at the value per tonne of the pair's row in prices
of the base: ``q'_z = q_z · (X' / X) / p̂_i · (τ̂_z / τ̂_lanes)^{−θ}``. The exporter's price at the gate,
its wage times what else changes its unit cost, turns money into quantities, so that they do not hang on the
numeraire.

A lane without a path in the base is trade that the network does not explain: its cost stays, also where the
case finds a path.
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
from sogdia.trade.policy import Policy, nontariff_cost, nontariff_cost_hat, read_policy

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Terms:
    """What of the cost of R goods does not hang on freight.

    Attributes:
        before: Policy in the base.
        after: Policy in the case.
        ratio: Change of cost by non-tariff barriers, (R,).
        cut: Goods that policy or shut pipelines cut off, (R,).
        remarks: What touched nothing, in words.
    """

    before: Policy
    after: Policy
    ratio: Floats
    cut: Bools
    remarks: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TradeCosts:
    """Changes of the cost of trade.

    Attributes:
        good: τ̂ of each good, (R,); infinite where it is cut off.
        by_lanes: The part of it that comes from lanes, (R,).
        lane: τ̂_z of each lane, (T,).
    """

    good: Floats
    by_lanes: Floats
    lane: Floats


def terms_of(trade: TradeInputs, lanes: Lanes, case: Case) -> Terms:
    """Policy and pipelines of a case beside those of its base."""
    goods = trade.goods
    after = read_policy(case, goods)
    carriage = np.nan_to_num(lanes.mean(lanes.cost, len(goods))) / goods["usd_per_t"].to_numpy(dtype=float)
    theta = float(case.table("commodities")["elasticity"][ALL_GOODS])
    part = nontariff_cost(goods, carriage, trade.policy, theta)
    ratio = nontariff_cost_hat(part, trade.policy.nontariff_factor, after.nontariff_factor)
    cut = (after.prohibited & ~trade.policy.prohibited) | has_lost_pipelines(trade.case, case, goods)
    return Terms(trade.policy, after, ratio, cut, after.remarks)


def trade_costs(trade: TradeInputs, lanes: Lanes, terms: Terms, carriage: Floats) -> TradeCosts:
    """Changes of cost by what carriage costs in the case.

    Args:
        trade: The trade of the base.
        lanes: Its lanes.
        terms: What does not hang on freight.
        carriage: Delivered cost of each lane in the case, USD/t, (T,); infinite where it has no path.
    """
    count = len(trade.goods)
    policy = (1.0 + terms.after.cost_share) / (1.0 + terms.before.cost_share)
    at = np.maximum(lanes.good, 0)
    value = trade.goods["usd_per_t"].to_numpy(dtype=np.float64)[at]
    known = lanes.joined & (lanes.good >= 0)
    old = 1.0 + np.where(known, lanes.cost, 0.0) / value + terms.before.cost_share[at]
    new = 1.0 + np.where(known, carriage, 0.0) / value + terms.after.cost_share[at]
    lane = np.where(known, new / old, np.where(lanes.good >= 0, policy[at], 1.0))
    power = trade.elasticity[at]
    used = lanes.good >= 0
    whole = np.bincount(at[used], weights=lanes.share[used], minlength=count)
    weight = lanes.share[used] * lane[used] ** -power[used]
    total = np.bincount(at[used], weights=weight, minlength=count)
    mean = np.divide(total, whole, out=np.ones(count), where=whole > 0.0)
    with np.errstate(divide="ignore"):
        shipped = mean ** (-1.0 / trade.elasticity)
    by_lanes = np.where(whole > 0.0, shipped, policy)
    good = np.where(terms.cut, np.inf, by_lanes * terms.ratio)
    return TradeCosts(good, by_lanes, lane)


def tonnes_of(trade: TradeInputs, lanes: Lanes, found: TradeCosts, grown: Floats) -> Floats:
    """Tonnes of each lane, (T,).

    Args:
        trade: The trade of the base.
        lanes: Its lanes.
        found: Changes of cost.
        grown: Quantity of each good over that of the base, (R,).
    """
    known = lanes.good >= 0
    at = np.maximum(lanes.good, 0)
    alive = known & np.isfinite(found.lane) & (grown[at] > 0.0)
    ratio = np.where(alive, found.lane, 1.0) / np.where(alive, found.by_lanes[at], 1.0)
    moved = np.where(alive, lanes.tonnes * grown[at] * ratio ** -trade.elasticity[at], 0.0)
    return np.where(known, moved, lanes.tonnes)
