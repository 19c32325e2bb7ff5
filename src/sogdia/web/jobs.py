"""Jobs: commands that run in the background, one after the other, and survive the server.

::

    STORE/jobs/ID/
    ├── job.json        the request and the words of its command
    ├── started         a line for each attempt to start its process
    ├── process.json    number of its process, once it began
    ├── cancelled       present once it was cancelled
    ├── end.json        exit code, once it ended
    ├── stdout, stderr
    └── out-files/      files that it wrote

The state of a job is read from its folder alone. A server that starts finds jobs that still run, those that
ended meanwhile, and those that wait, which it starts.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess  # noqa: S404 (starts job_process)
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, Literal

from sogdia.errors import UnknownNameError
from sogdia.files import locked, write_file
from sogdia.web.job_process import CANCELLED, END, ERRORS, JOB, LOCK, OUTPUT, PROCESS, now
from sogdia.web.models import Answer
from sogdia.web.problems import TOO_MANY, RefusedError

State = Literal["queued", "running", "finished", "failed", "cancelled"]
ID = re.compile(r"[0-9]{8}t[0-9]{12}-[0-9a-f]{8}")
STARTED, QUEUE = "started", "queue.lock"
RESULT: Final = "out-files"
"""Folder of the files that a job writes; no name of a plan has a hyphen, so none hides behind it."""
STARTING_S = 30.0
"""Longest time that a process takes until it holds its lock."""
MOST_ATTEMPTS = 3
"""Attempts to start a process; if the server is killed meanwhile, there is none."""
PAUSE_S = 0.5
GRACE_S = 3.0
LOG_CHARACTERS = 4000
PROGRESS = re.compile(
    r"(?P<seconds>\d+) s: "
    r"(?:(?P<finished>\d+) of (?P<total>\d+)(?:, about (?P<left>\d+) s left)?, )?(?P<stage>.+)"
)
"""A line of progress, as :func:`sogdia.api.progress.line_of` writes it."""
LOST: Final = "the process ended without a report; start the job again: finished runs are in the store"


class Prepared(Answer):
    """A request as a job: the words of its command, a label, and the runs that it will store if known."""

    words: tuple[str, ...]
    label: str
    runs: tuple[str, ...] = ()


class Job(Answer):
    """A job."""

    id: str
    command: str
    label: str
    state: State
    created: str
    finished: int = 0
    total: int = 0
    stage: str = ""
    seconds_left: int | None = None
    runs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    error: str = ""
    log: str = ""
    request: Mapping[str, Any]


class JobQueue:
    """Jobs of a store, at most one of which runs at a time.

    Args:
        store: Folder of the store.
        is_stored: Checks that a run is in the store.
        most: Most jobs that wait or run.
    """

    def __init__(self, store: Path, is_stored: Callable[[str], bool], most: int) -> None:
        self._folder, self._is_stored, self._most = store / "jobs", is_stored, most
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stopped = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Start the jobs that wait, one after the other, until :meth:`stop`."""
        self._stopped.clear()
        self._thread = Thread(target=self._watch, daemon=True, name="jobs")
        self._thread.start()

    def stop(self) -> None:
        """Start no further job; the one that runs goes on."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        for child in self._children.values():
            if child.poll() is None:
                # Python warns of a process that it believes to be forgotten.
                child.returncode = 0
        self._children.clear()

    def submit(self, request: Mapping[str, Any], prepare: Callable[[Path], Prepared]) -> Job:
        """Add a job.

        Args:
            request: The request.
            prepare: Checks it, and writes into the folder of the job what its command reads.

        Raises:
            RefusedError: If too many jobs wait.
            FaultsError: If the request has errors.
        """
        active = sum(job.state in ("queued", "running") for job in self.jobs())
        if active >= self._most:
            raise RefusedError(f"{active} jobs wait or run; cancel one, or wait", TOO_MANY)
        # To the microsecond, since the order of ids is that of the queue.
        key = f"{datetime.now(UTC):%Y%m%dt%H%M%S%f}-{secrets.token_hex(4)}"
        folder = self._folder / key
        folder.mkdir(parents=True)
        try:
            prepared = prepare(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        content = {"request": dict(request), "created": now(), **prepared.model_dump()}
        write_file(folder / JOB, json.dumps(content, ensure_ascii=False))
        return self.job(key)

    def jobs(self) -> list[Job]:
        """Return all jobs, the latest first."""
        return [self._read(folder) for folder in reversed(self._folders())]

    def job(self, key: str) -> Job:
        """Return a job.

        Raises:
            UnknownNameError: If there is none of the id.
        """
        return self._read(self._of(key), with_log=True)

    def file(self, key: str, name: str) -> Path:
        """Return a file that a job wrote.

        Raises:
            UnknownNameError: If there is no such job or file.
        """
        folder = self._of(key) / RESULT
        names = _file_names(folder)
        if name not in names:
            raise UnknownNameError("file of the job", name, names)
        return folder / name

    def cancel(self, key: str) -> Job:
        """Cancel a job that waits or runs; finished runs stay in the store.

        Raises:
            UnknownNameError: If there is none of the id.
        """
        folder = self._of(key)
        if not (folder / END).exists():
            write_file(folder / CANCELLED, "")
            if _is_running(folder):
                _end(folder)
        return self.job(key)

    def remove(self, key: str) -> None:
        """Remove a job that has ended, with its files; its runs stay in the store.

        Raises:
            UnknownNameError: If there is none of the id.
            RefusedError: If it waits or runs.
        """
        folder = self._of(key)
        if self._state(folder) in ("queued", "running"):
            raise RefusedError("the job waits or runs; cancel it first")
        shutil.rmtree(folder)

    def _folders(self) -> list[Path]:
        """Return the folders of complete jobs, in order of time."""
        if not self._folder.is_dir():
            return []
        found = [path for path in self._folder.iterdir() if ID.fullmatch(path.name)]
        return sorted(path for path in found if (path / JOB).is_file())

    def _of(self, key: str) -> Path:
        if not ID.fullmatch(key) or not (self._folder / key / JOB).is_file():
            raise UnknownNameError("job", key, [path.name for path in self._folders()])
        return self._folder / key

    def _watch(self) -> None:
        while not self._stopped.wait(PAUSE_S):
            self.advance()

    def advance(self) -> None:
        """Start the next job, unless one runs; servers of one store agree by a lock."""
        for key in [key for key, child in self._children.items() if child.poll() is not None]:
            del self._children[key]
        folders = self._folders()
        states = {folder: self._state(folder) for folder in folders if not (folder / END).exists()}
        if "running" in states.values() or "queued" not in states.values():
            return
        with locked(self._folder / QUEUE, waits=False) as is_held:
            if not is_held or any(self._state(folder) == "running" for folder in states):
                return
            self._spawn(next(folder for folder in folders if states.get(folder) == "queued"))

    def _spawn(self, folder: Path) -> None:
        attempts = [*_attempts(folder), datetime.now(UTC).isoformat()]
        write_file(folder / STARTED, "".join(f"{attempt}\n" for attempt in attempts))
        self._children[folder.name] = subprocess.Popen(  # noqa: S603 (our own module and folder)
            [sys.executable, "-m", "sogdia.web.job_process", str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def _state(self, folder: Path) -> State:
        if (folder / END).exists():
            code = json.loads((folder / END).read_text("utf-8"))["code"]
            if code == 0:
                return "finished"
            return "cancelled" if (folder / CANCELLED).exists() else "failed"
        if _is_running(folder):
            return "running"
        if (folder / CANCELLED).exists():
            return "cancelled"
        if not (folder / STARTED).exists():
            return "queued"
        if (folder / PROCESS).exists():
            # It may have ended between the two looks.
            return self._state(folder) if (folder / END).exists() else "failed"
        if _age_s(folder / STARTED) < STARTING_S:
            return "running"
        return "queued" if len(_attempts(folder)) < MOST_ATTEMPTS else "failed"

    def _read(self, folder: Path, *, with_log: bool = False) -> Job:
        content = json.loads((folder / JOB).read_text("utf-8"))
        state, keys = self._state(folder), tuple(content["runs"])
        errors, output = _tail(folder / ERRORS), _tail(folder / OUTPUT)
        progress = _progress(errors)
        if keys:
            progress |= {"finished": sum(map(self._is_stored, keys)), "total": len(keys)}
        return Job(
            id=folder.name, command=content["request"]["command"], label=content["label"], state=state,
            created=content["created"], runs=tuple(filter(self._is_stored, keys)),
            files=tuple(_file_names(folder / RESULT)),
            error=_error(folder, errors) if state == "failed" else "",
            log="\n".join(filter(None, (output, errors))) if with_log else "", request=content["request"],
            **(progress if state != "queued" else {}),
        )  # fmt: skip


def _attempts(folder: Path) -> list[str]:
    """Return the attempts to start the process of a job."""
    try:
        return (folder / STARTED).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def _is_running(folder: Path) -> bool:
    """Check that the process of a job lives: it holds the lock."""
    if not (folder / PROCESS).exists():
        return False
    with locked(folder / LOCK, waits=False) as is_free:
        return not is_free


def _end(folder: Path) -> None:
    """End the process of a job and all that it started, first kindly."""
    number = int(json.loads((folder / PROCESS).read_text("utf-8"))["pid"])
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(number)], check=False, capture_output=True)  # noqa: S603, S607
        return
    with suppress(ProcessLookupError):
        os.killpg(number, signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    while _is_running(folder) and time.monotonic() < until:
        time.sleep(PAUSE_S / 10)
    if _is_running(folder):
        with suppress(ProcessLookupError):
            os.killpg(number, signal.SIGKILL)


def _progress(errors: str) -> dict[str, Any]:
    """Return finished, total and stage of the last line of progress."""
    for line in reversed(errors.splitlines()):
        if match := PROGRESS.fullmatch(line):
            left = match["left"]
            return {
                "finished": int(match["finished"] or 0), "total": int(match["total"] or 0),
                "stage": match["stage"], "seconds_left": None if left is None else int(left),
            }  # fmt: skip
    return {}


def _error(folder: Path, errors: str) -> str:
    """Return the messages of a command that failed, else the last line that it wrote."""
    lines = errors.splitlines()
    own = [line.removeprefix("sogdia: ") for line in lines if line.startswith("sogdia: ")]
    own = [line for line in own if not line.startswith("note: ")]
    if own:
        return "\n".join(own)
    return lines[-1] if lines and (folder / END).exists() else LOST


def _tail(path: Path) -> str:
    """Return the end of a text file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - LOG_CHARACTERS))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _file_names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime
