"""Measure the default brief with an empty store: time by stage, processor time, memory.

    python -m benchmarks.brief [--warm]

``--warm`` writes the brief twice, the second time with the stored runs. Memory is that of all processes
together, with shared pages counted once, sampled twice a second (Linux).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ARTICLE = Path(__file__).parent.parent / "examples" / "announcement.txt"
TARGET_S, TARGET_GB = 180.0, 3.0
KB_PER_GB, SAMPLE_S = 1e6, 0.5


@dataclass(frozen=True)
class Measurement:
    """Time and memory of a brief.

    Attributes:
        seconds: Elapsed time.
        cpu_s: Processor time.
        peak_gb: Peak memory of all processes.
        report: JSON output of the command.
    """

    seconds: float
    cpu_s: float
    peak_gb: float
    report: dict[str, Any]


def measure(store: Path, out: Path) -> Measurement:
    """Write the brief in a process of its own and measure it."""
    command = [
        sys.executable,
        "-m",
        "sogdia",
        "brief",
        str(ARTICLE),
        "--store",
        str(store),
        "--out",
        str(out),
    ]
    begin, cpu_before, peak = time.perf_counter(), cpu_s(), 0.0
    output = out.with_suffix(".json")
    with output.open("wb") as file, subprocess.Popen([*command, "--json"], stdout=file) as process:
        while process.poll() is None:
            peak = max(peak, sum(memory_kb(pid) for pid in process_tree(process.pid)) / KB_PER_GB)
            time.sleep(SAMPLE_S)
    if process.returncode:
        sys.exit(process.returncode)
    seconds = time.perf_counter() - begin
    return Measurement(seconds, cpu_s() - cpu_before, peak, json.loads(output.read_text("utf-8")))


def cpu_s() -> float:
    """Return the processor time of all finished child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def process_tree(pid: int) -> list[int]:
    """Return a process and its descendants."""
    pids = [pid]
    for parent in pids:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                pids += map(int, path.read_text("ascii").split())
            except OSError:
                continue
    return pids


def memory_kb(pid: int) -> float:
    """Return the memory of a process, with its share of shared pages (Pss)."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return float(next((row.split()[1] for row in rows if row.startswith("Pss:")), 0))


def show(title: str, measured: Measurement) -> None:
    """Print the time of each stage, and the work of runs by kind."""
    seconds = measured.seconds
    print(
        f"{title}: {seconds:.0f} s (target {TARGET_S:.0f} s), "
        f"{measured.peak_gb:.2f} GB (target {TARGET_GB:.0f} GB)"
    )
    print(f"  {measured.cpu_s:.0f} s of processor time, {measured.cpu_s / seconds:.2f} busy on average")
    stages = measured.report["seconds"]
    for name, took in {**stages, "start and reading": seconds - sum(stages.values())}.items():
        print(f"  {name:<24} {took:7.1f} s {100 * took / seconds:5.1f} %")
    work = measured.report["work"]
    for name, took in work.items():
        share = 100 * took / max(sum(work.values()), 1e-9)
        print(f"    work on {name:<20} {took:7.1f} s {share:5.1f} % of the work of runs")


def main() -> None:
    """Measure once or twice."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--warm", action="store_true", help="write it again with the stored runs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, out = Path(folder) / "store", Path(folder) / "out"
        show("empty store", measure(store, out))
        if arguments.warm:
            show("stored runs", measure(store, out))
        for path in sorted(out.iterdir()):
            print(f"  {path.name:<24} {path.stat().st_size / 1e3:9,.0f} kB")


if __name__ == "__main__":
    main()
