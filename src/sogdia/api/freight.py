"""Freight of a region under a plan and a scenario."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sogdia.api import plots
from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.api.inputs import PlanLike, RegionLike, ScenarioLike, build_case, load_with_plans
from sogdia.api.result import Headline, Result, title_of
from sogdia.assignment.settings import AssignmentSettings
from sogdia.case import Case, counterfactual
from sogdia.errors import InputError
from sogdia.extras import require_extra
from sogdia.freight import (
    SETTINGS,
    FreightComparison,
    FreightResult,
    assign_freight,
    compare_freight,
    transit_income,
)
from sogdia.numerics import Convergence

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, repr=False)
class FreightRun(Result):
    """Freight of a case.

    Attributes:
        result: The assigned freight.
        between: Exporter and importer pairs that the table ``corridors`` is of; all trade if ``None``.
        comparison: The same freight and that of a baseline, if it was compared with one.
    """

    result: FreightResult
    between: pd.DataFrame | None = None
    comparison: FreightComparison | None = None

    @property
    def case(self) -> Case:
        """Region, plan and scenario."""
        return self.result.supernetwork.case

    @property
    def convergence(self) -> Convergence:
        """Iterations of the assignment, and residuals."""
        return self.result.result.convergence

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on the data."""
        return tuple(self.result.supernetwork.remarks)

    @property
    def delivered_t(self) -> float:
        """Demand that is delivered, t/a."""
        return float(self.result.result.demand.total)

    @property
    def undelivered_t(self) -> float:
        """Demand without an open path, t/a."""
        return float(self.result.result.undelivered["flow"].sum())

    @property
    def title(self) -> str:
        """One line: region, plan, scenario and year."""
        case = self.case
        return title_of(case.region.name, case.plan.name, case.scenario.name, case.year)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Corridors, bottlenecks, transit and its income, stations, undelivered freight, links, journeys.

        Names: ``corridors``, ``bottlenecks``, ``transit``, ``transit_income``, ``stations``,
        ``undelivered``, ``links``. Each pair of places of the region's table ``journeys`` has a table
        ``journey A to B``. Freight compared with a baseline has tables ``change of NAME`` too, of the rows
        that differ.
        """
        result = self.result
        tables = {
            "corridors": self._corridors(),
            "bottlenecks": result.bottlenecks(),
            "transit": result.transit().sort_values("home_t", ascending=False, ignore_index=True),
            "transit_income": transit_income(result),
            "stations": self._stations(),
            "undelivered": result.undelivered(),
            "links": result.links(),
        }
        ends = self.case.table("journeys")
        for start, end in zip(ends["from"], ends["to"], strict=True):
            tables[f"journey {start} to {end}"] = result.journeys_between(start, end)
        if self.comparison is not None:
            tables |= {f"change of {name}": table for name, table in self.comparison.tables().items()}
        return tables

    def headline(self) -> Iterable[Headline]:
        """Yield delivered and undelivered tonnes, and the share of each corridor."""
        yield "Delivered freight", "", self.delivered_t, "t/a"
        yield "Undelivered freight", "", self.undelivered_t, "t/a"
        for row in self.tables["corridors"].to_dict("records"):
            yield "Share of freight", row["name"], row["share_pct"], "%"

    def plot(self) -> Any:
        """Draw freight flows on a map.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """
        return plots.flow_plot(self.case.region, self.tables["links"])

    def _corridors(self) -> pd.DataFrame:
        """Return corridors of all trade next to those of home trade, or corridors of some pairs alone."""
        if self.between is None:
            return self.result.corridors()
        return self.result.corridor_shares(self.between)

    def _stations(self) -> pd.DataFrame:
        """Return ports and borders of the region, and those elsewhere whose capacity is known."""
        table = self.result.stations()
        relevant = table["country"].isin(self.case.region.home) | (table["capacity_t"] < float("inf"))
        return table[relevant].sort_values("tonnes", ascending=False, ignore_index=True)


def run_freight(
    region: RegionLike = DEFAULT_REGION,
    plan: PlanLike | None = None,
    scenario: ScenarioLike = DEFAULT_SCENARIO,
    year: int | None = None,
    *,
    baseline: PlanLike | None = None,
    between: Sequence[str] | None = None,
    settings: AssignmentSettings | None = None,
    threads: int | None = None,
) -> FreightRun:
    """Assign the freight of a region to its network, by path-size logit.

    Args:
        region: A region, the name of a shipped one, or the folder of a pack.
        plan: A plan, the name of a shipped one, or a YAML file; the committed projects if not given.
        scenario: A scenario, the name of a shipped one, or a YAML file.
        year: Year to evaluate, in place of the scenario's own.
        baseline: Plan to compare with, under the same scenario. Both are assigned among one path set, so that
            a difference is due to the works of the plan. Projects of the plan are taken out of it.
        between: Two economies by code: the table ``corridors`` is then of their trade alone.
        settings: Settings of the assignment.
        threads: Threads, one a core if not given; results do not depend on the number.

    Returns:
        The freight, with ``tables``, ``summary()`` and ``plot()``.

    Raises:
        FaultsError: If a plan, scenario or region has errors.
        UnknownNameError: If a name is not known; the message lists the nearest.
        InputError: If nothing can be carried.
        NotConvergedError: If the assignment does not reach its tolerance.
        CannotRunError: If the extra ``freight`` is not installed.

    Example:
        >>> import sogdia
        >>> freight = sogdia.run_freight(year=2023)  # doctest: +SKIP
        >>> freight.tables["bottlenecks"]  # doctest: +SKIP
    """
    require_extra("freight", "freight")
    loaded, (evaluated, compared) = load_with_plans(region, plan, baseline)
    before = None
    if baseline is not None:
        before, (evaluated,) = counterfactual([evaluated], compared, loaded)
    case = build_case(loaded, evaluated, scenario, year)
    pairs = None if between is None else _pairs(between, case)
    chosen = settings or SETTINGS.model_copy(update={"workers": threads or os.cpu_count() or 1})
    if before is None:
        run = FreightRun(assign_freight(case, chosen), pairs)
    else:
        both = compare_freight(case, build_case(loaded, before, scenario, year), chosen)
        run = FreightRun(both.case, pairs, both)
    rounds, residual = run.convergence.iterations, run.convergence.residual
    LOG.info("freight of %s: residual %.1e after %d iterations", run.title, residual, rounds)
    return run


def _pairs(between: Sequence[str], case: Case) -> pd.DataFrame:
    known = set(case.table("economies")["iso3"])
    if len(between) != 2 or not set(between) <= known:
        raise InputError(
            f"between: {'/'.join(between)!r} does not name two economies; "
            f"economies: {', '.join(sorted(known))}"
        )
    return pd.DataFrame({"exporter": list(between), "importer": list(between[::-1])})
