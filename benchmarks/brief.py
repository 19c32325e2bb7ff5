"""The whole job timed: the default brief in a fresh store, its stages and their shares, its memory.

    python -m benchmarks.brief [--warm]

``--warm`` makes it twice, the second time out of the store. Memory is that of all processes together, shared
pages counted once, looked at twice a second (Linux).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ARTICLE = Path(__file__).parent.parent / "examples" / "announcement.txt"
AIM_S, MOST_GB = 180.0, 3.0
KB_PER_GB, LOOK_S = 1e6, 0.5


def made(store: Path, out: Path) -> tuple[float, float, float, dict[str, Any]]:
    """Make the brief in a process of its own; seconds, those of processors, GB, and what it tells."""
    words = [sys.executable, "-m", "sogdia", "brief", str(ARTICLE), "--store", str(store), "--out", str(out)]
    begun, most = time.perf_counter(), 0.0
    before = cpu_s()
    told = out.with_suffix(".json")
    with told.open("wb") as file, subprocess.Popen([*words, "--json"], stdout=file) as process:
        while process.poll() is None:
            most = max(most, sum(memory_kb(pid) for pid in family(process.pid)) / KB_PER_GB)
            time.sleep(LOOK_S)
    if process.returncode:
        sys.exit(process.returncode)
    whole = time.perf_counter() - begun
    return whole, cpu_s() - before, most, json.loads(told.read_text("utf-8"))


def cpu_s() -> float:
    """Time that processors spent on processes started from here that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def family(pid: int) -> list[int]:
    """A process and all that came of it."""
    found = [pid]
    for place in found:
        for path in Path(f"/proc/{place}/task").glob("*/children"):
            try:
                found += map(int, path.read_text("ascii").split())
            except OSError:
                continue
    return found


def memory_kb(pid: int) -> float:
    """Memory of a process, pages that it shares with others counted in part (Pss)."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return float(next((row.split()[1] for row in rows if row.startswith("Pss:")), 0))


def told(title: str, whole: float, cpu: float, most: float, content: dict[str, Any]) -> None:
    """Print the stages and their shares, and the work of runs by kind."""
    stages = content["seconds"]
    print(f"{title}: {whole:.0f} s (aim {AIM_S:.0f} s), {most:.2f} GB (aim {MOST_GB:.0f} GB)")
    print(f"  {cpu:.0f} s of processors, {cpu / whole:.2f} busy on average")
    for name, seconds in {**stages, "start and reading": whole - sum(stages.values())}.items():
        print(f"  {name:<24} {seconds:7.1f} s {100 * seconds / whole:5.1f} %")
    work = content["work"]
    for name, seconds in work.items():
        share = 100 * seconds / max(sum(work.values()), 1e-9)
        print(f"    work on {name:<20} {seconds:7.1f} s {share:5.1f} % of the work of runs")


def main() -> None:
    """Make it once or twice."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--warm", action="store_true", help="make it again, out of the store")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        told("fresh store", *made(home / "store", home / "out"))
        if asked.warm:
            told("again, out of the store", *made(home / "store", home / "out"))
        for path in sorted((home / "out").iterdir()):
            print(f"  {path.name:<24} {path.stat().st_size / 1e3:9,.0f} kB")


if __name__ == "__main__":
    main()
