"""How long a year of power takes, from tables to results, and how much of that is HiGHS.

    python -m benchmarks.power [--repeats N] [--only default repeated expansion hours]

``default``: the shipped region's year in real weeks, capacity planning, dispatch and all tables: first in a
fresh process (imports apart), then warm; next to it the dispatch as PyPSA solves it, ``network.optimize()``
with HiGHS on a ready network, without the constraints that PyPSA has no component for. ``repeated``: plans
and scenarios on the model of the first, with its filler held (*again*), with a filler of their own (*long
run*), and on a new model (*scratch*); each is inputs from the case, solve and all tables. ``expansion``:
capacity expansion of the region. ``hours``: the dispatch of 8,760 hours with a held filler, then one more
case. Each part is a process of its own and reports its peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from benchmarks import ROOT

PLANS = ("committed", "as_is", "under_construction", "announced_2025", "green_export")
SCENARIOS = ("reference", "dry_year", "withdrawal_russia", "withdrawal_china")
REPEATS = 3
SAME = 1e-9
LIMITS = {"warm": 5.0, "again": 0.5, "expansion": 20.0, "hours": 60.0, "hours_gb": 4.0}


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a run, and what it gives."""
    begun = time.perf_counter()
    found = run()
    return time.perf_counter() - begun, found


def peak_gb() -> float:
    """Most memory of this process so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


@lru_cache
def shipped() -> Any:
    """The shipped region, one object for all cases as in a study."""
    from sogdia.region import load_region

    return load_region("central_asia")


def case_of(plan: str, scenario: str) -> Any:
    """A shipped case in the scenario's year."""
    from sogdia.case import build_case, load_plan, load_scenario

    region = shipped()
    return build_case(region, load_plan(plan, region), load_scenario(scenario, region))


def hold(one: float, other: float, tolerance: float = SAME) -> None:
    """Refuse times of runs that do not come to the same.

    Raises:
        SystemExit: If they do not.
    """
    if abs(one - other) > tolerance * abs(other):
        raise SystemExit(f"objectives differ: {one!r} and {other!r}")


def default(repeats: int) -> dict[str, float]:
    """The year in real weeks: first, warm, and its dispatch as PyPSA solves it."""
    imported, _ = timed(lambda: __import__("sogdia.power"))
    from sogdia.power import build_power_inputs, solve
    from sogdia.power.network import build_network

    case = case_of("committed", "reference")

    def year() -> Any:
        result = solve(build_power_inputs(case))
        result.tables()
        return result

    first, result = timed(year)
    warm = [timed(year)[0] for _ in range(repeats)]
    ours = peak_gb()
    network = build_network(result.inputs)
    warnings.simplefilter("ignore")
    peer = min(timed(lambda: network.optimize(solver_name="highs", log_to_console=False))[0] for _ in "ab")
    return {
        "imports_s": imported,
        "first_s": first,
        "warm_s": statistics.median(warm),
        "dispatch_highs_s": result.solver.solver_s,
        "pypsa_dispatch_s": peer,
        "peak_gb": ours,
    }


def repeated(repeats: int) -> dict[str, float]:
    """Plans and scenarios on one model, with a held and an own filler, and on a new model."""
    from sogdia.power import PowerModel, build_power_inputs, solve

    model = PowerModel(build_power_inputs(case_of(PLANS[0], SCENARIOS[0])))
    model.solve()
    cases = [case_of(plan, scenario) for plan in PLANS for scenario in SCENARIOS][1:]
    sums = dict.fromkeys(("again_s", "again_highs_s", "cached_s", "long_run_s", "scratch_s"), 0.0)
    for case in cases:

        def run(held: bool, case: Any = case) -> Any:
            filler = model.own_filler if held else None
            result = model.solve(build_power_inputs(case), filler=filler)
            result.tables()
            return result

        # A second solve of the same numbers is looked up: only the first shows what another case takes.
        seconds, first = timed(lambda run=run: run(True))  # type: ignore[misc]
        sums["again_s"] += seconds
        sums["again_highs_s"] += first.solver.solver_s
        tries = [timed(lambda run=run: run(True))[0] for _ in range(repeats)]  # type: ignore[misc]
        sums["cached_s"] += statistics.median(tries)
        seconds, own = timed(lambda run=run: run(False))  # type: ignore[misc]
        sums["long_run_s"] += seconds
        seconds, fresh = timed(lambda case=case: solve(build_power_inputs(case)))  # type: ignore[misc]
        hold(fresh.costs["cost_musd"].iloc[-1], own.costs["cost_musd"].iloc[-1], tolerance=1e-3)
        sums["scratch_s"] += seconds
    return {name: seconds / len(cases) for name, seconds in sums.items()} | {
        "cases": float(len(cases)),
        "peak_gb": peak_gb(),
    }


