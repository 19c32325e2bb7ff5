"""Dependence of the pack: all coalitions at both horizons, with channels and ranges; time and memory.

    python -m benchmarks.dependence [--plan PLAN] [--workers N] [--cold] [--again] [--bits]

Times ``sogdia dependence`` with an empty store: start of the command, baseline, processes and all. The bars
are 120 s on two idle cores, 3 GB of all processes together, and 10 s from the store. Processor time says what
a busy machine hides. ``--cold`` compiles the kernels too. ``--again`` adds a second call that takes every run
from the store of the first. ``--bits`` repeats the first with one worker and says whether every figure is the
same bit for bit.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.processes import run_measured

BAR_S, STORED_BAR_S, BAR_GB = 120.0, 10.0, 3.0


def main() -> None:
    """Run it."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as place:
        kernels = {"NUMBA_CACHE_DIR": str(Path(place) / "kernels")} if arguments.cold else {}
        words = "from nothing, kernels compiled" if arguments.cold else "from nothing"
        figures = _timed(words, BAR_S, arguments.plan, arguments.workers, Path(place), "first", kernels)
        if arguments.again:
            _timed(
                "from the store",
                STORED_BAR_S,
                arguments.plan,
                arguments.workers,
                Path(place),
                "first",
                kernels,
            )
        if arguments.bits:
            alone = _timed("one worker", BAR_S, arguments.plan, 1, Path(place), "alone", kernels)
            print("the same bits with one worker" if alone == figures else "OTHER BITS with one worker")


def _timed(
    words: str, bar_s: float, plan: str, workers: int, place: Path, store: str, environment: dict[str, str]
) -> dict[str, Any]:
    """Print time and memory of a call, and return its figures."""
    output = place / "output.json"
    command = [
        "dependence",
        "--plan",
        plan,
        "--workers",
        str(workers),
        "--store",
        str(place / store),
        "--json",
    ]
    used = run_measured(command, output, environment)
    figures: dict[str, Any] = json.loads(output.read_text("utf-8"))
    counts = figures.pop("engine")
    print(
        f"{words}, {workers} workers: {counts['cases']:.0f} cases, {used.seconds:.0f} s (bar {bar_s:.0f} s), "
        f"{used.cpu_s:.0f} s of processor time, {used.peak_gb:.2f} GB (bar {BAR_GB:.0f} GB): "
        f"{counts['goods_runs'] - counts['goods_kept']:.0f} runs of freight and trade, "
        f"{counts['power_runs']:.0f} of power, {counts['goods_kept']:.0f} found in the store"
    )
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", default="under_construction")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cold", action="store_true", help="compile the kernels too")
    parser.add_argument("--again", action="store_true", help="a second call, with the stored runs")
    parser.add_argument("--bits", action="store_true", help="compare with one worker")
    return parser.parse_args()


if __name__ == "__main__":
    main()
