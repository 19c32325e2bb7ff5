"""Jobs of freight, trade and the power system: a run with all its tables, or its economies alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sogdia.case import Case, build_case
from sogdia.coupling.case_networks import TableDigests, network_key
from sogdia.coupling.joint import JointResult, JointSettings, solve_joint
from sogdia.errors import SogdiaError
from sogdia.freight import lane_costs, link_commodities, link_users
from sogdia.region import Region
from sogdia.runs.context import JointBaselineDefinition, RunContext, with_threads
from sogdia.runs.definition import Run
from sogdia.runs.job import Job, JobGroup, JobResult, Tables
from sogdia.runs.store import RunMetadata, Store

JOINT, ECONOMIES = "joint", "economies"


def economies_key(run: Run) -> str:
    """Return the key of a run of which only the table ``economies`` is stored."""
    return hashlib.sha256(f"{run.key};{ECONOMIES}".encode()).hexdigest()


@dataclass(frozen=True)
class JointJob:
    """A run of a study; an error is reported, and the other jobs go on.

    Attributes:
        run: The run.
        settings: Settings of the engines.
        only_economies: True to store only the table ``economies``, enough for a sensitivity.
    """

    run: Run
    settings: JointSettings
    only_economies: bool = False
    stops_on_error: bool = False

    @property
    def key(self) -> str:
        """Key in the store."""
        return economies_key(self.run) if self.only_economies else self.run.key

    @property
    def label(self) -> str:
        """``plan/scenario/year``."""
        return self.run.label

    @property
    def kind(self) -> str:
        """``joint``, or ``economies`` if only these are stored."""
        return ECONOMIES if self.only_economies else JOINT

    def is_stored(self, store: Store) -> bool:
        """Return true if the store has the run; its economies are part of the complete run."""
        return self.run.key in store or (self.only_economies and self.key in store)

    def network_key(self, region: Region, digests: TableDigests) -> str:
        """Return the key of the run's network; a case that is invalid has one of its own."""
        try:
            return network_key(build_case(region, self.run.plan, self.run.scenario), digests)
        except SogdiaError:
            # The report of the run will carry the message.
            return self.key

    def compute(self, context: RunContext, threads: int) -> JobResult:
        """Build the case and solve it."""
        settings = with_threads(self.settings, threads)
        result = self._solve(context, settings)
        tables = {ECONOMIES: result.coupled.economies()} if self.only_economies else result_tables(result)
        metadata = run_metadata(self.run, self.key, self.kind, context.region, self.settings, result)
        return JobResult(metadata, tables)

    def _solve(self, context: RunContext, settings: JointSettings) -> JointResult:
        """Solve the run; one that stores its economies alone starts from its plan without shocks."""
        case = build_case(context.region, self.run.plan, self.run.scenario)
        baseline = context.joint_at(self.run.reference_scenario)
        network = _network_of(case)
        plain = self.run.reference_scenario.at_recommended_levels()
        key = f"{network} {self.run.plan.digest} {plain.digest}"
        if context.last_coupled is not None and context.last_coupled[0] != key:
            # Free it first: a solution takes a few hundred megabytes.
            context.last_coupled = None
        if self.run.scenario.digest == plain.digest:
            result = solve_joint(case, baseline, settings)
            context.last_coupled = key, result.coupled
            return result
        if not self.only_economies:
            return solve_joint(case, baseline, settings)
        if context.last_coupled is None:
            before = build_case(context.region, self.run.plan, plain)
            if _network_of(before) != network:
                return solve_joint(case, baseline, settings)
            context.last_coupled = key, solve_joint(before, context.joint, settings).coupled
        return solve_joint(case, baseline, settings, start=context.last_coupled[1])


def run_metadata(
    run: Run, key: str, kind: str, region: Region, settings: JointSettings, result: JointResult
) -> RunMetadata:
    """Return the record of a solved run that is stored with its tables."""
    loop = result.coupled.convergence
    return RunMetadata(
        run=key,
        kind=kind,
        region=region.name,
        plan=run.plan.name,
        scenario=run.scenario.name,
        year=run.scenario.year,
        parts=dict(run.parts),
        settings=settings.model_dump(mode="json"),
        figures={"rounds": float(loop.iterations), "residual": loop.residual},
    )


def _network_of(case: Case) -> str:
    """Return the digest of a case's network and hard capacities: cases with one may start from each other."""
    digests = TableDigests()
    return f"{network_key(case, digests)} {digests.get(case.frames['hard_capacities']).hex()}"


def result_tables(result: JointResult) -> Tables:
    """Return all tables that are stored of a run, with freight by link, journeys and edits of its case."""
    return {
        **result.tables(),
        "links": result.coupled.freight.links(),
        "link_commodities": link_commodities(result.coupled.freight),
        "link_users": link_users(result.coupled.freight),
        "lane_costs": lane_costs(result.coupled.freight),
        "journeys": result.coupled.freight.journeys(),
        "changes": result.case.changes_table(),
    }


def joint_groups(
    region: Region, runs: Sequence[Run], settings: JointSettings, *, only_economies: bool = False
) -> list[JobGroup]:
    """Group runs by the baseline they are compared with, in order of first appearance.

    Args:
        region: The region.
        runs: The runs.
        settings: Settings of the engines.
        only_economies: True to store only the table ``economies`` of each.
    """
    groups: dict[str, tuple[JointBaselineDefinition, list[Job]]] = {}
    for run in runs:
        # Freight and power read no elasticity or rent: one baseline serves all levels.
        reference = run.reference_scenario.at_recommended_levels()
        baseline = JointBaselineDefinition(region, run.baseline_plan, reference, settings)
        jobs = groups.setdefault(baseline.key, (baseline, []))[1]
        jobs.append(JointJob(run, settings, only_economies))
    return [JobGroup(baseline, tuple(jobs)) for baseline, jobs in groups.values()]
