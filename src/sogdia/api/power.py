"""The power system of a region under a plan and a scenario."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypedDict, Unpack

import pandas as pd

from sogdia.api import plots
from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.api.inputs import (
    PlanLike,
    RegionLike,
    ScenarioLike,
    build_case,
    load_scenario,
    load_with_plans,
)
from sogdia.api.result import Headline, Result, title_of
from sogdia.api.settings import validated
from sogdia.case import Case, Scenario, counterfactual
from sogdia.case.shocks import PlantOutage
from sogdia.errors import UnknownNameError
from sogdia.extras import require_extra
from sogdia.power import PowerResult, PowerSettings, build_power_inputs, solve
from sogdia.power.tables import TABLES
from sogdia.region import Region

LOG = logging.getLogger(__name__)
CHANGED = ("countries", "generation", "flows")
"""Tables whose differences from a baseline are given."""
BUILDABLE = ("battery", "gas", "solar", "wind")
ARGUMENTS = {
    "co2_usd_per_t": "co2_price", "co2_cap_mt": "co2_cap", "free_carriers": "buildable",
    "voll_usd_per_mwh": "voll", "price_cap_usd_per_mwh": "price_cap", "reserve_margin_pct": "reserve_margin",
}  # fmt: skip
"""Arguments whose names differ from the settings."""


@dataclass(frozen=True, eq=False, repr=False)
class PowerRun(Result):
    """A year of a region's power system.

    Attributes:
        result: Dispatch and prices.
        baseline: Those of a baseline, if one was given.
    """

    result: PowerResult
    baseline: PowerResult | None = None

    @property
    def case(self) -> Case:
        """Region, plan and scenario."""
        return self.result.inputs.case

    @property
    def title(self) -> str:
        """One line: region, plan, scenario and year."""
        case = self.case
        return title_of(case.region.name, case.plan.name, case.scenario.name, case.year)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Result tables by name (:meth:`sogdia.power.PowerResult.tables`).

        With a baseline also ``change_of_countries``, ``change_of_generation`` and ``change_of_flows``: the
        keys, then ``COLUMN_baseline``, ``COLUMN_case`` and ``COLUMN_difference``, case less baseline.
        """
        tables = self.result.tables()
        if self.baseline is None:
            return tables
        before = self.baseline.tables()
        changes = {f"change_of_{name}": _change(name, before[name], tables[name]) for name in CHANGED}
        return {**tables, **changes}

    @cached_property
    def hourly(self) -> Mapping[str, pd.DataFrame]:
        """Tables by snapshot, by name (:meth:`sogdia.power.PowerResult.hourly_tables`)."""
        return self.result.hourly_tables()

    def headline(self) -> Iterable[Headline]:
        """Yield system cost, emissions, unserved energy, and each country's net imports."""
        table = self.tables["countries"]
        names = self.case.table("parties")["name"].to_dict()
        yield "System cost", "", float(self.tables["costs"]["cost_musd"].iloc[-1]), "USD million/a"
        yield "CO2 emissions", "", float(table["co2_mt"].sum()), "Mt/a"
        yield "Unserved energy", "", float(table["unserved_gwh"].sum()), "GWh/a"
        for row in table.to_dict("records"):
            yield "Net imports", names.get(row["iso3"], row["iso3"]), row["net_imports_gwh"], "GWh/a"

    def plot(self) -> Any:
        """Draw generation by country and carrier as stacked bars.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """
        names = self.case.table("parties")["name"].to_dict()
        table = self.tables["generation"].pivot_table(
            index="iso3", columns="carrier", values="generation_gwh", aggfunc="sum", fill_value=0.0
        )
        parts = {str(carrier): table[carrier].tolist() for carrier in table.columns}
        return plots.stacked_plot([names.get(code, code) for code in table.index], parts, "GWh a year")

    def pictures(self, first: date | None = None) -> Mapping[str, Any]:
        """Draw dispatch, load and price durations, reservoir levels and a map of flows.

        Args:
            first: First day of the dispatch; by default that of the week with the highest load.

        Returns:
            Pictures by name; each has a matplotlib figure ``drawing``, a ``caption`` and an ``svg``.

        Raises:
            CannotRunError: If matplotlib is not installed.
            InputError: If no snapshot is on the first day.
        """
        return plots.power_plots(self.result, self.title, first)


