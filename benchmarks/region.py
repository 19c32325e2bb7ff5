"""Time and memory of loading, checking and case building on the shipped region.

    python -m benchmarks.region [--repeats N]

Each stage runs in processes of its own. *Cold* is the first call in a fresh process with an empty cache,
imports included; *first warm* the same once the pack is known to be clean; *warm* the median of the calls
that follow in that process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks import ROOT

REGION = "central_asia"
MEBIBYTE = 2**20
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
Act = Callable[[], Any]


def load() -> Act:
    """Load the region."""
    from sogdia import load_region

    return lambda: load_region(REGION)


def check() -> Act:
    """Check every table, plan and scenario without the cache."""
    from sogdia.case import check_library
    from sogdia.region import check_read_pack, read_pack, region_of

    def act() -> None:
        read = read_pack(REGION)
        faults = check_read_pack(read) or check_library(region_of(read))
        if faults:
            raise SystemExit("\n".join(map(str, faults)))

    return act


def case(plan: str, scenario: str) -> Act:
    """Build a case from a region, plan and scenario that are loaded already."""
    from sogdia import build_case, load_plan, load_region, load_scenario

    region = load_region(REGION)
    chosen, scenario_model = load_plan(plan, region), load_scenario(scenario, region)
    return lambda: build_case(region, chosen, scenario_model)


def load_and_case(plan: str, scenario: str) -> Act:
    """Load the region, the plan and the scenario, and build the case."""
    from sogdia import build_case, load_plan, load_region, load_scenario

    def act() -> None:
        region = load_region(REGION)
        build_case(region, load_plan(plan, region), load_scenario(scenario, region))

    return act


def digest() -> Act:
    """Digest of the region from its tables; loading them is not counted."""
    from dataclasses import replace

    from sogdia import load_region

    region = load_region(REGION)

    def act() -> str:
        tables = {name: replace(table) for name, table in region.tables.items()}
        return str(replace(region, tables=tables).digest)

    return act


def most_edited() -> str:
    """Return the shipped scenario with the most edits under the plan ``announced_2025``."""
    from sogdia import build_case, load_plan, load_region, load_scenario

    region = load_region(REGION)
    plan = load_plan("announced_2025", region)
    names = region.scenarios
    counts = {name: len(build_case(region, plan, load_scenario(name, region)).changes) for name in names}
    return max(counts, key=lambda name: counts[name])


STAGES: dict[str, Callable[..., Act]] = {
    "load": load,
    "check": check,
    "case": case,
    "load+case": load_and_case,
    "digest": digest,
}


def worker(stage: str, words: list[str], repeats: int) -> None:
    """Run one stage in this process and write what it took as JSON."""
    begun = time.perf_counter()
    act = STAGES[stage](*words)
    imported = time.perf_counter()
    times = []
    for _ in range(1 + repeats):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    # The inputs of a case or a digest are loaded before the clock starts; only imports count.
    first = times[0] + (imported - begun if stage in ("load", "check", "load+case") else 0.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT / MEBIBYTE
    print(json.dumps({"first": first, "warm": statistics.median(times[1:]), "peak": peak}))


def measure(stage: str, words: list[str], repeats: int) -> tuple[float, float, float, float]:
    """Seconds cold, first warm and warm, and peak memory in MiB."""
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "SOGDIA_CACHE": cache}
        command = [
            sys.executable,
            "-m",
            "benchmarks.region",
            "--worker",
            stage,
            "--repeats",
            str(repeats),
            *words,
        ]
        runs = [
            json.loads(
                subprocess.run([*command, *words], cwd=ROOT, env=env, check=True, capture_output=True).stdout
            )
            for _ in range(2)
        ]
    return runs[0]["first"], runs[1]["first"], runs[1]["warm"], max(run["peak"] for run in runs)


def measure_help(repeats: int) -> tuple[float, float, float, float]:
    """The same for ``sogdia --help``, each time in a process of its own."""
    times = []
    for _ in range(2 + repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sogdia", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * MAXRSS_UNIT / MEBIBYTE
    return times[0], times[1], statistics.median(times[2:]), peak


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=9, help="warm calls whose median is shown")
    parser.add_argument("--worker", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        worker(arguments.worker, arguments.words, arguments.repeats)
        return
    helped = measure_help(arguments.repeats)
    edited = most_edited()
    rows: list[tuple[str, str, list[str], str]] = [
        ("load the region", "load", [], ""),
        ("check it in full", "check", [], "< 5 s"),
        ("case as_is, reference", "case", ["as_is", "reference"], ""),
        ("case announced_2025, reference", "case", ["announced_2025", "reference"], ""),
        (f"case announced_2025, {edited}", "case", ["announced_2025", edited], ""),
        ("load and build that case", "load+case", ["announced_2025", edited], "warm < 0.3 s"),
        ("digest of the region", "digest", [], ""),
    ]
    print(f"{'':<46}{'cold':>9}{'1st warm':>10}{'warm':>9}{'peak':>9}   aim")
    for label, stage, words, aim in rows:
        print(line(label, measure(stage, words, arguments.repeats), aim))
    print(line("sogdia --help", helped, "< 0.5 s"))


def line(label: str, found: tuple[float, float, float, float], aim: str) -> str:
    """One row of the table."""
    cold, first, warm, peak = found
    return f"{label:<46}{cold:>7.3f} s{first:>8.3f} s{warm:>7.3f} s{peak:>5.0f} MiB   {aim}".rstrip()


if __name__ == "__main__":
    main()
