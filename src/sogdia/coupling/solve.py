"""Solve freight and trade together as an explicit fixed point of the costs of carriage.

One round maps the costs g of all lanes to new ones, ``g ↦ Φ(g)``:

    trade costs τ̂(g)  →  flows X'(τ̂) of the trade model  →  tonnes q(X', τ̂)  →  assignment  →  Φ(g)

(:mod:`sogdia.coupling.trade_costs`, :mod:`sogdia.trade`, :mod:`sogdia.freight`). The residual of a round is
the largest relative change of the mean cost of any good that is shipped, ``max_r |Φ(g)_r / g_r − 1|`` over
pairs and commodities. Anderson mixing of ``ln(1 + g / v)`` gives the next g, together with the shadow prices
of hard capacities (:mod:`sogdia.coupling.scarcity`), whose violation counts in the residual. The first round
starts from the baseline's costs, so an unchanged case returns the baseline; otherwise its assignment is
coarse, and the search for paths that queues make least-cost starts with the second round. While costs still
change much, assignments are coarse, and each searches once; the last rounds search until no path is missing.
Added paths change Φ, so the mixing then restarts. A loop may also start from a solution on the same
network: at other elasticities, or with another cost of electricity.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sogdia.assignment.results import AssignmentResult
from sogdia.case import Case
from sogdia.coupling.baseline import CoupledBaseline
from sogdia.coupling.case_networks import CaseNetwork
from sogdia.coupling.freight_step import FreightStep
from sogdia.coupling.lanes import expected_least_cost
from sogdia.coupling.rationing import LocalTrade, PricedCosts, TradeStep
from sogdia.coupling.rents import LanePayments, with_rents
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.scarcity import EXCESS, Rationing, make_rationing
from sogdia.coupling.settings import CouplingSettings
from sogdia.coupling.trade_costs import (
    PolicyTerms,
    lane_tonnes,
    read_policy_terms,
    trade_costs,
)
from sogdia.errors import InputError
from sogdia.freight.hard_capacity import priced
from sogdia.freight.results import FreightResult
from sogdia.freight.shared_network import assign_among, stochastic
from sogdia.numerics import Convergence, NotConvergedError, Step
from sogdia.numerics.anderson import AndersonMixing
from sogdia.trade.inputs import UnitCosts
from sogdia.trade.solve import solve

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MEASURE = "largest relative change of the cost of carrying a good between two economies"
SAME_TONNES = 1e-9
"""Relative change of tonnes below which the baseline's assignment is reused, far below its tolerance."""
SETTLED_COSTS = 1e-2
"""Change of costs below which the path search stops: it adds paths only if they save 2 % or more."""
SETTLED_PRICE = 0.5
"""Change of shadow prices, USD/t, above which the path search starts again."""
PRICE_UNIT = 100.0
"""Shadow price, USD/t, that weighs in the mixing like a doubled value of a good."""
COARSE_GAP = 1e-3
"""Gap of the assignment while tonnes are far from the last."""
ROUGH_COSTS = 0.2
"""Change of costs above which a round only approaches: its assignment is coarse, paths are searched once."""
NO_UNIT_COSTS: UnitCosts = MappingProxyType({})
"""Unit costs that only freight and policy change."""


