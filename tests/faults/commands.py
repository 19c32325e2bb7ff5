"""Commands that a fault hits, on a small region, in a process group with a temporary folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ledger.test_patch import patch as rows_to_add
from runs.powered import add_rows, write_powered

from sogdia.files import remove_abandoned
from sogdia.ledger.patch import write_patch
from sogdia.region import check_pack, refresh_descriptor
from sogdia.runs.store import Store

PLAN = "title: A better road\nprojects:\n- {project: pj_road, opening_year: 2024}\n"
SCENARIO = "title: Rates\nyear: 2030\nshocks:\n- {kind: rates, factor: %s, reason: made up for tests}\n"
STUDY = "title: Rates\nregion: region\nbase: as_is\nplans: [as_is]\nscenarios: [low.yaml, high.yaml]\n"
CARRIAGE = {
    "id": "carriage", "title": "Cost of carriage", "group": "rates", "table": "rates",
    "fields": "usd_per_tkm", "spread": "basis", "distribution": "lognormal", "reported_pct": 5,
    "derived_pct": 10, "assumed_pct": 20, "common_share": 0.5, "centre": "median",
}  # fmt: skip
TEMPORARY = "tmp"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (looked at only)


@dataclass(frozen=True)
class Faulty:
    """A command that writes.

    Attributes:
        words: Its words; relative files are in its folder.
        seconds: Processor time that it takes, roughly, of which imports are the first two.
        problem: Return what is wrong with the files in its folder; empty if all that exist are complete.
        is_complete: Whether it has written all of its files.
    """

    words: tuple[str, ...]
    seconds: float
    problem: Callable[[Path], str]
    is_complete: Callable[[Path], bool]


def store_problem(folder: Path) -> str:
    """Return why a stored run cannot be read; every table is read and compared with its digest."""
    store = Store(folder / "store")
    for key in store.run_keys():
        store.tables(key)
    damaged = store.damaged()
    return f"damaged runs {damaged}" if damaged else ""


def brief_problem(folder: Path) -> str:
    for path in visible(folder / "brief"):
        data = path.read_bytes()
        if path.suffix == ".html" and not data.rstrip().endswith(b"</html>"):
            return f"{path.name} is cut"
        if path.suffix == ".pdf" and not data.rstrip().endswith(b"%%EOF"):
            return f"{path.name} is cut"
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                assert book.testzip() is None
    return store_problem(folder)


def csv_problem(folder: Path) -> str:
    """Return which file of a folder of CSV files does not end with its last row."""
    for part in visible(folder / "out"):
        for path in part.rglob("*.csv") if part.is_dir() else (part,):
            if path.suffix == ".csv" and not path.read_bytes().endswith(b"\n"):
                return f"{path.name} is cut"
    return store_problem(folder)


def pack_problem(folder: Path) -> str:
    return "; ".join(map(str, check_pack(folder / "isles")))


def visible(folder: Path) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if not path.name.startswith("."))


def has_row(folder: Path) -> bool:
    return "de_far_light" in (folder / "isles" / "deals.csv").read_text("utf-8")


def has_files(name: str, count: int) -> Callable[[Path], bool]:
    return lambda folder: len(visible(folder / name)) >= count


RUN = ("--store", "store")
COMMANDS = {
    "run": Faulty(
        ("run", "study.yaml", *RUN, "--workers", "2", "--quiet"), 9.0, store_problem,
        lambda folder: len(Store(folder / "store").run_keys()) == 2,
    ),
    "ensemble": Faulty(
        ("ensemble", "study.yaml", *RUN, "--samples", "1", "--workers", "2", "--out", "out", "--quiet"),
        11.0, csv_problem, has_files("out", 3),
    ),
    "brief": Faulty(
        ("brief", "--plan", "plan.yaml", "--region", "region", "--scenarios", "reference", "--no-dependence",
         "--assumptions", "0", "--workers", "2", *RUN, "--out", "brief", "--quiet"),
        14.0, brief_problem, has_files("brief", 3),
    ),
    "export": Faulty(
        ("export", "--format", "csv", "--region", "region", "--plan", "plan.yaml", *RUN, "--out", "out"),
        6.0, csv_problem, has_files("out", 5),
    ),
    "export pypsa": Faulty(
        ("export", "--format", "pypsa", "--region", "region", "--out", "out", "--hours", "288"),
        5.0, csv_problem, has_files("out", 2),
    ),
    "propose": Faulty(("ledger", "apply", "rows", "--region", "isles"), 2.3, pack_problem, has_row),
}  # fmt: skip


@dataclass
class Started:
    """A command in a process group of its own.

    Attributes:
        folder: Its working folder.
        words: Its words.
        process: Its first process.
        shared: Shared memory and semaphores that the group used when it was killed.
    """

    folder: Path
    words: tuple[str, ...]
    process: subprocess.Popen[str] = field(init=False)
    shared: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sogdia", *self.words], cwd=self.folder, env=environment(self.folder),
            start_new_session=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def group(self) -> dict[int, float]:
        """Return the processor time of each living process of the group, s."""
        found = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, group, *more = path.read_text("utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(group) == self.process.pid and state not in "ZX":
                found[int(path.parent.name)] = (int(more[8]) + int(more[9])) / os.sysconf("SC_CLK_TCK")
        return found

    def kill_after(self, seconds: float) -> bool:
        """Kill the first process once the group has had some processor time; return whether it still ran."""
        while self.process.poll() is None and sum(self.group().values()) < seconds:
            time.sleep(0.02)
        self.shared = shared_memory(self.group())
        self.process.kill()
        self.process.communicate()
        return self.process.returncode == -signal.SIGKILL

    def orphans(self) -> list[int]:
        """Return the processes of the group that still live after a grace of ninety seconds."""
        end = time.monotonic() + 90.0
        while self.group() and time.monotonic() < end:
            time.sleep(0.05)
        return sorted(self.group())

    def finish(self) -> str:
        """Wait for the end of the command; return its messages.

        Raises:
            AssertionError: If its exit code is not 0.
        """
        messages = self.process.communicate(timeout=500.0)[1]
        assert self.process.returncode == 0, messages
        return messages


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Environment variables with a temporary folder of its own."""
    (folder / TEMPORARY).mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(folder / TEMPORARY), "SOGDIA_STORE": str(folder / "store"), **more}


