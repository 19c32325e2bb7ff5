"""Time, processor time and memory of a command with all its processes (Linux)."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KB_PER_GB, SAMPLE_S = 1e6, 0.5


@dataclass(frozen=True)
class Usage:
    """Use of a command.

    Attributes:
        seconds: Elapsed time.
        cpu_s: Processor time of all processes.
        peak_gb: Peak memory of all processes together, shared pages counted once, sampled twice a second.
    """

    seconds: float
    cpu_s: float
    peak_gb: float


def run_measured(
    arguments: Sequence[str], output: Path, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run ``sogdia`` with arguments, write its output to a file, and measure it; end if it fails."""
    command = [sys.executable, "-m", "sogdia", *arguments]
    begin, cpu_before, peak = time.perf_counter(), _cpu_s(), 0.0
    every = {**os.environ, **(environment or {})}
    with output.open("wb") as file, subprocess.Popen(command, stdout=file, env=every) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_memory_kb, _process_tree(process.pid))) / KB_PER_GB)
            time.sleep(SAMPLE_S)
    if process.returncode:
        sys.exit(process.returncode)
    return Usage(time.perf_counter() - begin, _cpu_s() - cpu_before, peak)


def _cpu_s() -> float:
    """Return the processor time of all finished child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _process_tree(pid: int) -> list[int]:
    """Return a process and its descendants."""
    pids = [pid]
    for parent in pids:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                pids += map(int, path.read_text("ascii").split())
            except OSError:
                continue
    return pids


def _memory_kb(pid: int) -> float:
    """Return the memory of a process, with its share of shared pages (Pss)."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return float(next((row.split()[1] for row in rows if row.startswith("Pss:")), 0))
