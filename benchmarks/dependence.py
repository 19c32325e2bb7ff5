"""All coalitions of the pack's partners through freight, trade and power, and what sharing saves.

    python -m benchmarks.dependence [--plan PLAN] [--scenario NAME] [--workers N] [--again] [--bits]

Times 64 joint runs (2^6 coalitions of the default partners) from nothing: base, processes and all, without
the store. ``--again`` adds a second call that takes every run from a store of the first. ``--bits`` repeats
it with one worker and says whether every loss is the same bit for bit. The bar is 90 s on two idle cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from sogdia.case import Case, Plan, build_case, load_plan, load_scenario
from sogdia.dependence import DependenceResult, DependenceSettings, dependence
from sogdia.region import load_region
from sogdia.runs.executor import make_executor

BAR_S = 90.0


def main() -> None:
    """Run it."""
    arguments = _arguments()
    region = load_region("central_asia")
    case = build_case(region, load_plan(arguments.plan, region), load_scenario(arguments.scenario, region))
    baseline = load_plan("as_is", region)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "store" if arguments.again else None
        result = _timed("from nothing", case, baseline, arguments.workers, folder)
        if arguments.again:
            _timed("from the store", case, baseline, arguments.workers, folder)
    if arguments.bits:
        alone = _timed("one worker", case, baseline, 1, None)
        same = alone.losses.equals(result.losses) and alone.shares.equals(result.shares)
        print("the same bits with one worker" if same else "OTHER BITS with one worker")


def _timed(words: str, case: Case, baseline: Plan, workers: int, folder: Path | None) -> DependenceResult:
    begun = time.perf_counter()
    result = dependence(
        case,
        DependenceSettings(channels=False),
        base=baseline,
        executor=make_executor("processes", workers),
        folder=folder,
    )
    seconds, counts = time.perf_counter() - begun, result.engine
    new_runs = counts["goods_runs"] - counts["goods_kept"]
    print(
        f"{words:<16}{workers} workers  {counts['coalitions']:.0f} joint runs in {seconds:6.1f} s "
        f"(bar {BAR_S:.0f} s): {new_runs:.0f} of freight and trade, {counts['power_runs']:.0f} of power, "
        f"{counts['saved']:.0f} saved by sharing, {counts['goods_kept']:.0f} kept"
    )
    return result


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", default="under_construction")
    parser.add_argument("--scenario", default="reference")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--bits", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