def expansion(repeats: int) -> dict[str, float]:
    """Capacity expansion of the region."""
    from sogdia.power import PowerSettings, build_power_inputs, solve

    case, settings = case_of("committed", "reference"), PowerSettings(mode="expansion")
    runs = [timed(lambda: solve(build_power_inputs(case, settings))) for _ in range(repeats)]
    built = float(runs[0][1].built["built_mw"].sum())
    median = statistics.median(seconds for seconds, _ in runs)
    return {"expansion_s": median, "built_mw": built, "peak_gb": peak_gb()}


def hours(repeats: int) -> dict[str, float]:
    """The dispatch of all hours, then one more case on the same model."""
    from sogdia.power import PowerModel, PowerSettings, build_power_inputs, solve

    del repeats
    case, settings = case_of("committed", "reference"), PowerSettings(hours=8760)
    filler = solve(build_power_inputs(case)).filler
    model = None

    def year() -> Any:
        nonlocal model
        model = PowerModel(build_power_inputs(case, settings))
        result = model.solve(filler=filler)
        result.tables()
        return result

    seconds, result = timed(year)
    assert model is not None  # noqa: S101 (set by the run above)
    dry = case_of("committed", "dry_year")
    again, _ = timed(lambda: model.solve(build_power_inputs(dry, settings), filler=filler))
    return {
        "year_s": seconds,
        "highs_s": result.solver.solver_s,
        "another_case_s": again,
        "peak_gb": peak_gb(),
    }


PARTS = {"default": default, "repeated": repeated, "expansion": expansion, "hours": hours}


def check(name: str, bar: bool) -> str:
    """A line that says whether a bar is met."""
    return f"  {'met   ' if bar else 'MISSED'}  {name}"


def report(part: str, found: dict[str, float]) -> None:
    """Print a part's figures and bars."""
    print(f"{part}: " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()))
    names = {
        "default": ("warm_s", "warm", "a year end to end, warm"),
        "repeated": ("again_s", "again", "another case on the same model, filler held"),
        "expansion": ("expansion_s", "expansion", "capacity expansion"),
        "hours": ("year_s", "hours", "dispatch of 8,760 hours"),
    }
    figure, limit, label = names[part]
    print(
        check(f"{label}: {found[figure]:.2f} s, at most {LIMITS[limit]:g} s", found[figure] <= LIMITS[limit])
    )
    if part == "repeated":
        faster = found["scratch_s"] / found["long_run_s"]
        print(f"          {faster:.1f} times as fast as on a new model, long run")
    elif part == "hours":
        print(check(f"within 4 GB: {found['peak_gb']:.2f} GB", found["peak_gb"] < LIMITS["hours_gb"]))


def main() -> None:
    """Run the parts, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--only", nargs="*", choices=sorted(PARTS), default=list(PARTS))
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print("\n" + json.dumps(PARTS[options.part](options.repeats)))
        return
    for part in options.only:
        command = [
            sys.executable,
            "-m",
            "benchmarks.power",
            "--part",
            part,
            "--repeats",
            str(options.repeats),
        ]
        process = subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        report(part, json.loads(process.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    main()
