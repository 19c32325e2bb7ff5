"""The joint outcome of a case: freight, trade and power together, measured against one calm base.

The base is a plan in the same year, with the same growth and variants, in which nothing befalls. What a plan
does under a scenario is its outcome there less that of the base's plan under the same scenario, both against
the one base.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from pydantic import BaseModel, ConfigDict

from sogdia.case import Case
from sogdia.coupling.baseline import CoupledBaseline, make_baseline
from sogdia.coupling.power_link import COLUMNS, unit_costs, with_traded_fuel
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import CouplingSettings
from sogdia.coupling.solve import couple
from sogdia.coupling.trade_costs import Terms, terms_of
from sogdia.errors import InputError
from sogdia.power import PowerModel, PowerResult, PowerSettings, build_power_inputs, solve


class JointSettings(BaseModel):
    """Settings of freight, trade and power together.

    Attributes:
        study: Freight coupled with trade.
        power: The power system.
        power_to_trade: Whether the mean cost of power enters the cost of what a country sells
            (:mod:`sogdia.coupling.power_link`). Real spending then holds what power costs more: it is not
            to be added again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: CouplingSettings = CouplingSettings()
    power: PowerSettings = PowerSettings()
    power_to_trade: bool = True


@dataclass(frozen=True, eq=False)
class JointBaseline:
    """A base of freight, trade and power.

    Attributes:
        base: Freight and trade.
        power: Power.
        model: The power system as a programme that is solved again for cases; for one thread at a time.
    """

    base: CoupledBaseline
    power: PowerResult
    model: PowerModel


@dataclass(frozen=True, eq=False)
class JointResult:
    """Freight, trade and power of a case.

    Attributes:
        study: Freight and trade.
        power: Power.
        base: What it is measured against.
        power_link: Change of the cost of what each country sells by the cost of its power
            (:func:`sogdia.coupling.power_link.unit_costs`); no rows where the link is off.
    """

    study: CoupledResult
    power: PowerResult
    base: JointBaseline
    power_link: pd.DataFrame

    @property
    def case(self) -> Case:
        """The case."""
        return self.power.inputs.case

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the outcome, by name; each call returns frames of the caller's own.

        Returns:
            Of trade ``economies``, ``flows``, ``costs`` (:class:`sogdia.coupling.CoupledResult`); of freight
            ``corridors``, ``bottlenecks``, ``transit``, ``stations``
            (:class:`sogdia.freight.FreightResult`) and ``undelivered``; of power
            ``power_countries``, ``power_generation``, ``power_flows``, ``power_unserved``,
            ``power_exchanges`` and ``power_prices`` (a mean by bus, weighted by load where there is some);
            ``power_link``; ``rules``; and ``convergence``: ``model``, ``measure``, ``residual``,
            ``target``, ``iterations``.
        """
        return {name: table.copy() for name, table in self._tables.items()}

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        study, freight, power = self.study, self.study.freight, self.power
        return {
            "economies": study.economies(),
            "flows": study.flows(),
            "costs": study.costs(),
            "corridors": freight.corridors(),
            "bottlenecks": freight.bottlenecks(most=BOTTLENECKS),
            "transit": freight.transit(),
            "stations": freight.stations(),
            "undelivered": study.undelivered(),
            "power_countries": power.countries,
            "power_generation": power.generation,
            "power_flows": power.flows,
            "power_unserved": power.unserved,
            "power_exchanges": power.exchanges,
            "power_prices": _mean_prices(power),
            "power_link": self.power_link,
            "rules": study.rules(),
            "convergence": self._convergence(),
        }

    def _convergence(self) -> pd.DataFrame:
        loop, trade = self.study.convergence, self.study.trade.convergence
        freight, solver = self.study.freight.result.convergence, self.power.solver
        rows = [
            ("coupling", loop.measure, loop.residual, loop.target, loop.iterations),
            ("trade", trade.measure, trade.residual, trade.target, trade.iterations),
            ("freight", freight.measure, freight.residual, freight.target, freight.iterations),
            ("power", f"HiGHS: {solver.status}", 0.0, 0.0, solver.iterations),
        ]
        return pd.DataFrame(rows, columns=["model", "measure", "residual", "target", "iterations"])


BOTTLENECKS = 30
"""Groups with a capacity that are told of."""


def make_joint_baseline(case: Case, settings: JointSettings | None = None) -> JointBaseline:
    """Assign a base's freight, read its trade, and dispatch its power.

    Args:
        case: The base case (:func:`sogdia.coupling.baseline_case` makes one).
        settings: Settings; the same go to :func:`solve_joint`.

    Raises:
        NotConvergedError: If the assignment does not reach its precision.
        InputError: If a table lacks what an engine needs.
        FaultsError: If the trade matrix does not hold.
        NoSolutionError: If the power system has no solution.
    """
    chosen = settings or JointSettings()
    model = PowerModel(build_power_inputs(case, chosen.power))
    return JointBaseline(make_baseline(case, chosen.study), model.solve(), model)


def solve_joint(case: Case, base: JointBaseline, settings: JointSettings | None = None) -> JointResult:
    """Dispatch the power of a case, and couple its freight with its trade.

    Args:
        case: The case; year, growth and variants are those of the base.
        base: What it is measured against.
        settings: Settings, those of the base.

    Raises:
        NotConvergedError: If a precision is not reached.
        InputError: If the case ships other goods than the base, or settings of power are not the base's.
        NoSolutionError: If the power system has no solution.
    """
    chosen = settings or JointSettings()
    if chosen.power != base.power.inputs.settings:
        raise InputError("settings of power differ from those the base was made with: make a base with them")
    inputs = build_power_inputs(case, chosen.power)
    power = solve(inputs, base.model)
    link = pd.DataFrame(columns=list(COLUMNS))
    factors: dict[str, float] = {}
    if chosen.power_to_trade:
        trade = base.base.with_composition(chosen.study.composition)
        terms = terms_of(trade.trade, trade.lanes, case)
        link = unit_costs(base.power, _counted(base, power, trade, terms), trade.trade)
        factors = dict(zip(link["economy"].astype(str), link["cost_hat"].astype(float), strict=True))
    study = couple(case, base.base, chosen.study, unit_cost=factors)
    return JointResult(study, power, base, link)


def _counted(base: JointBaseline, power: PowerResult, trade: CoupledBaseline, terms: Terms) -> PowerResult:
    """Power of the case as the link sees it: with fuel whose loss trade counts."""
    case = with_traded_fuel(power.inputs, trade.trade, terms)
    return power if case is None else solve(build_power_inputs(case, power.inputs.settings), base.model)


def _mean_prices(power: PowerResult) -> pd.DataFrame:
    """``bus``, ``iso3`` (empty beyond the modelled grid), ``price_usd_per_mwh``, its least and its most."""
    prices, snapshots = power.price_usd_per_mwh, power.inputs.snapshots
    zones = power.inputs.zones.table["iso3"]
    load = pd.DataFrame(power.inputs.load_mw, index=prices.index, columns=list(zones.index))
    weight = load.reindex(columns=prices.columns).fillna(1.0).mul(snapshots.weight_h, axis=0)
    return pd.DataFrame(
        {
            "bus": list(prices.columns),
            "iso3": [str(zones.get(bus, "")) for bus in prices.columns],
            "price_usd_per_mwh": ((prices * weight).sum() / weight.sum()).to_numpy(),
            "least_usd_per_mwh": prices.min().to_numpy(),
            "most_usd_per_mwh": prices.max().to_numpy(),
        }
    )
