"""Trade of a region under a plan and a scenario, coupled with freight and, if asked for, electricity."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from sogdia.api import plots
from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.api.inputs import PlanLike, RegionLike, ScenarioLike, build_case, load_with_plans
from sogdia.api.result import Headline, Result, title_of
from sogdia.api.settings import validated
from sogdia.case import Case, counterfactual
from sogdia.coupling import (
    CoupledBaseline,
    CoupledResult,
    CouplingSettings,
    baseline_case,
    couple,
    make_baseline,
)
from sogdia.coupling.settings import DEFAULT_ASSIGNMENT
from sogdia.extras import require_extra
from sogdia.numerics import Convergence

LOG = logging.getLogger(__name__)
COMPOSITIONS = ("sectors", "aggregates", "one_sector")
"""Sectors of the trade model: those of the pack, its coarser ones, or one."""


@dataclass(frozen=True, eq=False, repr=False)
class TradeRun(Result):
    """Trade of a case, coupled with its freight.

    Attributes:
        baseline: The baseline, with electricity where the run has it.
        result: The result, with electricity where that was asked for.
        settings: Settings.
    """

    baseline: Any
    result: Any
    settings: CouplingSettings

    @property
    def coupled(self) -> CoupledResult:
        """Freight and trade."""
        result: CoupledResult = getattr(self.result, "coupled", self.result)
        return result

    @property
    def has_power(self) -> bool:
        """The power system was dispatched too."""
        return self.coupled is not self.result

    @property
    def case(self) -> Case:
        """Region, plan and scenario."""
        return self.coupled.case

    @property
    def baseline_case(self) -> Case:
        """Case of the baseline: its plan in the same year without shocks."""
        return self.coupled.baseline.case

    @property
    def convergence(self) -> Convergence:
        """Rounds between trade and freight, and residuals."""
        return self.coupled.convergence

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks of freight and trade on the data."""
        return (*self.coupled.terms.remarks, *self.coupled.freight.supernetwork.remarks)

    @property
    def title(self) -> str:
        """One line: region, plan, scenario and year."""
        case = self.case
        return title_of(case.region.name, case.plan.name, case.scenario.name, case.year)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``economies``, ``welfare``, ``sectors``, ``pairs``, ``flows``, ``costs``, ``shadow_prices``.

        Also ``undelivered``, ``history``, the rounds, and what rules did to the data: ``rules``,
        ``adjustments``, ``reconciliation``.

        With electricity also ``power_link`` and ``power_countries``.
        """
        coupled = self.coupled
        tables = {
            "economies": coupled.economies(),
            "welfare": coupled.welfare(),
            "sectors": coupled.sectors(),
            "pairs": coupled.pairs(),
            "flows": coupled.flows(),
            "costs": coupled.costs(),
            "shadow_prices": coupled.shadow_prices(),
            "undelivered": coupled.undelivered(),
            "history": coupled.rounds(),
            "rules": coupled.rules(),
            "adjustments": coupled.adjustments(),
            "reconciliation": coupled.reconciliation(),
        }
        if self.has_power:
            tables["power_link"] = self.result.power_link
            tables["power_countries"] = self.result.power.countries
        return tables

    def headline(self) -> Iterable[Headline]:
        """Yield the gain of each home country."""
        table = self.tables["economies"]
        for row in table[table["home"]].to_dict("records"):
            yield "Gain", row["name"], row["gain_musd"], "USD million/a"
            yield "Welfare", row["name"], row["welfare_pct"], "%"

    def plot(self) -> Any:
        """Draw the gains of the home countries as bars.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """
        table = self.tables["economies"]
        return plots.bar_plot(table[table["home"]], "name", "gain_musd", "Gain", "USD million a year")

    def with_compositions(self, names: Iterable[str] = COMPOSITIONS) -> pd.DataFrame:
        """Solve again with other sectors.

        Args:
            names: Compositions.

        Returns:
            ``economy``, ``name``, ``welfare_pct``, ``gain_musd``, ``gdp_pct``, ``composition``, of the home
            countries.

        Raises:
            NotConvergedError: If the tolerance is not reached.
        """
        columns = ["economy", "name", "welfare_pct", "gain_musd", "gdp_pct"]
        parts = []
        for name in names:
            run = self
            if name != self.settings.composition:
                chosen = self.settings.model_copy(update={"composition": name})
                base = _with_sectors(self.baseline, chosen)
                run = TradeRun(base, _solve(self.case, base, chosen), chosen)
            table = run.coupled.economies()
            parts.append(table.loc[table["home"], columns].assign(composition=name))
        return pd.concat(parts, ignore_index=True)


def run_trade(
    region: RegionLike = DEFAULT_REGION,
    plan: PlanLike | None = None,
    scenario: ScenarioLike = DEFAULT_SCENARIO,
    year: int | None = None,
    *,
    baseline: PlanLike | None = None,
    composition: Literal["sectors", "aggregates", "one_sector"] = "sectors",
    horizon: Literal["long_run", "short_run"] = "long_run",
    imbalance: Literal["additive", "multiplicative", "zero"] = "multiplicative",
    feedback: bool = True,
    power: bool = False,
    threads: int | None = None,
) -> TradeRun:
    """Solve trade and freight of a region together, compared with a baseline.

    Freight costs change trade, and trade changes the tonnes that freight carries, to a fixed point.

    Args:
        region: A region, the name of a shipped one, or the folder of a pack.
        plan: A plan, the name of a shipped one, or a YAML file; the committed projects if not given.
        scenario: A scenario, the name of a shipped one, or a YAML file.
        year: Year to evaluate, in place of the scenario's own.
        baseline: Plan of the baseline, in the same year without shocks; the committed projects if not
            given. Projects of the plan are taken out of it, and its others are built with the plan too.
        composition: Sectors of the trade model: those of the region if it has any, coarser ones, or one.
        horizon: Elasticities of the sectors, ten years after a change or one.
        imbalance: Closure of trade imbalances: a fixed sum of money, or a fixed share of income.
        feedback: Let tonnes follow trade.
        power: Dispatch the power system too; its cost enters the cost of what countries sell.
        threads: Threads, one a core if not given; results do not depend on the number.

    Returns:
        The trade, with ``tables``, ``summary()`` and ``plot()``.

    Raises:
        FaultsError: If a plan, scenario or region has errors.
        UnknownNameError: If a name is not known; the message lists the nearest.
        InputError: If nothing can be carried, or ``imbalance`` is ``zero``.
        NotConvergedError: If the tolerance is not reached.
        CannotRunError: If an extra is not installed.

    Example:
        >>> import sogdia
        >>> trade = sogdia.run_trade(plan="under_construction", year=2030)  # doctest: +SKIP
        >>> trade.summary()  # doctest: +SKIP
    """
    require_extra("trade", "trade")
    if power:
        require_extra("power", "electricity")
    loaded, (chosen_plan, before) = load_with_plans(region, plan, baseline)
    compared, (evaluated,) = counterfactual([chosen_plan], before, loaded)
    case = build_case(loaded, evaluated, scenario, year)
    chosen = {"composition": composition, "horizon": horizon, "feedback": feedback}
    settings = _settings(chosen, imbalance, threads or os.cpu_count() or 1)
    base = _baseline(baseline_case(case, compared), settings, power=power)
    run = TradeRun(base, _solve(case, base, settings), settings)
    rounds, residual = run.convergence.iterations, run.convergence.residual
    LOG.info("trade of %s: %d rounds, residual %.1e", run.title, rounds, residual)
    return run


def _settings(chosen: Mapping[str, Any], imbalance: str, threads: int) -> CouplingSettings:
    return validated(
        CouplingSettings,
        {
            **chosen,
            "freight": DEFAULT_ASSIGNMENT.model_copy(update={"workers": threads}),
            "trade": {"imbalance": imbalance, "workers": threads},
        },
    )


def _baseline(case: Case, settings: CouplingSettings, *, power: bool) -> Any:
    if not power:
        return make_baseline(case, settings)
    from sogdia.coupling.joint import JointSettings, make_joint_baseline

    return make_joint_baseline(case, JointSettings(coupling=settings))


def _with_sectors(baseline: Any, settings: CouplingSettings) -> Any:
    """Return a baseline with the sectors of some settings; its freight and power system stay."""
    if isinstance(baseline, CoupledBaseline):
        return baseline.with_sectors(settings.composition, settings.horizon)
    return replace(baseline, coupled=_with_sectors(baseline.coupled, settings))


def _solve(case: Case, baseline: Any, settings: CouplingSettings) -> Any:
    if isinstance(baseline, CoupledBaseline):
        return couple(case, baseline, settings)
    from sogdia.coupling.joint import JointSettings, solve_joint

    return solve_joint(case, baseline, JointSettings(coupling=settings))