@dataclass(frozen=True, eq=False)
class _Loop:
    """Inputs of the loop, the same in every round.

    Attributes:
        baseline: The baseline.
        terms: Terms of trade costs that do not depend on freight.
        settings: Settings.
        network: Baseline and case on one network.
        unit_cost: Unit cost of an economy's sector relative to the baseline; 1 if not named.
        rationing: Hard capacities of the case, H of them.
    """

    baseline: CoupledBaseline
    terms: PolicyTerms
    settings: CouplingSettings
    network: CaseNetwork
    unit_cost: UnitCosts
    rationing: Rationing

    @property
    def start(self) -> Floats:
        """Costs of the baseline on lanes that are still open, infinite on the others, (T,)."""
        return np.where(self.network.is_open, self.baseline.lanes.cost, np.inf)

    def solve_trade(
        self, carriage: Floats, previous: TradeStep | None, payments: LanePayments | None = None
    ) -> TradeStep:
        """Solve the trade model at costs of carriage, USD/t, (T,), and payments for scarce capacity.

        Costs of carriage move with the exporter's price, as the trade model has it; payments for scarce
        capacity are money, so they are divided by that price's change in the solution before.
        """
        trade, lanes = self.baseline.trade, self.baseline.lanes
        if payments is not None and previous is not None:
            good = lanes.good[payments.lanes]
            payments = payments.over(np.where(good >= 0, previous.price_hat[np.maximum(good, 0)], 1.0))
            carriage = payments.on_top_of(carriage)
        costs = trade_costs(trade, lanes, self.terms, carriage)
        change, mixed = trade.build_change(costs.leg, self.terms.tariff_pct, self.unit_cost)
        factor, left = np.ones(carriage.size), None
        if payments is not None:
            change, mixed, factor, left = with_rents(change, mixed, trade, lanes, costs, payments)
        start = None if previous is None else previous.trade
        result = solve(trade.baseline, change, self.settings.trade, start=start)
        choice = trade.following.choice(trade.legs, costs.by_lanes, left)
        value, quantity = trade.value_after(result, mixed, choice)
        before = trade.goods["value_musd"].to_numpy(dtype=np.float64)
        shipped = (quantity > 0.0) & (value > 0.0)
        price_hat = np.divide(value, before * quantity, out=np.ones_like(value), where=shipped)
        tonnes = lane_tonnes(trade, lanes, costs, quantity) * factor
        return TradeStep(costs, result, value, tonnes, price_hat)

    def assign(
        self,
        tonnes: Floats,
        carriage: Floats,
        price: Floats,
        previous: FreightStep | None,
        *,
        is_coarse: bool,
    ) -> FreightStep:
        """Assign tonnes of lanes and compute their costs of carriage.

        The cost of a lane that carries no freight stays as it was.

        Args:
            tonnes: Tonnes of lanes, (T,).
            carriage: Costs that they respond to, USD/t, (T,).
            price: Shadow prices of hard capacities, USD/t, (H,).
            previous: Assignment of the previous round.
            is_coarse: Solve to the coarse gap among the known paths only.
        """
        lanes, freight, network = self.baseline.lanes, self.baseline.freight, self.network
        is_same = network.shared.paths is None and not price.any()
        if is_same and np.allclose(tonnes, lanes.tonnes, rtol=SAME_TONNES, atol=0.0):
            return FreightStep(
                freight, carriage, carriage, network.paths, network.baseline, lanes.expected,
                self.rationing.unpriced(), np.empty(0, np.int64), is_complete=True, has_new_paths=False,
            )  # fmt: skip
        shipped, is_rough = np.where(network.is_open, tonnes, 0.0), is_coarse
        if previous is None:
            paths, baseline, is_complete, supernetwork = network.paths, network.baseline, False, None
            start, known = network.shared.start(network.baseline_flow), self.baseline_expected(baseline)
        else:
            paths, baseline, known = previous.paths, previous.baseline, previous.baseline_expected
            start = previous.freight.result.group_flow
            change = self.residual(previous.before, previous.carriage, tonnes)
            moved = float(np.abs(price - previous.prices.price).max(initial=0.0))
            is_complete = previous.is_complete and change <= SETTLED_COSTS and moved <= SETTLED_PRICE
            is_rough = change > ROUGH_COSTS
            supernetwork = previous.freight.supernetwork if moved == 0.0 else None
        if supernetwork is None:
            supernetwork = priced(network.shared.case, self.rationing.hard, price)
        gap = max(self.settings.freight.gap, COARSE_GAP if is_rough else 0.0)
        settings = self.settings.freight.model_copy(update={"gap": gap})
        result = assign_among(
            supernetwork, shipped, settings, paths, start,
            add_paths=not (is_coarse or is_complete), until_complete=not is_rough,
            before=None if previous is None else previous.freight.result,
        )  # fmt: skip
        found = stochastic(result).paths
        has_new_paths = found.size != paths.size
        if stochastic(baseline).paths.size != found.size or baseline.settings.gap > gap:
            baseline = network.assign_baseline(lanes, found, baseline, settings)
            known = self.baseline_expected(baseline)
        image = self._image(carriage, shipped, result, known)
        rows = np.flatnonzero(shipped > 0.0)
        prices = self.rationing.measure(price, result)
        return FreightStep(
            FreightResult(supernetwork, result), carriage, image, found, baseline, known, prices, rows,
            is_complete=not is_rough, has_new_paths=has_new_paths,
        )  # fmt: skip

    def ration(
        self, at: PricedCosts, freight: FreightStep, previous: TradeStep
    ) -> tuple[PricedCosts, TradeStep]:
        """Solve trade at the prices at which freight fits, with the paths of the last assignment."""
        choice = freight.prices.choice
        if choice is None:
            return at, self.solve_trade(at.carriage, previous)
        rows = freight.rows[choice.rows]
        local = LocalTrade(self.baseline.trade, self.baseline.lanes, self.rationing, freight.prices, rows)
        return local.clear(choice, self.solve_trade, at, previous)

    def _image(
        self, carriage: Floats, shipped: Floats, result: AssignmentResult, baseline_expected: Floats
    ) -> Floats:
        """Return Φ(g), the costs of carriage after an assignment, USD/t, (T,)."""
        lanes, moves = self.baseline.lanes, shipped > 0.0
        now = np.full(shipped.size, np.inf)
        now[moves] = expected_least_cost(result)
        image = carriage.copy()
        image[moves] = now[moves]
        moves = moves & lanes.is_connected
        image[moves] = np.maximum(lanes.cost[moves] + (now[moves] - baseline_expected[moves]), 0.0)
        return image

    def baseline_expected(self, baseline: AssignmentResult) -> Floats:
        """Return the expected least cost of each lane in the baseline, USD/t, (T,); infinite without path."""
        lanes = self.baseline.lanes
        out = np.full(lanes.tonnes.size, np.inf)
        out[lanes.is_connected & (lanes.tonnes > 0.0)] = expected_least_cost(baseline)
        return out

    def residual(self, before: Floats, after: Floats, tonnes: Floats) -> float:
        """Return the largest relative change of the mean cost of any good that is shipped."""
        lanes, count = self.baseline.lanes, len(self.baseline.trade.goods)
        shipped = np.where(tonnes > 0.0, before, np.inf)
        old, new = (
            lanes.mean(shipped, count),
            lanes.mean(np.where(np.isfinite(shipped), after, np.inf), count),
        )
        return float(np.nanmax(np.abs(new / old - 1.0), initial=0.0))


