"""Evaluate one counterfactual at given wages: prices, expenditure, excess demand for labour.

All variables are relative to the base year ("hat"), in logarithms where they multiply. S sectors, N
economies. Foreign trade is separate from home sales, and the excess demand for labour is computed from
foreign trade alone: near autarky it would otherwise be the small difference of two large figures.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba as nb
import numpy as np

from sogdia.trade.arrays import Bools, Floats, Ints

ADDITIVE, MULTIPLICATIVE, ZERO = 0, 1, 2
"""Imbalance rules."""
INNER_TOLERANCE = 1e-14
"""Relative change at which prices and expenditure have converged within one evaluation at the solution."""
INNER_PART = 1e-4
"""The same within earlier evaluations, relative to the last excess demand."""
LOOSE_TOLERANCE = 1e-6
"""Largest inner tolerance, and that of the first evaluation."""
MAX_INNER_ITERATIONS = 400
MAX_LENDING_SHARE = 1.0 - 1e-6
"""Largest share of its own income that an economy may lend."""


class World(NamedTuple):
    """Parameters of a counterfactual.

    Attributes:
        import_weight: Foreign expenditure shares of the base year times ``κ̂^−θ``, ``π κ̂^−θ``, by exporter
            and importer; 0 where trade is cut off and on the diagonal, (S, N, N).
        import_weight_net: The same over one plus the counterfactual tariff, (S, N, N).
        home_weight: Home expenditure shares times ``κ̂^−θ``, (S, N).
        theta: Trade elasticities, (S,).
        value_added_share: Share of value added in costs γ, (S, N).
        input_share: Share of input s in the costs of sector k, (N, S, S) [economy, s, k]; (0, 0, 0) without
            intermediate inputs.
        input_share_of_user: The same as [economy, k, s]: both are read in the order of storage.
        final_share: Sector shares in final expenditure α, (S, N).
        sector_share: Sector shares in total expenditure of the base year, (S, N).
        log_productivity: Log change of productivity, (S, N).
        value_added: Value added of the base year, (N,).
        imbalance: Imports less exports of the base year, (N,).
        spending_ratio: Final expenditure over own income in the base year, (N,).
        max_unpaid_share: Upper bound of the share of imports not paid for by exports, or of exports not spent
            on imports, (N,).
        gross_ratio: Total expenditure over final expenditure in the base year, (N,).
        group: Number of the group of economies that can still trade with each other, (N,).
        is_unsupplied: True where no supplier of a sector is left, so that it is produced at home, (S, N).
        log_substitute_price: Log price of that home production, over the base-year price, at unchanged input
            costs.
        rule: Imbalance rule: 0 additive, 1 multiplicative, 2 zero.
        has_tariffs: True if the counterfactual has tariffs.
    """

    import_weight: Floats
    import_weight_net: Floats
    home_weight: Floats
    theta: Floats
    value_added_share: Floats
    input_share: Floats
    input_share_of_user: Floats
    final_share: Floats
    sector_share: Floats
    log_productivity: Floats
    value_added: Floats
    imbalance: Floats
    spending_ratio: Floats
    max_unpaid_share: Floats
    gross_ratio: Floats
    group: Ints
    is_unsupplied: Bools
    log_substitute_price: float
    rule: int
    has_tariffs: bool


class State(NamedTuple):
    """Variables of a counterfactual; all but ``log_wage`` follow from it by :func:`evaluate`.

    Attributes:
        log_wage: Log change of wages, value added of each group being the numeraire, (N,).
        log_price: Log change of prices, (S, N).
        log_cost: Log change of the cost of the input bundle, productivity included, (S, N).
        cost_term: ``ĉ^−θ``, (S, N).
        phi_import: ``Σ_i π κ̂^−θ ĉ^−θ`` over foreign suppliers, (S, N).
        phi_import_net: The same with ``import_weight_net``, (S, N).
        phi: ``Φ̂ = P̂^−θ``, home suppliers included (Eaton & Kortum 2002), (S, N).
        expenditure: Total expenditure by sector, tariffs included, (S, N).
        output: Sales by sector, net of tariffs, (S, N).
        final_expenditure: Final expenditure, (N,).
        tariff_revenue: Tariff revenue, (N,).
        imbalance: Imports less exports, (N,).
        exports: Exports net of tariffs, (N,).
        imports: Imports net of tariffs, (N,).
        excess_demand: Excess demand for labour over its supply, (N,).
    """

    log_wage: Floats
    log_price: Floats
    log_cost: Floats
    cost_term: Floats
    phi_import: Floats
    phi_import_net: Floats
    phi: Floats
    expenditure: Floats
    output: Floats
    final_expenditure: Floats
    tariff_revenue: Floats
    imbalance: Floats
    exports: Floats
    imports: Floats
    excess_demand: Floats


def new_state(sectors: int, size: int) -> State:
    """Return a state at base-year wages."""
    by_sector = [np.zeros((sectors, size)) for _ in range(8)]
    by_economy = [np.zeros(size) for _ in range(6)]
    return State(np.zeros(size), *by_sector, *by_economy)


@nb.njit(cache=True, nogil=True)
def normalise_wages(world: World, log_wage: Floats) -> None:
    """Scale wages so that the value added of each group equals that of the base year, ``Σ ŵ V = Σ V``."""
    size = log_wage.size
    before, after = np.zeros(size), np.zeros(size)
    for i in range(size):
        before[world.group[i]] += world.value_added[i]
        after[world.group[i]] += world.value_added[i] * math.exp(log_wage[i])
    for i in range(size):
        log_wage[i] += math.log(before[world.group[i]] / after[world.group[i]])


@nb.njit(cache=True, nogil=True)
def _sum_suppliers(weight: Floats, cost_term: Floats, out: Floats) -> None:
    """Write ``Σ_i weight_ij ĉ_i^−θ`` into ``out``, (S, N)."""
    sectors, size = cost_term.shape
    for k in range(sectors):
        for j in range(size):
            out[k, j] = 0.0
        for i in range(size):
            term = cost_term[k, i]
            for j in range(size):
                out[k, j] += weight[k, i, j] * term


@nb.njit(cache=True, nogil=True)
def set_prices(world: World, state: State, tolerance: float) -> None:
    """Solve ``ĉ = ŵ^γ Π_s P̂_s^γ_s / Â`` and ``P̂ = (Σ_i π (ĉ κ̂)^−θ)^(−1/θ)`` jointly."""
    sectors, size = state.log_price.shape
    has_inputs = world.input_share.size > 0
    cost = np.empty(sectors)
    for _ in range(MAX_INNER_ITERATIONS):
        for i in range(size):
            for k in range(sectors):
                cost[k] = world.value_added_share[k, i] * state.log_wage[i] - world.log_productivity[k, i]
            if has_inputs:
                # Using sectors in the inner loop: shares are read in the order in which they are stored.
                for s in range(sectors):
                    price = state.log_price[s, i]
                    for k in range(sectors):
                        cost[k] += world.input_share[i, s, k] * price
            for k in range(sectors):
                state.log_cost[k, i] = cost[k]
                state.cost_term[k, i] = math.exp(-world.theta[k] * cost[k])
        _sum_suppliers(world.import_weight, state.cost_term, state.phi_import)
        change = 0.0
        for k in range(sectors):
            for j in range(size):
                state.phi[k, j] = state.phi_import[k, j] + world.home_weight[k, j] * state.cost_term[k, j]
                if state.phi[k, j] > 0.0:
                    price = -math.log(state.phi[k, j]) / world.theta[k]
                elif world.is_unsupplied[k, j]:
                    price = world.log_substitute_price + state.log_cost[k, j]
                else:
                    price = 0.0
                change = max(change, abs(price - state.log_price[k, j]))
                state.log_price[k, j] = price
        if not has_inputs or change < tolerance:
            break
    if world.has_tariffs:
        _sum_suppliers(world.import_weight_net, state.cost_term, state.phi_import_net)
    else:
        state.phi_import_net[:] = state.phi_import


@nb.njit(cache=True, nogil=True)
def _dot(first: Floats, second: Floats) -> float:
    """Return the scalar product in four sums, which a processor adds side by side."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    size = first.size
    end = size - size % 4
    for n in range(0, end, 4):
        a += first[n] * second[n]
        b += first[n + 1] * second[n + 1]
        c += first[n + 2] * second[n + 2]
        d += first[n + 3] * second[n + 3]
    for n in range(end, size):
        a += first[n] * second[n]
    return (a + b) + (c + d)


