"""Processes that start at once: forks of one that has imported the libraries of ``sogdia run``."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

LIBRARIES = ["sogdia.cli.main", "sogdia.coupling.joint", "sogdia.runs.studies", "duckdb", "pyarrow.parquet"]
"""Modules that the process imports before it forks."""


def fork(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Start a process that calls a function."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    process = context.Process(target=target, args=arguments)
    process.start()
    return process


def fork_command(words: list[str], messages: Path, cpu_s: float = 0.0) -> BaseProcess:
    """Start ``sogdia`` in a process group of its own; what it writes goes to a file.

    If ``cpu_s`` is not 0, the system ends it by SIGPROF after that much processor time, wherever it is.
    """
    process = fork(_command, words, str(messages), cpu_s)
    assert process.pid is not None
    while process.is_alive() and os.getpgid(process.pid) != process.pid:
        time.sleep(0.001)
    return process


def _command(words: list[str], messages: str, cpu_s: float) -> None:
    os.setsid()
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    file = os.open(messages, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    sys.argv = ["sogdia", *words]
    from sogdia.__main__ import main

    main()
