"""Run jobs: look up stored results, order the others, compute them, and store each as soon as it is finished.

Studies, dependence and briefs all use :func:`run_jobs`. Jobs come in batches, each a few groups of jobs with
one baseline. The first group's baseline is solved here, with all cores, and sent to every worker. A smaller
group with another baseline is one chain: one worker solves that baseline and runs its jobs. Jobs with the
shared baseline that use one network also form a chain, so that its worker builds the network once; the
longest chains start first, and none is longer than a worker's fair share. Later batches are built while
workers are busy.
"""

from __future__ import annotations

import math
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from sogdia.coupling.case_networks import TableDigests
from sogdia.errors import CannotRunError, SogdiaError
from sogdia.files import remove_abandoned
from sogdia.runs.context import RunContext
from sogdia.runs.executor import Executor, InProcess
from sogdia.runs.job import Baseline, Job, JobGroup, RunReport
from sogdia.runs.memory import exempt_from_collection, release_memory
from sogdia.runs.store import Store


def run_jobs(
    batches: Iterable[Sequence[JobGroup]],
    store: Store,
    executor: Executor | None = None,
    *,
    threads: int = 2,
) -> Iterator[RunReport]:
    """Run all jobs that the store lacks; a run that was interrupted resumes where it ended.

    Args:
        batches: Groups of jobs. A batch is asked for when the chains before it are queued, so a generator
            may build its jobs late. A key that occurs twice is run once.
        store: The store.
        executor: Where jobs run; in this process if not given.
        threads: Threads of each job. Results are the same for any number of threads and workers.

    Yields:
        One report for each job: the stored ones of a batch when it is looked up, the others as their chain
        is finished.

    Raises:
        CannotRunError: If the store cannot be written, or a worker ends without a result.
        SogdiaError: If a baseline fails, or a job that stops on errors.
    """
    store.tidy()
    remove_abandoned()
    place = executor or InProcess()
    queue = _Queue(batches, store, place.workers)
    while (baseline := queue.next_baseline()) is not None:
        chains = queue.chains(baseline)
        first, is_shared = _until_shared(chains)
        yield from queue.stored_reports()
        if not first:
            continue
        # All cores may solve the shared baseline: no worker is busy yet.
        context = baseline.make(max(threads, os.cpu_count() or 1)) if is_shared else None
        worker = _Worker(store.folder.resolve(), threads, context)
        region = baseline.region
        results = place.map(_run_chain, chain(first, chains), shared=worker, common=(region,))
        # The workers have their copies.
        del context, worker
        for reports in results:
            for report in reports:
                _check_stored(report, store)
                yield report
            yield from queue.stored_reports()


@dataclass(frozen=True, eq=False)
class _Chain:
    """Jobs that one worker runs one after another.

    Attributes:
        jobs: The jobs.
        baseline: Baseline that the worker solves first; ``None`` for the shared one.
        keeps_baseline: True if the next chain has the same baseline.
        is_alone: True if an error of the baseline is one of these jobs alone.
    """

    jobs: tuple[Job, ...]
    baseline: Baseline | None
    keeps_baseline: bool = False
    is_alone: bool = False


class _Queue:
    """Chains of the jobs that the store lacks, batch by batch."""

    def __init__(self, batches: Iterable[Sequence[JobGroup]], store: Store, workers: int) -> None:
        self._batches = iter(batches)
        self._ahead: Sequence[JobGroup] | None = None
        self._store = store
        self._workers = workers
        self._digests = TableDigests()
        self._seen: set[str] = set()
        self._stored: deque[RunReport] = deque()
        self._deferred: list[JobGroup] = []

    def next_baseline(self) -> Baseline | None:
        """Return the baseline to share next; ``None`` if no job is left."""
        if self._deferred:
            self._batches, self._deferred = iter([self._deferred]), []
        for batch in self._batches:
            groups = [group for group in batch if group.jobs]
            if groups:
                self._ahead = groups
                return groups[0].baseline
        return None

    def chains(self, shared: Baseline) -> Iterator[_Chain]:
        """Yield chains of every batch; a large group with another baseline waits for its turn to share it."""
        first, self._ahead = self._ahead or (), None
        for batch in chain([first], self._batches):
            groups = self._missing(batch)
            fair = math.ceil(sum(len(group.jobs) for group in groups) / self._workers)
            own = [group for group in groups if group.is_alone or group.baseline.key != shared.key]
            large = [group for group in own if len(group.jobs) > fair and not group.is_alone]
            self._deferred += large
            for group in own:
                if group not in large:
                    yield from self._own_chains(group)
            for group in groups:
                if group not in own:
                    yield from self._shared_chains(group, fair)

    def stored_reports(self) -> Iterator[RunReport]:
        """Yield the reports of jobs found in the store since the last call."""
        while self._stored:
            yield self._stored.popleft()

    def _missing(self, batch: Sequence[JobGroup]) -> list[JobGroup]:
        """Return the jobs that the store lacks, one group for each baseline."""
        missing: dict[str, tuple[JobGroup, list[Job]]] = {}
        for group in batch:
            jobs = missing.setdefault(group.baseline.key, (group, []))[1]
            for job in group.jobs:
                if job.key in self._seen:
                    continue
                if job.is_stored(self._store):
                    self._seen.add(job.key)
                    self._stored.append(RunReport(job.key, job.label, job.kind))
                else:
                    jobs.append(job)
        return [replace(group, jobs=tuple(jobs)) for group, jobs in missing.values() if jobs]

    def _by_network(self, group: JobGroup) -> list[list[Job]]:
        """Return the jobs of a group by network; those queued before are left out."""
        networks: dict[str, list[Job]] = {}
        for job in group.jobs:
            if job.key not in self._seen:
                self._seen.add(job.key)
                key = job.network_key(group.baseline.region, self._digests)
                networks.setdefault(key, []).append(job)
        return list(networks.values())

    def _own_chains(self, group: JobGroup) -> Iterator[_Chain]:
        jobs = tuple(chain.from_iterable(self._by_network(group)))
        if self._workers > 1 and jobs:
            yield _Chain(jobs, group.baseline, is_alone=group.is_alone)
        else:
            # One by one, so that each is reported when it is finished.
            for job in jobs:
                yield _Chain((job,), group.baseline, keeps_baseline=True, is_alone=group.is_alone)

    def _shared_chains(self, group: JobGroup, fair: int) -> Iterator[_Chain]:
        most = fair if self._workers > 1 else 1
        chains = [
            _Chain(tuple(jobs[start : start + most]), None)
            for jobs in self._by_network(group)
            for start in range(0, len(jobs), most)
        ]
        yield from sorted(chains, key=lambda each: len(each.jobs), reverse=True)


