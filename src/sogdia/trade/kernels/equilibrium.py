"""Evaluate one counterfactual at given wages and rents: prices, expenditure, excess demand for factors.

All variables are relative to the base year ("hat"), in logarithms where they multiply. S sectors, N
economies. Foreign trade is separate from home sales, and the excess demand for factors is computed from
foreign trade alone: near autarky it would otherwise be the small difference of two large figures.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from sogdia.numerics.compiled import CALLEE, CALLEE_IN_PLACE, INLINE
from sogdia.trade.arrays import Floats
from sogdia.trade.kernels.vectors import add_gaps, advance, copy_into, dot, set_zero
from sogdia.trade.kernels.world import ADDITIVE, MULTIPLICATIVE, State, World

INNER_TOLERANCE = 1e-14
"""Relative change at which prices and expenditure have converged within one evaluation at the solution."""
INNER_PART = 1e-3
"""The same within earlier evaluations, relative to the last excess demand."""
LOOSE_TOLERANCE = 1e-3
"""Largest inner tolerance, and that of the first evaluation."""
MAX_INNER_ITERATIONS = 400
MAX_LENDING_SHARE = 1.0 - 1e-6
"""Largest share of its own income that an economy may lend."""
FULL_WEIGHT = 1e-3
"""Rent over own income from which on the excess demand for a specific factor counts in full."""
SLOW = 0.7
"""Part of the last change above which an inner iteration goes on without the home inverse."""
SMALLEST = 1e-300
"""Sales of which a logarithm is taken are at least this."""


@nb.njit(**INLINE)
def normalise(world: World, state: State) -> None:
    """Scale wages and rents so that the labour income of each group is ``Σ ŵ L̂ V = Σ L̂ V``."""
    size = state.log_wage.size
    before, after = np.zeros(size), np.zeros(size)
    for i in range(size):
        before[world.group[i]] += world.labour_income[i]
        after[world.group[i]] += world.labour_income[i] * math.exp(state.log_wage[i])
    for i in range(size):
        state.log_wage[i] += math.log(before[world.group[i]] / after[world.group[i]])
    for m in range(world.rent.size):
        g = world.group[world.rent_cell[m, 1]]
        state.log_rent[m] += math.log(before[g] / after[g])


@nb.njit(**CALLEE_IN_PLACE)
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


@nb.njit(**INLINE)
def _factor_cost(world: World, state: State) -> Floats:
    """Return the log cost of factors in the input bundle, over productivity, (N, S)."""
    sectors, size = state.log_price.shape
    out = np.empty((size, sectors))
    for i in range(size):
        for k in range(sectors):
            out[i, k] = world.labour_share[k, i] * state.log_wage[i] - world.log_productivity[k, i]
    for m in range(world.rent.size):
        out[world.rent_cell[m, 1], world.rent_cell[m, 0]] += world.rent_share[m] * state.log_rent[m]
    return out


@nb.njit(**INLINE)
def _set_costs(world: World, state: State, factor_cost: Floats) -> None:
    """Set the costs of input bundles at the state's prices."""
    sectors, size = state.log_price.shape
    cost = np.empty(sectors)
    for i in range(size):
        for k in range(sectors):
            cost[k] = factor_cost[i, k]
        if world.input_share.size > 0:
            # Using sectors in the inner loop: shares are read in the order in which they are stored.
            for s in range(sectors):
                price = state.log_price[s, i]
                for k in range(sectors):
                    cost[k] += world.input_share[i, s, k] * price
        for k in range(sectors):
            state.log_cost[k, i] = cost[k]
            state.cost_term[k, i] = math.exp(-world.theta[k] * cost[k])


@nb.njit(**INLINE)
def set_prices(world: World, state: State, tolerance: float) -> None:
    """Solve ``ĉ = ŵ^γL r̂^γR Π_s P̂_s^γ_s / Â`` and ``P̂ = (Σ_i π (ĉ κ̂)^−θ)^(−1/θ)`` jointly.

    Each iteration solves for the inputs that an economy buys at home, at the home shares of the base year;
    imported ones follow in the next (block Jacobi). Where home shares have changed so much that this is
    slow, plain iterations follow, which always converge.
    """
    sectors, size = state.log_price.shape
    has_inputs = world.input_share.size > 0
    is_fast, last = has_inputs, np.inf
    factor_cost, gap = _factor_cost(world, state), np.empty((sectors, size))
    for _ in range(MAX_INNER_ITERATIONS):
        _set_costs(world, state, factor_cost)
        _sum_suppliers(world.import_weight, state.cost_term, state.phi_import)
        change = 0.0
        for k in range(sectors):
            for j in range(size):
                state.phi[k, j] = state.phi_import[k, j] + world.home_weight[k, j] * state.cost_term[k, j]
                # Not a function of its own: with two large tuples in each call this is six times as slow.
                price = 0.0
                if state.phi[k, j] > 0.0:
                    price = -math.log(state.phi[k, j]) / world.theta[k]
                elif world.is_unsupplied[k, j]:
                    price = world.log_substitute_price + state.log_cost[k, j]
                gap[k, j] = price - state.log_price[k, j]
                change = max(change, abs(gap[k, j]))
        is_fast, is_last = is_fast and change <= SLOW * last, change < tolerance or not has_inputs
        last = change
        if is_fast and not is_last:
            advance(world.home_inverse_of_user, gap, state.log_price)
        else:
            add_gaps(gap, state.log_price)
        if is_last:
            break
    if world.has_tariffs or world.wedge_rate.size > 0:
        _sum_suppliers(world.import_weight_net, state.cost_term, state.phi_import_net)
    else:
        for k in range(sectors):
            copy_into(state.phi_import_net[k], state.phi_import[k])


