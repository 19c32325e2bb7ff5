"""Make the baseline of a coupled run: the case with which others are compared, assigned once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case, Plan, build_case
from sogdia.coupling.case_networks import CaseNetworks
from sogdia.coupling.lanes import Lanes, build_lanes, lane_hours
from sogdia.coupling.settings import CouplingSettings
from sogdia.errors import InputError
from sogdia.freight import FreightResult, assign_freight, transit_income_sums
from sogdia.tables.summary import ShortRepr
from sogdia.trade.composition import Composition, Horizon, composition_of
from sogdia.trade.inputs import TradeInputs, build_trade_inputs

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class CoupledBaseline(ShortRepr):
    """Freight and trade of the baseline.

    Attributes:
        case: The case.
        freight: Its freight at the tonnes of its table ``trade``.
        trade: Its trade as observed, grown to the year.
        lanes: Its goods on the network, with their costs of carriage.
        case_networks: Networks of the cases compared with it last, cached for cases that share them.
    """

    case: Case
    freight: FreightResult
    trade: TradeInputs
    lanes: Lanes
    case_networks: CaseNetworks = field(default_factory=CaseNetworks, repr=False)

    @property
    def settings(self) -> CouplingSettings:
        """Default settings, with the sectors and elasticities of the baseline."""
        return CouplingSettings(composition=self.trade.requested, horizon=self.trade.horizon)

    @cached_property
    def hours(self) -> Floats:
        """Mean journey time of each lane, h, (T,)."""
        return lane_hours(self.lanes.table, self.freight)

    @cached_property
    def transit_incomes(self) -> pd.DataFrame:
        """Transit income of each home country (:func:`sogdia.freight.transit_income_sums`)."""
        return transit_income_sums(self.freight)

    def check(self, settings: CouplingSettings) -> None:
        """Check that settings have the sectors and elasticities of the baseline.

        Raises:
            InputError: If they differ; a region without trade by sector has one, without horizons.
        """
        requested = (composition_of(self.case, settings.composition), settings.horizon)
        own = (self.trade.composition, self.trade.horizon)
        if requested[0] != own[0] or (requested[1] != own[1] and own[0] != "one_sector"):
            raise InputError(
                f"settings have composition {requested[0]!r} and horizon {requested[1]!r}, the baseline has "
                f"{own[0]!r} and {own[1]!r}: make one with the same settings, or take its with_sectors()"
            )

    def with_sectors(self, composition: Composition, horizon: Horizon) -> CoupledBaseline:
        """Return the baseline with other sectors, or other elasticities."""
        if (composition, horizon) == (self.trade.requested, self.trade.horizon):
            return self
        return replace(self, trade=build_trade_inputs(self.case, composition, horizon))

    def with_levels(self, case: Case) -> CoupledBaseline:
        """Return the baseline of a case that differs in elasticities and rents alone: freight is the same."""
        return replace(
            self, case=case, trade=build_trade_inputs(case, self.trade.requested, self.trade.horizon)
        )


def baseline_case(case: Case, plan: Plan) -> Case:
    """Build the case of the same year, growth and variants with another plan and no shocks.

    Args:
        case: The case to compare.
        plan: The baseline plan, usually one without projects.

    Raises:
        InputError: If the plan does not fit the region.
    """
    reference = case.scenario.model_copy(update={"shocks": ()})
    return build_case(case.region, plan, reference)


def make_baseline(case: Case, settings: CouplingSettings | None = None) -> CoupledBaseline:
    """Assign the freight of a baseline and read its trade.

    Args:
        case: The case (:func:`baseline_case` makes the usual one).
        settings: Only ``composition``, ``horizon`` and ``freight`` matter here.

    Raises:
        NotConvergedError: If the assignment does not reach its tolerance.
        InputError: If no good can be carried.
        FaultsError: If the trade matrix has errors.
    """
    chosen = settings or CouplingSettings()
    trade = build_trade_inputs(case, chosen.composition, chosen.horizon)
    freight = assign_freight(case, chosen.freight)
    return CoupledBaseline(case, freight, trade, build_lanes(freight, trade.goods))