class PowerOptions(TypedDict, total=False):
    """Settings of :func:`run_power`; those not given are of :class:`sogdia.power.PowerSettings`.

    Attributes:
        mode: ``dispatch``, or ``expansion`` to build capacity too.
        hours: ``weeks`` for real weeks of the year, 8760 for every hour, 288 for a mean day of each month.
        weeks: Real weeks that represent the year, in addition to the peak week.
        filler: ``least_cost`` adds capacity up to the reserve margin; ``none`` adds none.
        reserve_margin: Firm capacity above the peak that the filler provides, %.
        buildable: Carriers that an expansion may build.
        co2_price: Price of CO2, USD/t.
        co2_cap: Upper limit on the CO2 of all plants, Mt a year.
        shedding: Allow unserved energy at the value of lost load; otherwise a shortage is an error.
        voll: Value of lost load of every country, USD/MWh, in place of their own.
        price_cap: Upper limit on marginal prices in results, USD/MWh.
        water_year: Inflow of the rivers: ``dry``, ``normal``, ``wet`` or a year of record.
    """

    mode: Literal["dispatch", "expansion"]
    hours: int | str | None
    weeks: int | None
    filler: Literal["least_cost", "none"] | None
    reserve_margin: float | None
    buildable: Iterable[str]
    co2_price: float
    co2_cap: float | None
    shedding: bool
    voll: float | None
    price_cap: float | None
    water_year: str | None


def _change(name: str, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the difference of a table with the names that ``run_freight`` gives its columns."""
    table = TABLES[name].difference(before, after)
    sides = {"_first": "_baseline", "_second": "_case"}
    return table.rename(
        columns={
            column: column.removesuffix(end) + side
            for column in table.columns
            for end, side in sides.items()
            if column.endswith(end)
        }
    )


def run_power(
    region: RegionLike = DEFAULT_REGION,
    plan: PlanLike | None = None,
    scenario: ScenarioLike = DEFAULT_SCENARIO,
    year: int | None = None,
    *,
    baseline: PlanLike | None = None,
    without: Sequence[str] = (),
    close: Sequence[str] = (),
    **options: Unpack[PowerOptions],
) -> PowerRun:
    """Dispatch a region's power system for a year at least cost, or expand it.

    Args:
        region: A region, the name of a shipped one, or the folder of a pack.
        plan: A plan, the name of a shipped one, or a YAML file; the committed projects if not given.
        scenario: A scenario, the name of a shipped one, or a YAML file.
        year: Year to evaluate, in place of the scenario's own; a past year is allowed.
        baseline: Plan to compare with, under the same scenario and settings. Projects of the plan are taken
            out of it.
        without: Lines out of service.
        close: Plants out of service.
        options: Settings by name (:class:`PowerOptions`), such as ``hours=8760`` or ``water_year="dry"``.

    Returns:
        The year, with ``tables``, ``summary()`` and ``plot()``.

    Raises:
        FaultsError: If a plan, scenario or region has errors.
        UnknownNameError: If a name is not known; the message lists the nearest.
        InputError: If a setting is unknown or out of range.
        NoSolutionError: If the power system has no solution.
        CannotRunError: If the extra ``power`` is not installed.

    Example:
        >>> import sogdia
        >>> power = sogdia.run_power(scenario="dry_year")  # doctest: +SKIP
        >>> power.tables["countries"]  # doctest: +SKIP
    """
    require_extra("power", "electricity")
    loaded, (evaluated, compared) = load_with_plans(region, plan, baseline)
    before = None
    if baseline is not None:
        before, (evaluated,) = counterfactual([evaluated], compared, loaded)
    conditions = _with_outages(loaded, load_scenario(scenario, loaded, year), close)
    given: dict[str, Any] = {"buildable": BUILDABLE, **options}
    given["buildable"] = tuple(sorted(filter(None, given["buildable"])))
    fields = {argument: field for field, argument in ARGUMENTS.items()}
    values = {fields.get(name, name): value for name, value in given.items() if value is not None}
    settings = validated(PowerSettings, values, ARGUMENTS)
    results = [
        solve(build_power_inputs(build_case(loaded, each, conditions, past=True), settings), outages=without)
        for each in (evaluated, before)
        if each is not None
    ]
    run = PowerRun(results[0], results[1] if before is not None else None)
    LOG.info("power system of %s: %s", run.title, run.result.solver.status)
    return run


def _with_outages(region: Region, scenario: Scenario, plants: Sequence[str]) -> Scenario:
    """Return the scenario with an outage of plants as its last shock.

    Raises:
        UnknownNameError: If a name is not that of a plant.
    """
    known = region.table("plants").index
    for plant in plants:
        if plant not in known:
            raise UnknownNameError("plant", plant, known)
    if not plants:
        return scenario
    outage = PlantOutage(plants=tuple(plants), reason="plants out of service, chosen for this run")
    return scenario.model_copy(update={"shocks": (*scenario.shocks, outage)})
