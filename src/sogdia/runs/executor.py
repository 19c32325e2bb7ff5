"""Run independent items of work: in this process, in processes of this machine, or on a Ray cluster.

:meth:`Executor.map` is the interface. All executors give the same results bit for bit: a function receives
one item and the object that all items share, and its result depends on these two alone.

>>> from operator import add
>>> list(InProcess().map(add, [1, 2], shared=10))
[11, 12]
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol, TypeVar

from sogdia.errors import CannotRunError, InputError
from sogdia.extras import install_message
from sogdia.files import scratch_folder
from sogdia.runs.executor_payload import pack, unpack, unwrap
from sogdia.runs.memory import release_memory

Item = TypeVar("Item")
Shared = TypeVar("Shared")
Result = TypeVar("Result")
Kind = Literal["here", "processes", "ray"]
KINDS: tuple[Kind, ...] = ("here", "processes", "ray")
RESTARTS = 3
"""Times that a worker of a cluster starts again elsewhere, with its item, after it was lost."""
LONGEST_WAIT_S = 5.0
"""Time for the head of a cluster to accept a connection."""


class Executor(Protocol):
    """Runs independent items of work.

    Attributes:
        workers: Number of items that run at once.
    """

    workers: int

    def map(
        self,
        function: Callable[[Item, Shared], Result],
        items: Iterable[Item],
        *,
        shared: Shared,
        common: Sequence[Any] = (),
    ) -> Iterator[Result]:
        """Yield ``function(item, shared)`` for each item, in the order of the items, as soon as possible.

        Args:
            function: A function of a module (not a lambda), so that other processes find it.
            items: The items; the first ones run while an iterator still makes later ones.
            shared: Object that every item needs, sent once to each worker.
            common: Objects that items may hold, such as a region, also sent once to each worker.

        Raises:
            SogdiaError: The first error of the function, in the order of the items.
            CannotRunError: If a worker ends without a result.
        """
        ...


class InProcess:
    """Runs one item after another in this process."""

    workers = 1

    def map(
        self,
        function: Callable[[Item, Shared], Result],
        items: Iterable[Item],
        *,
        shared: Shared,
        common: Sequence[Any] = (),  # noqa: ARG002 (part of the interface)
    ) -> Iterator[Result]:
        """See :meth:`Executor.map`."""
        for item in items:
            yield function(item, shared)


class LocalProcesses:
    """Runs several items at once, in fresh (spawned) processes of this machine.

    A process starts only if an item waits and no started process is free.

    Attributes:
        workers: Number of processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(
        self,
        function: Callable[[Item, Shared], Result],
        items: Iterable[Item],
        *,
        shared: Shared,
        common: Sequence[Any] = (),
    ) -> Iterator[Result]:
        """See :meth:`Executor.map`; processes end with the one that started them, however it ends."""
        from concurrent.futures import Future, ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        from sogdia.runs.executor_worker import initialise, run_item

        with scratch_folder() as folder:
            # In a file, not in the memory of this process, for as long as workers may start.
            path = folder / "shared"
            path.write_bytes(pack((shared, common)))
            del shared
            release_memory()
            pool = ProcessPoolExecutor(
                self.workers,
                mp_context=get_context("spawn"),
                initializer=initialise,
                initargs=(str(path),),
            )
            pending: deque[Future[bytes]] = deque()
            try:
                for item in items:
                    packed = pack((function, item), common)
                    with _interruptions_held():
                        pending.append(pool.submit(run_item, packed))
                    while pending and pending[0].done():
                        yield unwrap(unpack(pending.popleft().result()))
                while pending:
                    yield unwrap(unpack(pending.popleft().result()))
            except (BrokenProcessPool, BrokenPipeError) as error:
                _kill_workers(pool)
                raise CannotRunError(
                    "a worker process ended without a result: often the memory is too small; use "
                    "fewer --workers"
                ) from error
            except BaseException:
                # An interruption, an error, or a caller that needs no more: no one reads further results.
                _kill_workers(pool)
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


class RayCluster:
    """Runs several items at once on a Ray cluster, which keeps running if it ran before.

    Attributes:
        workers: Number of actors.
        address: Address of a running cluster, ``auto`` for the one of this machine; if not given, a cluster
            of this machine is started and stopped again.
    """

    def __init__(self, workers: int, address: str | None = None) -> None:
        self.workers = workers
        self.address = address

    def map(
        self,
        function: Callable[[Item, Shared], Result],
        items: Iterable[Item],
        *,
        shared: Shared,
        common: Sequence[Any] = (),
    ) -> Iterator[Result]:
        """See :meth:`Executor.map`; all items are made before the first runs, a lost worker's run again."""
        ray = _import_ray()
        from sogdia.runs.executor_worker import ClusterWorker

        is_own_cluster = not ray.is_initialized()
        if is_own_cluster:
            _connect(ray, self.workers, self.address)
        try:
            packed = [pack((function, item), common) for item in items]
            reference = ray.put(pack((shared, common)))
            del shared
            actor: Any = ray.remote(num_cpus=1, max_restarts=RESTARTS, max_task_retries=RESTARTS)(
                ClusterWorker
            )
            actors = [actor.remote(reference) for _ in range(min(self.workers, max(len(packed), 1)))]
            pool = ray.util.ActorPool(actors)
            for result in pool.map(lambda worker, item: worker.run.remote(item), packed):
                yield unwrap(unpack(result))
            for each in actors:
                ray.kill(each)
        except ray.exceptions.RayActorError as error:
            raise CannotRunError(f"a worker of the Ray cluster ended without a result: {error}") from error
        finally:
            if is_own_cluster:
                ray.shutdown()


def make_executor(kind: Kind, workers: int, address: str | None = None) -> Executor:
    """Make an executor by name.

    Args:
        kind: ``here``, ``processes`` or ``ray``.
        workers: Number of items that run at once; with one, ``processes`` runs in this process.
        address: Address of a Ray cluster.

    Raises:
        InputError: If the kind is unknown, or ``workers`` is below 1.
    """
    if workers < 1:
        raise InputError(f"--workers: {workers} is below 1; expected 1 or more")
    if kind == "ray":
        return RayCluster(workers, address)
    if kind not in KINDS:
        raise InputError(f"no executor is called {kind!r}; expected one of {', '.join(KINDS)}")
    return LocalProcesses(workers) if kind == "processes" and workers > 1 else InProcess()


@contextmanager
def _interruptions_held() -> Iterator[None]:
    """Hold back Ctrl-C in this thread, so that a process started meanwhile never gets it.

    A started process keeps the signal blocked; this one ends it when it is interrupted itself.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _kill_workers(pool: Any) -> None:
    """End all workers at once, also one that is just starting, for which the pool would wait forever."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()


def _import_ray() -> Any:
    try:
        import ray
        import ray.util
    except ImportError as error:
        raise CannotRunError(install_message("--executor ray", ["cluster"], ["ray"])) from error
    return ray


def _connect(ray: Any, workers: int, address: str | None) -> None:
    _check_answers(address)
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


def _check_answers(address: str | None) -> None:
    """Check that something listens at an address, before Ray tries for minutes.

    Raises:
        InputError: If the address has no port.
        CannotRunError: If nothing answers.
    """
    if address in (None, "auto", "local"):
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        raise InputError(f"--cluster: {address!r} is no address; expected auto, HOST:PORT or ray://HOST:PORT")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=LONGEST_WAIT_S):
            return
    except (OSError, OverflowError) as error:
        raise CannotRunError(
            f"--cluster: no Ray cluster answers at {address} ({error}); start one with: ray start --head"
        ) from error
