"""Freight and trade together: an explicit fixed point of the costs of carriage.

One round takes the costs g of all lanes to new ones, ``g ↦ Φ(g)``:

    costs of trade τ̂(g)  →  flows X'(τ̂) of the trade model  →  tonnes q(X', τ̂)  →  assignment  →  Φ(g)

(:mod:`sogdia.study.costs`, :mod:`sogdia.trade`, :mod:`sogdia.freight`). The residual of a round is the
largest relative change of the mean cost of any good that is shipped, ``max_r |Φ(g)_r / g_r − 1|`` over
pairs and commodities. The next g is found by Anderson's mixing of ``ln(1 + g / v)``. The first round starts
from the costs of the base, so where nothing changed the base is returned as it is.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.common_ground import CommonGround, assign_among, common_ground, same_network, stochastic
from sogdia.freight.equilibrium import deliverable
from sogdia.freight.path_sets import PathSet
from sogdia.freight.regional import RegionalFreight
from sogdia.freight.supernetwork import build_supernetwork
from sogdia.freight.supernetwork.variant import variant_of
from sogdia.numerics import Convergence, NotConvergedError, Step
from sogdia.numerics.anderson import Anderson
from sogdia.study.base import Base
from sogdia.study.costs import Terms, TradeCosts, terms_of, tonnes_of, trade_costs
from sogdia.study.lanes import assert_same_lanes, expected, positions
from sogdia.study.results import StudyResult
from sogdia.study.settings import StudySettings
from sogdia.trade.results import TradeResult
from sogdia.trade.solver import solve

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MEASURE = "largest relative change of the cost of carrying a good between two economies"
SAME = 1e-9
"""Relative change of tonnes below which the base's assignment stands, far finer than its precision."""
COARSE = 1e-2
"""Change of costs below which no more paths are looked for: one is added only if it is 2 % cheaper."""
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
        expected: What the base expects of the same paths, USD/t, (T,).
    """

    freight: RegionalFreight
    before: Floats
    carriage: Floats
    paths: PathSet
    expected: Floats


@dataclass(frozen=True, eq=False)
class _Loop:
    """What stays the same from round to round.

    Attributes:
        base: The base.
        terms: What of the costs of trade does not hang on freight.
        settings: Settings.
        ground: Base and case on one network.
        open: Whether the case has a path for each lane, (T,).
        flow: Group flows of the base on that network, (G,).
        unit_cost: Cost of what an economy sells over that in the base; 1 where not named.
    """

    base: Base
    terms: Terms
    settings: StudySettings
    ground: CommonGround
    open: Bools
    flow: Floats
    unit_cost: Mapping[str, float]

    @property
    def unmoved(self) -> Floats:
        """Costs of the base on lanes that are still open, infinite on the others, (T,)."""
        return np.where(self.open, self.base.lanes.cost, np.inf)

    def answer(self, carriage: Floats, start: TradeResult | None) -> _Answer:
        """Solve trade at costs of carriage, USD/t, (T,)."""
        trade, lanes = self.base.trade, self.base.lanes
        found = trade_costs(trade, lanes, self.terms, carriage)
        change, mixed = trade.change(found.good, self.terms.after.tariff_pct, self.unit_cost)
        result = solve(trade.baseline, change, self.settings.trade, start=start)
        value = trade.after(result, mixed)
        price = {
            name: wage * self.unit_cost.get(name, 1.0)
            for name, wage in zip(trade.baseline.economies, result.wage_hat.tolist(), strict=True)
        }
        paid = trade.goods["exporter"].map(price).to_numpy(dtype=np.float64)
        grown = value / trade.goods["value_musd"].to_numpy(dtype=np.float64) / paid
        return _Answer(found, result, value, tonnes_of(trade, lanes, found, grown))

    def assigned(self, tonnes: Floats, carriage: Floats, earlier: _Carried | None) -> _Carried:
        """Assign tonnes of lanes, and what carriage then costs them.

        The cost of a lane that carries nothing stays as it was.
        """
        lanes, freight = self.base.lanes, self.base.freight
        if self.ground.paths is None and np.allclose(tonnes, lanes.tonnes, rtol=SAME, atol=0.0):
            return _Carried(freight, carriage, carriage, stochastic(freight.result).paths, lanes.expected)
        shipped = np.where(self.open, tonnes, 0.0)
        if earlier is None:
            paths = self.ground.paths or stochastic(freight.result).paths
            start = self.ground.start(self.flow)
        else:
            paths, start = earlier.paths, earlier.freight.result.group_flow
        chosen = self.settings.freight
        moving = earlier is None or self.residual(earlier.before, earlier.carriage, tonnes) > COARSE
        result = assign_among(self.ground.case, shipped, chosen, paths, start, add_paths=moving)
        known = None if earlier is None else earlier.expected
        if (
            self.ground.paths is None
            and stochastic(result).paths.size == stochastic(freight.result).paths.size
        ):
            known = lanes.expected
        if known is None or stochastic(result).paths.size != paths.size:
            known = self._expected_in_base(stochastic(result).paths)
        now = np.full(tonnes.size, np.inf)
        now[shipped > 0.0] = expected(result)
        image, moved = carriage.copy(), shipped > 0.0
        image[moved] = now[moved]
        moved = moved & lanes.joined
        image[moved] = np.maximum(lanes.cost[moved] + (now[moved] - known[moved]), 0.0)
        return _Carried(
            RegionalFreight(self.ground.case, result), carriage, image, stochastic(result).paths, known
        )

    def _expected_in_base(self, paths: PathSet) -> Floats:
        """Expected least cost of each lane in the base that chooses from the same paths, (T,)."""
        lanes, out = self.base.lanes, np.full(self.base.lanes.tonnes.size, np.inf)
        tonnes = np.where(lanes.joined, lanes.tonnes, 0.0)
        chosen = self.settings.freight
        result = assign_among(self.ground.base, tonnes, chosen, paths, self.flow, add_paths=False)
        out[tonnes > 0.0] = expected(result)
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
    base: Base,
    settings: StudySettings | None = None,
    unit_cost: Mapping[str, float] = NOTHING_ELSE,
) -> StudyResult:
    """Freight and trade of a case, each at what the other makes of it.

    Args:
        case: Region, plan and scenario.
        base: What changes are measured against (:func:`sogdia.study.make_base`), of the same year, growth
            and variants.
        settings: Settings; freight and composition should be those of the base.
        unit_cost: Cost of what an economy sells over that in the base, where something else than freight
            and policy changes it (:mod:`sogdia.study.power_link`); 1 where not named.

    Raises:
        NotConvergedError: If the loop, an assignment or the trade model does not reach its precision; the
            record is in it.
        InputError: If the case ships other goods than its base, nothing can be carried, or imbalances are
            to end, which would change the base.
    """
    chosen = settings or StudySettings()
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
    carried = loop.assigned(base.lanes.tonnes, carriage, None)
    answer = loop.answer(carried.carriage, None)
    record = Convergence(MEASURE, chosen.tolerance, ())
    return _result(loop, answer, carried, carried.carriage, base.lanes.tonnes, record)


def _prepared(case: Case, base: Base, settings: StudySettings, unit_cost: Mapping[str, float]) -> _Loop:
    known = base.freight.supernetwork
    network, at = variant_of(known, case), np.arange(len(base.lanes.table), dtype=np.int64)
    if network is None:
        network = build_supernetwork(case)
        at = positions(known.demand.table, network.demand.table)
        assert_same_lanes(base.lanes, at, len(network.demand.table))
    terms = terms_of(base.trade, base.lanes, case)
    flow = base.freight.result.group_flow
    if same_network(known, network):
        ground = CommonGround(known, replace(known, case=case), None)
        return _Loop(base, terms, settings, ground, base.lanes.joined, flow, unit_cost)
    ground = common_ground(known, network, at, stochastic(base.freight.result).paths, settings.freight)
    open_ = deliverable(ground.case.network, ground.case.demand)
    by_name = dict(zip(known.network.groups, flow.tolist(), strict=True))
    carried = np.array([by_name.get(name, 0.0) for name in ground.base.network.groups])
    return _Loop(base, terms, settings, ground, open_, carried, unit_cost)


def _iterated(loop: _Loop, carriage: Floats, begun: float) -> StudyResult:
    """Rounds until costs stand still; the first alone is enough only where it changed nothing at all."""
    chosen, mixing = loop.settings, Anderson(loop.settings.depth, loop.settings.damping)
    lanes = loop.base.lanes
    value = loop.base.trade.goods["usd_per_t"].to_numpy(dtype=np.float64)[np.maximum(lanes.good, 0)]
    steps: list[Step] = []
    answer: _Answer | None = None
    carried: _Carried | None = None
    for number in range(1, chosen.most_rounds + 1):
        answer = loop.answer(carriage, None if answer is None else answer.trade)
        carried = loop.assigned(answer.tonnes, carriage, carried)
        image = carried.carriage
        residual = loop.residual(carriage, image, answer.tonnes)
        steps.append(Step(number, residual, time.perf_counter() - begun))
        if residual <= chosen.tolerance and (number > 1 or residual == 0.0):
            record = Convergence(MEASURE, chosen.tolerance, tuple(steps))
            return _result(loop, answer, carried, carriage, answer.tonnes, record)
        live = np.isfinite(carriage) & np.isfinite(image) & (answer.tonnes > 0.0)
        point, target = (np.log1p(g[live] / value[live]) for g in (carriage, image))
        carriage = np.where(np.isinf(carriage), image, carriage)
        carriage[live] = np.maximum(np.expm1(mixing.following(point, target)), 0.0) * value[live]
    raise NotConvergedError(Convergence(MEASURE, chosen.tolerance, tuple(steps)))


def _result(
    loop: _Loop, answer: _Answer, carried: _Carried, carriage: Floats, tonnes: Floats, record: Convergence
) -> StudyResult:
    case = loop.ground.case.case
    return StudyResult(
        loop.base, case, carried.freight, answer.trade, loop.terms, answer.costs, carriage, answer.value,
        tonnes, record,
    )  # fmt: skip
