"""Bad input: all errors at once with the nearest names; smallest sets of limits in conflict."""

from __future__ import annotations

import numpy as np
import pytest

from portfolio.small import knapsack, two_partners
from sogdia.errors import FaultsError, InputError, UnknownNameError
from sogdia.portfolio import (
    Criterion,
    FunctionEvaluator,
    Group,
    InfeasibleError,
    Limit,
    Option,
    Prerequisite,
    Problem,
    Project,
    ResultLimit,
    ShareLimit,
    YearLimit,
    optimise,
)

COST = Criterion("cost", "min")


def test_all_unknown_names_are_listed_with_the_nearest() -> None:
    projects = (Project("north_line", (Option("bank", amounts={"cost": 1.0}),)),)
    with pytest.raises(FaultsError) as caught:
        Problem(
            projects,
            limits=(Limit("costs", most=1.0), Limit("cost", most=1.0, partner="banc"), YearLimit("cash", {})),
            groups=(Group(("nort_line",)),),
            prerequisites=(Prerequisite("north_line", "north_lin"),),
            must_haves=("northline",),
        )
    text = str(caught.value)
    assert len(caught.value.faults) == 6
    assert text.count("did you mean north_line?") == 3
    assert "unknown amount 'costs'; did you mean cost?" in text
    assert "unknown partner 'banc'; did you mean bank?" in text


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (lambda: Problem(()), "there are no projects"),
        (lambda: Problem((Project("A", ()),)), "has no option"),
        (lambda: Problem((Project("A", (Option(), Option())),)), "repeats the option"),
        (lambda: Problem((Project("A", (Option(),)), Project("A", (Option(),)))), "'A' is repeated"),
        (lambda: knapsack([float("nan")], 1.0), "nan is not a finite number"),
        (lambda: knapsack([1.0], 1.0, prerequisites=(Prerequisite("A", "A"),)), "needs itself"),
        (lambda: knapsack([1.0, 1.0], 1.0, groups=(Group(("A", "B"), 1, 2),)), "2 to 1 is no range"),
        (lambda: two_partners("A", {"p": 1.0}, limits=(Limit("cost"),)), "neither most nor least"),
        (lambda: two_partners("A", {"p": 1.0}, limits=(Limit("cost", 1.0, 2.0),)), "2.0 exceeds 1.0"),
        (lambda: two_partners("A", {"p": 1.0}, limits=(ShareLimit("cost", 40.0),)), "expected 0 to 1"),
        (lambda: two_partners("A", {"p": -1.0}, limits=(ShareLimit("cost", 0.4),)), "amount is negative"),
    ],
)
def test_each_fault_is_named(problem: object, message: str) -> None:
    with pytest.raises(FaultsError, match=message):
        problem()  # type: ignore[operator]


def test_smallest_conflict_leaves_out_limits_that_could_hold() -> None:
    problem = Problem(
        tuple(
            Project(name, (Option(amounts={"own": own, "debt": 1.0}),))
            for name, own in (("A", 3.0), ("B", 4.0), ("C", 1.0))
        ),
        limits=(Limit("own", most=5.0), Limit("debt", most=3.0), Limit("debt", least=2.0)),
        must_haves=("A", "B"),
    )
    with pytest.raises(InfeasibleError) as caught:
        optimise(problem, [Criterion("own", "min")])
    assert set(caught.value.conflict) == {"own at most 5", "A must be built", "B must be built"}
    assert "'own at most 5' must be at least 7" in str(caught.value)
    assert "must be at most" not in str(caught.value), "a project that must be built has no amount to loosen"


def test_suggested_amount_is_short_and_can_hold() -> None:
    def search(most: float) -> None:
        projects = tuple(Project(name, (Option(amounts={"own": 100.0 / 3.0}),)) for name in "AB")
        optimise(Problem(projects, (Limit("own", most=most),), must_haves=("A", "B")), [Criterion("own")])

    with pytest.raises(InfeasibleError) as caught:
        search(40.0)
    assert "'own at most 40' must be at least 66.667" in str(caught.value).splitlines()[-1]
    search(66.667)


def test_single_limit_that_cannot_hold_is_the_smallest_conflict() -> None:
    # The three others conflict with each other too, but one limit alone is fewer.
    problem = Problem(
        tuple(Project(name, (Option(amounts={"cost": 2.0}),)) for name in "AB"),
        limits=(Limit("cost", most=3.0), Limit("cost", least=5.0)),
        must_haves=("A", "B"),
    )
    with pytest.raises(InfeasibleError) as caught:
        optimise(problem, [COST])
    assert caught.value.conflict == ("cost at least 5",)


def test_limits_on_results_in_conflict_are_a_smallest_set() -> None:
    problem = knapsack([1.0, 1.0], 2.0)
    evaluator = FunctionEvaluator(
        lambda rows, _: np.stack([rows.sum(1), rows[:, 0], rows[:, 1]], axis=1).astype(float), ("n", "a", "b")
    )
    limits = [
        ResultLimit(Criterion("n"), most=1.0),
        ResultLimit(Criterion("a"), least=1.0),
        ResultLimit(Criterion("b"), least=0.0),
        ResultLimit(Criterion("b"), least=1.0),
    ]
    with pytest.raises(InfeasibleError) as caught:
        optimise(problem, [Criterion("n")], evaluator, limits=limits)
    assert set(caught.value.conflict) == {"n at most 1", "a at least 1", "b at least 1"}


def test_unknown_measure_and_project_give_the_nearest() -> None:
    problem = knapsack([1.0], 2.0)
    with pytest.raises(UnknownNameError, match="did you mean cost"):
        optimise(problem, [Criterion("cots")])
    with pytest.raises(UnknownNameError, match="no project is called 'a'; did you mean A"):
        problem.encode(["a"])
    with pytest.raises(InputError, match="has no option 'russia'; one of"):
        two_partners("A", {"north": 1.0, "south": 1.0}).encode({"A": "russia"})


def test_weights_must_match_the_scenarios() -> None:
    with pytest.raises(InputError, match="expected 1 numbers"):
        optimise(knapsack([1.0], 2.0), [COST], weights=[1.0, 2.0])
    with pytest.raises(InputError, match="no objective"):
        optimise(knapsack([1.0], 2.0), [])
