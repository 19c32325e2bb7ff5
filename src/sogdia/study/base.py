"""The base of a coupled run: the case against which changes are measured, assigned once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sogdia.case import Case, Plan, build_case
from sogdia.freight.regional import RegionalFreight, assign_case
from sogdia.study.grounds import Grounds
from sogdia.study.lanes import Lanes, lanes_of
from sogdia.study.settings import StudySettings
from sogdia.trade.composition import Composition
from sogdia.trade.regional import RegionalTrade, regional_trade


@dataclass(frozen=True, eq=False)
class Base:
    """A base, assigned, with its trade as observed.

    Attributes:
        case: The case.
        freight: Its freight at the tonnes of its table ``trade``.
        trade: Its trade.
        lanes: What its goods are on the network, and what carriage costs them.
        grounds: The networks of cases set beside it last, kept for cases that share them.
    """

    case: Case
    freight: RegionalFreight
    trade: RegionalTrade
    lanes: Lanes
    grounds: Grounds = field(default_factory=Grounds, repr=False)

    def with_composition(self, composition: Composition) -> Base:
        """The same base with its goods put into other sectors."""
        if composition == self.trade.composition:
            return self
        return replace(self, trade=regional_trade(self.case, composition))


def base_case(case: Case, plan: Plan) -> Case:
    """The case of the same year, growth and variants with another plan and nothing that befalls.

    Args:
        case: The case looked at.
        plan: What is compared with, such as the plan that builds nothing.
    """
    calm = case.scenario.model_copy(update={"shocks": ()})
    return build_case(case.region, plan, calm)


def make_base(case: Case, settings: StudySettings | None = None) -> Base:
    """Assign a base and read its trade.

    Args:
        case: The case; :func:`base_case` makes one.
        settings: Composition and assignment are heeded.

    Raises:
        NotConvergedError: If the assignment does not reach its precision.
        InputError: If nothing can be carried.
        FaultsError: If the trade matrix does not hold.
    """
    chosen = settings or StudySettings()
    trade = regional_trade(case, chosen.composition)
    freight = assign_case(case, chosen.freight)
    return Base(case, freight, trade, lanes_of(freight, trade.goods))
