"""How long a year of power takes, from tables to results, and how much of that is HiGHS.

    python -m benchmarks.power [--repeats N] [--only default repeated hours]

``default``: the shipped region's year in mean days: first in a fresh process (imports apart), then warm;
next to it the network as PyPSA solves it, ``network.optimize()`` with HiGHS. ``repeated``: plans and
scenarios of one network, each solved again on the model of the first and from scratch; *again* is inputs
from the case, solve and all tables. HiGHS alone is given the same programme from nothing (*cold*), and from
the first case's basis as our solve is (*warm*). ``hours``: the year in 8,760 hours. Objectives of all methods
are compared. Each part is a process of its own and reports its peak memory.
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
from typing import Any

from benchmarks import ROOT

PLANS = ("as_is", "under_construction", "announced_2025", "green_export", "multi_vector")
SCENARIOS = ("reference", "dry_year", "withdrawal_russia", "withdrawal_china")
REPEATS = 5
SAME = 1e-9
LIMITS = {"warm": 3.0, "faster": 5.0, "ratio": 1.5, "hours": 300.0, "hours_gb": 4.0}


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a run, and what it gives."""
    begun = time.perf_counter()
    found = run()
    return time.perf_counter() - begun, found


def peak_gb() -> float:
    """Most memory of this process so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def case_of(plan: str, scenario: str) -> Any:
    """A shipped case in the scenario's year."""
    from sogdia.case import build_case, load_plan, load_scenario
    from sogdia.region import load_region

    region = load_region("central_asia")
    return build_case(region, load_plan(plan, region), load_scenario(scenario, region))


def hold(one: float, other: float) -> None:
    """Refuse times of runs that do not come to the same.

    Raises:
        SystemExit: If they do not.
    """
    if abs(one - other) > SAME * abs(other):
        raise SystemExit(f"objectives differ: {one!r} and {other!r}")


def default(repeats: int) -> dict[str, float]:
    """The year in mean days: first, warm, and as PyPSA solves it."""
    imported, _ = timed(lambda: __import__("sogdia.power"))
    from sogdia.power import build_power_inputs, solve
    from sogdia.power.network import build_network

    case = case_of("as_is", "reference")

    def year() -> Any:
        result = solve(build_power_inputs(case))
        result.tables()
        return result

    first, result = timed(year)
    warm = [timed(year)[0] for _ in range(repeats)]
    ours = peak_gb()
    network = build_network(build_power_inputs(case))
    warnings.simplefilter("ignore")
    peer, _ = timed(lambda: network.optimize(solver_name="highs", log_to_console=False))
    again, _ = timed(lambda: network.optimize(solver_name="highs", log_to_console=False))
    hold(network.objective, result.solver.objective_usd)
    return {
        "imports_s": imported,
        "first_s": first,
        "warm_s": statistics.median(warm),
        "pypsa_s": min(peer, again),
        "peak_gb": ours,
    }


def repeated(repeats: int) -> dict[str, float]:
    """Plans and scenarios on one network, again and from scratch."""
    from sogdia.power import PowerModel, build_power_inputs, solve
    from sogdia.power.kernels.highs import Highs
    from sogdia.power.program import update_program

    cases = [case_of(plan, scenario) for plan in PLANS for scenario in SCENARIOS][1:]
    model = PowerModel(build_power_inputs(case_of("as_is", "reference")))
    model.solve().tables()
    sums = dict.fromkeys(("again_s", "solve_s", "warm_highs_s", "cold_highs_s", "scratch_s"), 0.0)
    for case in cases:

        def again(case: Any = case) -> Any:
            result = model.solve(build_power_inputs(case))
            result.tables()
            return result

        def scratch(case: Any = case) -> Any:
            result = solve(build_power_inputs(case))
            result.tables()
            return result

        inputs = build_power_inputs(case)
        tries = [timed(again) for _ in range(repeats)]
        result = tries[0][1]
        sums["again_s"] += statistics.median(seconds for seconds, _ in tries)
        alone = [timed(lambda inputs=inputs: model.solve(inputs)) for _ in range(repeats)]  # type: ignore[misc]
        sums["solve_s"] += statistics.median(seconds for seconds, _ in alone)
        sums["warm_highs_s"] += statistics.median(found.solver.solver_s for _, found in alone)
        bare = Highs(update_program(model.dispatch.program, inputs), "simplex", inputs.settings.threads)
        seconds, solution = timed(bare.run)
        hold(solution.record.objective_usd, result.solver.objective_usd)
        sums["cold_highs_s"] += seconds
        seconds, fresh = timed(scratch)
        hold(fresh.solver.objective_usd, result.solver.objective_usd)
        sums["scratch_s"] += seconds
    return {name: seconds / len(cases) for name, seconds in sums.items()} | {
        "cases": float(len(cases)),
        "peak_gb": peak_gb(),
    }


def hours(repeats: int) -> dict[str, float]:
    """The year in all its hours, then one more case on the same model."""
    from sogdia.power import PowerModel, PowerSettings, build_power_inputs

    del repeats
    settings = PowerSettings(hours=8760)
    model = None

    def year() -> Any:
        nonlocal model
        model = PowerModel(build_power_inputs(case_of("as_is", "reference"), settings))
        result = model.solve()
        result.tables()
        return result

    seconds, result = timed(year)
    assert model is not None  # noqa: S101 (set by the run above)
    again, _ = timed(lambda: model.solve(build_power_inputs(case_of("as_is", "dry_year"), settings)))
    return {
        "year_s": seconds,
        "highs_s": result.solver.solver_s,
        "another_case_s": again,
        "peak_gb": peak_gb(),
    }


PARTS = {"default": default, "repeated": repeated, "hours": hours}


def check(name: str, bar: bool) -> str:
    """A line that says whether a bar is met."""
    return f"  {'met   ' if bar else 'MISSED'}  {name}"


def report(part: str, found: dict[str, float]) -> None:
    """Print a part's figures and bars."""
    print(f"{part}: " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()))
    if part == "default":
        print(
            check(f"warm end to end below {LIMITS['warm']:g} s: {found['warm_s']:.2f} s", found["warm_s"] < 3)
        )
        longer = found["pypsa_s"] / found["warm_s"]
        print(f"          PyPSA's own method with a ready network: {longer:.1f} times as long")
    elif part == "repeated":
        faster = found["scratch_s"] / found["again_s"]
        cold = found["again_s"] / found["cold_highs_s"]
        warm = found["solve_s"] / found["warm_highs_s"]
        print(check(f"again {faster:.1f} times as fast as from scratch", faster >= LIMITS["faster"]))
        print(check(f"again over HiGHS alone from nothing: {cold:.2f}", cold <= LIMITS["ratio"]))
        print(check(f"our solve over HiGHS alone from the basis: {warm:.2f}", warm <= LIMITS["ratio"]))
        complete = found["again_s"] / found["warm_highs_s"]
        print(f"          with inputs and all tables over HiGHS from the basis: {complete:.2f}")
    else:
        print(check(f"8,760 hours within 300 s: {found['year_s']:.0f} s", found["year_s"] < LIMITS["hours"]))
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
