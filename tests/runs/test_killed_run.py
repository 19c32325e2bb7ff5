"""``sogdia run`` itself, killed at random moments: nothing finished is lost, nothing half-written is read."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from sogdia.runs.definition import OpenedStudy, open_study
from sogdia.runs.scheduler import run_study
from sogdia.runs.store import Store

from .powered import write_powered
from .test_executor import alive, wait_for

pytest.importorskip("pyarrow")
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes through /proc"
)

KILLS = 20
RUNS = 12
LATE = {0: "group", 3: "group", 6: "worker", 9: "parent", 13: "group", 16: "group"}
"""Kills that come when runs are being made, and who is killed; all others come while a process starts."""
WITH_WORKERS = (0, 6, 9)
"""Those in which two worker processes make the runs."""
STUDY = """\
title: Rates of carriage, from cheap to dear
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
    """A study of a dozen runs, each of less than a second."""
    home = tmp_path_factory.mktemp("killed")
    write_powered(home / "land")
    names = [f"rates_{number:02}.yaml" for number in range(RUNS)]
    for number, name in enumerate(names):
        (home / name).write_text(SCENARIO.format(factor=0.7 + 0.05 * number), encoding="utf-8")
    path = home / "study.yaml"
    path.write_text(STUDY.format(region=home / "land", scenarios=", ".join(names)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(file: Path) -> OpenedStudy:
    return open_study(file)


@pytest.fixture(scope="module")
def whole(study: OpenedStudy, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """All runs, made here and never killed."""
    store = Store(tmp_path_factory.mktemp("whole") / "store")
    assert not any(done.error for done in run_study(study, store, threads=1))
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

    def group(self, words: str = "") -> list[int]:
        """Living processes of the group whose command line holds the words."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                fields = (path / "stat").read_text("utf-8").rpartition(")")[2].split()
                line = (path / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if int(fields[2]) == self.process.pid and alive(int(path.name)) and words in line:
                found.append(int(path.name))
        return found

    def kill(self, victim: str) -> str:
        """Kill who is named, wait until the whole group is gone, and say what the command said."""
        if victim == "worker":
            for worker in self.group("spawn_main")[:1]:
                os.kill(worker, signal.SIGKILL)
        elif victim == "parent":
            self.process.kill()
        else:
            os.killpg(self.process.pid, signal.SIGKILL)
        told = self.process.communicate(timeout=60.0)[1]
        wait_for(lambda: not self.group())
        return told


def same(store: Store, whole: Store) -> set[str]:
    """The runs of a store, each read whole and found the same, bit for bit, as where nothing was killed."""
    now = store.runs()
    for run in now:
        mine, theirs = store.tables(run), whole.tables(run)
        assert list(mine) == list(theirs)
        for name, table in theirs.items():
            pd.testing.assert_frame_equal(mine[name], table, check_exact=True)
    return set(now)


def locking() -> set[int]:
    """Processes that hold a lock on a file."""
    rows = Path("/proc/locks").read_text("utf-8").splitlines()
    return {int(row.split()[4]) for row in rows if "->" not in row}


def at_work(started: Started, before: int) -> None:
    """Wait until a run more than before is stored; a second worker may still be starting then."""
    while started.process.poll() is None:
        if len(Store(started.store).runs()) > before:
            return
        time.sleep(0.02)


def test_killed_at_twenty_random_moments_it_loses_nothing(file: Path, whole: Store, tmp_path: Path) -> None:
    moments = random.Random(20261125)
    store, seen = Store(tmp_path / "store"), set[str]()
    starting, cut = 4.0, 0
    for number in range(KILLS):
        begun = time.monotonic()
        started = Started(file, store.folder, 2 if number in WITH_WORKERS else 1)
        victim = LATE.get(number, "group")
        if number in LATE:
            at_work(started, len(seen))
            starting = time.monotonic() - begun if started.workers == 1 else starting
            time.sleep(moments.uniform(0.0, 0.5))
        else:
            time.sleep(moments.uniform(0.0, starting))
        told = started.kill(victim)
        cut += started.process.returncode != 0
        if victim == "worker" and started.process.returncode:
            assert "a worker process ended without a result" in told
        now = same(store, whole)
        assert seen <= now, "a finished run is lost"
        assert number not in LATE or seen < now
        seen = now
        if len(seen) == RUNS:
            store, seen = Store(tmp_path / f"store{number}"), set()
    assert cut > KILLS // 2
    both = [Started(file, store.folder) for _ in range(2)]
    told_by_both = [one.process.communicate(timeout=120.0)[1] for one in both]
    assert [one.process.returncode for one in both] == [0, 0], told_by_both
    assert same(store, whole) == set(whole.runs())
    assert seen < set(store.runs()), "nothing was left to do for the last two"
