"""A plan is compared with the baseline less what the plan itself decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.case import (
    Plan,
    ProjectChoice,
    build_case,
    counterfactual,
    load_plan,
    load_scenario,
    reference_plan,
)
from sogdia.finance.plan_finance import plan_finance
from sogdia.region import Region

CKU, BYPASS, CABLE = "pj_cku", "pj_almaty_bypass", "pj_caspian_cable"


def names(plan: Plan) -> set[str]:
    return {choice.project for choice in plan.projects}


def plan_of(*projects: str, excludes: tuple[str, ...] = ()) -> Plan:
    choices = tuple(ProjectChoice(project=name, opening_year=2029) for name in projects)
    return Plan(name="mine", title="Mine", projects=choices, excludes=excludes)


def test_committed_project_of_the_plan_is_taken_out_of_the_baseline(shipped: Region) -> None:
    committed = reference_plan(shipped)
    baseline, (plan,) = counterfactual([plan_of(CKU, CABLE)], committed, shipped)
    assert committed.name == "committed"
    assert names(baseline) == names(committed) - {CKU}
    assert names(plan) == names(committed) | {CABLE}
    assert {choice.project for choice in plan.own} == {CKU, CABLE}
    assert set(plan.in_baseline) == names(baseline)
    assert baseline.name == "committed_without_plan"
    assert CKU in baseline.description


def test_choice_of_the_plan_takes_precedence(shipped: Region) -> None:
    _, (plan,) = counterfactual([plan_of(BYPASS)], reference_plan(shipped), shipped)
    (choice,) = (each for each in plan.projects if each.project == BYPASS)
    assert choice.opening_year == 2029


def test_counterfactual_of_its_own_result_is_the_same(shipped: Region) -> None:
    baseline, plans = counterfactual([plan_of(CKU, CABLE)], reference_plan(shipped), shipped)
    assert counterfactual(plans, baseline, shipped) == (baseline, plans)


def test_plans_of_a_study_share_the_baseline(shipped: Region) -> None:
    committed = reference_plan(shipped)
    baseline, plans = counterfactual([plan_of(CKU, BYPASS), plan_of(CKU)], committed, shipped)
    assert names(baseline) == names(committed) - {CKU}
    assert [names(plan) for plan in plans] == [names(committed), names(committed)]
    assert {choice.project for choice in plans[0].own} == {CKU}, "the other is built without the plan too"


def test_baseline_itself_and_a_plan_without_projects_stay_as_they_are(shipped: Region) -> None:
    committed, as_is = reference_plan(shipped), load_plan("as_is", shipped)
    assert counterfactual([committed, as_is], committed, shipped) == (committed, (committed, as_is))


def test_plan_on_a_baseline_without_projects_is_unchanged(shipped: Region) -> None:
    as_is, plan = load_plan("as_is", shipped), plan_of(CKU, CABLE)
    assert counterfactual([plan], as_is, shipped) == (as_is, (plan,))


def test_excluded_project_of_the_baseline_is_not_built(shipped: Region) -> None:
    baseline, (plan,) = counterfactual([plan_of(CABLE, excludes=(CKU,))], reference_plan(shipped), shipped)
    assert CKU in names(baseline)
    assert CKU not in names(plan)


def test_alternative_in_the_baseline_is_not_built(shipped: Region) -> None:
    pairs = shipped.table("alternatives")
    project, other = str(pairs["project"].iloc[0]), str(pairs["other"].iloc[0])
    _, (plan,) = counterfactual([plan_of(project)], plan_of(other), shipped)
    assert names(plan) == {project}


def test_plan_that_extends_the_baseline_decides_only_its_own(shipped: Region, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: T\nextends: [committed]\nprojects: [{{project: {CKU}}}]\n", "utf-8")
    committed, plan = reference_plan(shipped), load_plan(path, shipped)
    assert {choice.project for choice in plan.own} == {CKU}
    above = tmp_path / "above.yaml"
    above.write_text(f"title: T\nextends: [mine.yaml, middle_corridor]\nexcludes: [{CKU}]\n", "utf-8")
    own = {choice.project for choice in load_plan(above, shipped).own}
    assert own == {choice.project for choice in load_plan("middle_corridor", shipped).own}
    baseline, (same,) = counterfactual([plan], committed, shipped)
    assert names(same) == names(plan)
    assert names(plan) - names(baseline) == {CKU}


def test_money_of_a_plan_is_that_of_its_own_projects(shipped: Region) -> None:
    _, (plan,) = counterfactual([plan_of(CKU)], reference_plan(shipped), shipped)
    case = build_case(shipped, plan, load_scenario("reference", shipped))
    assert set(case.own_projects["project"]) == {CKU}
    assert set(plan_finance(case)["project"]) == {CKU}
    assert set(plan_finance(case, case.finance)["project"]) > {CKU}


def test_key_is_refused_in_a_file() -> None:
    with pytest.raises(ValueError, match="not a key of a plan"):
        Plan(title="T", in_baseline=("pj_cku",))


def test_region_without_committed_projects_is_compared_as_it_is(isles: Region) -> None:
    assert reference_plan(isles) == load_plan("as_is", isles)