@nb.njit(**CALLEE)
def _set_output(world: World, state: State) -> None:
    """Set output ``Y_ik = Σ_j X_ijk`` and exports at the state's prices and expenditure."""
    sectors, size = state.expenditure.shape
    quotient = np.empty(size)
    set_zero(state.exports)
    for k in range(sectors):
        for j in range(size):
            quotient[j] = state.expenditure[k, j] / state.phi[k, j] if state.phi[k, j] > 0.0 else 0.0
        for i in range(size):
            exports = dot(world.import_weight_net[k, i], quotient) * state.cost_term[k, i]
            home_sales = world.home_weight[k, i] * state.cost_term[k, i] * quotient[i]
            if world.is_unsupplied[k, i]:
                home_sales = state.expenditure[k, i]
            state.exports[i] += exports
            state.output[k, i] = exports + home_sales


@nb.njit(**INLINE)
def _import_shares(world: World, state: State) -> Floats:
    """Return import shares in expenditure at base-year sector shares, (N,)."""
    sectors, size = state.expenditure.shape
    share = np.zeros(size)
    for k in range(sectors):
        for j in range(size):
            if state.phi[k, j] > 0.0:
                share[j] += world.sector_share[k, j] * state.phi_import[k, j] / state.phi[k, j]
    return share


@nb.njit(**INLINE)
def _world_level(world: World, state: State) -> Floats:
    """Return value added of each economy's group over that of the base year, (N,)."""
    size = state.log_wage.size
    level = np.ones(size)
    if world.has_factors:
        before, after = np.zeros(size), np.zeros(size)
        for i in range(size):
            before[world.group[i]] += world.value_added[i]
            wages = world.labour_income[i] * math.exp(state.log_wage[i])
            after[world.group[i]] += wages + state.rent_income[i]
        for i in range(size):
            level[i] = after[world.group[i]] / before[world.group[i]]
    return level


@nb.njit(**INLINE)
def _set_imbalance(world: World, state: State, own_income: Floats, import_share: Floats) -> None:
    """Set imbalances by the rule, within the bounds that trade allows, so that each group's sum to zero.

    Named transfers are constant in units of the value added of the group; the rule is for the rest.
    """
    size = own_income.size
    level = _world_level(world, state)
    plus, minus = np.zeros(size), np.zeros(size)
    for j in range(size):
        disposable = own_income[j] + level[j] * world.transfer[j]
        plus[world.group[j]] += disposable
        minus[world.group[j]] += disposable * world.spending_ratio[j]
    for j in range(size):
        transfer = level[j] * world.transfer[j]
        if world.rule == ADDITIVE:
            target = level[j] * world.imbalance[j] + transfer
        elif world.rule == MULTIPLICATIVE:
            scale = world.spending_ratio[j] * plus[world.group[j]] / minus[world.group[j]]
            target = (own_income[j] + transfer) * (scale - 1.0) + transfer
        else:
            target = transfer
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
    for j in range(size):
        plus[j] = minus[j] = 0.0
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


@nb.njit(**INLINE)
def _set_rents(world: World, state: State) -> None:
    """Set rents of specific factors, ``r̂ K̂ R`` with supply ``K̂ = (r̂ / P̂)^η``, and price indices."""
    set_zero(state.rent_income)
    if world.rent.size == 0:
        return
    sectors, size = state.log_price.shape
    set_zero(state.log_price_index)
    for k in range(sectors):
        for j in range(size):
            state.log_price_index[j] += world.final_share[k, j] * state.log_price[k, j]
    for m in range(world.rent.size):
        i, elasticity = world.rent_cell[m, 1], world.supply_elasticity[m]
        supply = (1.0 + elasticity) * state.log_rent[m] - elasticity * state.log_price_index[i]
        state.log_supply[m] = supply
        state.rent_income[i] += world.rent[m] * math.exp(supply)


