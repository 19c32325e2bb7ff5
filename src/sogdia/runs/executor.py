"""Where independent pieces of work are done: here, in processes of this machine, or on a Ray cluster.

:meth:`Executor.map` is the whole interface. All kinds give the same results bit for bit: a function gets one
item and what all items share, changes neither, and its result depends on nothing else.

>>> from operator import add
>>> list(InProcess().map(add, [1, 2], shared=10))
[11, 12]
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol, TypeVar

from sogdia.errors import CannotRunError, InputError
from sogdia.runs.executor_payload import outcome_of, packed, unpacked

Item = TypeVar("Item")
Shared = TypeVar("Shared")
Result = TypeVar("Result")
Kind = Literal["here", "processes", "ray"]
KINDS: tuple[Kind, ...] = ("here", "processes", "ray")


class Executor(Protocol):
    """Does independent pieces of work."""

    def map(
        self, function: Callable[[Item, Shared], Result], items: Iterable[Item], *, shared: Shared
    ) -> Iterator[Result]:
        """``function(item, shared)`` for each item, results in the order of the items as they come to be.

        Args:
            function: A function of a module (not a lambda), so that other processes find it.
            items: What to do; work begins on the first while later ones are still being made.
            shared: What every piece of work needs, sent once to each worker.

        Raises:
            SogdiaError: Whatever the function raises; the first in the order of the items.
            CannotRunError: If a worker ended without a result.
        """
        ...


class InProcess:
    """Does one piece after another, in this process."""

    def map(
        self, function: Callable[[Item, Shared], Result], items: Iterable[Item], *, shared: Shared
    ) -> Iterator[Result]:
        """See :meth:`Executor.map`."""
        for item in items:
            yield function(item, shared)


class LocalProcesses:
    """Does several pieces at once, in processes of this machine that start from nothing (spawn).

    A process is started only when there is a piece that none of those started is free for.

    Attributes:
        workers: How many processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(
        self, function: Callable[[Item, Shared], Result], items: Iterable[Item], *, shared: Shared
    ) -> Iterator[Result]:
        """See :meth:`Executor.map`; processes end with the one that started them, however it ends."""
        from concurrent.futures import Future, ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        from sogdia.runs.executor_worker import begin, work

        with TemporaryDirectory(prefix="sogdia-", ignore_cleanup_errors=True) as folder:
            # In a file, and not in this process, for as long as workers may start.
            place = Path(folder) / "shared"
            place.write_bytes(packed(shared))
            del shared
            pool = ProcessPoolExecutor(
                self.workers, mp_context=get_context("spawn"), initializer=begin, initargs=(str(place),)
            )
            waiting: deque[Future[bytes]] = deque()
            try:
                for item in items:
                    waiting.append(pool.submit(work, packed((function, item))))
                    while waiting and waiting[0].done():
                        yield outcome_of(unpacked(waiting.popleft().result()))
                while waiting:
                    yield outcome_of(unpacked(waiting.popleft().result()))
            except (BrokenProcessPool, BrokenPipeError) as error:
                _end(pool)
                raise CannotRunError(
                    "a worker process ended without a result: often the memory did not suffice; fewer "
                    "--workers need less of it"
                ) from error
            except KeyboardInterrupt:
                _end(pool)
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


class RayCluster:
    """Does several pieces at once on a Ray cluster; it is left as it was found.

    Attributes:
        workers: How many actors share the work.
        address: Address of a running cluster, ``auto`` for the one this machine belongs to; without one a
            cluster of this machine is started and stopped again.
    """

    def __init__(self, workers: int, address: str | None = None) -> None:
        self.workers = workers
        self.address = address

    def map(
        self, function: Callable[[Item, Shared], Result], items: Iterable[Item], *, shared: Shared
    ) -> Iterator[Result]:
        """See :meth:`Executor.map`."""
        ray = _ray()
        from sogdia.runs.executor_worker import Holder

        started = not ray.is_initialized()
        if started:
            _connect(ray, self.workers, self.address)
        try:
            wanted = [packed((function, item)) for item in items]
            held = ray.put(packed(shared))
            actor: Any = ray.remote(num_cpus=1)(Holder)
            actors = [actor.remote(held) for _ in range(min(self.workers, max(len(wanted), 1)))]
            pool = ray.util.ActorPool(actors)
            for done in pool.map(lambda holder, piece: holder.work.remote(piece), wanted):
                yield outcome_of(unpacked(done))
            for each in actors:
                ray.kill(each)
        except ray.exceptions.RayActorError as error:
            raise CannotRunError(f"a worker of the Ray cluster ended without a result: {error}") from error
        finally:
            if started:
                ray.shutdown()


def make_executor(kind: Kind, workers: int, address: str | None = None) -> Executor:
    """An executor by name.

    Args:
        kind: ``here``, ``processes`` or ``ray``.
        workers: How many pieces at once; with one, ``processes`` works here.
        address: Address of a Ray cluster.

    Raises:
        InputError: If there is no such kind or there are no workers.
    """
    if workers < 1:
        raise InputError(f"--workers: {workers} is below 1")
    if kind == "ray":
        return RayCluster(workers, address)
    if kind not in KINDS:
        raise InputError(f"no executor is called {kind!r}; one of {', '.join(KINDS)}")
    return LocalProcesses(workers) if kind == "processes" and workers > 1 else InProcess()


def _end(pool: Any) -> None:
    """End all workers at once, also one that is just starting, for which the pool would wait for good."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()


def _ray() -> Any:
    try:
        import ray
        import ray.util
    except ImportError as error:
        raise CannotRunError("Ray is not installed; install sogdia[cluster]") from error
    return ray


def _connect(ray: Any, workers: int, address: str | None) -> None:
    try:
        if address is None:
            path = {"env_vars": {"PYTHONPATH": os.pathsep.join(place for place in sys.path if place)}}
            ray.init(
                num_cpus=workers, include_dashboard=False, log_to_driver=False, configure_logging=False,
                runtime_env=path,
            )  # fmt: skip
        else:
            ray.init(address=address, log_to_driver=False, configure_logging=False)
    except ConnectionError as error:
        raise CannotRunError(f"no Ray cluster answers at {address}: {error}") from error
