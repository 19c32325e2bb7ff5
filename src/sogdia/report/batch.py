"""All runs of a brief in one go: one base, one set of workers, long pieces first.

Runs of the study are stored whole, as ``sogdia run`` does; runs that only tell how an assumption moves the
effect are stored with their one table. Runs with a base of their own (other growth, another variant) are
made base and all by one worker, beside the others.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sogdia.case import build_case
from sogdia.errors import CannotRunError, SogdiaError
from sogdia.study.definition import OpenedStudy, Run
from sogdia.study.executor import Executor
from sogdia.study.outcome import run_joint
from sogdia.study.runs import Bench, Done, make_bench, run_one
from sogdia.study.store import RunHead, Store

TABLE = "economies"
ALONE = 4
"""Runs against one base up to which they are one piece of work, base and all."""


@dataclass(frozen=True)
class Piece:
    """A piece of work.

    Attributes:
        runs: One run against the shared base, or several against one of their own.
        short: Whether only :data:`TABLE` is stored.
        own_base: Whether the base is made here.
    """

    runs: tuple[Run, ...]
    short: bool
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
    bench: Bench | None
    store: Store
    threads: int


def short_id(run: Run) -> str:
    """Address of a run of which only one table is stored."""
    return hashlib.sha256(f"{run.run};{TABLE}".encode()).hexdigest()


def is_there(run: Run, store: Store, *, short: bool) -> bool:
    """Whether the store has what is wanted of a run."""
    return run.run in store or (short and short_id(run) in store)


def work(piece: Piece, shared: Shared) -> list[Done]:
    """Make the runs of a piece and store them.

    Raises:
        CannotRunError: If the store cannot be written.
    """
    bench = shared.bench
    if piece.own_base or bench is None:
        bench = make_bench(shared.study, piece.runs[0], shared.store.folder, shared.threads)
    return [_short(run, bench) if piece.short else run_one(run, bench) for run in piece.runs]


def _short(run: Run, bench: Bench) -> Done:
    """Make a run and store the one table of it."""
    store, begun = Store(bench.store), time.perf_counter()
    try:
        found = run_joint(build_case(bench.region, run.plan, run.scenario), bench.joint, bench.settings)
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
    store: Store,
    executor: Executor,
    threads: int,
    told: Callable[[str], None],
) -> dict[str, str]:
    """Make what the store does not have.

    Args:
        study: The study whose region and settings hold.
        whole: Runs to be stored whole.
        short: Runs of which one table is enough.
        store: The store.
        executor: Where runs are made.
        threads: Threads of each run.
        told: Told of each run that is there or done.

    Returns:
        Why runs could not be made, by label.

    Raises:
        CannotRunError: If the store cannot be written.
        NotConvergedError: If a base cannot be made.
    """
    store.tidy()
    missing = []
    for runs, brief in ((whole, False), (short, True)):
        for run in runs:
            if is_there(run, store, short=brief):
                told(run.label)
            else:
                missing.append((run, brief))
    if not missing:
        return {}
    pieces, common = _pieces(missing)
    bench = None if common is None else make_bench(study, common, store.folder, threads)
    shared, errors = Shared(study, bench, store, threads), {}
    for done in executor.map(work, pieces, shared=shared):
        for each in done:
            told(each.label)
            if each.error:
                errors[each.label] = each.error
    return errors


def _pieces(missing: Sequence[tuple[Run, bool]]) -> tuple[list[Piece], Run | None]:
    """Pieces of work, those with a base of their own first, and a run of the base that the others share."""
    groups: dict[str, list[tuple[Run, bool]]] = {}
    for run, brief in missing:
        groups.setdefault(run.calm.digest, []).append((run, brief))
    largest = max(groups.values(), key=len)
    common = largest if len(largest) > ALONE else []
    alone = [group for group in groups.values() if group is not common]
    own = [
        Piece(tuple(run for run, brief in group if brief is kind), kind, own_base=True)
        for group in alone
        for kind in (False, True)
        if any(brief is kind for _, brief in group)
    ]
    return [*own, *(Piece((run,), brief, own_base=False) for run, brief in common)], (
        common[0][0] if common else None
    )