def couple(
    case: Case,
    baseline: CoupledBaseline,
    settings: CouplingSettings | None = None,
    unit_cost: UnitCosts = NO_UNIT_COSTS,
    start: CoupledResult | None = None,
) -> CoupledResult:
    """Solve freight and trade of a case together.

    Args:
        case: Region, plan and scenario.
        baseline: Baseline of the same year, growth and variants (:func:`sogdia.coupling.make_baseline`).
        settings: Settings, with the sectors and elasticities of the baseline; by default the baseline's.
        unit_cost: Unit cost of an economy's sector relative to the baseline, as far as something other than
            freight and policy changes it (:mod:`sogdia.coupling.power_link`); 1 if not named.
        start: Solution on the same network, at other elasticities or costs of electricity, from whose costs,
            shadow prices and paths the loop starts, in place of the baseline's costs.

    Raises:
        NotConvergedError: If the loop, an assignment or the trade model does not reach its tolerance; the
            error carries the record.
        InputError: If the case ships other goods than its baseline, no good can be carried, settings have
            other sectors than the baseline, or set imbalances to zero, which would change the baseline; or
            if the start is of another network.
    """
    chosen = settings or baseline.settings
    baseline.check(chosen)
    if chosen.trade.imbalance == "zero":
        raise InputError(
            "imbalance 'zero' is a shock of its own that would change the baseline: use 'additive' or "
            "'multiplicative' for a region"
        )
    started = time.perf_counter()
    network = baseline.case_networks.get(case, baseline.freight, baseline.lanes, chosen.freight)
    terms = read_policy_terms(baseline.trade, baseline.lanes, case)
    rationing = make_rationing(baseline.freight, network.shared.case)
    loop = _Loop(baseline, terms, chosen, network, unit_cost, rationing)
    if start is not None and start.step.freight.supernetwork.network is not network.shared.case.network:
        raise InputError("start: a solution of another network; expected one of a case with the same network")
    if chosen.feedback:
        return _iterate(loop, started, start)
    freight = loop.assign(baseline.lanes.tonnes, loop.start, rationing.no_price, None, is_coarse=False)
    trade = loop.solve_trade(freight.carriage, None)
    record = Convergence(MEASURE, chosen.tolerance, ())
    return _result(loop, trade, freight, freight.carriage, baseline.lanes.tonnes, record)


