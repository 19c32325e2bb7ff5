"""Compute first-order effects: the linear response to small shocks, and derivatives by trade elasticities.

The equations of :func:`sogdia.trade.solve` in differentials, around an equilibrium with import shares π,
expenditure E, trade X and costs ĉ κ̂ (Kleinman, Liu & Redding 2024 for one factor; here with sectors, inputs
and tariffs):

- ``dln c_ik = γL_ik dln w_i + γR_ik dln r_ik + Σ_s γ_isk dln P_is − dln A_ik``, ``dln P_jk = Σ_i π_ijk dln
  c_ik + a_jk``, and ``(1 + η_ik) dln r_ik − η_ik dln P_i = dln Y_ik`` of specific factors
- ``dln X_ijk = −θ_k (dln c_ik − dln P_jk) + b_ijk + dln E_jk``

For trade costs ``a_jk = Σ_i π_ijk dln τ_ijk`` and ``b_ijk = −θ_k dln τ_ijk``. For an elasticity
``a_jk = (Σ_i π_ijk ln(ĉ_ik κ̂_ijk) − ln P̂_jk) / θ_k`` and ``b_ijk = −(ln(ĉ_ik κ̂_ijk) − ln P̂_jk)``. The
error is of the order of the square of the shock. The response is for screening and does not apply to
cut-offs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import block_diag

from sogdia.errors import InputError
from sogdia.trade.arrays import Bools, Floats
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solve import solve


@dataclass(frozen=True, eq=False)
class FirstOrder:
    """Linear response to M changes.

    Attributes:
        economies: Names of the N economies.
        log_wage: ``dln w``, value added of the world being the numeraire, (N, M).
        log_price: ``dln P``, (S, N, M).
        log_welfare: ``dln W``, real expenditure as in :class:`sogdia.trade.TradeResult`, (N, M).
    """

    economies: tuple[str, ...]
    log_wage: Floats
    log_price: Floats
    log_welfare: Floats


def linear_response(baseline: Baseline, change: Change, settings: TradeSettings | None = None) -> FirstOrder:
    """Compute the first-order response to trade costs and productivity (Kleinman, Liu & Redding 2024).

    Args:
        baseline: Base year.
        change: Small shocks; tariffs must not change.
        settings: Only ``imbalance`` is used; ``zero`` starts from the equilibrium without imbalances.

    Raises:
        InputError: If a flow is cut off, or more than trade costs and productivity changes.
    """
    settings = settings or TradeSettings()
    change.check(baseline)
    for name in ("labour", "wedges", "capacities", "transfers"):
        if getattr(change, name) is not None:
            raise InputError(
                f"{name} change; the first-order response covers trade costs and productivity only"
            )
    log_cost = np.log(change.cost_hat)
    if not np.isfinite(log_cost[baseline.flow > 0.0]).all():
        raise InputError(
            "a flow is cut off, which has no first-order response; solve the counterfactual instead"
        )
    if change.tariff is not None and not np.array_equal(change.tariff, baseline.tariff):
        raise InputError("tariffs change; the first-order response covers trade costs and productivity only")
    point = solve(baseline, Change.none(baseline), settings)
    share = _import_shares(point)
    log_cost = np.where(share > 0.0, log_cost, 0.0)
    gate_cost = np.zeros(baseline.output.shape)
    if change.productivity is not None:
        gate_cost = -np.log(change.productivity)
    price_effect = (share * log_cost).sum(axis=1)[..., None]
    trade_effect = (-baseline.theta[:, None, None] * log_cost)[..., None]
    return _respond(point, gate_cost[..., None], price_effect, trade_effect)


def theta_sensitivity(result: TradeResult) -> pd.DataFrame:
    """Compute the derivative of log real expenditure by each trade elasticity, ``dln Ŵ_j / dθ_k``.

    By the implicit function theorem at the result's equilibrium, with base-year shares held constant.
    Multiplied by the standard error of an estimate of θ_k it gives the standard error of real expenditure.
    Sectors produced at home for lack of a supplier keep their price.

    Returns:
        ``economy``, ``sector``, ``log_welfare_per_theta``.

    Raises:
        InputError: If the result has scarcity rents.
    """
    baseline = result.baseline
    if result.case.wedges.rate.size:
        raise InputError("the result has scarcity rents, whose response the derivatives do not cover")
    share = _import_shares(result)
    sectors, size = baseline.output.shape
    cost = np.where(share > 0.0, result.cost_hat[:, :, None] * result.trade_cost_hat, 1.0)
    log_ratio = np.log(cost) - np.log(result.price_hat)[:, None, :] * (share > 0.0)
    diagonal = np.arange(size)
    log_ratio[:, diagonal, diagonal] = np.where(result.is_unsupplied, 0.0, log_ratio[:, diagonal, diagonal])
    mean = (share * log_ratio).sum(axis=1)
    a, b = np.zeros((sectors, size, sectors)), np.zeros((sectors, size, size, sectors))
    for k in range(sectors):
        a[k, :, k] = mean[k] / baseline.theta[k]
        b[k, :, :, k] = -log_ratio[k]
    response = _respond(result, np.zeros((sectors, size, sectors)), a, b)
    labels = pd.MultiIndex.from_product([baseline.economies, baseline.sectors], names=["economy", "sector"])
    table = pd.DataFrame({"log_welfare_per_theta": response.log_welfare.ravel()}, index=labels)
    return table.reset_index()


def _import_shares(point: TradeResult) -> Floats:
    """Return the import shares of a result, (S, N, N); 0 where expenditure is 0."""
    expenditure = point.expenditure[:, None, :]
    paid = point.flow * (1.0 + point.tariff)
    return np.asarray(np.divide(paid, expenditure, out=np.zeros_like(paid), where=expenditure > 0.0))


def _respond(point: TradeResult, gate_cost: Floats, a: Floats, b: Floats) -> FirstOrder:
    """Solve the differentials for direct effects on costs and prices (S, N, M) and on trade (S, N, N, M).

    Each variable is represented by the matrix of its derivatives by the unknowns (log wages, log prices, log
    expenditure, log rents), followed by M columns with its constant term; rows are economies or sectors by
    economies.
    """
    base = point.baseline
    sectors, size = base.output.shape
    cells, changes = sectors * size, a.shape[-1]
    rented = np.flatnonzero((base.rent > 0.0) & (point.rent > 0.0))
    unknowns = size + 2 * cells + rented.size
    identity = np.eye(unknowns, unknowns + changes)
    wage, price, expenditure, rent = np.split(identity, [size, size + cells, size + 2 * cells])
    economy = np.tile(np.arange(size), sectors)
    theta = np.repeat(base.theta, size)[:, None]

    cost = base.labour_share.reshape(cells, 1) * wage[economy]
    rent_share = np.zeros(cells) if base.specific_share is None else base.specific_share.ravel()
    cost[rented] += rent_share[rented, None] * rent
    if base.input_share is not None:
        cost += _input_matrix(base.input_share).T @ price
    cost[:, unknowns:] += gate_cost.reshape(cells, changes)
    prices = price - _block_diagonal(_import_shares(point)).T @ cost
    prices[:, unknowns:] -= a.reshape(cells, changes)
    demand = theta * price + expenditure
    sales = _block_diagonal(point.flow) @ demand - theta * point.output.reshape(cells, 1) * cost
    sales[:, unknowns:] += np.einsum("kij,kijm->kim", point.flow, b).reshape(cells, changes)

    wages = ((point.value_added - point.rent_income)[:, None]) * wage
    by_economy = np.tile(np.eye(size), sectors)
    together = point.group[:, None] == point.group[None, :]
    labour = wages - (by_economy * base.labour_share.ravel()) @ sales
    is_rented = np.isin(np.arange(cells), rented)
    value_added = wages + (by_economy * (rent_share * is_rented)) @ sales
    labour += together @ value_added
    own_income = value_added + _tariff_revenue(point, theta * cost, demand, b)
    final = _final_expenditure(point, own_income, together)
    final_share = (base.final_demand / base.final_expenditure).reshape(cells, 1)
    spending = point.expenditure.reshape(cells, 1) * expenditure - final_share * final[economy]
    if base.input_share is not None:
        spending -= _input_matrix(base.input_share) @ sales
    spending += (point.expenditure.reshape(cells, 1) <= 0.0) * expenditure
    supply = np.zeros(cells) if base.supply_elasticity is None else base.supply_elasticity.ravel()
    elasticity = supply[rented, None]
    index = by_economy @ (final_share * price)
    rents = (1.0 + elasticity) * rent - elasticity * index[economy[rented]]
    rents -= sales[rented] / point.output.reshape(cells, 1)[rented]

    system = np.vstack([labour, prices, spending, rents])
    system /= np.abs(system[:, :unknowns]).max(axis=1, keepdims=True)
    solution: Floats = np.linalg.solve(system[:, :unknowns], -system[:, unknowns:]).astype(np.float64)
    counted, level = final, point.final_expenditure
    if point.settings.imbalance == "multiplicative":
        counted, level = own_income, point.income + point.named_transfers
    log_income = (counted[:, :unknowns] @ solution + counted[:, unknowns:]) / level[:, None]
    log_price = solution[size : size + cells].reshape(sectors, size, changes)
    price_index = (final_share.reshape(sectors, size, 1) * log_price).sum(axis=0)
    return FirstOrder(base.economies, solution[:size], log_price, log_income - price_index)


def _block_diagonal(array: Floats) -> Floats:
    """Return (S, N, N) as a block-diagonal matrix by sector, (S · N, S · N)."""
    return np.asarray(block_diag(*array))


def _input_matrix(input_share: Floats) -> Floats:
    """Return the share of the row's sector in the costs of the column's, by economy, (S · N, S · N)."""
    size, sectors = input_share.shape[:2]
    out = np.zeros((sectors, size, sectors, size))
    diagonal = np.arange(size)
    out[:, diagonal, :, diagonal] = input_share
    return out.reshape(sectors * size, sectors * size)


def _tariff_revenue(point: TradeResult, cost_effect: Floats, demand: Floats, b: Floats) -> Floats:
    """Return ``dR_j = Σ_ik t X dln X``, (N, …)."""
    sectors, size = point.output.shape
    taxed = point.flow * point.tariff
    out = -np.einsum("kij,kiu->ju", taxed, cost_effect.reshape(sectors, size, -1))
    out += np.einsum("kj,kju->ju", taxed.sum(axis=1), demand.reshape(sectors, size, -1))
    out[:, -b.shape[-1] :] += np.einsum("kij,kijm->jm", taxed, b)
    return np.asarray(out)


def _final_expenditure(point: TradeResult, own_income: Floats, together: Bools) -> Floats:
    """Return ``dI``: imbalances are constant in the numeraire, or proportional to own income and balanced."""
    if point.settings.imbalance != "multiplicative":
        return own_income
    ratio = (point.final_expenditure / (point.income + point.named_transfers))[:, None]
    balancing = together @ ((1.0 - ratio) * own_income) / (together @ point.final_expenditure)[:, None]
    return np.asarray(ratio * own_income + point.final_expenditure[:, None] * balancing)
