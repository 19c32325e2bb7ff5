"""First-order answers: small shocks by one linear system, and how welfare depends on the elasticities.

The equations of :func:`sogdia.trade.solve` in differentials, around an equilibrium with shares π, spending E,
trade X and costs ĉ κ̂ (Kleinman, Liu & Redding 2024 for one factor, here with sectors, inputs, tariffs):

- ``dln c_ik = γ_ik dln w_i + Σ_s γ_isk dln P_is − dln A_ik``, ``dln P_jk = Σ_i π_ijk dln c_ik + a_jk``
- ``dln X_ijk = −θ_k (dln c_ik − dln P_jk) + b_ijk + dln E_jk``

For costs ``a_jk = Σ_i π_ijk dln τ_ijk``, ``b_ijk = −θ_k dln τ_ijk``; for an elasticity
``a_jk = (Σ_i π_ijk ln(ĉ_ik κ̂_ijk) − ln P̂_jk) / θ_k``, ``b_ijk = −(ln(ĉ_ik κ̂_ijk) − ln P̂_jk)``. What
a first-order answer leaves out is of the order of the shock's square: it may screen, and says nothing of
cut-offs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import block_diag

from sogdia.errors import InputError
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solve import solve

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FirstOrder:
    """The linear response to a change, M of them at once where there are more columns.

    Attributes:
        economies: Names of the N economies.
        log_wage: ``dln w``, the value added of the world being the numeraire, (N, M).
        log_price: ``dln P``, (S, N, M).
        log_welfare: ``dln W``, real spending as in :class:`sogdia.trade.TradeResult`, (N, M).
    """

    economies: tuple[str, ...]
    log_wage: Floats
    log_price: Floats
    log_welfare: Floats


def linear_response(baseline: Baseline, change: Change, settings: TradeSettings | None = None) -> FirstOrder:
    """The first-order response to changes of trade costs and productivity (Kleinman, Liu & Redding 2024).

    Args:
        baseline: The world as observed.
        change: Small changes; tariffs must stay.
        settings: Only ``imbalance`` is read; ``zero`` starts from the world without imbalances.

    Raises:
        InputError: If a pair is cut off or tariffs change: neither is a small change of costs.
    """
    chosen = settings or TradeSettings()
    change.check(baseline)
    moved = np.log(change.cost_hat)
    if not np.isfinite(moved[baseline.flow > 0.0]).all():
        raise InputError("a pair is cut off: there is no first-order response to that, solve it instead")
    if change.tariff is not None and not np.array_equal(change.tariff, baseline.tariff):
        raise InputError("tariffs change: the first-order response is to costs and productivity alone")
    point = solve(baseline, Change.none(baseline), chosen)
    share = _shares(point)
    moved = np.where(share > 0.0, moved, 0.0)
    gate = np.zeros(baseline.output.shape)
    if change.productivity is not None:
        gate = -np.log(change.productivity)
    direct = (share * moved).sum(axis=1)[..., None], (-baseline.theta[:, None, None] * moved)[..., None]
    return _respond(point, gate[..., None], *direct)


def theta_sensitivity(result: TradeResult) -> pd.DataFrame:
    """Derivative of log welfare by each elasticity, shares and change held: one row an economy and sector.

    ``dln Ŵ_j / dθ_k`` at the result's equilibrium, by the implicit function; multiplied by the standard error
    of an estimate of θ_k it tells how far welfare is known. Cells made at home because nobody supplies them
    keep their price.
    """
    baseline = result.baseline
    share = _shares(result)
    sectors, size = baseline.output.shape
    cost = np.where(share > 0.0, result.cost_hat[:, :, None] * result.barrier_hat, 1.0)
    over = np.log(cost) - np.log(result.price_hat)[:, None, :] * (share > 0.0)
    ends = np.arange(size)
    over[:, ends, ends] = np.where(result.unsupplied, 0.0, over[:, ends, ends])
    mean = (share * over).sum(axis=1)
    a, b = np.zeros((sectors, size, sectors)), np.zeros((sectors, size, size, sectors))
    for k in range(sectors):
        a[k, :, k] = mean[k] / baseline.theta[k]
        b[k, :, :, k] = -over[k]
    found = _respond(result, np.zeros((sectors, size, sectors)), a, b)
    labels = pd.MultiIndex.from_product([baseline.economies, baseline.sectors], names=["economy", "sector"])
    return pd.DataFrame({"log_welfare_per_theta": found.log_welfare.ravel()}, index=labels).reset_index()


def _shares(point: TradeResult) -> Floats:
    tariff = point.tariff
    spent = point.expenditure[:, None, :]
    paid = point.flow * (1.0 + tariff)
    return np.asarray(np.divide(paid, spent, out=np.zeros_like(paid), where=spent > 0.0))


def _respond(point: TradeResult, gate: Floats, a: Floats, b: Floats) -> FirstOrder:
    """Solve the differentials for direct effects on costs, prices (S, N, M) and trade (S, N, N, M).

    A quantity is the matrix of its derivatives by the unknowns (log wages, log prices, log spending) and,
    in the last M columns, what it is without them; quantities are (N, …) or (S · N, …).
    """
    base = point.baseline
    sectors, size = base.output.shape
    cells, many = sectors * size, a.shape[-1]
    unknown = size + 2 * cells
    everything = np.eye(unknown, unknown + many)
    wage, price, spend = np.split(everything, [size, size + cells])
    where = np.tile(np.arange(size), sectors)
    theta = np.repeat(base.theta, size)[:, None]

    cost = base.labour_share.reshape(cells, 1) * wage[where]
    if base.inputs is not None:
        cost += _cells_of_inputs(base.inputs).T @ price
    cost[:, unknown:] += gate.reshape(cells, many)
    prices = price - _by_cell(_shares(point)).T @ cost
    prices[:, unknown:] -= a.reshape(cells, many)
    pulled = theta * price + spend
    sales = _by_cell(point.flow) @ pulled - theta * point.output.reshape(cells, 1) * cost
    sales[:, unknown:] += np.einsum("kij,kijm->kim", point.flow, b).reshape(cells, many)

    worth = (base.value_added * point.wage_hat)[:, None]
    by_labour = np.tile(np.eye(size), sectors) * base.labour_share.ravel()
    together = point.group[:, None] == point.group[None, :]
    labour = worth * wage - by_labour @ sales
    labour += together @ (worth * wage)
    own = worth * wage + _revenue(point, theta * cost, pulled, b)
    income = _final_income(point, own, together)
    final = (base.final / base.income).reshape(cells, 1)
    spending = point.expenditure.reshape(cells, 1) * spend - final * income[where]
    if base.inputs is not None:
        spending -= _cells_of_inputs(base.inputs) @ sales
    spending += (point.expenditure.reshape(cells, 1) <= 0.0) * spend

    system = np.vstack([labour, prices, spending])
    system /= np.abs(system[:, :unknown]).max(axis=1, keepdims=True)
    found: Floats = np.linalg.solve(system[:, :unknown], -system[:, unknown:]).astype(np.float64)
    counted, level = income, point.final
    if point.settings.imbalance == "multiplicative":
        counted, level = own, point.income
    spent = (counted[:, :unknown] @ found + counted[:, unknown:]) / level[:, None]
    log_price = found[size : size + cells].reshape(sectors, size, many)
    index = (final.reshape(sectors, size, 1) * log_price).sum(axis=0)
    return FirstOrder(base.economies, found[:size], log_price, spent - index)


def _by_cell(array: Floats) -> Floats:
    """(S, N, N) as a matrix of cells by cells, sectors apart, (S · N, S · N)."""
    return np.asarray(block_diag(*array))


def _cells_of_inputs(inputs: Floats) -> Floats:
    """Share of the row's cell in the costs of the column's, economies apart, (S · N, S · N)."""
    size, sectors = inputs.shape[:2]
    out = np.zeros((sectors, size, sectors, size))
    ends = np.arange(size)
    out[:, ends, :, ends] = inputs
    return out.reshape(sectors * size, sectors * size)


def _revenue(point: TradeResult, repelled: Floats, pulled: Floats, b: Floats) -> Floats:
    """``dR_j = Σ_ik t X dln X``, (N, …)."""
    sectors, size = point.output.shape
    taxed = point.flow * point.tariff
    out = -np.einsum("kij,kiu->ju", taxed, repelled.reshape(sectors, size, -1))
    out += np.einsum("kj,kju->ju", taxed.sum(axis=1), pulled.reshape(sectors, size, -1))
    out[:, -b.shape[-1] :] += np.einsum("kij,kijm->jm", taxed, b)
    return np.asarray(out)


def _final_income(point: TradeResult, own: Floats, together: npt.NDArray[np.bool_]) -> Floats:
    """``dI``: imbalances stay in the numeraire, or are a multiple of own income that the group balances."""
    if point.settings.imbalance != "multiplicative":
        return own
    ratio = (point.final / point.income)[:, None]
    balancing = together @ ((1.0 - ratio) * own) / (together @ point.final)[:, None]
    return np.asarray(ratio * own + point.final[:, None] * balancing)
