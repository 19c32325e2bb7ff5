"""The whole job timed: the default brief in a fresh store, its stages and their shares, its memory.

    python benchmarks/brief.py [--warm]

``--warm`` makes it twice, the second time out of the store.
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

ARTICLE = Path(__file__).parent.parent / "examples" / "announcement.txt"
AIM_S, MOST_GB = 180.0, 3.0
KB_PER_GB = 1e6


def made(store: Path, out: Path) -> tuple[float, dict[str, float]]:
    """Make the brief in a process of its own; seconds in all and by stage."""
    words = [sys.executable, "-m", "sogdia", "brief", str(ARTICLE), "--store", str(store), "--out", str(out)]
    begun = time.perf_counter()
    done = subprocess.run([*words, "--json"], check=True, capture_output=True, encoding="utf-8")
    return time.perf_counter() - begun, json.loads(done.stdout)["seconds"]


def told(title: str, whole: float, stages: dict[str, float]) -> None:
    """Print the stages and their shares."""
    print(f"{title}: {whole:.0f} s (aim {AIM_S:.0f} s)")
    for name, seconds in {**stages, "start and reading": whole - sum(stages.values())}.items():
        print(f"  {name:<24} {seconds:7.1f} s {100 * seconds / whole:5.1f} %")


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
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / KB_PER_GB
    print(f"largest process {peak:.2f} GB (aim: all together under {MOST_GB:.0f} GB)")


if __name__ == "__main__":
    main()
