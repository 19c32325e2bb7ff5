"""Freight and trade together: an explicit fixed point of the costs of carriage.

One round takes the costs g of all lanes to new ones, ``g ↦ Φ(g)``:

    costs of trade τ̂(g)  →  flows X'(τ̂) of the trade model  →  tonnes q(X', τ̂)  →  assignment  →  Φ(g)

(:mod:`sogdia.coupling.trade_costs`, :mod:`sogdia.trade`, :mod:`sogdia.freight`). The residual of a round is
the largest relative change of the mean cost of any good that is shipped, ``max_r |Φ(g)_r / g_r − 1|`` over
pairs and commodities. The next g is found by Anderson's mixing of ``ln(1 + g / v)``. The first round starts
from the costs of the base, so where nothing changed the base is returned as it is; else its assignment is
rough, and only from the second on are paths looked for that queues make the cheapest. Paths that are added
change Φ, so the mixing then starts anew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sogdia.assignment.path_sets import PathSet
from sogdia.assignment.results import AssignmentResult
from sogdia.case import Case
from sogdia.coupling.baseline import CoupledBaseline
from sogdia.coupling.case_networks import CaseNetwork
from sogdia.coupling.lanes import expected
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import CouplingSettings
from sogdia.coupling.trade_costs import Terms, TradeCosts, terms_of, tonnes_of, trade_costs
from sogdia.errors import InputError
from sogdia.freight.results import FreightResult
from sogdia.freight.shared_network import assign_among, stochastic
from sogdia.numerics import Convergence, NotConvergedError, Step
from sogdia.numerics.anderson import AndersonMixing
from sogdia.trade.results import TradeResult
from sogdia.trade.solve import solve

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MEASURE = "largest relative change of the cost of carrying a good between two economies"
SAME = 1e-9
"""Relative change of tonnes below which the base's assignment stands, far finer than its precision."""
COARSE = 1e-2
"""Change of costs below which no more paths are looked for: one is added only if it is 2 % cheaper."""
ROUGH = 1e-3
"""Precision of the first round's assignment, whose tonnes are far from the last."""
NOTHING_ELSE: Mapping[str, float] = MappingProxyType({})
"""No change of what economies sell but by freight and policy."""


@dataclass(frozen=True, eq=False)
class _Answer:
    """What trade makes of costs of carriage."""

    costs: TradeCosts
    trade: TradeResult
    value: Floats
    tonnes: Floats


@dataclass(frozen=True, eq=False)
class _Carried:
    """An assignment of the case, and what carriage costs in it.

    Attributes:
        freight: The assignment.
        before: The costs that its tonnes answer to, USD/t, (T,).
        carriage: Delivered cost of each lane, USD/t, (T,).
        paths: The paths it chose from.
        in_base: The base, assigned among the same paths.
        expected: What the base expects of them, USD/t, (T,).
        complete: Whether cheaper paths were looked for, at costs not far from these.
        grown: Whether some were found.
    """

    freight: FreightResult
    before: Floats
    carriage: Floats
    paths: PathSet
    in_base: AssignmentResult
    expected: Floats
    complete: bool
    grown: bool


