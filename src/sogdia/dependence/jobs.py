"""Jobs of a withdrawal study: freight coupled with trade ("goods"), and the power system ("power").

Each job has the digest of all that its result depends on as its key (:mod:`sogdia.dependence.run_keys`), so
cases that differ elsewhere share it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pandas as pd

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.coupling.baseline import baseline_case, make_baseline
from sogdia.coupling.case_networks import TableDigests
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import CouplingSettings
from sogdia.coupling.solve import couple
from sogdia.dependence.home_results import fuel_by_origin, goods_by_home, power_by_home, traded_tonnes
from sogdia.dependence.structure import goods_structure, power_structure
from sogdia.dependence.trade_jobs import Carriage
from sogdia.power import PowerResult, PowerSettings, build_power_inputs, solve
from sogdia.region import Region
from sogdia.runs.context import RunContext
from sogdia.runs.job import JobResult
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import engine_version

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class GoodsJob:
    """A job of freight coupled with trade.

    Attributes:
        key: Digest of all that its result depends on.
        network: Key of the case's network.
        case_name: Name of the case.
        title: The same for readers.
        plan: The plan.
        scenario: The scenario, with its withdrawals.
        settings: Settings.
        has_structure: True to store also trade, transit and the rows that carry freight.
        start: Job of the same case at other elasticities, from whose solution the loop starts.
    """

    key: str
    network: str
    case_name: str
    title: str
    plan: Plan
    scenario: Scenario
    settings: CouplingSettings
    has_structure: bool
    start: GoodsJob | None = None
    kind: str = "goods"
    stops_on_error: bool = True

    @property
    def label(self) -> str:
        """Name for readers."""
        return f"{self.title}: freight and trade"

    def is_stored(self, store: Store) -> bool:
        """Return true if the store has the result."""
        return self.key in store

    def network_key(self, _region: Region, _digests: TableDigests) -> str:
        """Return the key of the case's network."""
        return self.network

    def compute(self, context: RunContext, _threads: int) -> JobResult:
        """Couple freight and trade, and measure each home country."""
        result = self._solve(context)
        tables = {
            "homes": goods_by_home(result),
            "traded": traded_tonnes(result),
            **Carriage.of(result).tables(),
        }
        if self.has_structure:
            tables |= goods_structure(result)
        return JobResult(_metadata(self, result.case, {"residual": result.convergence.residual}), tables)

    def _solve(self, context: RunContext) -> CoupledResult:
        """Solve the case; the job it starts from is solved first where this process did not just do so."""
        if context.last_coupled is not None and context.last_coupled[0] == self.key:
            return context.last_coupled[1]
        start = None if self.start is None else self.start._solve(context)
        # Free the last solution first: it takes a few hundred megabytes.
        context.last_coupled = None
        case = build_case(context.region, self.plan, self.scenario)
        result = couple(case, context.coupled_with(self.settings), self.settings, start=start)
        context.last_coupled = (self.key, result) if self.start is None else None
        return result


@dataclass(frozen=True)
class PowerJob:
    """A job of the power system.

    Attributes:
        key: Digest of all that its result depends on.
        chain: Number of the chain it is part of.
        case_name: Name of the case.
        title: The same for readers.
        plan: The plan.
        scenario: The scenario, with its withdrawals.
        settings: Settings.
        holds_filler: True for new power plants of the plan without shocks or withdrawals (short run); they
            are planned again otherwise.
    """

    key: str
    chain: int
    case_name: str
    title: str
    plan: Plan
    scenario: Scenario
    settings: PowerSettings
    holds_filler: bool = True
    kind: str = "power"
    stops_on_error: bool = True

    @property
    def label(self) -> str:
        """Name for readers."""
        return f"{self.title}: power"

    def is_stored(self, store: Store) -> bool:
        """Return true if the store has the result."""
        return self.key in store

    def network_key(self, _region: Region, _digests: TableDigests) -> str:
        """Return the chain: the power system has no network to share."""
        return f"power {self.chain}"

    def compute(self, context: RunContext, _threads: int) -> JobResult:
        """Dispatch the power system and measure each home country."""
        case = build_case(context.region, self.plan, self.scenario)
        held = None
        if self.holds_filler:
            held = context.held_filler(baseline_case(case, self.plan), self.settings)
        result = solve(build_power_inputs(case, self.settings), context.power_model, filler=held)
        tables = power_tables(result, case.region.home)
        return JobResult(_metadata(self, case, {}), tables)


@dataclass(frozen=True, eq=False)
class WithdrawalBaseline:
    """Definition of the baseline of a withdrawal study that runs on its own.

    Attributes:
        case: The baseline case.
        coupling: Settings of freight and trade; ``None`` if no job needs them.
        power: Settings of the power system; ``None`` if no job needs it.
        power_case: Case from whose dispatch every dispatch of the power system starts: the plan without
            withdrawals, of which those with withdrawals differ least. The baseline case if not given.
    """

    case: Case
    coupling: CouplingSettings | None
    power: PowerSettings | None
    power_case: Case | None = None

    @property
    def key(self) -> str:
        """Digest of the definition."""
        settings = ["" if each is None else each.model_dump_json() for each in (self.coupling, self.power)]
        parts = (self.case.digest, self._power_case.digest, *settings)
        return hashlib.sha256(";".join(parts).encode()).hexdigest()

    @property
    def region(self) -> Region:
        """The region."""
        return self.case.region

    @property
    def _power_case(self) -> Case:
        return self.power_case or self.case

    def make(self, threads: int) -> RunContext:
        """Assign the freight of the baseline and read its trade and its power system.

        Raises:
            NotConvergedError: If the assignment does not reach its tolerance.
        """
        coupled = None
        if self.coupling is not None:
            freight = self.coupling.freight.model_copy(update={"workers": threads})
            coupled = make_baseline(self.case, self.coupling.model_copy(update={"freight": freight}))
        inputs = None if self.power is None else build_power_inputs(self._power_case, self.power)
        return RunContext(self.case.region, coupled, inputs)


def power_tables(result: PowerResult, homes: tuple[str, ...]) -> Tables:
    """Return the tables of each home country's power system, its fuel and its supply."""
    return {
        "homes": power_by_home(result, homes),
        "fuel": fuel_by_origin(result, homes),
        **power_structure(result, homes),
    }


def _metadata(job: GoodsJob | PowerJob, case: Case, figures: dict[str, float]) -> RunMetadata:
    return RunMetadata(
        run=job.key,
        kind=job.kind,
        region=case.region.name,
        plan=case.plan.name,
        scenario=job.case_name,
        year=case.year,
        parts={"case": case.digest, "version": engine_version()},
        settings=job.settings.model_dump(mode="json"),
        figures=figures,
    )
