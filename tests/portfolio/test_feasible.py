"""Enumeration: exactly the portfolios that respect each kind of limit, by listing all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.small import every_portfolio, knapsack, two_partners
from sogdia.portfolio import Group, Limit, Option, Prerequisite, Problem, Project, ShareLimit, YearLimit
from sogdia.portfolio.branch_bound import propagate
from sogdia.portfolio.feasible import enumerate_feasible, feasible_blocks, linear_system


def described(problem: Problem) -> set[str]:
    found = enumerate_feasible(linear_system(problem), 10**6)
    assert found is not None
    return {problem.describe(row) for row in found}


def test_budget_admits_the_sets_within_it() -> None:
    assert described(knapsack([3.0, 2.0, 2.0], 4.0)) == {"none", "A", "B", "C", "B, C"}


def test_sum_equal_to_the_limit_is_within_it() -> None:
    assert "A, B, C" in described(knapsack([0.1, 0.2, 0.3], 0.6))


def test_group_admits_one_and_can_require_one() -> None:
    problem = knapsack([1.0, 1.0, 1.0], 9.0, groups=(Group(("A", "B"), least=1),))
    assert described(problem) == {"A", "B", "A, C", "B, C"}


def test_prerequisite_and_must_have_hold() -> None:
    problem = knapsack([1.0] * 3, 9.0, prerequisites=(Prerequisite("A", "B"),), must_haves=("C",))
    assert described(problem) == {"C", "B, C", "A, B, C"}


def test_prerequisite_in_time_must_not_open_later() -> None:
    years = tuple(Option(year=year) for year in (2030, 2035))
    problem = Problem(
        (Project("A", years), Project("B", years)), prerequisites=(Prerequisite("A", "B", in_time=True),)
    )
    late = {"A (2030)", "A (2035)", "A (2030), B (2035)"}
    everything = {problem.describe(row) for row in every_portfolio(problem)}
    assert described(problem) == everything - late


def test_cash_is_limited_in_each_year() -> None:
    early = Option(by_year={"cash": {2027: 5.0, 2028: 1.0}})
    late = Option(by_year={"cash": {2028: 5.0}})
    problem = Problem(
        (Project("A", (early,)), Project("B", (late,))), (YearLimit("cash", {2027: 5.0, 2028: 5.5}),)
    )
    assert described(problem) == {"none", "A", "B"}


def test_share_limit_admits_two_partners_only_together() -> None:
    problem = two_partners("AB", {"p": 1.0, "q": 1.0}, limits=(ShareLimit("cost", 0.5),))
    assert described(problem) == {"none", "A (p), B (q)", "A (q), B (p)"}


def test_limit_of_one_partner_counts_its_options_only() -> None:
    problem = two_partners("AB", {"p": 2.0, "q": 2.0}, limits=(Limit("cost", most=2.0, partner="p"),))
    assert len(described(problem)) == 8


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=5),
    st.integers(0, 25),
    st.integers(0, 10),
    st.integers(1, 7),
)
def test_enumeration_is_the_filter_of_all_portfolios(
    costs: list[int], most: int, least: int, block: int
) -> None:
    problem = two_partners(
        "ABC"[: len(costs) - 1],
        {f"p{i}": float(cost) for i, cost in enumerate(costs)},
        limits=(Limit("cost", most=float(max(most, least)), least=float(least)),),
    )
    system = linear_system(problem)
    found = [row.tolist() for part in feasible_blocks(system, block) for row in part]
    everything = every_portfolio(problem)
    total = problem.totals(everything, "cost")
    expected = everything[(total <= max(most, least)) & (total >= least)].tolist()
    assert sorted(found) == sorted(expected)
    assert system.feasible(everything).sum() == len(expected)


def test_enumeration_ends_above_its_largest_number() -> None:
    system = linear_system(knapsack([1.0] * 10, 99.0))
    assert enumerate_feasible(system, 1023) is None
    found = enumerate_feasible(system, 1024)
    assert found is not None
    assert len(found) == 1024


def test_propagation_removes_what_no_completion_can_have() -> None:
    problem = knapsack([3.0, 2.0, 2.0], 4.0)
    node = np.ones((1, 3, 2), dtype=np.bool_)
    node[0, 0, 0] = False  # A is built: neither B nor C fits.
    assert propagate(linear_system(problem), node)[0, 1:, 1].tolist() == [False, False]


def test_encoding_and_description_are_inverse() -> None:
    problem = two_partners("AB", {"p": 1.0, "q": 2.0})
    row = problem.encode({"B": "q"})
    assert row.tolist() == [0, 2]
    assert problem.describe(row) == "B (q)"
    assert problem.totals(row[None], "cost") == pytest.approx([2.0])
    everything = every_portfolio(problem)
    assert (problem.choices_of(problem.indicators(everything)) == everything).all()
