"""Solve freight, trade and the power system of a case, compared with one baseline.

The baseline is a plan in the same year, with the same growth and variants and no shocks. The effect of a plan
under a scenario is its result there less that of the baseline plan under the same scenario, both relative to
the one baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from sogdia.case import Case
from sogdia.coupling.baseline import CoupledBaseline, make_baseline
from sogdia.coupling.power_link import unit_cost_map, unit_costs, with_traded_fuel
from sogdia.coupling.power_value import power_value
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import CouplingSettings
from sogdia.coupling.solve import couple
from sogdia.coupling.tables import CONVERGENCE, POWER_LINK, POWER_PRICES
from sogdia.coupling.trade_costs import PolicyTerms, read_policy_terms
from sogdia.errors import InputError
from sogdia.freight.transit_income import transit_income
from sogdia.power import (
    PowerInputs,
    PowerModel,
    PowerResult,
    PowerSettings,
    build_power_inputs,
    marginal_plants,
    solve,
)
from sogdia.tables.summary import ShortRepr

MOST_BOTTLENECKS = 30


class JointSettings(BaseModel):
    """Settings of freight, trade and the power system together.

    Attributes:
        coupling: Freight coupled with trade; ``study`` in a study file.
        power: The power system.
        power_to_trade: Let the mean cost of electricity enter the unit cost of goods
            (:mod:`sogdia.coupling.power_link`). Real spending then includes the change of the cost of
            electricity: do not add it again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    coupling: CouplingSettings = Field(CouplingSettings(), validation_alias=AliasChoices("coupling", "study"))
    power: PowerSettings = PowerSettings()
    power_to_trade: bool = True


@dataclass(frozen=True, eq=False)
class JointBaseline:
    """Baseline of freight, trade and the power system.

    Attributes:
        coupled: Freight and trade.
        power: The power system.
        power_model: Its linear programme, solved again for cases; for one thread at a time.
    """

    coupled: CoupledBaseline
    power: PowerResult
    power_model: PowerModel


@dataclass(frozen=True, eq=False, repr=False)
class JointResult(ShortRepr):
    """Freight, trade and the power system of a case.

    Attributes:
        coupled: Freight and trade.
        power: The power system; new capacity in addition to the plan is optimised for the case (long run).
        power_inputs: Inputs of the power system, without new capacity in addition to the plan.
        baseline: The baseline it is compared with.
        power_link: Change of each country's unit cost by the cost of its electricity
            (:func:`sogdia.coupling.power_link.unit_costs`); no rows if ``power_to_trade`` is off.
    """

    coupled: CoupledResult
    power: PowerResult
    power_inputs: PowerInputs
    baseline: JointBaseline
    power_link: pd.DataFrame

    @property
    def case(self) -> Case:
        """The case."""
        return self.power.inputs.case

    @cached_property
    def power_short_run(self) -> PowerResult:
        """The power system with the new capacity of the baseline, solved when it is first read."""
        filler = self.baseline.power.filler
        if filler.built_mw == self.power.filler.built_mw:
            return self.power
        return solve(self.power_inputs, self.baseline.power_model, filler=filler)

    def tables(self, names: Collection[str] | None = None) -> dict[str, pd.DataFrame]:
        """Return tables of the result by name, as copies; each is computed when it is first asked for.

        Args:
            names: Names of tables; every table if not given.

        Returns:
            The tables of :data:`sogdia.coupling.TABLES`; ``corridors``, ``bottlenecks``, ``transit``,
            ``transit_income`` and ``stations`` of freight; and those of the power system, with the prefix
            ``power_``.
        """
        chosen = [name for name in self._makers if names is None or name in names]
        for name in chosen:
            if name not in self._tables:
                self._tables[name] = self._makers[name]()
        return {name: self._tables[name].copy() for name in chosen}

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {}

    @property
    def _makers(self) -> Mapping[str, Callable[[], pd.DataFrame]]:
        """Function of each table."""
        coupled, freight, power = self.coupled, self.coupled.freight, self.power
        return {
            "economies": coupled.economies,
            "welfare": coupled.welfare,
            "sectors": coupled.sectors,
            "flows": coupled.flows,
            "costs": coupled.costs,
            "shadow_prices": coupled.shadow_prices,
            "corridors": freight.corridors,
            "bottlenecks": lambda: freight.bottlenecks(most=MOST_BOTTLENECKS),
            "transit": freight.transit,
            "transit_income": lambda: transit_income(freight),
            "stations": freight.stations,
            "undelivered": coupled.undelivered,
            "power_countries": lambda: power.countries,
            "power_generation": lambda: power.generation,
            "power_flows": lambda: power.flows,
            "power_unserved": lambda: power.unserved,
            "power_exchanges": lambda: power.exchanges,
            "power_price_summary": lambda: power.price_summary,
            "power_built": lambda: power.built,
            "power_prices": lambda: _mean_prices(power),
            "power_marginal": lambda: marginal_plants(power),
            "power_value": lambda: power_value(self.baseline.power, power, self.power_short_run),
            "power_link": lambda: self.power_link,
            "adjustments": coupled.adjustments,
            "reconciliation": coupled.reconciliation,
            "rules": coupled.rules,
            "convergence": self._convergence,
        }

    def _convergence(self) -> pd.DataFrame:
        loop, trade = self.coupled.convergence, self.coupled.trade.convergence
        freight, solver = self.coupled.freight.result.convergence, self.power.solver
        rows = [
            ("coupling", loop.measure, loop.residual, loop.target, loop.iterations),
            ("trade", trade.measure, trade.residual, trade.target, trade.iterations),
            ("freight", freight.measure, freight.residual, freight.target, freight.iterations),
            ("power", f"HiGHS: {solver.status}", 0.0, 0.0, solver.iterations),
        ]
        return CONVERGENCE.frame(rows)


