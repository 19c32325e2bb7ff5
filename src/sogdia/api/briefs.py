"""The brief: from an announcement or a plan to a page, a PDF and a workbook."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

from sogdia.api.articles import ArticleReading
from sogdia.api.brief_request import BriefRequest, ResolvedRequest, resolve_request
from sogdia.api.brief_runs import (
    brief_assumptions,
    brief_ensemble,
    most_jobs,
    read_brief_dependence,
    read_brief_inputs,
    run_brief,
    run_brief_ensemble,
    stage_of,
    withdrawal_studies,
)
from sogdia.api.defaults import DEFAULT_REGION
from sogdia.api.inputs import PlanLike, RegionLike, ScenarioLike, load_region
from sogdia.api.progress import Progress, ProgressLike
from sogdia.api.runs import StoreLike, open_store
from sogdia.case import Plan, plan_remarks
from sogdia.errors import InputError
from sogdia.extras import require_extra
from sogdia.files import writable_folder
from sogdia.region import Region
from sogdia.report.brief import FILES, Brief, write_brief
from sogdia.runs.executor import make_executor
from sogdia.runs.job import RunReport
from sogdia.runs.store import Store

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timing:
    """Time that a brief took.

    Attributes:
        stages: Seconds by stage.
        work: Seconds that workers took, by kind of run.
    """

    stages: dict[str, float] = field(default_factory=dict)
    work: dict[str, float] = field(default_factory=dict)


def brief(
    subject: ArticleReading | Plan | str | Path | None = None,
    *,
    plan: PlanLike | None = None,
    baseline: PlanLike | None = None,
    scenarios: Sequence[ScenarioLike] = (),
    home: Sequence[str] = (),
    year: int | None = None,
    region: RegionLike = DEFAULT_REGION,
    out: str | Path = "brief",
    dependence: bool = True,
    assumptions: int = 14,
    ensemble: int = 0,
    mode: Literal["dispatch", "expansion"] = "dispatch",
    workers: int | None = None,
    store: StoreLike = None,
    progress: ProgressLike = False,
    timing: Timing | None = None,
) -> Brief:
    """Write a brief on the plan of an announcement, or on a plan.

    Args:
        subject: An announcement (file, text, or result of :func:`sogdia.read_article`), or a plan.
        plan: Plan to evaluate; the projects that the announcement names if not given.
        baseline: Plan of the baseline; the committed projects, without those of the plan, if not given.
        scenarios: Names, files or objects; the shipped scenarios without withdrawals if none is given.
        home: Home countries that it is about; all if none is given.
        year: Year to evaluate, in place of the scenarios' own.
        region: A region, the name of a shipped one, or the folder of a pack.
        out: Folder for ``brief.html``, ``brief.pdf`` and ``brief.xlsx``.
        dependence: Include dependence on partners, with every coalition.
        assumptions: Number of assumptions that are set low and high, one at a time.
        ensemble: Samples of all uncertain figures; a stored ensemble of more samples is shown too.
        mode: ``dispatch`` of the power system, or ``expansion`` beyond the reserve margin too.
        workers: Processes; one a core if not given.
        store: A store or its folder; by default ``$SOGDIA_STORE`` or the user's data folder.
        progress: ``True`` for a progress bar, or a function of finished steps, all steps and a text.
        timing: Filled with the time of each stage.

    Returns:
        The brief: title, figures and files.

    Raises:
        InputError: If neither announcement nor plan is given, or a run has no solution.
        FaultsError: If a plan or scenario has errors.
        UnknownNameError: If a name is not known; the message lists the nearest.
        CannotRunError: If a file cannot be read or written.

    Example:
        >>> import sogdia
        >>> sogdia.brief("examples/announcement.txt", out="brief").files  # doctest: +SKIP
    """
    require_extra("report", "the brief")
    loaded = load_region(region)
    article, evaluated = _article_and_plan(subject, plan, loaded)
    given = BriefRequest(article, evaluated, baseline, tuple(scenarios), tuple(home), year, loaded, mode)
    where = resolve_request(given), open_store(store), writable_folder(Path(out), FILES)
    numbers = workers or os.cpu_count() or 1, assumptions, ensemble
    return _write(*where, *numbers, timing or Timing(), dependence=dependence, progress=progress)


def _article_and_plan(
    subject: ArticleReading | Plan | str | Path | None, plan: PlanLike | None, region: Region
) -> tuple[ArticleReading | str | Path | None, PlanLike | None]:
    """Return the announcement and the plan that a brief is on.

    Raises:
        InputError: If two plans are given.
    """
    is_plan = isinstance(subject, Plan) or (
        isinstance(subject, str | Path)
        and (str(subject) in region.plans or str(subject).endswith((".yaml", ".yml")))
    )
    if not is_plan:
        return cast("ArticleReading | str | Path | None", subject), plan
    if plan is not None:
        raise InputError("two plans are given; the first argument may be an announcement instead")
    return None, cast("PlanLike", subject)


def _write(
    request: ResolvedRequest,
    store: Store,
    folder: Path,
    workers: int,
    assumptions: int,
    samples: int,
    timing: Timing,
    *,
    dependence: bool,
    progress: ProgressLike,
) -> Brief:
    """Compute what the store lacks, and write the brief."""
    varied = brief_assumptions(request, assumptions)
    ensemble = brief_ensemble(request, samples)
    drawn = len(ensemble.runs) if ensemble is not None else 0
    remarks: tuple[str, ...] = ()
    withdrawals = withdrawal_studies(request) if dependence else ()
    executor, threads = make_executor("processes", workers, None), max(1, (os.cpu_count() or 1) // workers)
    steps = most_jobs(request, partners=dependence, assumptions=varied)
    with Progress(steps + drawn + 1, progress) as bar:

        def report(run: RunReport) -> None:
            stage = stage_of(run)
            bar.step(f"{stage}: {run.label}")
            timing.work[stage] = timing.work.get(stage, 0.0) + run.seconds

        with _timed("runs", timing, bar):
            effects = run_brief(
                request, store, executor, threads, report, varied, withdrawals,
                on_total=lambda total: bar.expect(total + drawn + 1),
            )  # fmt: skip
        partners = None
        if withdrawals:
            with _timed("Shapley values", timing, bar):
                partners = read_brief_dependence(withdrawals, store)
        if ensemble is not None:
            with _timed("samples", timing, bar):
                remarks = run_brief_ensemble(ensemble, store, executor, report)
        with _timed("writing", timing, bar):
            inputs = read_brief_inputs(request, store, partners=partners, sensitivity=effects)
            written = write_brief(inputs, folder)
    LOG.info("brief written to %s", folder)
    unused = plan_remarks(request.plan, request.region, request.reference.year)
    return replace(written, remarks=(*unused, *remarks, *written.remarks))


@contextmanager
def _timed(stage: str, timing: Timing, bar: Progress) -> Iterator[None]:
    """Show a stage, and time it."""
    bar.stage(stage)
    begun = time.perf_counter()
    yield
    timing.stages[stage] = time.perf_counter() - begun
