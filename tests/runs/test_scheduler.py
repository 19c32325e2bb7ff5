"""The scheduler on jobs that cost nothing: what runs where, in which order, and what a report says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from sogdia.coupling.case_networks import TableDigests
from sogdia.errors import CannotRunError, InputError
from sogdia.numerics import Convergence, NotConvergedError
from sogdia.region import Region
from sogdia.runs.context import RunContext
from sogdia.runs.executor import Executor, InProcess, LocalProcesses
from sogdia.runs.job import JobGroup, JobResult, RunReport
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import RunMetadata, Store

pytest.importorskip("pyarrow")


@dataclass(frozen=True)
class FakeBaseline:
    """A baseline that logs where it is solved, and with how many threads."""

    key: str
    region: Region
    log: Path
    fails: bool = False

    def make(self, threads: int) -> RunContext:
        if self.fails:
            raise NotConvergedError(Convergence("gap", 1e-6, ()))
        write_line(self.log, f"baseline {self.key} {os.getpid()} {threads}")
        return RunContext(self.region, None, None)


@dataclass(frozen=True)
class FakeJob:
    """A job that logs where it runs; its table depends on its key alone."""

    key: str
    network: str
    log: Path
    error: str = ""
    stops_on_error: bool = False
    kind: str = "joint"

    @property
    def label(self) -> str:
        return f"job {self.key}"

    def is_stored(self, store: Store) -> bool:
        return self.key in store

    def network_key(self, _region: Region, _digests: TableDigests) -> str:
        return self.network

    def compute(self, context: RunContext, threads: int) -> JobResult:
        if self.error:
            raise InputError(self.error)
        write_line(self.log, f"job {self.key} {os.getpid()} {threads}")
        metadata = RunMetadata(
            run=self.key, kind=self.kind, region=context.region.name, plan="p", scenario="s", year=2030,
            parts={}, settings={},
        )  # fmt: skip
        return JobResult(metadata, {"numbers": pd.DataFrame({"value": [float(ord(c)) for c in self.key]})})


@dataclass
class Recorder:
    """An executor that records the number of jobs of each chain it receives."""

    workers: int
    chains: list[int] = field(default_factory=list)

    def map(self, function, items, *, shared, common=()):  # type: ignore[no-untyped-def]
        del common
        for item in items:
            self.chains.append(len(item.jobs))
            yield function(item, shared)


def write_line(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def lines(path: Path, kind: str) -> list[list[str]]:
    """Words of the lines of a log that begin with a kind."""
    text = path.read_text("utf-8") if path.exists() else ""
    return [line.split()[1:] for line in text.splitlines() if line.startswith(f"{kind} ")]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.txt"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def shared(isles: Region, log: Path) -> FakeBaseline:
    return FakeBaseline("shared", isles, log)


def jobs_of(log: Path, networks: str, prefix: str = "") -> tuple[FakeJob, ...]:
    """One job for each letter, which is its network."""
    return tuple(FakeJob(f"{prefix}{network}{n}", network, log) for n, network in enumerate(networks))


def run(
    batches: Sequence[Sequence[JobGroup]], store: Store, executor: Executor | None = None
) -> list[RunReport]:
    return list(run_jobs(batches, store, executor, threads=1))


def test_every_job_is_stored_and_reported(store: Store, shared: FakeBaseline, log: Path) -> None:
    reports = run([[JobGroup(shared, jobs_of(log, "ab"))]], store)
    assert [(r.key, r.label, r.kind, r.is_new, r.error) for r in reports] == [
        ("a0", "job a0", "joint", True, ""),
        ("b1", "job b1", "joint", True, ""),
    ]
    assert store.run_keys() == ["a0", "b1"]
    metadata = store.metadata("a0")
    assert metadata.created
    assert metadata.seconds == reports[0].seconds > 0.0


def test_stored_jobs_are_reported_first_and_not_run_again(
    store: Store, shared: FakeBaseline, log: Path
) -> None:
    jobs = jobs_of(log, "abc")
    run([[JobGroup(shared, jobs[1:2])]], store)
    reports = run([[JobGroup(shared, jobs)]], store)
    assert [(r.key, r.is_new, r.seconds > 0.0) for r in reports] == [
        ("b1", False, False), ("a0", True, True), ("c2", True, True),
    ]  # fmt: skip
    assert [words[0] for words in lines(log, "job")] == ["b1", "a0", "c2"]


def test_no_baseline_is_solved_if_all_is_stored(store: Store, shared: FakeBaseline, log: Path) -> None:
    groups = [JobGroup(shared, jobs_of(log, "ab"))]
    run([groups], store)
    log.unlink()
    assert [report.is_new for report in run([groups, groups], store)] == [False, False]
    assert lines(log, "baseline") == []


def test_jobs_of_one_network_follow_one_another(store: Store, shared: FakeBaseline, log: Path) -> None:
    run([[JobGroup(shared, jobs_of(log, "abab"))]], store)
    assert [words[0][0] for words in lines(log, "job")] == ["a", "a", "b", "b"]


def test_chains_start_with_the_longest_and_none_exceeds_a_fair_share(
    store: Store, shared: FakeBaseline, log: Path
) -> None:
    recorder = Recorder(workers=2)
    run([[JobGroup(shared, jobs_of(log, "bcaaaaaaa"))]], store, recorder)
    assert recorder.chains == [5, 2, 1, 1]


def test_one_worker_gets_one_job_at_a_time(store: Store, shared: FakeBaseline, log: Path) -> None:
    recorder = Recorder(workers=1)
    run([[JobGroup(shared, jobs_of(log, "aab"))]], store, recorder)
    assert recorder.chains == [1, 1, 1]


def test_shared_baseline_is_solved_once_with_all_cores(store: Store, shared: FakeBaseline, log: Path) -> None:
    run([[JobGroup(shared, jobs_of(log, "ab"))]], store, LocalProcesses(2))
    assert lines(log, "baseline") == [["shared", str(os.getpid()), str(os.cpu_count())]]
    assert all(words[2] == "1" for words in lines(log, "job"))
    assert str(os.getpid()) not in {words[1] for words in lines(log, "job")}


@pytest.mark.parametrize("executor", [InProcess(), LocalProcesses(2)], ids=["here", "processes"])
def test_small_group_with_another_baseline_is_one_chain(
    store: Store, shared: FakeBaseline, isles: Region, log: Path, executor: Executor
) -> None:
    other = FakeBaseline("other", isles, log)
    groups = [JobGroup(shared, jobs_of(log, "aabb")), JobGroup(other, jobs_of(log, "ab", "x"))]
    reports = run([groups], store, executor)
    assert {report.key for report in reports} == {"a0", "a1", "b2", "b3", "xa0", "xb1"}
    processes = {words[0]: words[1] for words in lines(log, "baseline")}
    assert len(lines(log, "baseline")) == 2
    assert {words[1] for words in lines(log, "job") if words[0].startswith("x")} == {processes["other"]}


def test_large_group_with_another_baseline_is_shared_in_its_turn(
    store: Store, shared: FakeBaseline, isles: Region, log: Path
) -> None:
    other = FakeBaseline("other", isles, log)
    groups = [JobGroup(shared, jobs_of(log, "ab")), JobGroup(other, jobs_of(log, "abcd", "x"))]
    recorder = Recorder(workers=2)
    reports = run([groups], store, recorder)
    assert len(reports) == 6
    assert [words[0] for words in lines(log, "baseline")] == ["shared", "other"]
    assert recorder.chains == [1] * 6


def test_group_without_shared_jobs_solves_no_shared_baseline(
    store: Store, shared: FakeBaseline, isles: Region, log: Path
) -> None:
    jobs = jobs_of(log, "a")
    run([[JobGroup(shared, jobs)]], store)
    log.unlink()
    other = FakeBaseline("other", isles, log)
    run([[JobGroup(shared, jobs), JobGroup(other, jobs_of(log, "a", "x"))]], store)
    assert [words[0] for words in lines(log, "baseline")] == ["other"]


def test_later_batch_is_built_after_earlier_chains_are_queued(
    store: Store, shared: FakeBaseline, log: Path
) -> None:
    def batches() -> Iterator[list[JobGroup]]:
        yield [JobGroup(shared, jobs_of(log, "a"))]
        write_line(log, "built second")
        yield [JobGroup(shared, jobs_of(log, "b", "x"))]

    reports = list(run_jobs(batches(), store, threads=1))
    assert [report.key for report in reports] == ["a0", "xb0"]
    text = log.read_text("utf-8")
    assert text.index("job a0") < text.index("built second") < text.index("job xb0")


def test_job_in_two_batches_is_run_once(store: Store, shared: FakeBaseline, log: Path) -> None:
    groups = [JobGroup(shared, jobs_of(log, "ab"))]
    reports = run([groups, groups, [JobGroup(shared, jobs_of(log, "abc"))]], store)
    assert [report.key for report in reports] == ["a0", "b1", "c2"]


def test_error_is_reported_and_the_others_go_on(store: Store, shared: FakeBaseline, log: Path) -> None:
    jobs = (FakeJob("bad", "a", log, error="no path"), *jobs_of(log, "a"))
    bad, good = run([[JobGroup(shared, jobs)]], store)
    assert (bad.key, bad.is_new, bad.error) == ("bad", True, "no path")
    assert (good.key, good.error) == ("a0", "")
    assert store.run_keys() == ["a0"]


def test_error_of_a_required_job_ends_all(store: Store, shared: FakeBaseline, log: Path) -> None:
    bad = FakeJob("bad", "b", log, error="no path", stops_on_error=True)
    with pytest.raises(InputError, match="no path"):
        run([[JobGroup(shared, (*jobs_of(log, "a"), bad, *jobs_of(log, "c", "x")))]], store)
    assert store.run_keys() == ["a0"], "finished jobs are kept"


def test_baseline_that_fails_raises(store: Store, isles: Region, log: Path) -> None:
    failing = FakeBaseline("failing", isles, log, fails=True)
    with pytest.raises(NotConvergedError):
        run([[JobGroup(failing, jobs_of(log, "a"))]], store)


def test_store_that_workers_do_not_share_raises(store: Store, shared: FakeBaseline, log: Path) -> None:
    class Elsewhere:
        workers = 1

        def map(self, _, items, *, shared, common=()):  # type: ignore[no-untyped-def]
            del shared, common
            for item in items:
                yield [RunReport(job.key, job.label, job.kind, 1.0, is_new=True) for job in item.jobs]

    with pytest.raises(CannotRunError, match="need a folder that all of them share"):
        run([[JobGroup(shared, jobs_of(log, "a"))]], store, Elsewhere())


def test_no_jobs_give_no_reports(store: Store, shared: FakeBaseline) -> None:
    assert run([], store) == []
    assert run([[], [JobGroup(shared, ())]], store) == []


def test_group_with_a_baseline_of_its_own_shares_it_with_no_worker(
    store: Store, shared: FakeBaseline, isles: Region, log: Path
) -> None:
    groups = [
        JobGroup(FakeBaseline(name, isles, log), jobs_of(log, "ab", name), is_alone=True) for name in "xyz"
    ]
    reports = run([groups, [JobGroup(shared, jobs_of(log, "a", "s"))]], store, LocalProcesses(2))
    assert len(reports) == 7
    here = str(os.getpid())
    assert sorted(words[0] for words in lines(log, "baseline")) == ["shared", "x", "y", "z"]
    assert [words[0] for words in lines(log, "baseline") if words[1] == here] == []


def test_failed_baseline_of_one_group_alone_is_the_error_of_its_jobs(
    store: Store, isles: Region, log: Path
) -> None:
    groups = [
        JobGroup(FakeBaseline(name, isles, log, fails=name == "y"), jobs_of(log, "a", name), is_alone=True)
        for name in "xyz"
    ]
    errors = {report.key: report.error for report in run([groups], store)}
    assert [key for key, error in errors.items() if error] == ["ya0"]
    assert "gap" in errors["ya0"]
    assert store.run_keys() == ["xa0", "za0"]