def _until_shared(chains: Iterator[_Chain]) -> tuple[list[_Chain], bool]:
    """Take chains up to the first that needs the shared baseline; true if there is one."""
    taken = []
    for each in chains:
        taken.append(each)
        if each.baseline is None:
            return taken, True
    return taken, False


@dataclass(eq=False)
class _Worker:
    """State of a process that runs chains.

    Attributes:
        store: Folder of the store.
        threads: Threads of each job.
        context: The shared baseline; ``None`` if every chain solves its own.
        own: Key and context of the baseline that the last chain solved, if the next one needs it.
    """

    store: Path
    threads: int
    context: RunContext | None
    own: tuple[str, RunContext] | None = field(default=None, repr=False)

    def context_of(self, each: _Chain) -> RunContext:
        """Return the baseline of a chain, solved now if it is not the shared one."""
        if each.baseline is None:
            self.own = None
            if self.context is None:
                raise AssertionError("a chain needs the shared baseline, which was not solved")
            return self.context
        if self.own is None or self.own[0] != each.baseline.key:
            # Free the last one first: a baseline takes a few hundred megabytes.
            self.own = None
            self.own = each.baseline.key, each.baseline.make(self.threads)
            exempt_from_collection()
        return self.own[1]


def _run_chain(each: _Chain, worker: _Worker) -> list[RunReport]:
    """Run the jobs of a chain.

    Raises:
        CannotRunError: If the store cannot be written.
        SogdiaError: If its baseline fails, or a job that stops on errors.
    """
    try:
        context = worker.context_of(each)
    except CannotRunError:
        raise
    except SogdiaError as error:
        if not each.is_alone:
            raise
        text = str(error)
        return [RunReport(job.key, job.label, job.kind, is_new=True, error=text) for job in each.jobs]
    reports = []
    for job in each.jobs:
        reports.append(_run_job(job, context, worker))
        release_memory()
    if not each.keeps_baseline:
        worker.own = None
    return reports


def _run_job(job: Job, context: RunContext, worker: _Worker) -> RunReport:
    """Compute a job and store it, unless another process has stored it meanwhile."""
    store = Store(worker.store)
    with store.claim(job.key):
        if job.is_stored(store):
            return RunReport(job.key, job.label, job.kind)
        started = time.perf_counter()
        try:
            result = job.compute(context, worker.threads)
        except CannotRunError:
            raise
        except SogdiaError as error:
            if job.stops_on_error:
                raise
            seconds = time.perf_counter() - started
            return RunReport(job.key, job.label, job.kind, seconds, is_new=True, error=str(error))
        seconds = time.perf_counter() - started
        now = datetime.now(UTC).isoformat(timespec="seconds")
        metadata = result.metadata.model_copy(update={"seconds": seconds, "created": now})
        store.write(metadata, result.tables)
        return RunReport(job.key, job.label, job.kind, seconds, is_new=True)


def _check_stored(report: RunReport, store: Store) -> None:
    if report.is_new and not report.error and report.key not in store:
        raise CannotRunError(
            f"a worker stored {report.label} where the store {store.folder} does not see it: workers on "
            "other machines need a folder that all of them share"
        )