def make_joint_baseline(case: Case, settings: JointSettings | None = None) -> JointBaseline:
    """Assign the freight of a baseline, read its trade, and dispatch its power system.

    Args:
        case: The baseline case (:func:`sogdia.coupling.baseline_case` makes one).
        settings: Settings; pass the same ones to :func:`solve_joint`.

    Raises:
        NotConvergedError: If the assignment does not reach its tolerance.
        InputError: If a table lacks the inputs of an engine.
        FaultsError: If the trade matrix has errors.
        NoSolutionError: If the power system has no solution.
    """
    chosen = settings or JointSettings()
    model = PowerModel(build_power_inputs(case, chosen.power))
    return JointBaseline(make_baseline(case, chosen.coupling), model.solve(), model)


def solve_joint(
    case: Case,
    baseline: JointBaseline,
    settings: JointSettings | None = None,
    start: CoupledResult | None = None,
) -> JointResult:
    """Dispatch the power system of a case, and couple its freight with its trade.

    Args:
        case: The case, of the baseline's year, growth and variants.
        baseline: The baseline it is compared with.
        settings: Settings, those of the baseline; by default with its sectors and its power system.
        start: Solution on the same network that freight and trade start from (:func:`couple`).

    Raises:
        NotConvergedError: If an engine or the loop does not reach its tolerance.
        InputError: If the case ships other goods than the baseline, or its sectors or settings of power
            differ.
        NoSolutionError: If the power system has no solution.
    """
    own = baseline.power.inputs.settings
    chosen = settings or JointSettings(coupling=baseline.coupled.settings, power=own)
    baseline.coupled.check(chosen.coupling)
    if chosen.power != own:
        raise InputError(
            "settings of power differ from those of the baseline: make a baseline with the same settings"
        )
    if case is baseline.coupled.case:
        inputs, power = baseline.power_model.inputs, baseline.power
    else:
        inputs = build_power_inputs(case, chosen.power)
        power = solve(inputs, baseline.power_model)
    link = POWER_LINK.frame([])
    unit_cost: dict[tuple[str, str], float] = {}
    if chosen.power_to_trade:
        coupled = baseline.coupled
        terms = read_policy_terms(coupled.trade, coupled.lanes, case)
        link = unit_costs(baseline.power, _linked_power(baseline, power, coupled, terms), coupled.trade)
        unit_cost = unit_cost_map(link)
    result = couple(case, baseline.coupled, chosen.coupling, unit_cost=unit_cost, start=start)
    return JointResult(result, power, inputs, baseline, link)


def _linked_power(
    baseline: JointBaseline, power: PowerResult, coupled: CoupledBaseline, terms: PolicyTerms
) -> PowerResult:
    """Return the power system for the link: with the fuel whose loss the trade model counts."""
    case = with_traded_fuel(power.inputs, coupled.trade, terms)
    if case is None:
        return power
    return solve(build_power_inputs(case, power.inputs.settings), baseline.power_model)


def _mean_prices(power: PowerResult) -> pd.DataFrame:
    """Return table :data:`sogdia.coupling.tables.POWER_PRICES`; means are weighted by load."""
    prices, snapshots = power.price_usd_per_mwh, power.inputs.snapshots
    zones = power.inputs.zones.table["iso3"]
    load = pd.DataFrame(power.inputs.load_mw, index=prices.index, columns=list(zones.index))
    weight = load.reindex(columns=prices.columns).fillna(1.0).mul(snapshots.weight_h, axis=0)
    columns = {
        "bus": list(prices.columns),
        "iso3": [str(zones.get(bus, "")) for bus in prices.columns],
        "price_usd_per_mwh": ((prices * weight).sum() / weight.sum()).to_numpy(),
        "least_usd_per_mwh": prices.min().to_numpy(),
        "most_usd_per_mwh": prices.max().to_numpy(),
    }
    return POWER_PRICES.frame(pd.DataFrame(columns))
