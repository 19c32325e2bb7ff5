"""``sogdia run``, killed at random moments, loses no finished run and never reads a partial one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Set
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import pandas as pd
import pytest

from sogdia.runs.definition import LoadedStudy, load_study
from sogdia.runs.store import Store
from sogdia.runs.studies import run_study

from .forked import fork_command
from .powered import write_powered
from .test_executor import alive, wait_for

pytest.importorskip("pyarrow")
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes through /proc"
)

MESSAGES = "messages.txt"
KILLS = 20
RUNS = 8
LATE = {0: "group", 5: "worker", 10: "parent", 15: "group"}
"""Kills during runs, and their victim, of commands as a user starts them. All other kills come from the start
of a command to its first run; these commands are forks, which have imported their libraries already: a kill
during imports writes nothing."""
WITH_WORKERS = (0, 5, 10)
"""Kills with two worker processes."""
STUDY = """\
title: Rates of carriage, from low to high
region: {region}
base: as_is
plans: [as_is]
scenarios: [{scenarios}]
"""
SCENARIO = """\
title: Carriage at {factor} of its cost
year: 2030
shocks:
  - {{kind: rates, factor: {factor}, reason: made up for tests}}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of eight runs, each of less than a second."""
    home = tmp_path_factory.mktemp("killed")
    write_powered(home / "region")
    names = [f"rates_{number:02}.yaml" for number in range(RUNS)]
    for number, name in enumerate(names):
        (home / name).write_text(SCENARIO.format(factor=0.7 + 0.05 * number), encoding="utf-8")
    path = home / "study.yaml"
    path.write_text(STUDY.format(region=home / "region", scenarios=", ".join(names)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(file: Path) -> LoadedStudy:
    return load_study(file)


@pytest.fixture(scope="module")
def complete(study: LoadedStudy, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """All runs, computed here and never killed."""
    store = Store(tmp_path_factory.mktemp("complete") / "store")
    assert not any(report.error for report in run_study(study, store, threads=1))
    return store


@dataclass
class Started:
    """A ``sogdia run`` in a process group of its own."""

    file: Path
    store: Path
    workers: int = 1
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sogdia", "run", str(self.file), "--store", str(self.store),
             "--workers", str(self.workers), "--quiet"],
            start_new_session=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def group(self, text: str = "") -> list[int]:
        """Return living processes of the group whose command line has the text."""
        processes = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                fields = (path / "stat").read_text("utf-8").rpartition(")")[2].split()
                line = (path / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if int(fields[2]) == self.process.pid and alive(int(path.name)) and text in line:
                processes.append(int(path.name))
        return processes

    def kill(self, victim: str) -> str:
        """Kill the victim, wait until the group has ended, and return the command's messages."""
        if victim == "worker":
            for worker in self.group("spawn_main")[:1]:
                os.kill(worker, signal.SIGKILL)
        elif victim == "parent":
            self.process.kill()
        else:
            os.killpg(self.process.pid, signal.SIGKILL)
        messages = self.process.communicate(timeout=60.0)[1]
        wait_for(lambda: not self.group())
        return messages


def verified_keys(store: Store, complete: Store, verified: Set[str] = frozenset()) -> set[str]:
    """Check that every new run has all tables of the run never killed, bit for bit; return all keys."""
    keys = store.run_keys()
    for key in set(keys) - verified:
        tables, expected = store.tables(key), complete.tables(key)
        assert list(tables) == list(expected)
        for name, table in expected.items():
            pd.testing.assert_frame_equal(tables[name], table, check_exact=True)
    return set(keys)


def locking() -> set[int]:
    """Return processes that hold a lock on a file."""
    rows = Path("/proc/locks").read_text("utf-8").splitlines()
    return {int(row.split()[4]) for row in rows if "->" not in row}


def wait_for_run(started: Started, before: int) -> None:
    """Wait until one more run is stored; a second worker may still be starting then."""
    while started.process.poll() is None:
        if len(Store(started.store).run_keys()) > before:
            return
        time.sleep(0.02)


def start_fork(file: Path, store: Store, folder: Path, cpu_s: float = 0.0) -> BaseProcess:
    words = ["run", str(file), "--store", str(store.folder), "--quiet"]
    return fork_command(words, folder / MESSAGES, cpu_s)


def cpu_s_of_first_run(file: Path, store: Store, folder: Path) -> float:
    """Return the processor time that a fork takes until its first run is stored."""
    process = start_fork(file, store, folder)
    assert process.pid is not None
    wait_for(lambda: not process.is_alive() or bool(store.run_keys()))
    assert process.is_alive(), (folder / MESSAGES).read_text("utf-8")
    fields = Path(f"/proc/{process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    os.killpg(process.pid, signal.SIGKILL)
    process.join(60.0)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kill_fork(file: Path, store: Store, folder: Path, cpu_s: float) -> bool:
    """Start a fork that is killed after some processor time, and return whether it still ran."""
    process = start_fork(file, store, folder, cpu_s)
    process.join()
    assert process.exitcode in (0, -signal.SIGPROF), (folder / MESSAGES).read_text("utf-8")
    return process.exitcode != 0


def test_command_killed_at_twenty_random_moments_loses_no_run(
    file: Path, complete: Store, tmp_path: Path
) -> None:
    moments = random.Random(20261125)
    store, seen = Store(tmp_path / "store"), set[str]()
    cut, starting = 0, cpu_s_of_first_run(file, Store(tmp_path / "timed"), tmp_path)
    for number in range(KILLS):
        if number in LATE:
            started = Started(file, store.folder, 2 if number in WITH_WORKERS else 1)
            wait_for_run(started, len(seen))
            time.sleep(moments.uniform(0.0, 0.5))
            messages = started.kill(LATE[number])
            cut += started.process.returncode != 0
            if LATE[number] == "worker" and started.process.returncode:
                assert "a worker process ended without a result" in messages
        else:
            cut += kill_fork(file, store, tmp_path, moments.uniform(0.01, starting))
        now = verified_keys(store, complete, seen)
        assert seen <= now, "a finished run is lost"
        assert number not in LATE or seen < now
        seen = now
        if len(seen) == RUNS:
            store, seen = Store(tmp_path / f"store{number}"), set()
    assert cut > KILLS // 2
    both = [Started(file, store.folder) for _ in range(2)]
    messages_of_both = [one.process.communicate(timeout=120.0)[1] for one in both]
    assert [one.process.returncode for one in both] == [0, 0], messages_of_both
    assert verified_keys(store, complete) == set(complete.run_keys())
    assert seen < set(store.run_keys()), "no run was left for the last two"
