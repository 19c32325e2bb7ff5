"""Published and enumerated answers: toys, knapsacks, network design on Sioux Falls."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bench import bench_path

from benchmarks.portfolio_knapsacks import read_knapsack
from benchmarks.portfolio_network_design import OBJECTIVE, TIME, NetworkDesign, read_network_design
from benchmarks.portfolio_toys import OBJECTIVES, Toy, read_toy
from sogdia.dependence import shapley
from sogdia.portfolio import FunctionEvaluator, PortfolioResult, PortfolioSettings, optimise

TOYS = ("toy10_11", "toy10_12")
SEARCH = PortfolioSettings(enumerate_most=0, pairs=False)


@cache
def toy(name: str) -> Toy:
    return read_toy(bench_path("portfolio", "toy", f"{name}.instance.json"))


@cache
def solved(name: str) -> PortfolioResult:
    return optimise(toy(name).problem, OBJECTIVES, toy(name).evaluator)


@cache
def known(name: str) -> Any:
    return json.loads(bench_path("portfolio", "toy", f"{name}.answers.json").read_text("utf-8"))


@pytest.mark.parametrize("name", TOYS)
def test_toy_optima_and_minimax_regret_match_enumeration(name: str) -> None:
    expected, result = known(name), solved(name)
    values = dict(zip(result.labels, (best.value for best in result.best), strict=True))
    assert values["value"] == pytest.approx(expected["best_nominal"]["value"], rel=1e-6)
    assert values["value mean"] == pytest.approx(expected["best_mean"]["mean_value"], rel=1e-6)
    assert values["value max_regret"] == pytest.approx(expected["minimax_regret"]["max_regret"], rel=1e-6)
    assert {name: option.partner for name, option in result.portfolio.items()} == expected["best_nominal"][
        "portfolio"
    ]
    assert result.regret_by_scenario["best"].iloc[: len(expected["scenario_optimal_values"])].tolist() == (
        pytest.approx(expected["scenario_optimal_values"], rel=1e-9)
    )
    assert str(result.best[0].proof) == f"proved by enumeration of {expected['n_feasible']:,}"


@pytest.mark.parametrize("name", TOYS)
def test_toy_front_matches_enumeration(name: str) -> None:
    result = optimise(toy(name).problem, OBJECTIVES[:3], toy(name).evaluator)
    rows = known(name)["pareto_value_co2_maxloss"]
    expected = np.array([[row["value"], row["co2"], row["max_partner_loss"]] for row in rows])
    found = result.values[result.front]
    distance = np.abs(found[:, None] - expected[None]).max(axis=2)
    assert len(found) == len(expected)
    assert distance.min(axis=0).max() < 1e-6
    assert distance.min(axis=1).max() < 1e-6


@pytest.mark.parametrize("name", TOYS)
def test_toy_withdrawals_give_the_published_losses_and_shapley_values(name: str) -> None:
    case, expected = toy(name), known(name)["withdrawal_of_best_mean"]
    row = case.problem.encode(known(name)["best_mean"]["portfolio"])[None]
    bits = 1 << np.arange(len(case.partners))
    costs = np.array(
        [case.running_without(row, (mask & bits > 0).astype(np.int64))[0] for mask in range(2 * bits[-1])]
    )
    assert costs - costs[0] == pytest.approx(list(expected["coalition_losses"].values()), abs=1e-6)
    assert shapley(costs) == pytest.approx(list(expected["shapley"].values()), rel=1e-6)


def test_toy_runs_each_engine_once_per_state_that_it_sees() -> None:
    counts = solved(TOYS[0]).evaluations
    run = dict(zip(counts["model"].tolist(), counts["run"].astype(int).tolist(), strict=True))
    # Six links under sixteen coalitions, four plants and imports in four kinds of year: far fewer states than
    # portfolios times scenarios.
    assert run["power"] <= 2 * 2**4 * 4
    assert run["freight"] <= 2**6 * 2**4
    assert (counts["run"] + counts["saved"] == counts["requested"]).all()


@pytest.mark.parametrize("name", ["Kirlik14-KP_p-3_n-10_ins-1", "Kirlik14-KP_p-5_n-10_ins-1"])
@pytest.mark.parametrize("settings", [PortfolioSettings(), SEARCH], ids=["enumeration", "integer programs"])
def test_knapsack_front_is_complete(name: str, settings: PortfolioSettings) -> None:
    case = read_knapsack(bench_path("portfolio", "mokp", f"{name}.json"))
    result = optimise(case.problem, case.objectives, settings=settings)
    assert np.unique(result.values[result.front], axis=0).tolist() == case.nondominated.tolist()
    assert result.front_proof.is_proved


def design(budget: float, instance: str = "SF_DNDP_10_3") -> NetworkDesign:
    return read_network_design(bench_path("portfolio", "dndp"), instance, budget)


@cache
def subsets() -> pd.DataFrame:
    return pd.read_csv(bench_path("portfolio", "dndp", "all_subsets_SF_DNDP_10_3.csv"))


@cache
def answers() -> pd.DataFrame:
    return pd.read_csv(bench_path("portfolio", "dndp", "answers.csv"))


@pytest.mark.parametrize("budget", [25, 50, 75])
@pytest.mark.parametrize("settings", [PortfolioSettings(), SEARCH], ids=["enumeration", "search"])
def test_network_design_optimum_is_found_in_the_table_of_all_subsets(
    budget: int, settings: PortfolioSettings
) -> None:
    times = subsets().set_index("bitmask")["tstt_1e3"].to_numpy()
    bits = 1 << np.arange(10)
    evaluator = FunctionEvaluator(lambda rows, _: times[(rows > 0) @ bits], (TIME,))
    result = optimise(design(budget).problem, [OBJECTIVE], evaluator, settings=settings)
    table = answers()
    row = table[(table["instance"] == "SF_DNDP_10_3") & (table["experiment"] == "budget")]
    expected = float(row.loc[row["budget_pct"] == budget, "exact_optimum_1e3"].iloc[0])
    assert result.best[0].value == pytest.approx(expected, rel=1e-5)


def test_network_design_by_our_equilibrium_is_proved_by_the_system_optimum() -> None:
    case = design(25, "SF_DNDP_10_1")
    settings = PortfolioSettings(enumerate_most=0, pairs=False, starts=2)
    result = optimise(case.problem, [OBJECTIVE], case.evaluator, bound=case.bound, settings=settings)
    assert result.best[0].value == pytest.approx(6227.9106, rel=1e-5)
    assert result.best[0].text == "11-15, 15-11"
    assert result.best[0].proof.is_proved
    assert str(result.best[0].proof).startswith("gap ≤ 0 % (branch and bound, ")