@dataclass(frozen=True, eq=False)
class _Loop:
    """What stays the same from round to round.

    Attributes:
        base: The base.
        terms: What of the costs of trade does not hang on freight.
        settings: Settings.
        ground: Base and case on one network.
        unit_cost: Cost of what an economy sells over that in the base; 1 where not named.
    """

    base: CoupledBaseline
    terms: Terms
    settings: CouplingSettings
    ground: CaseNetwork
    unit_cost: Mapping[str, float]

    @property
    def unmoved(self) -> Floats:
        """Costs of the base on lanes that are still open, infinite on the others, (T,)."""
        return np.where(self.ground.open, self.base.lanes.cost, np.inf)

    def answer(self, carriage: Floats, start: TradeResult | None) -> _Answer:
        """Solve trade at costs of carriage, USD/t, (T,)."""
        trade, lanes = self.base.trade, self.base.lanes
        found = trade_costs(trade, lanes, self.terms, carriage)
        change, mixed = trade.build_change(found.good, self.terms.after.tariff_pct, self.unit_cost)
        result = solve(trade.baseline, change, self.settings.trade, start=start)
        value = trade.value_after(result, mixed)
        price = {
            name: wage * self.unit_cost.get(name, 1.0)
            for name, wage in zip(trade.baseline.economies, result.wage_hat.tolist(), strict=True)
        }
        paid = trade.goods["exporter"].map(price).to_numpy(dtype=np.float64)
        grown = value / trade.goods["value_musd"].to_numpy(dtype=np.float64) / paid
        return _Answer(found, result, value, tonnes_of(trade, lanes, found, grown))

    def assigned(
        self, tonnes: Floats, carriage: Floats, earlier: _Carried | None, *, rough: bool
    ) -> _Carried:
        """Assign tonnes of lanes, and what carriage then costs them.

        The cost of a lane that carries nothing stays as it was.

        Args:
            tonnes: Tonnes of lanes, (T,).
            carriage: The costs they answer to, USD/t, (T,).
            earlier: An assignment of much the same tonnes.
            rough: Whether a coarse assignment among the paths there are is enough.
        """
        lanes, freight, ground = self.base.lanes, self.base.freight, self.ground
        if ground.both.paths is None and np.allclose(tonnes, lanes.tonnes, rtol=SAME, atol=0.0):
            return _Carried(
                freight, carriage, carriage, ground.paths, ground.in_base, lanes.expected,
                complete=True, grown=False,
            )  # fmt: skip
        shipped = np.where(self.ground.open, tonnes, 0.0)
        paths, in_base, start, complete = ground.paths, ground.in_base, ground.both.start(ground.flow), False
        known = self.expected(in_base) if earlier is None else earlier.expected
        if earlier is not None:
            paths, in_base, complete = earlier.paths, earlier.in_base, earlier.complete
            start = earlier.freight.result.group_flow
            complete = complete and self.residual(earlier.before, earlier.carriage, tonnes) <= COARSE
        chosen = self.settings.freight
        if rough:
            chosen = chosen.model_copy(update={"gap": max(chosen.gap, ROUGH)})
        add = not (rough or complete)
        before = None if earlier is None else earlier.freight.result
        result = assign_among(ground.both.case, shipped, chosen, paths, start, add_paths=add, before=before)
        found = stochastic(result).paths
        if found.size != paths.size:
            in_base = ground.base_among(lanes, found, in_base, self.settings.freight)
            known = self.expected(in_base)
        now = np.full(tonnes.size, np.inf)
        now[shipped > 0.0] = expected(result)
        image, moved = carriage.copy(), shipped > 0.0
        image[moved] = now[moved]
        moved = moved & lanes.joined
        image[moved] = np.maximum(lanes.cost[moved] + (now[moved] - known[moved]), 0.0)
        carried = FreightResult(ground.both.case, result)
        grown = found.size != paths.size
        return _Carried(carried, carriage, image, found, in_base, known, complete=not rough, grown=grown)

    def expected(self, in_base: AssignmentResult) -> Floats:
        """What the base expects of each lane, USD/t, (T,); infinite where it has no path."""
        out = np.full(self.base.lanes.tonnes.size, np.inf)
        out[self.base.lanes.joined & (self.base.lanes.tonnes > 0.0)] = expected(in_base)
        return out

    def residual(self, before: Floats, after: Floats, tonnes: Floats) -> float:
        """Largest relative change of the mean cost of any good that is shipped."""
        lanes, count = self.base.lanes, len(self.base.trade.goods)
        shipped = np.where(tonnes > 0.0, before, np.inf)
        old, new = (
            lanes.mean(shipped, count),
            lanes.mean(np.where(np.isfinite(shipped), after, np.inf), count),
        )
        return float(np.nanmax(np.abs(new / old - 1.0), initial=0.0))


