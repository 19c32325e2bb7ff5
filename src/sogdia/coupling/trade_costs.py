"""Turn costs of carriage into costs of trade, and trade back into tonnes.

The cost of a good on lane z, relative to its value at the exporter, is ``τ_z = 1 + g_z / v + p`` with
carriage g (USD/t), value per tonne v of the pair's own row, and other policy costs p. A good's change weights
those of its lanes by their shares s_z of the baseline's tonnes,

    ``τ̂ = (Σ_z s_z τ̂_z^{−θ})^{−1/θ} · (1 + f n) / (1 + n)``,  ``τ̂_z = τ'_z / τ_z``,

as buyers see it who choose among lanes with elasticity θ: a lane without a path has an infinite cost, and a
good is cut off if all its lanes are. The second factor is the change of non-tariff costs
(:mod:`sogdia.trade.policy`). Tonnes follow value, at the value per tonne of the pair's row in prices of the
baseline: ``q'_z = q_z · (X' / X) / p̂_i · (τ̂_z / τ̂_lanes)^{−θ}``. The exporter's price p̂_i, its wage times
any other change of its unit cost, turns money into quantities, so tonnes do not depend on the numeraire.

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
from sogdia.trade.policy import Policy, nontariff_cost, nontariff_cost_hat, read_policy

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PolicyTerms:
    """Terms of the cost of R goods that do not depend on freight.

    Attributes:
        before: Policy in the baseline.
        after: Policy in the case.
        ratio: Change of cost by non-tariff barriers, (R,).
        cut: True for goods that policy or closed pipelines cut off, (R,).
        remarks: Rows of policy that affect no trade, as text.
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
        good: τ̂ of each good, (R,); infinite if it is cut off.
        by_lanes: Factor of τ̂ that comes from lanes, (R,).
        lane: τ̂_z of each lane, (T,).
    """

    good: Floats
    by_lanes: Floats
    lane: Floats


def read_policy_terms(trade: TradeInputs, lanes: Lanes, case: Case) -> PolicyTerms:
    """Compare policy and pipelines of a case with those of its baseline."""
    goods = trade.goods
    after = read_policy(case, goods)
    carriage = np.nan_to_num(lanes.mean(lanes.cost, len(goods))) / goods["usd_per_t"].to_numpy(dtype=float)
    theta = float(case.table("commodities")["elasticity"][ALL_GOODS])
    nontariff = nontariff_cost(goods, carriage, trade.policy, theta)
    ratio = nontariff_cost_hat(nontariff, trade.policy.nontariff_factor, after.nontariff_factor)
    cut = (after.prohibited & ~trade.policy.prohibited) | has_lost_pipelines(trade.case, case, goods)
    return PolicyTerms(trade.policy, after, ratio, cut, after.remarks)


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
    theta = trade.elasticity[good]
    total_share = np.bincount(good[has_good], weights=lanes.share[has_good], minlength=count)
    weight = lanes.share[has_good] * lane[has_good] ** -theta[has_good]
    total = np.bincount(good[has_good], weights=weight, minlength=count)
    mean = np.divide(total, total_share, out=np.ones(count), where=total_share > 0.0)
    with np.errstate(divide="ignore"):
        shipped = mean ** (-1.0 / trade.elasticity)
    by_lanes = np.where(total_share > 0.0, shipped, policy)
    return TradeCosts(np.where(terms.cut, np.inf, by_lanes * terms.ratio), by_lanes, lane)


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
    is_shipped = has_good & np.isfinite(costs.lane) & (quantity[good] > 0.0)
    ratio = np.where(is_shipped, costs.lane, 1.0) / np.where(is_shipped, costs.by_lanes[good], 1.0)
    shipped = lanes.tonnes * quantity[good] * ratio ** -trade.elasticity[good]
    tonnes = np.where(is_shipped, shipped, 0.0)
    return np.where(has_good, tonnes, lanes.tonnes)