@nb.njit(**INLINE)
def _set_scarcity_rents(world: World, state: State) -> None:
    """Set the revenue ``ω X`` of wedges, by owner and by importer."""
    set_zero(state.scarcity_received)
    set_zero(state.scarcity_paid)
    for m in range(world.wedge_rate.size):
        k, i, j, owner = world.wedge_cell[m]
        if state.phi[k, j] > 0.0:
            flow = world.import_weight_net[k, i, j] * state.cost_term[k, i]
            revenue = world.wedge_rate[m] * flow * state.expenditure[k, j] / state.phi[k, j]
            state.scarcity_received[owner] += revenue
            state.scarcity_paid[j] += revenue


@nb.njit(**INLINE)
def _set_tariff_revenue(world: World, state: State) -> None:
    """Set tariff revenue: what buyers pay over what exporters and owners of wedges receive."""
    if not world.has_tariffs:
        set_zero(state.tariff_revenue)
        return
    sectors, size = state.expenditure.shape
    for j in range(size):
        state.tariff_revenue[j] = -state.scarcity_paid[j]
    for k in range(sectors):
        for j in range(size):
            if state.phi[k, j] > 0.0:
                taxed = state.phi_import[k, j] - state.phi_import_net[k, j]
                state.tariff_revenue[j] += state.expenditure[k, j] * taxed / state.phi[k, j]


@nb.njit(**INLINE)
def set_expenditure(world: World, state: State, tolerance: float) -> None:
    """Solve ``E_jk = α_jk I_j + Σ_s γ_jks Y_js`` and income ``I`` jointly with output.

    ``I = ŵ L̂ V + Σ r̂ K̂ R + tariff revenue + scarcity rents + D``.
    """
    sectors, size = state.expenditure.shape
    has_inputs = world.input_share.size > 0
    has_wedges = world.wedge_rate.size > 0
    is_joint = has_inputs or world.has_tariffs or has_wedges
    is_fast, last = has_inputs, np.inf
    _set_rents(world, state)
    own_income, demand, gap = np.empty(size), np.empty(sectors), np.empty((sectors, size))
    import_share = _import_shares(world, state)
    for _ in range(MAX_INNER_ITERATIONS):
        if has_inputs:
            _set_output(world, state)
        if has_wedges:
            _set_scarcity_rents(world, state)
        _set_tariff_revenue(world, state)
        for j in range(size):
            own_income[j] = world.labour_income[j] * math.exp(state.log_wage[j]) + state.tariff_revenue[j]
            own_income[j] += state.rent_income[j] + state.scarcity_received[j]
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
                gap[k, j] = demand[k] - state.expenditure[k, j]
                change = max(change, abs(gap[k, j]) / own_income[j])
        is_fast, is_last = is_fast and change <= SLOW * last, change < tolerance or not is_joint
        last = change
        if is_fast and not is_last:
            advance(world.home_inverse, gap, state.expenditure)
        else:
            add_gaps(gap, state.expenditure)
        if is_last:
            break
    _set_output(world, state)


@nb.njit(**CALLEE)
def evaluate(world: World, state: State, inner_tolerance: float) -> float:
    """Set all variables that follow from the state's wages and rents; return the largest excess demand.

    Prices and expenditure are solved to the inner tolerance, from those of the state.
    The excess demand of an economy is ``(exports − imports + D + scarcity rents received − paid) / (ŵ L̂ V)``:
    by the budget constraints it equals the excess demand for labour and specific factors over the supply of
    labour. Of each specific factor ``ln(Ŷ / (r̂ K̂))`` counts, with less weight where the rent is a small part
    of income.
    """
    normalise(world, state)
    set_prices(world, state, inner_tolerance)
    set_expenditure(world, state, inner_tolerance)
    largest, size = 0.0, state.log_wage.size
    for i in range(size):
        imports = 0.0
        for k in range(state.expenditure.shape[0]):
            if state.phi[k, i] > 0.0:
                imports += state.expenditure[k, i] * state.phi_import_net[k, i] / state.phi[k, i]
        state.imports[i] = imports
        over = state.exports[i] - imports + state.imbalance[i]
        over += state.scarcity_received[i] - state.scarcity_paid[i]
        state.excess_demand[i] = over / (world.labour_income[i] * math.exp(state.log_wage[i]))
        # Written so that NaN is returned and never taken for convergence.
        if not abs(state.excess_demand[i]) <= largest:
            largest = abs(state.excess_demand[i])
    for m in range(world.rent.size):
        k, i = world.rent_cell[m]
        supply = state.log_supply[m]
        sales = world.rent_share[m] * state.output[k, i] / world.rent[m]
        state.excess_demand[size + m] = math.log(max(sales, SMALLEST)) - supply
        part = world.rent[m] * max(sales, math.exp(supply))
        weight = min(1.0, part / (FULL_WEIGHT * (state.final_expenditure[i] - state.imbalance[i])))
        if not abs(state.excess_demand[size + m]) * weight <= largest:
            largest = abs(state.excess_demand[size + m]) * weight
    return largest