@nb.njit(cache=True, nogil=True)
def _set_output(world: World, state: State) -> None:
    """Set output ``Y_ik = Σ_j X_ijk`` and exports at the state's prices and expenditure."""
    sectors, size = state.expenditure.shape
    quotient = np.empty(size)
    state.exports[:] = 0.0
    for k in range(sectors):
        for j in range(size):
            quotient[j] = state.expenditure[k, j] / state.phi[k, j] if state.phi[k, j] > 0.0 else 0.0
        for i in range(size):
            exports = _dot(world.import_weight_net[k, i], quotient) * state.cost_term[k, i]
            home_sales = world.home_weight[k, i] * state.cost_term[k, i] * quotient[i]
            if world.is_unsupplied[k, i]:
                home_sales = state.expenditure[k, i]
            state.exports[i] += exports
            state.output[k, i] = exports + home_sales


@nb.njit(cache=True, nogil=True)
def _import_share(world: World, state: State, j: int) -> float:
    """Return the import share in the expenditure of economy j at base-year sector shares."""
    share = 0.0
    for k in range(state.expenditure.shape[0]):
        if state.phi[k, j] > 0.0:
            share += world.sector_share[k, j] * state.phi_import[k, j] / state.phi[k, j]
    return share


@nb.njit(cache=True, nogil=True)
def _set_imbalance(world: World, state: State, own_income: Floats, import_share: Floats) -> None:
    """Set imbalances by the rule, within the bounds that trade allows, so that each group's sum to zero."""
    size = own_income.size
    plus, minus = np.zeros(size), np.zeros(size)
    for j in range(size):
        plus[world.group[j]] += own_income[j]
        minus[world.group[j]] += own_income[j] * world.spending_ratio[j]
    for j in range(size):
        if world.rule == ADDITIVE:
            target = world.imbalance[j]
        elif world.rule == MULTIPLICATIVE:
            scale = world.spending_ratio[j] * plus[world.group[j]] / minus[world.group[j]]
            target = own_income[j] * (scale - 1.0)
        else:
            target = 0.0
        unpaid = world.max_unpaid_share[j]
        if target > 0.0:
            part = unpaid * import_share[j] * world.gross_ratio[j]
            if part < 1.0:
                target = min(target, part / (1.0 - part) * own_income[j])
        elif unpaid < 1.0:
            part = unpaid / (1.0 - unpaid) * import_share[j] * world.gross_ratio[j]
            target = max(target, -part / (1.0 + part) * own_income[j])
        else:
            target = max(target, -MAX_LENDING_SHARE * own_income[j])
        state.imbalance[j] = target
    plus[:] = 0.0
    minus[:] = 0.0
    for j in range(size):
        if state.imbalance[j] > 0.0:
            plus[world.group[j]] += state.imbalance[j]
        else:
            minus[world.group[j]] -= state.imbalance[j]
    for j in range(size):
        g = world.group[j]
        if state.imbalance[j] > 0.0 and plus[g] > minus[g]:
            state.imbalance[j] *= minus[g] / plus[g]
        elif state.imbalance[j] < 0.0 and minus[g] > plus[g]:
            state.imbalance[j] *= plus[g] / minus[g]


