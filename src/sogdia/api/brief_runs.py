"""Run everything a brief needs in one call of the scheduler, and read the results.

Runs of the study are stored completely, as ``sogdia run`` does; runs that only show how an assumption changes
the effect store their one table. Withdrawals of partners are compared with the same baseline; their cases are
built while workers are busy with the first runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from sogdia.api.brief_request import ResolvedRequest
from sogdia.api.stored_dependence import store_dependence
from sogdia.dependence.settings import SINGLE_THREAD, DependenceSettings
from sogdia.dependence.solve import read_dependence
from sogdia.dependence.study import WithdrawalStudy
from sogdia.dependence.withdrawal import partners_of
from sogdia.errors import CannotRunError, InputError
from sogdia.finance.plan_finance import plan_money
from sogdia.report.inputs import BriefInputs, Dependence, RunTables
from sogdia.runs.context import JointBaselineDefinition
from sogdia.runs.definition import Run, expand_study
from sogdia.runs.executor import Executor
from sogdia.runs.job import JobGroup, RunReport
from sogdia.runs.joint_jobs import ECONOMIES, JOINT, joint_groups
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store
from sogdia.uncertainty.ensemble import Ensemble, make_ensemble, run_ensemble
from sogdia.uncertainty.one_at_a_time import Assumption, read_assumptions, sensitivity, sensitivity_runs
from sogdia.uncertainty.sample_jobs import SAMPLE
from sogdia.uncertainty.stored_ensemble import read_ensemble, store_ensemble
from sogdia.uncertainty.stored_projects import read_project_values
from sogdia.uncertainty.withdrawal_samples import read_withdrawal_samples

SCENARIOS, ASSUMPTIONS, PARTNERS = "plans and scenarios", "assumptions", "partners"
SAMPLES = "samples"
"""Stages of a brief."""
_STAGES: Mapping[str, str] = {JOINT: SCENARIOS, ECONOMIES: ASSUMPTIONS, SAMPLE: SAMPLES}


def stage_of(report: RunReport) -> str:
    """Return the stage of a brief that a run is part of."""
    return _STAGES.get(report.kind, PARTNERS)


def run_brief(
    request: ResolvedRequest,
    store: Store,
    executor: Executor,
    threads: int,
    on_report: Callable[[RunReport], None],
    assumptions: Sequence[Assumption] = (),
    withdrawals: Sequence[WithdrawalStudy] = (),
    on_total: Callable[[int], None] = lambda _total: None,
) -> pd.DataFrame | None:
    """Run what the store lacks: both plans under every scenario and assumption, and withdrawals.

    Args:
        request: The request.
        store: The store.
        executor: Where jobs run.
        threads: Threads of each job.
        on_report: Called with the report of each job.
        assumptions: Assumptions to vary one at a time.
        withdrawals: Withdrawal studies.
        on_total: Called with the number of all jobs, as soon as it is known.

    Returns:
        The plan's effect with each assumption low and high
        (:func:`sogdia.uncertainty.one_at_a_time.sensitivity`), if there are any.

    Raises:
        CannotRunError: If the store cannot be written.
        InputError: If a run of a scenario has no solution; all such runs are named.
        NotConvergedError: If a baseline or a withdrawal does not converge.
    """
    varied = sensitivity_runs(request.study, request.plan, request.baseline, assumptions)
    errors: dict[str, str] = {}
    failed, keys = [], set[str]()

    def batches() -> Iterator[list[JobGroup]]:
        settings = request.study.definition.settings
        complete = joint_groups(request.region, request.study.runs, settings)
        every = [*complete, *joint_groups(request.region, varied, settings, only_economies=True)]
        yield _counted(every, keys)
        first = request.study.runs[0]
        reference = first.baseline_plan, first.reference_scenario
        baseline = JointBaselineDefinition(request.region, *reference, settings)
        batches = [batch for study in withdrawals for batch in study.required.batches(baseline)]
        required = [_counted(batch, keys) for batch in batches]
        on_total(len(keys))
        yield from required

    for report in run_jobs(batches(), store, executor, threads=threads):
        on_report(report)
        if report.error:
            errors[report.key] = report.error
            failed += [f"{report.label}: {report.error}"] if report.kind == JOINT else []
    if failed:
        raise InputError("\n".join(failed))
    if not assumptions:
        return None
    return sensitivity(
        assumptions, varied, request.plan, request.baseline, request.region, request.homes, store, errors
    )


def brief_ensemble(request: ResolvedRequest, samples: int) -> Ensemble | None:
    """Define an ensemble of the plan in the reference scenario; ``None`` for no samples.

    Raises:
        InputError: If the region has no rules of uncertainty.
    """
    if samples == 0:
        return None
    study = expand_study(
        request.study.definition, request.region, request.baseline, [request.plan], [request.reference]
    )
    return make_ensemble(study, samples)


def run_brief_ensemble(
    ensemble: Ensemble, store: Store, executor: Executor, on_report: Callable[[RunReport], None]
) -> tuple[str, ...]:
    """Run the samples that the store lacks, and store the record of the ensemble.

    Returns:
        A remark for each sample that failed, which is left out.

    Raises:
        CannotRunError: If the store cannot be written.
    """
    remarks = []
    for report in run_ensemble(ensemble, store, executor):
        on_report(report)
        if report.error:
            remarks.append(f"{report.label} is left out: {report.error}")
    store_ensemble(ensemble, store)
    return tuple(remarks)


def _reference_run(request: ResolvedRequest) -> Run:
    """Return the run of the plan in the reference scenario, by whose key the store has more about it."""
    names = (request.plan.name, request.reference.name)
    return next(run for run in request.study.runs if (run.plan.name, run.scenario.name) == names)


def _counted(groups: list[JobGroup], keys: set[str]) -> list[JobGroup]:
    """Return groups of jobs, with their keys added to others."""
    keys.update(job.key for group in groups for job in group.jobs)
    return groups


def withdrawal_studies(request: ResolvedRequest) -> tuple[WithdrawalStudy, WithdrawalStudy]:
    """Define the dependence of the home countries without the plan and with it, in the reference scenario.

    Without it each partner withdraws alone and all withdraw together; with it every coalition withdraws.
    """
    chosen = request.study.definition.settings
    coupling = SINGLE_THREAD.model_copy(
        update={
            "composition": chosen.coupling.composition,
            "horizon": chosen.coupling.horizon,
            "freight": chosen.coupling.freight.model_copy(update={"workers": 1}),
        }
    )
    without, with_plan = (
        DependenceSettings(study=coupling, power=chosen.power, coalitions=every, channels=every)
        for every in (False, True)
    )
    return (
        WithdrawalStudy(request.reference_case(request.baseline), without, request.baseline),
        WithdrawalStudy(request.reference_case(request.plan), with_plan, request.baseline),
    )


def read_brief_dependence(withdrawals: Sequence[WithdrawalStudy], store: Store) -> Dependence:
    """Read the dependence without the plan and with it from a store that has their runs; store its tables.

    Raises:
        UnknownNameError: If a run is not in the store.
        CannotRunError: If the store cannot be read or written.
    """
    before, after = (read_dependence(study, store) for study in withdrawals)
    for study, result in zip(withdrawals, (before, after), strict=True):
        case = study.case
        store_dependence(result, case.region, case.plan, case.scenario, study.baseline_plan, store)
    return Dependence(before, after, read_withdrawal_samples(withdrawals[-1], store))


def brief_assumptions(request: ResolvedRequest, most: int) -> tuple[Assumption, ...]:
    """Return the assumptions to vary one at a time, at most so many."""
    return read_assumptions(request.region, request.reference, most)


def most_jobs(request: ResolvedRequest, *, partners: bool, assumptions: Sequence[Assumption]) -> int:
    """Return the largest number of jobs, for a progress bar; coalitions that share a job make it less."""
    count = len(request.study.runs) + 2 * sum(len(item.scenarios) for item in assumptions)
    if partners:
        n = len(partners_of(request.region, ()))
        count += 4 * (n + 3 + 2**n)
    return count


def read_brief_inputs(
    request: ResolvedRequest,
    store: Store,
    *,
    partners: Dependence | None = None,
    sensitivity: pd.DataFrame | None = None,
) -> BriefInputs:
    """Read the inputs of a brief from the store.

    Raises:
        CannotRunError: If a run is not in the store.
    """
    runs = {}
    for run in request.study.runs:
        if run.key not in store:
            raise CannotRunError(f"{run.label}: not in the store {store.folder}")
        runs[run.plan.name, run.scenario.name] = RunTables(run.key, run.label, store.tables(run.key))
    case, reference = request.reference_case(request.plan), _reference_run(request)
    return BriefInputs(
        region=request.region,
        plan=request.plan,
        baseline=request.baseline,
        scenarios=request.scenarios,
        homes=request.homes,
        case=case,
        runs=runs,
        finance=plan_money(case, None) if partners is None else partners.plan.money,
        announcement=request.announcement,
        taken_out=request.taken_out,
        dependence=partners,
        sensitivity=sensitivity,
        ensemble=read_ensemble(reference.key, store),
        project_values=read_project_values(reference, store),
    )
