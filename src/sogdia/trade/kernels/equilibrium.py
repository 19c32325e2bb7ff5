"""The equilibrium of one counterfactual on arrays: prices, spending, excess demand for labour, wages.

Everything is relative to the base ("hat"), in logarithms where it multiplies. S sectors, N economies.
Trade between economies is kept apart from sales at home, and what is out of balance is told from trade
alone: where little is traded, differences of large figures would leave nothing of it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]

ADDITIVE, MULTIPLICATIVE, ZERO = 0, 1, 2
INNER = 1e-14
"""Relative change at which prices and spending inside one evaluation are done."""
MOST_INNER = 400
ALMOST_ALL = 1.0 - 1e-6
"""Largest part of its income that an economy may lend."""


class World(NamedTuple):
    """A counterfactual, ready for the kernels.

    Attributes:
        pull: Shares in spending before, times ``κ̂^−θ``, by exporter and importer; 0 where cut and on the
            diagonal, (S, N, N).
        net: The same over 1 + tariff after: what of it reaches the exporter, (S, N, N).
        home: The diagonal of ``pull``, (S, N).
        theta: Trade elasticities, (S,).
        labour_share: Share of value added in costs γ, (S, N).
        inputs: Share of sector s in the costs of sector k, (N, S, S) [economy, s, k]; (0, 0, 0): none.
        final: Shares of sectors in final spending α, (S, N).
        weight: Shares of sectors in all spending before, (S, N).
        productivity: Log of productivity after over before, (S, N).
        labour: Value added before, (N,).
        imbalance: Imports less exports before, (N,).
        ratio: Final spending over own income before, (N,).
        most_unpaid: Largest part of imports unpaid by exports, or of exports not spent on imports, (N,).
        gross: All spending over final spending before, (N,).
        group: Number of the set of economies that can trade, (N,).
        missing: Where nobody supplies a sector any longer, so that it is made at home, (S, N).
        substitute: Log of what that costs, over the price before at unchanged costs of inputs.
        rule: 0 additive, 1 multiplicative, 2 zero.
        tariffs: Whether there are tariffs after.
    """

    pull: Floats
    net: Floats
    home: Floats
    theta: Floats
    labour_share: Floats
    inputs: Floats
    final: Floats
    weight: Floats
    productivity: Floats
    labour: Floats
    imbalance: Floats
    ratio: Floats
    most_unpaid: Floats
    gross: Floats
    group: Longs
    missing: Bools
    substitute: float
    rule: int
    tariffs: bool


class State(NamedTuple):
    """What wages imply; all but ``log_wage`` follow from it by :func:`evaluate`.

    Attributes:
        log_wage: (N,), world output being the numeraire within each group.
        log_price: (S, N).
        log_cost: Of the bundle of inputs, productivity included, (S, N).
        reach: ``cost^−θ``, (S, N).
        foreign: ``Σ_i pull reach`` of other economies, (S, N).
        foreign_net: ``Σ_i net reach`` of other economies, (S, N).
        market: ``foreign`` and what is made at home, (S, N).
        spend: Spending by sector with tariffs, (S, N).
        output: Sales by sector without tariffs, (S, N).
        income: Final spending, (N,).
        revenue: Of tariffs, (N,).
        imbalance: (N,).
        exports: Sales abroad, without tariffs, (N,).
        imports: Purchases abroad, without tariffs, (N,).
        excess: Excess demand for labour over its supply, (N,).
    """

    log_wage: Floats
    log_price: Floats
    log_cost: Floats
    reach: Floats
    foreign: Floats
    foreign_net: Floats
    market: Floats
    spend: Floats
    output: Floats
    income: Floats
    revenue: Floats
    imbalance: Floats
    exports: Floats
    imports: Floats
    excess: Floats


def new_state(sectors: int, size: int) -> State:
    """A state at the wages of the base."""
    by_sector = [np.zeros((sectors, size)) for _ in range(8)]
    by_economy = [np.zeros(size) for _ in range(6)]
    return State(np.zeros(size), *by_sector, *by_economy)


@nb.njit(cache=True, nogil=True)
def normalise(world: World, log_wage: Floats) -> None:
    """Scale wages so that each group's value added is worth what it was: ``Σ ŵ V = Σ V``."""
    size = log_wage.size
    before, after = np.zeros(size), np.zeros(size)
    for i in range(size):
        before[world.group[i]] += world.labour[i]
        after[world.group[i]] += world.labour[i] * math.exp(log_wage[i])
    for i in range(size):
        log_wage[i] += math.log(before[world.group[i]] / after[world.group[i]])


@nb.njit(cache=True, nogil=True)
def _market(weights: Floats, reach: Floats, out: Floats) -> None:
    sectors, size = reach.shape
    for k in range(sectors):
        for j in range(size):
            out[k, j] = 0.0
        for i in range(size):
            from_here = reach[k, i]
            for j in range(size):
                out[k, j] += weights[k, i, j] * from_here


