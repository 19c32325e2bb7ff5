"""Jobs: a withdrawal holds the new plants of the plan itself; the first year starts from the tenth."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sogdia.case import Case, Scenario, build_case, counterfactual, load_plan, load_scenario, reference_plan
from sogdia.case.shocks import DryYear
from sogdia.coupling import CoupledBaseline, CoupledResult, CouplingSettings, couple
from sogdia.dependence.home_results import power_by_home
from sogdia.dependence.jobs import PowerJob, WithdrawalBaseline
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.study import WithdrawalStudy
from sogdia.dependence.withdrawal import with_withdrawn
from sogdia.finance.finance_losses import capital_losses
from sogdia.power import PowerSettings, build_power_inputs, solve
from sogdia.region import Region
from sogdia.runs.context import RunContext


def test_new_capacity_is_that_of_the_plan_without_shocks(shipped: Region) -> None:
    settings, reference = PowerSettings(hours=288), load_scenario("reference", shipped)
    baseline, (plan,) = counterfactual(
        [load_plan("under_construction", shipped)], reference_plan(shipped), shipped
    )
    without, with_plan = (build_case(shipped, each, reference) for each in (baseline, plan))
    context = RunContext(shipped, None, build_power_inputs(without, settings))
    model = context.power_model
    dry = reference.model_copy(update={"name": "dry", "shocks": (DryYear(factor=0.8, reason="test"),)})

    def homes(scenario: Scenario) -> pd.DataFrame:
        job = PowerJob("0" * 64, 0, scenario.name, "", plan, scenario, settings)
        return job.compute(context, 1).tables["homes"]

    inputs = build_power_inputs(with_plan, settings)
    own = model.plan(inputs)
    assert sum(own.built_mw.values()) < 0.9 * sum(model.own_filler.built_mw.values())
    expected = power_by_home(solve(inputs, model, filler=own), shipped.home)
    pd.testing.assert_frame_equal(homes(reference), expected, rtol=1e-6)
    short = solve(build_power_inputs(build_case(shipped, plan, dry), settings), model, filler=own)
    pd.testing.assert_frame_equal(homes(dry), power_by_home(short, shipped.home), rtol=1e-6)
    assert context.held_filler(with_plan, settings).built_mw == pytest.approx(own.built_mw)


def test_finance_is_lost_by_the_withdrawal_of_capital_alone(shipped: Region) -> None:
    """The case of all channels loses the same: no other channel edits what finance is made from."""
    reference = load_scenario("reference", shipped)
    baseline, (plan,) = counterfactual(
        [load_plan("announced_2025", shipped)], reference_plan(shipped), shipped
    )
    study = WithdrawalStudy(build_case(shipped, plan, reference), DependenceSettings(), baseline)
    partners = study.partners
    every = with_withdrawn(reference, partners, study.pressure, years_since=10)
    expected = capital_losses(build_case(shipped, plan, every), partners)
    pd.testing.assert_frame_equal(capital_losses(study.finance_case(partners), partners), expected)
    before = capital_losses(study.finance_case(()), ()).set_index("home")["capital_musd"]
    assert (expected.set_index("home")["capital_musd"] - before).sum() > 0.0


def test_first_year_starts_from_the_tenth_and_has_the_same_bits_when_resumed(
    isles: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = build_case(isles, load_plan("as_is", isles), load_scenario("reference", isles))
    required = WithdrawalStudy(case, DependenceSettings(coalitions=False), case.plan).required
    late, early = (
        next(job for job in required.goods_jobs.values() if job.case_name == f"without XAC, XBKF, {horizon}")
        for horizon in ("year_10", "year_1")
    )
    assert early.start == late
    assert early.label == "without Farland, first year: freight and trade"
    context, fresh = (
        WithdrawalBaseline(required.baseline, required.coupling, None).make(1) for _ in range(2)
    )
    solved: list[CoupledResult | None] = []

    def recorded(
        case: Case, baseline: CoupledBaseline, settings: CouplingSettings, *, start: CoupledResult | None
    ) -> CoupledResult:
        solved.append(start)
        return couple(case, baseline, settings, start=start)

    monkeypatch.setattr("sogdia.dependence.jobs.couple", recorded)
    tenth = late.compute(context, 1).tables["homes"]
    first = early.compute(context, 1).tables
    assert [start is None for start in solved] == [True, False]
    for name, table in early.compute(fresh, 1).tables.items():
        pd.testing.assert_frame_equal(table, first[name], check_exact=True)
    assert [start is None for start in solved[2:]] == [True, False]
    alone = replace(early, start=None).compute(fresh, 1).tables["homes"]
    pd.testing.assert_frame_equal(first["homes"], alone, rtol=1e-3, atol=1e-6)
    assert first["homes"]["gain_musd"].sum() < 1.5 * tenth["gain_musd"].sum() < 0.0
    only = WithdrawalStudy(case, DependenceSettings(coalitions=False, horizons=("year_1",)), case.plan)
    assert early.key not in only.required.goods_jobs
