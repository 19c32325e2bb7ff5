"""All runs of a brief in one go: one base, one set of workers, long pieces first.

Runs of the study are stored whole, as ``sogdia run`` does; runs that only tell how an assumption moves the
effect are stored with their one table. Runs with a base of their own (other growth, another variant) are
made base and all by one worker, beside the others. Runs in which partners leave are measured against the
same base; their cases are built while workers are busy with the first runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain

from sogdia.case import Case, Plan, build_case
from sogdia.coupling.joint import solve_joint
from sogdia.dependence import jobs as withdrawals_work
from sogdia.dependence.coalitions import Prepared, prepare_withdrawals
from sogdia.dependence.engine_runs import pieces_of
from sogdia.dependence.jobs import GoodsRun, Piece, PowerRun
from sogdia.dependence.run_keys import Contents, ground_key
from sogdia.dependence.settings import DependenceSettings
from sogdia.errors import CannotRunError, SogdiaError
from sogdia.runs.definition import OpenedStudy, Run
from sogdia.runs.executor import Executor
from sogdia.runs.scheduler import Done, RunContext, make_run_context, run_one
from sogdia.runs.short_runs import TABLE, is_there, short_id
from sogdia.runs.store import RunHead, Store

SCENARIOS, ASSUMPTIONS, PARTNERS = "plans and scenarios", "assumptions", "partners"
"""Stages of a brief that runs belong to."""


@dataclass(frozen=True)
class Runs:
    """Runs of a study that are one piece of work: against one base, on one ground.

    Attributes:
        runs: The runs, each with whether only :data:`TABLE` is stored.
        own_base: Whether the base is made here.
    """

    runs: tuple[tuple[Run, bool], ...]
    own_base: bool


@dataclass(frozen=True, eq=False)
class Shared:
    """What all pieces share.

    Attributes:
        study: The study whose region and settings hold.
        bench: The calm base of most runs; nothing where every piece makes its own.
        store: The store.
        threads: Threads of each run.
    """

    study: OpenedStudy
    bench: RunContext | None
    store: Store
    threads: int

    @cached_property
    def leaving(self) -> withdrawals_work.Shared:
        """What runs in which partners leave share: the same base, and the same programme of power."""
        if self.bench is None:
            raise AssertionError("no base for runs in which partners leave")
        joint = self.bench.joint
        return withdrawals_work.Shared(
            self.bench.region, joint.base, joint.power.inputs, self.store.folder, joint.model
        )

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "leaving"}


@dataclass(frozen=True, eq=False)
class Leaving:
    """A study of dependence whose cases are built when they are first asked for.

    Attributes:
        case: The plan and scenario with all partners there.
        settings: Settings.
        base: Plan of the calm base.
    """

    case: Case
    settings: DependenceSettings
    base: Plan

    @cached_property
    def prepared(self) -> Prepared:
        """Its cases, and the runs they take."""
        return prepare_withdrawals(self.case, self.settings, self.base)


@dataclass(frozen=True)
class Told:
    """A run that is there or done.

    Attributes:
        stage: Stage of the brief it belongs to.
        label: The run in words.
        seconds: How long it took its worker; 0 where it was there.
        error: Why it could not be made; empty where it was.
    """

    stage: str
    label: str
    seconds: float = 0.0
    error: str = ""


def work(piece: Runs | Piece, shared: Shared) -> list[Told]:
    """Make the runs of a piece and store them.

    Raises:
        NotConvergedError: If a precision is not reached in a run in which partners leave.
        CannotRunError: If the store cannot be written.
    """
    if isinstance(piece, Piece):
        return [_left(run, shared) for run in piece.runs]
    bench = shared.bench
    if piece.own_base or bench is None:
        bench = make_run_context(shared.study, piece.runs[0][0], shared.store.folder, shared.threads)
    told = []
    for run, short in piece.runs:
        done = _short(run, bench) if short else run_one(run, bench)
        told.append(Told(ASSUMPTIONS if short else SCENARIOS, done.label, done.seconds, done.error))
    return told


def _left(run: GoodsRun | PowerRun, shared: Shared) -> Told:
    begun = time.perf_counter()
    withdrawals_work.make_piece(Piece((run,)), shared.leaving)
    kind = "trade" if isinstance(run, GoodsRun) else "power"
    return Told(PARTNERS, f"{run.label}, {kind}", time.perf_counter() - begun)


def _short(run: Run, bench: RunContext) -> Done:
    """Make a run and store the one table of it."""
    store, begun = Store(bench.store), time.perf_counter()
    try:
        found = solve_joint(build_case(bench.region, run.plan, run.scenario), bench.joint, bench.settings)
    except CannotRunError:
        raise
    except SogdiaError as error:
        return Done(run.run, run.label, time.perf_counter() - begun, fresh=True, error=str(error))
    seconds = time.perf_counter() - begun
    head = RunHead(
        run=short_id(run), region=bench.region.name, plan=run.plan.name, scenario=run.scenario.name,
        year=run.scenario.year, parts=dict(run.parts), settings=bench.settings.model_dump(mode="json"),
        made=datetime.now(UTC).isoformat(timespec="seconds"), seconds=seconds,
    )  # fmt: skip
    store.write(head, {TABLE: found.study.economies()})
    return Done(run.run, run.label, seconds, fresh=True)


def make_runs(
    study: OpenedStudy,
    whole: Sequence[Run],
    short: Sequence[Run],
    leaving: Sequence[Leaving],
    store: Store,
    executor: Executor,
    threads: int,
) -> Iterator[Told]:
    """Make what the store does not have.

    Args:
        study: The study whose region and settings hold.
        whole: Runs to be stored whole.
        short: Runs of which one table is enough.
        leaving: Studies of dependence against the base of the study's first run.
        store: The store.
        executor: Where runs are made.
        threads: Threads of each run.

    Yields:
        Each run that is there or done.

    Raises:
        CannotRunError: If the store cannot be written.
        NotConvergedError: If a base cannot be made.
    """
    store.tidy()
    missing = []
    for runs, brief, stage in ((whole, False, SCENARIOS), (short, True, ASSUMPTIONS)):
        for run in runs:
            if is_there(run, store, short=brief):
                yield Told(stage, run.label)
            else:
                missing.append((run, brief))
    pieces, common = _pieces(study, missing)
    left = chain.from_iterable(pieces_of(each.prepared.wanted, store) for each in leaving)
    items: Iterable[Runs | Piece] = chain(pieces, left) if pieces else list(left)
    if not items:
        return
    shared = _shared(study, store, threads) if common or leaving else Shared(study, None, store, threads)
    done = executor.map(work, items, shared=shared)
    # Workers have it; here it would only take room.
    del shared
    for each in done:
        yield from each


def _shared(study: OpenedStudy, store: Store, threads: int) -> Shared:
    return Shared(
        study, make_run_context(study, study.runs[0], store.folder, threads, alone=True), store, threads
    )


def _pieces(study: OpenedStudy, missing: Sequence[tuple[Run, bool]]) -> tuple[list[Runs], bool]:
    """Pieces of work, those with a base of their own first; and whether any shares the study's base.

    Against that base, runs whose goods go by the same ways make one piece; the longest comes first.
    """
    first = study.runs[0]
    groups: dict[str, list[tuple[Run, bool]]] = {}
    for run, brief in missing:
        groups.setdefault(run.calm.digest, []).append((run, brief))
    common = groups.pop(first.calm.digest, [])
    contents, calm = Contents(), build_case(study.region, first.base, first.calm)
    chains: dict[str, list[tuple[Run, bool]]] = {}
    for run, brief in common:
        key = ground_key(build_case(study.region, run.plan, run.scenario), calm, contents)
        chains.setdefault(key, []).append((run, brief))
    ordered = sorted(chains.values(), key=len, reverse=True)
    own = [Runs(tuple(group), own_base=True) for group in groups.values()]
    return [*own, *(Runs(tuple(chain), own_base=False) for chain in ordered)], bool(common)
