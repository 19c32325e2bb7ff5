"""The base of a coupled run: the case against which changes are measured, assigned once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sogdia.case import Case, Plan, build_case
from sogdia.coupling.case_networks import CaseNetworks
from sogdia.coupling.lanes import Lanes, lanes_of
from sogdia.coupling.settings import CouplingSettings
from sogdia.freight import FreightResult, assign_freight
from sogdia.trade.composition import Composition
from sogdia.trade.inputs import TradeInputs, build_trade_inputs


@dataclass(frozen=True, eq=False)
class CoupledBaseline:
    """A base, assigned, with its trade as observed.

    Attributes:
        case: The case.
        freight: Its freight at the tonnes of its table ``trade``.
        trade: Its trade.
        lanes: What its goods are on the network, and what carriage costs them.
        grounds: The networks of cases set beside it last, kept for cases that share them.
    """

    case: Case
    freight: FreightResult
    trade: TradeInputs
    lanes: Lanes
    grounds: CaseNetworks = field(default_factory=CaseNetworks, repr=False)

    def with_composition(self, composition: Composition) -> CoupledBaseline:
        """The same base with its goods put into other sectors."""
        if composition == self.trade.composition:
            return self
        return replace(self, trade=build_trade_inputs(self.case, composition))


def baseline_case(case: Case, plan: Plan) -> Case:
    """The case of the same year, growth and variants with another plan and nothing that befalls.

    Args:
        case: The case looked at.
        plan: What is compared with, such as the plan that builds nothing.
    """
    calm = case.scenario.model_copy(update={"shocks": ()})
    return build_case(case.region, plan, calm)


def make_baseline(case: Case, settings: CouplingSettings | None = None) -> CoupledBaseline:
    """Assign a base and read its trade.

    Args:
        case: The case; :func:`baseline_case` makes one.
        settings: Composition and assignment are heeded.

    Raises:
        NotConvergedError: If the assignment does not reach its precision.
        InputError: If nothing can be carried.
        FaultsError: If the trade matrix does not hold.
    """
    chosen = settings or CouplingSettings()
    trade = build_trade_inputs(case, chosen.composition)
    freight = assign_freight(case, chosen.freight)
    return CoupledBaseline(case, freight, trade, lanes_of(freight, trade.goods))
