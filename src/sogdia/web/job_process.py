"""The process of a job: it runs a command and records its end, whatever becomes of the server.

``python -m sogdia.web.job_process FOLDER``. It holds the lock of the folder as long as it lives, so that any
server sees whether the job runs, and frees it when it ends, however that ends.
"""

from __future__ import annotations

import json
import os
import subprocess  # noqa: S404 (runs our own command line)
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sogdia.files import locked, write_file

JOB, PROCESS, END, LOCK, CANCELLED = "job.json", "process.json", "end.json", "lock", "cancelled"
OUTPUT, ERRORS = "stdout", "stderr"
NICENESS = 5
"""Jobs yield to the server, so that pages stay quick while one runs."""


def main(folder: Path) -> None:
    """Run the job of a folder, unless another process does or did."""
    with locked(folder / LOCK) as is_held:
        if not is_held or (folder / END).exists():
            return
        with suppress(OSError, AttributeError):
            os.nice(NICENESS)
        write_file(folder / PROCESS, json.dumps({"pid": os.getpid(), "started": now()}))
        # Looked for after the process is known: a cancel before that could not end it.
        if (folder / CANCELLED).exists():
            return
        words = json.loads((folder / JOB).read_text("utf-8"))["words"]
        with (folder / OUTPUT).open("wb") as output, (folder / ERRORS).open("wb") as errors:
            finished = subprocess.run(  # noqa: S603 (words that the server made from checked fields)
                [sys.executable, "-m", "sogdia", *words],
                stdin=subprocess.DEVNULL, stdout=output, stderr=errors, check=False, cwd=folder,
            )  # fmt: skip
        write_file(folder / END, json.dumps({"code": finished.returncode, "finished": now()}))


def now() -> str:
    """Return the time, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
