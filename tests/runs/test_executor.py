"""The three executors: the same results, the same errors, and no process left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pytest

from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, SogdiaError
from sogdia.numerics import Convergence, NotConvergedError, Step
from sogdia.runs.executor import Executor, InProcess, LocalProcesses, RayCluster, make_executor
from sogdia.runs.executor_payload import pack, unpack

Floats = npt.NDArray[np.float64]
Shared = MappingProxyType[str, Floats]
ITEMS = [3, 1, 2, 5, 4]
LONGEST_S = 120.0
"""Bounds a failure alone: a slow machine needs some of it."""


def transformed(item: int, shared: Shared) -> Floats:
    """Sum in an order that rounding would reveal."""
    drawn = np.random.default_rng(item).normal(size=1000)
    return np.asarray(np.cumsum(np.sin(drawn) * shared["scale"]) / 3.0)


def failing(item: int, shared: Convergence) -> int:
    if item == 2:
        raise NotConvergedError(shared)
    if item == 3:
        raise FaultsError([Fault("links.csv", 41, "length_km", "-3 is below 0")])
    return item


def dying(item: int, _: None) -> int:
    if item == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def broken(item: int, _: None) -> float:
    return 1.0 / item


def process_of(_: int, folder: Path) -> int:
    """Return the process once another one has an item too."""
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + LONGEST_S
    while len(list(folder.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    return os.getpid()


@pytest.fixture(scope="module")
def shared() -> Shared:
    return MappingProxyType({"scale": np.linspace(0.1, 7.7, 1000)})


@pytest.fixture(scope="module")
def cluster() -> Executor:
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed (the extra `cluster`)")
    return RayCluster(2)


def same_bits(executor: Executor, shared: Shared) -> None:
    here = list(InProcess().map(transformed, ITEMS, shared=shared))
    there = list(executor.map(transformed, ITEMS, shared=shared))
    assert [a.tobytes() for a in there] == [a.tobytes() for a in here]


def test_processes_give_the_same_bits_in_the_same_order(shared: Shared) -> None:
    same_bits(LocalProcesses(2), shared)


def test_a_ray_cluster_of_two_workers_gives_the_same_bits(cluster: Executor, shared: Shared) -> None:
    same_bits(cluster, shared)


def lost_once(marker: Path, _: None) -> str:
    """End the process of the worker the first time, and succeed the second."""
    if not marker.exists():
        marker.touch()
        os._exit(1)
    return "finished"


def test_item_of_a_lost_worker_runs_again(cluster: Executor, tmp_path: Path) -> None:
    assert list(cluster.map(lost_once, [tmp_path / "lost"], shared=None)) == ["finished"]


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        ("127.0.0.1:1", CannotRunError, "no Ray cluster answers at 127.0.0.1:1"),
        ("ray://127.0.0.1:1", CannotRunError, "ray start --head"),
        ("elsewhere", InputError, "expected auto, HOST:PORT or ray://HOST:PORT"),
    ],
)
def test_wrong_address_is_refused(address: str, kind: type[SogdiaError], words: str) -> None:
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed (the extra `cluster`)")
    with pytest.raises(kind, match=words):
        list(RayCluster(1, address).map(transformed, ITEMS, shared=MappingProxyType({})))


def test_common_object_of_items_is_sent_once() -> None:
    region, other = np.arange(10_000.0), np.arange(10_000.0)
    packed = pack(("item", region), (region,))
    assert len(packed) < 200 < len(pack(("item", other), (region,)))
    assert unpack(packed, (region,))[1] is region


def test_results_are_computed_on_demand() -> None:
    started: list[int] = []

    def noted(item: int, _: None) -> int:
        started.append(item)
        return item

    results = InProcess().map(noted, ITEMS, shared=None)
    assert next(results) == 3
    assert started == [3]


def test_no_items_give_no_results() -> None:
    assert list(LocalProcesses(2).map(broken, [], shared=None)) == []


@pytest.mark.parametrize("executor", [InProcess(), LocalProcesses(2)])
def test_error_comes_back_with_its_record(executor: Executor) -> None:
    record = Convergence("gap", 1e-6, (Step(1, 0.5, 0.1),))
    results = executor.map(failing, [1, 2], shared=record)
    assert next(results) == 1
    with pytest.raises(NotConvergedError) as raised:
        next(results)
    assert raised.value.convergence == record
    with pytest.raises(FaultsError, match=r"links\.csv:41 length_km: -3 is below 0") as faults:
        list(executor.map(failing, [3], shared=record))
    assert faults.value.faults[0].line == 41


def test_internal_error_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        list(LocalProcesses(2).map(broken, [1, 0], shared=None))
    assert "return 1.0 / item" in str(raised.value.__cause__)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_worker_raises() -> None:
    with pytest.raises(CannotRunError, match="a worker process ended without a result"):
        list(LocalProcesses(2).map(dying, [1, 2, 3, 4], shared=None))


def test_items_are_spread_over_workers(tmp_path: Path) -> None:
    seen = set(LocalProcesses(2).map(process_of, range(6), shared=tmp_path))
    assert len(seen) == 2
    assert os.getpid() not in seen


ORPHANS = """
import sys
from sogdia.runs.executor import LocalProcesses
from runs.test_executor import register_and_sleep

if __name__ == "__main__":
    list(LocalProcesses(2).map(register_and_sleep, [0, 1], shared=sys.argv[1]))
"""


def register_and_sleep(item: int, folder: str) -> None:
    (Path(folder) / f"{item}.pid").write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(60.0)


def alive(process: int) -> bool:
    try:
        state = (Path("/proc") / str(process) / "stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(ORPHANS, encoding="utf-8")
    place = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], env=os.environ | {"PYTHONPATH": place}
    )
    try:
        files = [tmp_path / f"{item}.pid" for item in (0, 1)]
        wait_for(lambda: all(file.exists() and file.read_text("utf-8") for file in files))
        workers = [int(file.read_text(encoding="utf-8")) for file in files]
        assert all(alive(worker) for worker in workers)
    finally:
        parent.kill()
        parent.wait()
    wait_for(lambda: not any(alive(worker) for worker in workers))


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST_S
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def test_executors_by_name() -> None:
    assert isinstance(make_executor("here", 4), InProcess)
    assert isinstance(make_executor("processes", 1), InProcess)
    assert isinstance(make_executor("processes", 3), LocalProcesses)
    assert isinstance(make_executor("ray", 2), RayCluster)
    with pytest.raises(InputError, match="below 1"):
        make_executor("processes", 0)
