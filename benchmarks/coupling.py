"""Freight coupled with trade for every shipped plan under every shipped scenario.

    python -m benchmarks.coupling [REGION] [--base PLAN] [--composition NAME] [--horizon NAME] [--csv FILE]

Prints rounds, the residual of each, seconds, and what the home economies gain or lose against the base plan
in the same year with no shocks. A combination that does not converge is reported with its record, and
the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import time

import pandas as pd

from sogdia.case import Case, build_case, load_plan, load_scenario
from sogdia.coupling import CoupledBaseline, CouplingSettings, baseline_case, couple, make_baseline
from sogdia.numerics import NotConvergedError
from sogdia.region import Region, load_region


def main() -> int:
    """Run all combinations."""
    arguments = _arguments()
    region = load_region(arguments.region)
    settings = CouplingSettings(composition=arguments.composition, horizon=arguments.horizon)
    bases: dict[str, CoupledBaseline] = {}
    rows, failed = [], 0
    for scenario in region.scenarios:
        for plan in region.plans:
            case = build_case(region, load_plan(plan, region), load_scenario(scenario, region))
            base = _base(case, arguments.base, region, settings, bases)
            begun = time.perf_counter()
            try:
                found = couple(case, base, settings)
            except NotConvergedError as error:
                print(f"{plan:<20}{scenario:<30}not converged: {error}", flush=True)
                failed += 1
                continue
            seconds = time.perf_counter() - begun
            steps = found.convergence.steps
            residuals = " ".join(f"{step.residual:.0e}" for step in steps)
            table = found.economies()
            gains = table[table["home"]].set_index("economy")["welfare_pct"]
            gain = " ".join(f"{name} {value:+.3f}" for name, value in gains.items())
            head = f"{plan:<20}{scenario:<30}{len(steps):>2} rounds {seconds:5.1f} s  "
            print(f"{head}{residuals:<42} {gain}", flush=True)
            rows.append({"plan": plan, "scenario": scenario, "rounds": len(steps), "seconds": seconds,
                         "residual": found.convergence.residual, **gains})  # fmt: skip
    table = pd.DataFrame(rows)
    if arguments.csv:
        table.to_csv(arguments.csv, index=False)
    print(
        f"{len(table)} converged, {failed} not; at most {table['rounds'].max()} rounds; seconds: "
        f"median {table['seconds'].median():.1f}, most {table['seconds'].max():.1f}"
    )
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Freight coupled with trade, all plans and scenarios.")
    parser.add_argument("region", nargs="?", default="central_asia")
    parser.add_argument("--base", default="as_is", help="plan of the base")
    parser.add_argument("--composition", default="sectors")
    parser.add_argument("--horizon", default="long_run")
    parser.add_argument("--csv", default="")
    return parser.parse_args()


def _base(
    case: Case, plan: str, region: Region, settings: CouplingSettings, known: dict[str, CoupledBaseline]
) -> CoupledBaseline:
    """The base of a case, assigned once for all cases that have the same."""
    baseline = baseline_case(case, load_plan(plan, region))
    if baseline.digest not in known:
        known[baseline.digest] = make_baseline(baseline, settings)
    return known[baseline.digest]


if __name__ == "__main__":
    sys.exit(main())
