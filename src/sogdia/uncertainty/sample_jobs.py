"""Jobs of an ensemble: a plan in one sample, with the few tables that are stored of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sogdia.case import build_case
from sogdia.coupling.case_networks import TableDigests
from sogdia.coupling.joint import JointSettings, solve_joint
from sogdia.region import Region
from sogdia.runs.context import JointBaselineDefinition, RunContext, with_threads
from sogdia.runs.definition import Run
from sogdia.runs.job import Job, JobGroup, JobResult
from sogdia.runs.joint_jobs import run_metadata
from sogdia.runs.store import Store
from sogdia.runs.version import code_version
from sogdia.uncertainty.sample_appraisal import APPRAISED, sample_appraisal

SAMPLE = "sample"
TABLES = (
    "economies", "corridors", "bottlenecks", "undelivered", "transit_income", "power_countries",
    "power_generation", "power_unserved",
)  # fmt: skip
"""Tables stored of each sample, next to those that measures read."""


def sample_key(run: Run, tables: Sequence[str]) -> str:
    """Return the key of a run in a sample of which these tables are stored.

    The code of finance, which no engine depends on, decides an appraisal.
    """
    parts = [*tables, code_version("finance")] if APPRAISED in tables else tables
    return hashlib.sha256(f"{run.key};{SAMPLE};{';'.join(parts)}".encode()).hexdigest()


@dataclass(frozen=True)
class SampleJob:
    """A plan in one sample; an error is reported, and the other samples go on.

    Attributes:
        run: The run; its scenario has the draw.
        settings: Settings of the engines.
        tables: Tables stored; :data:`sogdia.uncertainty.sample_appraisal.APPRAISED` may be among them.
    """

    run: Run
    settings: JointSettings
    tables: tuple[str, ...] = TABLES
    stops_on_error: bool = False

    @property
    def key(self) -> str:
        """Key in the store."""
        return sample_key(self.run, self.tables)

    @property
    def label(self) -> str:
        """``plan/scenario/year`` and the number of the sample."""
        draw = self.run.scenario.draw
        return f"{self.run.label}, sample {draw.sample if draw is not None else 0}"

    @property
    def kind(self) -> str:
        """``sample``."""
        return SAMPLE

    def is_stored(self, store: Store) -> bool:
        """Return true if the store has the sample, or the complete run."""
        return self.key in store or self.run.key in store

    def network_key(self, region: Region, digests: TableDigests) -> str:  # noqa: ARG002 (part of the interface)
        """Return one key for all: the jobs of a sample are one chain, and no other chain has its network."""
        return ""

    def compute(self, context: RunContext, threads: int) -> JobResult:
        """Build the case and solve it.

        Raises:
            SogdiaError: If the case is invalid or an engine does not solve it.
        """
        settings = with_threads(self.settings, threads)
        baseline = context.joint_at(self.run.reference_scenario)
        own = baseline.coupled.case
        # The baseline plan without shocks is the baseline itself: nothing is built or solved again.
        is_own = (self.run.plan.digest, self.run.scenario.digest) == (own.plan.digest, own.scenario.digest)
        case = own if is_own else build_case(context.region, self.run.plan, self.run.scenario)
        result = solve_joint(case, baseline, settings)
        metadata = run_metadata(self.run, self.key, self.kind, context.region, self.settings, result)
        tables = result.tables(self.tables)
        if APPRAISED in self.tables:
            tables[APPRAISED] = sample_appraisal(result)
        return JobResult(metadata, tables)


def sample_groups(
    region: Region,
    runs: Sequence[Run],
    settings: JointSettings,
    tables: Sequence[str] = TABLES,
    *,
    is_alone: bool = True,
) -> list[JobGroup]:
    """Group runs by baseline.

    Args:
        region: The region.
        runs: The runs.
        settings: Settings of the engines.
        tables: Tables stored of each run.
        is_alone: True if each baseline is that of one sample, false if many runs share it.
    """
    groups: dict[str, tuple[JointBaselineDefinition, list[Job]]] = {}
    for run in runs:
        reference = run.reference_scenario.at_recommended_levels()
        baseline = JointBaselineDefinition(region, run.baseline_plan, reference, settings)
        jobs = groups.setdefault(baseline.key, (baseline, []))[1]
        jobs.append(SampleJob(run, settings, tuple(tables)))
    return [JobGroup(baseline, tuple(jobs), is_alone=is_alone) for baseline, jobs in groups.values()]
