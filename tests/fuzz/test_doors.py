"""Random changes of users' files at each door: no traceback, no warning, bounded time and memory.

``SOGDIA_FUZZ`` is the number of changes at each door (``make fuzz``: 1,000). Each comes from a generator
seeded by its number, so a failure can be repeated.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from fuzz.doors import Door, doors
from fuzz.mutation import Files, mutated
from sogdia import Region
from sogdia.errors import SogdiaError

CHANGES = int(os.environ.get("SOGDIA_FUZZ") or 8)
CHUNK = 100
SEED = 20261130
SECONDS = 20.0
"""Processor time of one reading; a valid file takes below one second."""
MEBIBYTES = 1500
"""Memory that one reading may add to the largest use of the process."""
NAMES = (
    "plans and scenarios", "studies", "TNTP", "GMNS", "GIS", "OMX", "trade", "workbooks", "gravity", "IATI",
    "articles", "pages", "tidy", "patches",
)  # fmt: skip
pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers of processor time")


class TooLongError(BaseException):
    """A reading exceeded its time."""


@contextmanager
def bounded() -> Iterator[None]:
    """Raise an error if the block takes too much processor time or memory."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - largest) / 1024
    assert added < MEBIBYTES, f"{added:,.0f} MiB of memory"


def written(files: Files, folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def tried(name: str, door: Door, number: int, folder: Path) -> tuple[str, str]:
    """Try one change; return ``read``, ``refused`` or ``failed``, and the problem."""
    generator = random.Random(f"{SEED} {name} {number}")
    files, change = mutated(generator, door.files, door.words, door.fixed)
    try:
        with bounded():
            door.call(written(files, folder), generator)
    except SogdiaError as error:
        str(error).encode()
        return "refused", ""
    except (Exception, TooLongError):  # noqa: BLE001 (a traceback is what is looked for)
        return "failed", f"{name} {number}: {change}\n{traceback.format_exc(limit=-8)}"
    shutil.rmtree(folder)
    return "read", ""


@pytest.fixture(scope="module")
def all_doors(shipped: Region, isles_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Door]:
    return doors(shipped, isles_home, tmp_path_factory.mktemp("seeds"))


def test_every_door_is_tried(all_doors: dict[str, Door]) -> None:
    assert set(NAMES) == set(all_doors)


@pytest.mark.parametrize("name", NAMES)
def test_unchanged_files_are_read(all_doors: dict[str, Door], name: str, tmp_path: Path) -> None:
    door = all_doors[name]
    for number in range(2):
        door.call(written(door.files, tmp_path / str(number)), random.Random(number))


@pytest.mark.parametrize("chunk", range(0, CHANGES, CHUNK))
@pytest.mark.parametrize("name", NAMES)
def test_changed_files_are_read_or_refused_with_our_own_errors(
    all_doors: dict[str, Door],
    name: str,
    chunk: int,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    numbers = range(chunk, min(chunk + CHUNK, CHANGES))
    results = [tried(name, all_doors[name], number, tmp_path / str(number)) for number in numbers]
    record_property("fuzz", (name, dict(Counter(result for result, _ in results))))
    problems = [problem for _, problem in results if problem]
    assert not problems, "\n\n".join(problems)
