"""Measure the default brief with an empty store: time by stage, processor time, memory.

    python -m benchmarks.brief [--warm]

``--warm`` writes the brief twice, the second time with the stored runs. Memory is that of all processes
together, with shared pages counted once, sampled twice a second (Linux).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.processes import Usage, run_measured

ARTICLE = Path(__file__).parent.parent / "src" / "sogdia" / "examples" / "announcement.txt"
TARGET_S, TARGET_GB = 300.0, 3.0


def measure(store: Path, out: Path) -> tuple[Usage, dict[str, Any]]:
    """Write the brief in a process of its own; return its use and the JSON output of the command."""
    output = out.with_suffix(".json")
    used = run_measured(["brief", str(ARTICLE), "--store", str(store), "--out", str(out), "--json"], output)
    return used, json.loads(output.read_text("utf-8"))


def show(title: str, used: Usage, report: dict[str, Any]) -> None:
    """Print the time of each stage, and the work of runs by kind."""
    seconds = used.seconds
    print(
        f"{title}: {seconds:.0f} s (target {TARGET_S:.0f} s), "
        f"{used.peak_gb:.2f} GB (target {TARGET_GB:.0f} GB)"
    )
    print(f"  {used.cpu_s:.0f} s of processor time, {used.cpu_s / seconds:.2f} busy on average")
    stages = report["seconds"]
    for name, took in {**stages, "start and reading": seconds - sum(stages.values())}.items():
        print(f"  {name:<24} {took:7.1f} s {100 * took / seconds:5.1f} %")
    work = report["work"]
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
        show("empty store", *measure(store, out))
        if arguments.warm:
            show("stored runs", *measure(store, out))
        for path in sorted(out.iterdir()):
            print(f"  {path.name:<24} {path.stat().st_size / 1e3:9,.0f} kB")


if __name__ == "__main__":
    main()
