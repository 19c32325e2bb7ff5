"""Compare Sogdia with plain PyPSA on published inputs of Kazakhstan, Uzbekistan and Kyrgyzstan in 2030.

    python -m benchmarks.agora --data FOLDER [--only dispatch expansion] [--step 6]

FOLDER has the published inputs as CSV files. Both models are built from them independently: Sogdia's as
generators, reservoirs and directed lines, PyPSA's as fuel buses, conversion links and lines with both signs.
``dispatch`` has all 8,760 hours; ``expansion`` has every sixth and may build sun, wind and gas.
The command fails if the objectives differ by more than 0.1 %.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.agora.comparison import Comparison, compare
from benchmarks.agora.files import YEAR, read_files
from sogdia import build_case, load_plan, load_region, load_scenario
from sogdia.errors import SogdiaError

SAME_OBJECTIVE, SAME_GENERATION, SAME_PRICE = 1e-3, 1e-2, 1e-2
"""Limits of differences. Sun and water without cost replace each other, so that generation may differ."""


def report(name: str, found: Comparison) -> bool:
    """Print the figures of both models, and return whether they agree."""
    ours, theirs = found.objective_usd
    print(f"\n{name}: objective, USD million: Sogdia {ours / 1e6:,.3f}, PyPSA {theirs / 1e6:,.3f}")
    print(
        f"from the files to the solution: Sogdia {found.seconds[0]:.1f} s, PyPSA {found.seconds[1]:.1f} s\n"
    )
    print(found.generation.round(3).to_string(index=False))
    print("\nmean price, USD/MWh, weighted by load")
    print(found.prices.round(3).to_string())
    checks = (
        ("objective", found.objective_difference, SAME_OBJECTIVE),
        ("generation by country and carrier", found.generation_difference, SAME_GENERATION),
        ("mean price of a zone", found.price_difference, SAME_PRICE),
    )
    for title, difference, limit in checks:
        met = "met   " if difference <= limit else "MISSED"
        print(f"  {met}  {title}: difference {difference:.2e}, limit {limit:.0e}")
    return all(difference <= limit for _, difference, limit in checks)


def main() -> int:
    """Run the comparisons."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.agora", description=__doc__.split("\n")[0] if __doc__ else ""
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the published inputs")
    parser.add_argument(
        "--only", nargs="*", choices=("dispatch", "expansion"), default=("dispatch", "expansion")
    )
    parser.add_argument(
        "--step", type=int, default=6, help="hours that a snapshot of the expansion represents"
    )
    options = parser.parse_args()
    try:
        files = read_files(options.data)
    except SogdiaError as error:
        print(error, file=sys.stderr)
        return 2
    region = load_region("central_asia")
    case = build_case(region, load_plan("as_is", region), load_scenario("reference", region).at(YEAR))
    agree = True
    if "dispatch" in options.only:
        agree &= report("dispatch of 8,760 hours", compare(files, case))
    if "expansion" in options.only:
        name = f"expansion, every {options.step}th hour"
        agree &= report(name, compare(files, case, expansion=True, step=options.step))
    return 0 if agree else 1


if __name__ == "__main__":
    raise SystemExit(main())