def _iterate(loop: _Loop, started: float, start: CoupledResult | None) -> CoupledResult:
    """Iterate until costs converge; a first round is enough only if it changes no cost."""
    chosen, mixing = loop.settings, AndersonMixing(loop.settings.depth, loop.settings.damping)
    lanes, carriage, price = loop.baseline.lanes, loop.start, loop.rationing.no_price
    value = loop.baseline.trade.goods["usd_per_t"].to_numpy(dtype=np.float64)[np.maximum(lanes.good, 0)]
    steps: list[Step] = []
    trade: TradeStep | None = None
    freight: FreightStep | None = None
    if start is not None:
        case = loop.network.shared.case.case
        carriage, price, freight = start.carriage, start.step.prices.price, start.step.as_start(case)
        trade = loop.solve_trade(carriage, None)
    mixed = np.zeros(price.size, dtype=np.bool_)
    for number in range(1, chosen.most_rounds + 1):
        if freight is None or trade is None:
            trade = loop.solve_trade(carriage, trade)
        else:
            point, trade = loop.ration(PricedCosts(carriage, price), freight, trade)
            carriage, price = point.carriage, point.price
        freight = loop.assign(trade.tonnes, carriage, price, freight, is_coarse=freight is None)
        image, prices = freight.carriage, freight.prices
        residual = loop.residual(carriage, image, trade.tonnes)
        if prices.near.size:
            residual = max(residual, prices.excess * chosen.tolerance / EXCESS)
        steps.append(Step(number, residual, time.perf_counter() - started))
        if residual <= chosen.tolerance and freight.is_complete and (number > 1 or residual == 0.0):
            record = Convergence(MEASURE, chosen.tolerance, tuple(steps))
            return _result(loop, trade, freight, carriage, trade.tonnes, record)
        has_price = price > 0.0
        if freight.has_new_paths or (has_price != mixed).any():
            mixing, mixed = AndersonMixing(chosen.depth, chosen.damping), has_price
        live = np.isfinite(carriage) & np.isfinite(image) & (trade.tonnes > 0.0)
        here, there = (np.log1p(g[live] / value[live]) for g in (carriage, image))
        shown = price[mixed] / PRICE_UNIT
        carriage = np.where(np.isinf(carriage), image, carriage)
        found = mixing.next_point(np.concatenate([here, shown]), np.concatenate([there, shown]))
        count = int(live.sum())
        carriage[live] = np.maximum(np.expm1(found[:count]), 0.0) * value[live]
        price = price.copy()
        price[mixed] = np.maximum(found[count:], 0.0) * PRICE_UNIT
    raise NotConvergedError(Convergence(MEASURE, chosen.tolerance, tuple(steps)))


def _result(
    loop: _Loop,
    trade: TradeStep,
    freight: FreightStep,
    carriage: Floats,
    tonnes: Floats,
    record: Convergence,
) -> CoupledResult:
    case, prices, paid = loop.network.shared.case.case, freight.prices, np.zeros(carriage.size)
    payments = None
    if prices.choice is not None:
        now, rows = prices.price[prices.near], freight.rows[prices.choice.rows]
        uses = prices.choice.at(np.zeros(now.size), with_queue=False)[1]
        paid[rows] = uses @ now
        payments = loop.rationing.payments(prices.near, rows, uses, now)
    unlinked = trade
    if loop.unit_cost:
        unlinked = replace(loop, unit_cost={}).solve_trade(carriage, trade, payments)
    return CoupledResult(
        loop.baseline, case, freight.freight, trade.trade, loop.terms, trade.costs, carriage, trade.value,
        tonnes, loop.rationing.shadow_prices(prices), paid, unlinked.trade, record, freight,
    )  # fmt: skip