@nb.njit(cache=True, nogil=True)
def set_expenditure(world: World, state: State, tolerance: float) -> None:
    """Solve ``E_jk = α_jk I_j + Σ_s γ_jks Y_js`` and ``I = ŵ V + R + D`` jointly with output."""
    sectors, size = state.expenditure.shape
    has_inputs = world.input_share.size > 0
    own_income, import_share, demand = np.empty(size), np.empty(size), np.empty(sectors)
    for j in range(size):
        import_share[j] = _import_share(world, state, j)
    for _ in range(MAX_INNER_ITERATIONS):
        if has_inputs:
            _set_output(world, state)
        for j in range(size):
            revenue = 0.0
            if world.has_tariffs:
                for k in range(sectors):
                    if state.phi[k, j] > 0.0:
                        taxed = state.phi_import[k, j] - state.phi_import_net[k, j]
                        revenue += state.expenditure[k, j] * taxed / state.phi[k, j]
            state.tariff_revenue[j] = revenue
            own_income[j] = world.value_added[j] * math.exp(state.log_wage[j]) + revenue
        _set_imbalance(world, state, own_income, import_share)
        change = 0.0
        for j in range(size):
            final = own_income[j] + state.imbalance[j]
            state.final_expenditure[j] = final
            for k in range(sectors):
                demand[k] = world.final_share[k, j] * final
            if has_inputs:
                for s in range(sectors):
                    output = state.output[s, j]
                    for k in range(sectors):
                        demand[k] += world.input_share_of_user[j, s, k] * output
            for k in range(sectors):
                change = max(change, abs(demand[k] - state.expenditure[k, j]) / own_income[j])
                state.expenditure[k, j] = demand[k]
        if change < tolerance or not (has_inputs or world.has_tariffs):
            break
    _set_output(world, state)


@nb.njit(cache=True, nogil=True)
def evaluate(world: World, state: State, inner_tolerance: float) -> float:
    """Set all variables that follow from the state's wages; return the largest relative excess demand.

    Prices and expenditure are solved to the inner tolerance, from those of the state.
    The excess demand is ``(exports − imports + D) / (ŵ V)``: by the budget constraints it equals the excess
    demand for labour over its supply.
    """
    normalise_wages(world, state.log_wage)
    set_prices(world, state, inner_tolerance)
    set_expenditure(world, state, inner_tolerance)
    largest = 0.0
    for i in range(state.log_wage.size):
        imports = 0.0
        for k in range(state.expenditure.shape[0]):
            if state.phi[k, i] > 0.0:
                imports += state.expenditure[k, i] * state.phi_import_net[k, i] / state.phi[k, i]
        state.imports[i] = imports
        over = state.exports[i] - imports + state.imbalance[i]
        state.excess_demand[i] = over / (world.value_added[i] * math.exp(state.log_wage[i]))
        # Written so that NaN is returned and never taken for convergence.
        if not abs(state.excess_demand[i]) <= largest:
            largest = abs(state.excess_demand[i])
    return largest
