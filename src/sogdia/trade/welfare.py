"""Decompose welfare: equivalent variation of income by source and by cause, and the published first order.

The equivalent variation is the income that at base-year prices gives the counterfactual's utility. Demand is
homothetic, so it is ``EV_j = I_j (Ŵ_j − 1)`` with final expenditure I and its real change Ŵ.

By source it is exact, with labour income V, rents R of specific factors, tariff revenue T, scarcity rents S
of the wedges that the economy owns, and transfers D (the trade imbalance):

    ``EV_j = (ŵ_j L̂_j V_j / P̂_j − V_j) + (R'_j / P̂_j − R_j) + (T'_j / P̂_j − T_j) + S'_j / P̂_j``
    ``+ (D'_j / P̂_j − D_j)``

By cause it integrates the differential of log real expenditure (Caliendo & Parro 2015, equation 15, with
trade costs, productivity, factor supply, scarcity rents and transfers added; prices of domestic sales and
inputs cancel, and so do rents that the economy pays to itself):

    ``I_j dln W_j = Σ_k x_jk dln(c_jk / w_j) − Σ_ik X_ijk dln(c_ik / w_j)``  terms of trade
    ``+ Σ_ik t_ijk (1 + ω_ijk) X_ijk (dln X_ijk − dln c_ik − dln τ_ijk)``  volume: revenue of quantities
    ``− Σ_ik X_ijk dln τ_ijk + Σ_k Y_jk dln A_jk``  trade costs, productivity
    ``+ w_j L_j dln L_j + Σ_k r_jk K_jk dln K_jk``  factor supply
    ``+ w_j d((S_j − Z_j) / w_j) + Σ_ik ω_ijk X_ijk (dln X_ijk − dln c_ik − dln τ_ijk)``  scarcity rents
    ``+ w_j d(D_j / w_j)``  transfers

with Z the scarcity rents on imports. Weights are shares in final expenditure: the mean of both equilibria for
terms of trade, productivity, labour, scarcity rents and transfers, the logarithmic mean for volumes, trade
costs and specific factors, which has a limit where trade ends (``−X / θ`` for the cost of a flow that is cut
off). What the two equilibria leave open between them is ``other``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.trade.arrays import Floats
from sogdia.trade.results import TradeResult
from sogdia.trade.tables import WELFARE


def decompose_welfare(result: TradeResult) -> pd.DataFrame:
    """Decompose welfare by economy (:data:`sogdia.trade.tables.WELFARE`).

    The equations are in the module's docstring.
    Parts by source sum to the equivalent variation, and so do those by cause with ``other``. With the
    ``multiplicative`` rule welfare is that of own income and named transfers; the rest of the imbalance is
    left out.

    The columns ``first_order_…`` are the published form of Caliendo & Parro (2015): changes ``x̂ − 1`` at
    base-year weights, value added of the world being the numeraire. They are empty where trade is cut off.
    """
    before = result.baseline
    counts_transfers = result.settings.imbalance != "multiplicative"
    level = before.final_expenditure if counts_transfers else before.disposable_income
    price = result.consumer_price_hat
    variation = level * (result.welfare_hat - 1.0)
    received, received_before = result.named_transfers, before.named_transfers
    if counts_transfers:
        received, received_before = result.final_expenditure - result.income, before.imbalance
    causes = _causes(result, received, received_before)
    log_welfare = np.log(result.welfare_hat)
    causes["other"] = log_welfare - sum(causes.values())
    # Log changes to amounts that sum to the variation: the logarithmic mean of both levels of utility.
    per_log = level * _log_mean(np.ones_like(log_welfare), result.welfare_hat)
    labour = result.value_added - result.rent_income
    columns = {
        "economy": list(before.economies),
        "equivalent_variation": variation,
        "welfare_pct": 100.0 * (result.welfare_hat - 1.0),
        "from_value_added": labour / price - before.labour_income,
        "from_rents": result.rent_income / price - before.rent.sum(axis=0),
        "from_tariff_revenue": result.tariff_revenue / price - before.tariff_revenue,
        "from_scarcity_rents": result.scarcity_received / price,
        "from_transfers": received / price - received_before,
        **{f"by_{name}": per_log * value for name, value in causes.items()},
        **{f"first_order_{name}_pct": 100.0 * value for name, value in _first_order(result).items()},
    }
    return WELFARE.frame(pd.DataFrame(columns))


def _causes(result: TradeResult, received: Floats, received_before: Floats) -> dict[str, Floats]:
    """Return log changes of real expenditure by cause, (N,) each.

    Args:
        result: The counterfactual.
        received: Transfers that count, (N,).
        received_before: The same in the base year, (N,).
    """
    before, final = result.baseline, result.final_expenditure
    foreign = ~np.eye(len(before.economies), dtype=bool)
    old = before.flow / before.final_expenditure
    new = result.flow / final
    wage = result.wage_hat
    with np.errstate(divide="ignore"):
        log_cost = np.where(old > 0.0, np.log(result.change.cost_hat), 0.0)
        log_quantity = np.log(result.flow) - np.log(np.where(old > 0.0, before.flow, 1.0))
    log_quantity = log_quantity - np.log(result.cost_hat)[:, :, None] - log_cost
    theta = before.theta[:, None, None]
    has_both = (old > 0.0) & (new > 0.0) & np.isfinite(log_cost)
    has_ended = (old > 0.0) & ~has_both
    log_quantity = np.where(has_both, log_quantity, 0.0)
    has_wedges = result.case.wedges.rate.size > 0
    wedge = result.wedge if has_wedges else 0.0
    revenue, revenue_after = old * before.tariff, new * (1.0 + wedge) * result.tariff
    volume = np.where(has_both, _log_mean(revenue, revenue_after) * log_quantity, 0.0)
    volume = volume - np.where(has_ended, revenue * (1.0 + 1.0 / theta), 0.0)
    costs = np.where(has_both, _log_mean(old, new) * np.where(has_both, log_cost, 0.0), 0.0)
    costs = costs + np.where(has_ended & foreign, old / theta, 0.0)
    productivity = np.zeros(len(wage))
    if result.change.productivity is not None:
        weight = (before.output / before.final_expenditure + result.output / final) / 2.0
        productivity = (weight * np.log(result.change.productivity)).sum(axis=0)
    per_wage = (1.0 / before.final_expenditure + wage / final) / 2.0
    scarcity = per_wage * (result.scarcity_received - result.scarcity_paid) / wage
    if has_wedges:
        scarcity = scarcity + (new * wedge / 2.0 * log_quantity).sum(axis=(0, 1))
    return {
        "terms_of_trade": result.terms_of_trade,
        "volume": np.asarray(volume.sum(axis=(0, 1))),
        "trade_costs": -np.asarray(costs.sum(axis=(0, 1))),
        "productivity": np.asarray(productivity),
        "factor_supply": _factor_supply(result),
        "scarcity_rents": scarcity,
        "transfers": per_wage * (received / wage - received_before),
    }


def _factor_supply(result: TradeResult) -> Floats:
    """Return the effect of the supply of labour and specific factors, (N,), in logs."""
    before, final = result.baseline, result.final_expenditure
    out = np.zeros(len(final))
    if result.change.labour is not None:
        labour = result.value_added - result.rent_income
        weight = (before.labour_income / before.final_expenditure + labour / final) / 2.0
        out = weight * np.log(result.change.labour)
    elasticity = before.supply_elasticity
    if elasticity is not None:
        old, new = before.rent / before.final_expenditure, result.rent / final
        real = np.where(result.rent_hat > 0.0, result.rent_hat / result.consumer_price_hat, 1.0)
        change = _log_mean(old, new) * elasticity * np.log(real)
        # Where sales end, rents fall to zero as r^(1 + η) and the supply as r^η.
        ended = -old * elasticity / (1.0 + elasticity)
        out = out + np.where(result.rent_hat > 0.0, change, ended).sum(axis=0)
    return np.asarray(out)


def _first_order(result: TradeResult) -> dict[str, Floats]:
    """Return Caliendo & Parro's parts ``x̂ − 1`` at base-year weights, (N,) each, and their sum."""
    before = result.baseline
    world = result.value_added.sum() / before.value_added.sum()
    cost = result.cost_hat / world
    flow = before.flow * ~np.eye(len(before.economies), dtype=bool)
    revenue = before.flow * before.tariff
    trade_hat = np.divide(result.flow / world, before.flow, out=np.ones_like(flow), where=before.flow > 0.0)
    exports = (flow.sum(axis=2) * (cost - 1.0)).sum(axis=0)
    imports = (flow * (cost[:, :, None] - 1.0)).sum(axis=(0, 1))
    volume = (revenue * (trade_hat - cost[:, :, None])).sum(axis=(0, 1))
    paid = before.flow * (1.0 + before.tariff)
    rise = np.where(paid > 0.0, result.change.cost_hat - 1.0, 0.0)
    costs = -(paid * rise).sum(axis=(0, 1))
    costs = np.where(np.isfinite(costs), costs, np.nan)
    productivity = np.zeros(len(costs))
    if result.change.productivity is not None:
        productivity = (before.output * (result.change.productivity - 1.0)).sum(axis=0)
    parts = {
        "terms_of_trade": exports - imports,
        "volume": volume,
        "trade_costs": costs,
        "productivity": productivity,
    }
    parts = {name: value / before.final_expenditure for name, value in parts.items()}
    return parts | {"total": np.asarray(sum(parts.values()))}


def _log_mean(first: Floats, second: Floats) -> Floats:
    """Return the logarithmic mean ``(y − x) / ln(y / x)``: x where both agree, 0 where one is 0."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    ratio = np.divide(low, high, out=np.zeros_like(high), where=high > 0.0)
    gap = 1.0 - ratio
    log = -np.log1p(-np.where(gap < 1.0, gap, 0.5))
    # Near equality the quotient loses digits; its series does not.
    series = 1.0 - gap / 2.0 - gap**2 / 12.0
    quotient = np.where(gap < 1e-4, series, np.divide(gap, log, out=np.ones_like(gap), where=log > 0.0))
    return np.asarray(np.where(ratio > 0.0, high * quotient, 0.0))