def inputs(folder: Path, isles_home: Path) -> Path:
    """Write all that the commands read."""
    folder.mkdir(parents=True, exist_ok=True)
    write_powered(folder / "region")
    add_rows(folder / "region", "uncertainty_rules", [CARRIAGE])
    refresh_descriptor(folder / "region")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    for name, factor in (("low", 0.9), ("high", 1.2)):
        (folder / f"{name}.yaml").write_text(SCENARIO % factor, encoding="utf-8")
    home = folder / "isles"
    home.mkdir()
    for path in isles_home.iterdir():
        if path.is_file():
            (home / path.name).write_bytes(path.read_bytes())
    for name in ("plans", "scenarios"):
        (home / name).mkdir()
        for path in (isles_home / name).iterdir():
            (home / name / path.name).write_bytes(path.read_bytes())
    refresh_descriptor(home)
    write_patch(rows_to_add(), folder / "rows")
    return folder


def left_over(folder: Path) -> list[str]:
    """Return what remains of killed processes once a later start has looked for it."""
    time.sleep(2.1)  # A younger folder is not examined: its process may be about to lock it.
    remove_abandoned(folder / TEMPORARY)
    found = [str(path) for path in (folder / TEMPORARY).iterdir()]
    for name in ("brief", "out", "isles", "store/partial"):
        remove_abandoned(folder / name, ".sogdia-" if name != "store/partial" else "")
        found += [str(path) for path in (folder / name).glob(".sogdia-*") if path.is_dir()]
        found += [str(path) for path in (folder / name).glob(".sogdia-lock")]
    partial = folder / "store" / "partial"
    return found + [str(path) for path in (partial.iterdir() if partial.is_dir() else ())]


def shared_memory(processes: Iterable[int]) -> set[str]:
    """Return the names of shared memory and semaphores that processes use."""
    names = set[str]()
    for number in processes:
        try:
            text = Path(f"/proc/{number}/maps").read_text("utf-8", "replace")
        except OSError:
            continue
        names |= {line.rpartition("/")[2] for line in text.splitlines() if f"{SHARED_MEMORY}/" in line}
    return names


def still_shared(names: Iterable[str]) -> list[str]:
    """Return the shared memory and semaphores of ended processes that remain."""
    return sorted(name for name in names if (SHARED_MEMORY / name).exists())
