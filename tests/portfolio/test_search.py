"""Search, bounds and results on problems whose answers are listed in full."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from portfolio.small import every_portfolio, knapsack, two_partners
from sogdia.errors import InputError
from sogdia.portfolio import (
    Criterion,
    FunctionEvaluator,
    Group,
    Limit,
    Model,
    ModelEvaluator,
    Option,
    PortfolioResult,
    PortfolioSettings,
    Prerequisite,
    Problem,
    Project,
    ResultLimit,
    optimise,
)
from sogdia.portfolio.feasible import linear_system

SEARCH = PortfolioSettings(enumerate_most=0, starts=6)
Floats = npt.NDArray[np.float64]


def quadratic(problem: Problem, scenarios: int = 1, seed: int = 0) -> FunctionEvaluator:
    """Gains of options and of pairs at random, by scenario."""
    generator = np.random.default_rng(seed)
    single = generator.normal(size=(scenarios, len(problem.options)))
    pair = generator.normal(size=(len(problem.projects),) * 2)

    def values(rows: npt.NDArray[np.int16], scenario: int) -> Floats:
        built = (rows > 0).astype(np.float64)
        joint = np.einsum("ni,ij,nj->n", built, np.triu(pair, 1), built)
        return np.asarray(problem.indicators(rows) @ single[scenario] + joint)

    return FunctionEvaluator(values, ("gain",), tuple(f"s{s}" for s in range(scenarios)))


@pytest.fixture(scope="module")
def region() -> Problem:
    return two_partners(
        "ABCDEFG",
        {"p": 2.0, "q": 3.0},
        limits=(Limit("cost", most=11.0),),
        groups=(Group(("A", "B")),),
        prerequisites=(Prerequisite("C", "D"),),
    )


@pytest.fixture(scope="module")
def exact(region: Problem) -> PortfolioResult:
    criteria = [Criterion("gain"), Criterion("gain", over="max_regret"), Criterion("cost", "min")]
    return optimise(region, criteria, quadratic(region, 5))


def test_search_finds_the_enumerated_optimum_and_claims_no_proof(
    region: Problem, exact: PortfolioResult
) -> None:
    found = optimise(region, [Criterion("gain")], quadratic(region, 5), settings=SEARCH)
    assert found.best[0].value == pytest.approx(exact.best[0].value)
    assert not found.best[0].proof.is_proved
    assert str(found.best[0].proof).startswith("best of 6 starts, found by ")
    assert str(found.front_proof) == f"best of {len(found.choices)} evaluated; no proof"


def test_column_and_constraint_generation_finds_the_enumerated_minimax_regret(
    region: Problem, exact: PortfolioResult
) -> None:
    found = optimise(region, [exact.assessment.objectives[1]], quadratic(region, 5), settings=SEARCH)
    assert found.best[0].value == pytest.approx(exact.best[1].value)


def test_population_search_respects_limits_and_does_not_beat_the_optimum(
    region: Problem, exact: PortfolioResult
) -> None:
    pytest.importorskip("pymoo")
    settings = SEARCH.model_copy(update={"generations": 5, "population": 12, "starts": 2})
    criteria = [Criterion("gain"), Criterion("cost", "min")]
    found = optimise(region, criteria, quadratic(region, 5), settings=settings)
    assert linear_system(region).feasible(found.choices).all()
    assert found.best[0].value <= exact.best[0].value + 1e-9
    assert found.best[1].value == pytest.approx(0.0)


def test_branch_and_bound_closes_the_gap_with_a_valid_bound(region: Problem) -> None:
    costs = region.amounts("cost")

    def gain(rows: npt.NDArray[np.int16], _: int) -> Floats:
        return np.asarray(region.indicators(rows) @ (costs**2) - (rows > 0).sum(1) ** 2)

    def bound(possible: npt.NDArray[np.bool_]) -> Floats:
        best = np.where(possible, np.array([0.0, 4.0, 9.0]), -np.inf).max(axis=2).sum(axis=1)
        least = (~possible[:, :, 0]).sum(axis=1)
        return np.asarray(best - least**2)

    evaluator = FunctionEvaluator(gain, ("gain",))
    exact = optimise(region, [Criterion("gain")], evaluator)
    found = optimise(region, [Criterion("gain")], evaluator, bound=bound, settings=SEARCH)
    assert found.best[0].value == pytest.approx(exact.best[0].value)
    assert found.best[0].proof.is_proved
    stopped = SEARCH.model_copy(update={"nodes": 1})
    short = optimise(region, [Criterion("gain")], evaluator, bound=bound, settings=stopped).best[0]
    assert short.value * (1.0 + short.proof.gap) >= exact.best[0].value - 1e-9


def test_order_of_projects_and_units_change_no_answer(region: Problem, exact: PortfolioResult) -> None:
    evaluator = quadratic(region, 5)
    turned = Problem(region.projects[::-1], region.limits, region.groups, region.prerequisites)
    scaled = FunctionEvaluator(
        lambda rows, s: 1000.0 * evaluator(rows[:, ::-1], (s,))[:, 0], ("gain",), evaluator.scenarios
    )
    result = optimise(turned, [Criterion("gain"), Criterion("gain", over="max_regret")], scaled)
    assert result.best[0].value == pytest.approx(1000.0 * exact.best[0].value)
    assert result.best[1].value == pytest.approx(1000.0 * exact.best[1].value)
    assert result.portfolio == exact.portfolio


def test_limit_on_results_excludes_portfolios_from_the_best_and_from_regret(region: Problem) -> None:
    evaluator = quadratic(region, 5)
    criteria = [Criterion("gain"), Criterion("gain", over="max_regret")]
    limit = ResultLimit(Criterion("gain", over="worst"), least=0.5)
    result = optimise(region, criteria, evaluator, limits=[limit])
    rows = every_portfolio(region)
    rows = rows[linear_system(region).feasible(rows)]
    values = evaluator(rows, range(5))[:, :, 0]
    allowed = values[values.min(axis=1) >= 0.5]
    assert len(result.choices) == len(allowed)
    assert result.best[0].value == pytest.approx(allowed[:, 0].max())
    assert result.best[1].value == pytest.approx((allowed.max(axis=0) - allowed).max(axis=1).min())
    found = optimise(region, criteria[:1], evaluator, limits=[limit], settings=SEARCH)
    assert found.best[0].value == pytest.approx(result.best[0].value)


def test_interactions_are_complements_and_substitutes_by_hand() -> None:
    problem = knapsack([1.0] * 3, 3.0)

    def cost(rows: npt.NDArray[np.int16], _: int) -> Floats:
        a, b, c = rows.T.astype(np.float64)
        return np.asarray(100.0 - 5.0 * a - 4.0 * b - 3.0 * c - 2.0 * a * b + 1.0 * a * c)

    table = optimise(problem, [Criterion("x", "min")], FunctionEvaluator(cost, ("x",))).interactions
    assert table["interaction"].tolist() == pytest.approx([-2.0, 1.0, 0.0])
    assert table["kind"].tolist() == ["complements", "substitutes", "independent"]
    assert table["effect"].tolist() == pytest.approx([-11.0, -7.0, -7.0])


def test_near_optimal_projects_are_in_all_or_none() -> None:
    problem = knapsack([4.0, 1.0, 1.0, 4.0], 6.0)
    gains = np.array([100.0, 4.0, 3.5, 50.0])
    evaluator = FunctionEvaluator(lambda rows, _: (rows > 0) @ gains, ("gain",))
    result = optimise(problem, [Criterion("gain")], evaluator)
    table = result.near_optimal_projects.set_index(["within_pct", "project"])
    assert result.no_regret == ("A",)
    assert table["in_none"].xs(5.0).tolist() == [False, False, False, True]
    # Within 1 % only A, B, C (107.5) remains; within 5 % also A, B (104) and A, C (103.5).
    assert table["share_of_portfolios"].xs(1.0).tolist() == [1.0, 1.0, 1.0, 0.0]
    assert table["share_of_portfolios"].xs(5.0).tolist() == pytest.approx([1.0, 2 / 3, 2 / 3, 0.0])


def test_linear_near_optimal_projects_match_the_enumerated() -> None:
    problem = Problem(
        tuple(
            Project(name, (Option(amounts={"cost": cost, "gain": gain}),))
            for name, cost, gain in (("A", 4, 100), ("B", 1, 4), ("C", 1, 3), ("D", 4, 50))
        ),
        (Limit("cost", most=6.0),),
    )
    listed = optimise(problem, [Criterion("gain")])
    programmed = optimise(problem, [Criterion("gain")], settings=SEARCH)
    assert programmed.best[0].value == listed.best[0].value == 107.0
    assert programmed.best[0].proof.is_proved
    for column in ("in_all", "in_none"):
        assert (
            programmed.near_optimal_projects[column].tolist() == listed.near_optimal_projects[column].tolist()
        )


def test_price_of_autonomy_is_the_cost_of_each_level() -> None:
    problem = two_partners("A", {"p": 1.0, "q": 1.0})
    table = np.array([[0.0, 0.0], [10.0, 8.0], [7.0, 2.0]])  # gain, loss if the partner withdraws
    evaluator = FunctionEvaluator(lambda rows, _: table[rows[:, 0]], ("gain", "loss"))
    result = optimise(problem, [Criterion("gain"), Criterion("loss", "min")], evaluator)
    price = result.price("loss")
    assert price["level"].tolist() == [8.0, 2.0, 0.0]
    assert price["cost"].tolist() == [0.0, 3.0, 10.0]
    assert price["cost_per_unit"].tolist()[1:] == pytest.approx([0.5, 3.5])


def test_sensitivity_lists_every_single_change(exact: PortfolioResult) -> None:
    table = exact.sensitivity
    assert len(table) == exact.problem.sizes.sum()
    assert (table["is_feasible"] == (table["violated"] == "")).all()
    assert (table.loc[table["is_feasible"], "gain difference"] <= 1e-9).all()
    assert table.loc[~table["is_feasible"], "gain"].isna().all()
    assert set(table["change"]) <= {"add", "drop", "change partner"}


def test_robustness_and_regret_agree_with_the_objective(exact: PortfolioResult) -> None:
    table = exact.robustness(threshold=0.0)
    assert table["max_regret"].min() == pytest.approx(exact.best[1].value)
    regret = exact.regret_by_scenario
    of_best = regret[regret["objective"] == "gain max_regret"]
    assert of_best["regret"].max() == pytest.approx(exact.best[1].value)
    assert (regret["regret"] >= -1e-12).all()


def test_failures_are_described_by_their_cause() -> None:
    problem = knapsack([1.0], 0.0)
    water = np.repeat([1.0, 0.6], 20)
    evaluator = FunctionEvaluator(
        lambda rows, s: np.full(len(rows), 10.0 * water[s]), ("gain",), tuple(f"year {s}" for s in range(40))
    )
    result = optimise(problem, [Criterion("gain", over="mean")], evaluator)
    attributes = pd.DataFrame({"water": water, "number": np.tile(np.arange(20.0), 2)})
    box = result.failures(attributes, threshold=8.0)
    assert [limit.name for limit in box.limits] == ["water"]
    assert (box.coverage, box.density, box.mass) == (1.0, 1.0, 0.5)
    with pytest.raises(InputError, match="no case is of interest"):
        result.failures(attributes, threshold=1.0)


def test_engine_runs_once_for_portfolios_that_it_cannot_distinguish() -> None:
    problem = two_partners("AB", {"p": 1.0, "q": 1.0})
    runs: list[list[int]] = []

    def run(states: npt.NDArray[np.int64], _: int) -> Floats:
        runs.extend(states.tolist())
        return np.asarray(states.sum(axis=1, keepdims=True), dtype=np.float64)

    network = Model("network", ("open",), lambda rows, _: (rows > 0).astype(np.int64), run, lambda _: 0)
    evaluator = ModelEvaluator(
        (network,), ("open",), ("wet", "dry"), lambda results, _, s: results["network"] * (2 - s)
    )
    result = optimise(problem, [Criterion("open", over="mean")], evaluator)
    assert sorted(runs) == [[0, 0], [0, 1], [1, 0], [1, 1]]
    counts = result.evaluations.set_index("model").loc["network"]
    assert (counts["run"], counts["requested"]) == (4, 18)
    assert result.best[0].value == pytest.approx(3.0)
    assert "network: 4 runs for 18 requested, 14 saved" in result.summary()