@nb.njit(cache=True, nogil=True)
def set_prices(world: World, state: State) -> None:
    """``ĉ = ŵ^γ Π_s P̂_s^γ_s / Â`` and ``P̂ = (Σ_i π (ĉ κ̂)^−θ)^(−1/θ)``, together."""
    sectors, size = state.log_price.shape
    chained = world.inputs.size > 0
    for _ in range(MOST_INNER):
        for k in range(sectors):
            for i in range(size):
                cost = world.labour_share[k, i] * state.log_wage[i] - world.productivity[k, i]
                if chained:
                    for s in range(sectors):
                        cost += world.inputs[i, s, k] * state.log_price[s, i]
                state.log_cost[k, i] = cost
                state.reach[k, i] = math.exp(-world.theta[k] * cost)
        _market(world.pull, state.reach, state.foreign)
        change = 0.0
        for k in range(sectors):
            for j in range(size):
                state.market[k, j] = state.foreign[k, j] + world.home[k, j] * state.reach[k, j]
                if state.market[k, j] > 0.0:
                    price = -math.log(state.market[k, j]) / world.theta[k]
                else:
                    price = (world.substitute + state.log_cost[k, j]) if world.missing[k, j] else 0.0
                change = max(change, abs(price - state.log_price[k, j]))
                state.log_price[k, j] = price
        if not chained or change < INNER:
            break
    if world.tariffs:
        _market(world.net, state.reach, state.foreign_net)
    else:
        state.foreign_net[:] = state.foreign


@nb.njit(cache=True, nogil=True)
def _set_output(world: World, state: State) -> None:
    """``Y_ik = Σ_j X_ijk``, and exports, at the prices of the state."""
    sectors, size = state.spend.shape
    quotient = np.empty(size)
    state.exports[:] = 0.0
    for k in range(sectors):
        for j in range(size):
            quotient[j] = state.spend[k, j] / state.market[k, j] if state.market[k, j] > 0.0 else 0.0
        for i in range(size):
            total = 0.0
            for j in range(size):
                total += world.net[k, i, j] * quotient[j]
            abroad = total * state.reach[k, i]
            at_home = world.home[k, i] * state.reach[k, i] * quotient[i]
            if world.missing[k, i]:
                at_home = state.spend[k, i]
            state.exports[i] += abroad
            state.output[k, i] = abroad + at_home


@nb.njit(cache=True, nogil=True)
def _import_share(world: World, state: State, j: int) -> float:
    """Share of imports in the spending of economy j, its sectors weighted as before."""
    share = 0.0
    for k in range(state.spend.shape[0]):
        if state.market[k, j] > 0.0:
            share += world.weight[k, j] * state.foreign[k, j] / state.market[k, j]
    return share


@nb.njit(cache=True, nogil=True)
def _set_imbalance(world: World, state: State, own: Floats, imported: Floats) -> None:
    """Imbalances by the rule, within what trade can carry, summing to nothing in each group."""
    size = own.size
    plus, minus = np.zeros(size), np.zeros(size)
    for j in range(size):
        plus[world.group[j]] += own[j]
        minus[world.group[j]] += own[j] * world.ratio[j]
    for j in range(size):
        if world.rule == ADDITIVE:
            wanted = world.imbalance[j]
        elif world.rule == MULTIPLICATIVE:
            wanted = own[j] * (world.ratio[j] * plus[world.group[j]] / minus[world.group[j]] - 1.0)
        else:
            wanted = 0.0
        unpaid = world.most_unpaid[j]
        if wanted > 0.0:
            part = unpaid * imported[j] * world.gross[j]
            if part < 1.0:
                wanted = min(wanted, part / (1.0 - part) * own[j])
        elif unpaid < 1.0:
            part = unpaid / (1.0 - unpaid) * imported[j] * world.gross[j]
            wanted = max(wanted, -part / (1.0 + part) * own[j])
        else:
            wanted = max(wanted, -ALMOST_ALL * own[j])
        state.imbalance[j] = wanted
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
def set_spending(world: World, state: State) -> None:
    """``E_jk = α_jk I_j + Σ_s γ_jks Y_js`` and ``I = ŵ V + R + D``, together, with the sales they make."""
    sectors, size = state.spend.shape
    chained = world.inputs.size > 0
    own, imported = np.empty(size), np.empty(size)
    for j in range(size):
        imported[j] = _import_share(world, state, j)
    for _ in range(MOST_INNER):
        if chained:
            _set_output(world, state)
        for j in range(size):
            revenue = 0.0
            if world.tariffs:
                for k in range(sectors):
                    if state.market[k, j] > 0.0:
                        taxed = state.foreign[k, j] - state.foreign_net[k, j]
                        revenue += state.spend[k, j] * taxed / state.market[k, j]
            state.revenue[j] = revenue
            own[j] = world.labour[j] * math.exp(state.log_wage[j]) + revenue
        _set_imbalance(world, state, own, imported)
        change = 0.0
        for j in range(size):
            income = own[j] + state.imbalance[j]
            state.income[j] = income
            for k in range(sectors):
                spend = world.final[k, j] * income
                if chained:
                    for s in range(sectors):
                        spend += world.inputs[j, k, s] * state.output[s, j]
                change = max(change, abs(spend - state.spend[k, j]) / own[j])
                state.spend[k, j] = spend
        if change < INNER or not (chained or world.tariffs):
            break
    _set_output(world, state)


@nb.njit(cache=True, nogil=True)
def evaluate(world: World, state: State) -> float:
    """All that the wages of the state imply, and the largest excess demand for labour, relative.

    It is ``(exports − imports + D) / (ŵ V)``: by the budgets the same as demand for labour less its supply.
    """
    normalise(world, state.log_wage)
    set_prices(world, state)
    set_spending(world, state)
    worst = 0.0
    for i in range(state.log_wage.size):
        imports = 0.0
        for k in range(state.spend.shape[0]):
            if state.market[k, i] > 0.0:
                imports += state.spend[k, i] * state.foreign_net[k, i] / state.market[k, i]
        state.imports[i] = imports
        over = state.exports[i] - imports + state.imbalance[i]
        state.excess[i] = over / (world.labour[i] * math.exp(state.log_wage[i]))
        # Written so that a figure that is no number is never the end.
        if not abs(state.excess[i]) <= worst:
            worst = abs(state.excess[i])
    return worst
