"""Known answers of the portfolio search: toys, knapsacks, network design, scenario discovery.

    python -m benchmarks.portfolio [--only KIND ...] [--quick] [--instance TEXT ...]

Cases are read in place from ``../shared/bench/portfolio`` or where ``SOGDIA_BENCH`` says; new files in its
folders are taken up. Each line has the answer, the known one where there is one, their difference, the proof
and processor seconds. Network design is solved with our own equilibrium: up to ten links by branch and bound
with the system optimum as bound, which proves the answer; more links by search alone. ``--quick`` takes the
first network instance at each size, and knapsacks of up to 30 items.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks import BENCH
from benchmarks.portfolio_knapsacks import read_knapsack
from benchmarks.portfolio_network_design import OBJECTIVE, read_network_design
from benchmarks.portfolio_toys import OBJECTIVES, read_toy
from sogdia.portfolio import PortfolioSettings, optimise
from sogdia.uncertainty.prim import peel

FOLDER = BENCH / "portfolio"
PROVED_LINKS = 10
MOST_ABOVE_PCT = 0.5
QUICK_ITEMS = 30
SEARCH = PortfolioSettings(enumerate_most=0, pairs=False, starts=4, evaluations=700)
BRANCH = SEARCH.model_copy(update={"starts": 2, "evaluations": 10_000})


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        case: Name of the case.
        answer: Our answer, as text.
        known: Known answer, as text; empty if there is none.
        is_right: True if ours is as good as it must be.
        proof: How ours is known.
        seconds: Processor seconds.
    """

    case: str
    answer: str
    known: str
    is_right: bool
    proof: str
    seconds: float


def toys() -> Iterator[Line]:
    """Solve the toys by enumeration: optimum, mean, minimax regret and front."""
    for path in sorted((FOLDER / "toy").glob("*.instance.json")):
        toy = read_toy(path)
        answers = path.with_name(path.name.replace("instance", "answers"))
        known = json.loads(answers.read_text("utf-8")) if answers.exists() else {}
        begun = time.process_time()
        result = optimise(toy.problem, OBJECTIVES, toy.evaluator)
        seconds = time.process_time() - begun
        expected = {
            "value": known.get("best_nominal", {}).get("value"),
            "value mean": known.get("best_mean", {}).get("mean_value"),
            "value max_regret": known.get("minimax_regret", {}).get("max_regret"),
        }
        for best in result.best:
            if best.objective in expected:
                yield _number(
                    path.stem, best.objective, best.value, expected[best.objective], best.proof, seconds
                )
        begun = time.process_time()
        front = optimise(toy.problem, OBJECTIVES[:3], toy.evaluator)
        count = known.get("pareto_value_co2_maxloss")
        yield Line(
            f"{path.stem} front", f"{len(front.front)} points",
            "" if count is None else f"{len(count)} points", count is None or len(count) == len(front.front),
            str(front.front_proof), time.process_time() - begun,
        )  # fmt: skip


def _number(case: str, what: str, value: float, known: float | None, proof: object, seconds: float) -> Line:
    is_right = known is None or abs(value - known) <= 1e-6 * abs(known)
    return Line(
        f"{case} {what}", f"{value:,.6f}", "" if known is None else f"{known:,.6f}", is_right, str(proof),
        seconds,
    )  # fmt: skip


def knapsacks(*, is_quick: bool) -> Iterator[Line]:
    """Find the complete fronts of the knapsacks."""
    for path in sorted((FOLDER / "mokp").glob("*.json")):
        case = read_knapsack(path)
        if is_quick and len(case.problem.names) > QUICK_ITEMS:
            continue
        begun = time.process_time()
        settings = PortfolioSettings(pairs=False, enumerate_most=2_000_000)
        result = optimise(case.problem, case.objectives, settings=settings)
        found = np.unique(result.values[result.front], axis=0)
        yield Line(
            path.stem, f"{len(found)} points", f"{len(case.nondominated)} points",
            np.array_equal(found, case.nondominated), str(result.front_proof), time.process_time() - begun,
        )  # fmt: skip


def networks(instances: list[str], *, is_quick: bool) -> Iterator[Line]:
    """Solve the network design instances with our equilibrium."""
    table = pd.read_csv(FOLDER / "dndp" / "answers.csv")
    if is_quick:
        table = table.groupby(table["instance"].str.extract(r"_(\d+)_")[0]).head(1)
    for row in table.to_dict("records"):
        name, budget, demand = str(row["instance"]), float(row["budget_pct"]), float(row["demand_pct"])
        if instances and not any(text in name for text in instances):
            continue
        case = read_network_design(FOLDER / "dndp", name, budget, demand)
        is_small = len(case.problem.names) <= PROVED_LINKS
        begun = time.process_time()
        result = optimise(
            case.problem, [OBJECTIVE], case.evaluator, bound=case.bound if is_small else None,
            settings=BRANCH if is_small else SEARCH,
        )  # fmt: skip
        best, seconds = result.best[0], time.process_time() - begun
        exact = float(row["exact_optimum_1e3"])
        known = float(row["published_tap_1e3"]) if np.isnan(exact) else exact
        above = 100.0 * (best.value / known - 1.0)
        # Published times have one decimal: the answer may be above by its rounding.
        most = 100.0 * 0.05 / known if is_small else MOST_ABOVE_PCT
        yield Line(
            f"{name} {budget:g} % budget {demand:g} % demand", f"{best.value:,.4f} ({above:+.4f} %)",
            f"{known:,.4f}", above <= most and (best.proof.is_proved or not is_small), str(best.proof),
            seconds,
        )  # fmt: skip


def discovery() -> Iterator[Line]:
    """Compare the peeling trajectory on Bryant & Lempert's data with the published one."""
    folder = FOLDER / "scenario_discovery"
    known = json.loads((folder / "answers.json").read_text("utf-8"))
    table = pd.read_csv(folder / "bryant2010.csv")
    begun = time.process_time()
    boxes = peel(table[known["inputs"]], table[known["target"]].to_numpy(dtype=bool))
    seconds = time.process_time() - begun
    steps = [(round(box.coverage, 6), round(box.density, 6), len(box.limits)) for box in boxes]
    expected = [(step["coverage"], step["density"], step["restricted"]) for step in known["trajectory"]]
    yield Line(
        "scenario discovery", f"{len(steps)} steps", f"{len(expected)} steps", steps == expected,
        "each step compared", seconds,
    )  # fmt: skip


def main() -> int:
    """Print the table; return 1 if an answer is not as good as it must be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--only", nargs="*", default=["toys", "knapsacks", "networks", "discovery"])
    parser.add_argument("--instance", nargs="*", default=[], help="parts of names of network instances")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    kinds = {
        "toys": toys,
        "knapsacks": lambda: knapsacks(is_quick=options.quick),
        "networks": lambda: networks(options.instance, is_quick=options.quick),
        "discovery": discovery,
    }
    wrong = 0
    for kind in options.only:
        for line in kinds[kind]():
            mark = "ok" if line.is_right else "WRONG"
            print(
                f"{mark:5} {line.case:45} {line.answer:28} known {line.known:16} {line.seconds:8.1f} s",
                line.proof,
                flush=True,
            )
            wrong += not line.is_right
    print(f"{wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