def couple(
    case: Case,
    base: CoupledBaseline,
    settings: CouplingSettings | None = None,
    unit_cost: Mapping[str, float] = NOTHING_ELSE,
) -> CoupledResult:
    """Freight and trade of a case, each at what the other makes of it.

    Args:
        case: Region, plan and scenario.
        base: What changes are measured against (:func:`sogdia.coupling.make_baseline`), of the same year,
            growth and variants.
        settings: Settings; freight and composition should be those of the base.
        unit_cost: Cost of what an economy sells over that in the base, where something else than freight
            and policy changes it (:mod:`sogdia.coupling.power_link`); 1 where not named.

    Raises:
        NotConvergedError: If the loop, an assignment or the trade model does not reach its precision; the
            record is in it.
        InputError: If the case ships other goods than its base, nothing can be carried, or imbalances are
            to end, which would change the base.
    """
    chosen = settings or CouplingSettings()
    if chosen.trade.imbalance == "zero":
        raise InputError(
            "to end all imbalances is a change of its own, which no base would survive: a region's trade "
            "wants 'additive' or 'multiplicative'"
        )
    base = base.with_composition(chosen.composition)
    begun = time.perf_counter()
    loop = _prepared(case, base, chosen, unit_cost)
    carriage = loop.unmoved
    if chosen.feedback:
        return _iterated(loop, carriage, begun)
    carried = loop.assigned(base.lanes.tonnes, carriage, None, rough=False)
    answer = loop.answer(carried.carriage, None)
    record = Convergence(MEASURE, chosen.tolerance, ())
    return _result(loop, answer, carried, carried.carriage, base.lanes.tonnes, record)


def _prepared(
    case: Case, base: CoupledBaseline, settings: CouplingSettings, unit_cost: Mapping[str, float]
) -> _Loop:
    ground = base.grounds.of(case, base.freight, base.lanes, settings.freight)
    return _Loop(base, terms_of(base.trade, base.lanes, case), settings, ground, unit_cost)


def _iterated(loop: _Loop, carriage: Floats, begun: float) -> CoupledResult:
    """Rounds until costs stand still; the first alone is enough only where it changed nothing at all."""
    chosen, mixing = loop.settings, AndersonMixing(loop.settings.depth, loop.settings.damping)
    lanes = loop.base.lanes
    value = loop.base.trade.goods["usd_per_t"].to_numpy(dtype=np.float64)[np.maximum(lanes.good, 0)]
    steps: list[Step] = []
    answer: _Answer | None = None
    carried: _Carried | None = None
    for number in range(1, chosen.most_rounds + 1):
        answer = loop.answer(carriage, None if answer is None else answer.trade)
        carried = loop.assigned(answer.tonnes, carriage, carried, rough=number == 1)
        image = carried.carriage
        residual = loop.residual(carriage, image, answer.tonnes)
        steps.append(Step(number, residual, time.perf_counter() - begun))
        if residual <= chosen.tolerance and (number > 1 or residual == 0.0):
            record = Convergence(MEASURE, chosen.tolerance, tuple(steps))
            return _result(loop, answer, carried, carriage, answer.tonnes, record)
        if carried.grown:
            mixing = AndersonMixing(chosen.depth, chosen.damping)
        live = np.isfinite(carriage) & np.isfinite(image) & (answer.tonnes > 0.0)
        point, target = (np.log1p(g[live] / value[live]) for g in (carriage, image))
        carriage = np.where(np.isinf(carriage), image, carriage)
        carriage[live] = np.maximum(np.expm1(mixing.next_point(point, target)), 0.0) * value[live]
    raise NotConvergedError(Convergence(MEASURE, chosen.tolerance, tuple(steps)))


def _result(
    loop: _Loop, answer: _Answer, carried: _Carried, carriage: Floats, tonnes: Floats, record: Convergence
) -> CoupledResult:
    case = loop.ground.both.case.case
    return CoupledResult(
        loop.base, case, carried.freight, answer.trade, loop.terms, answer.costs, carriage, answer.value,
        tonnes, record,
    )  # fmt: skip
