"""Runs that store their economies alone start from their plan without shocks; levels share a baseline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from runs.powered import write_powered_isles
from sogdia.case import Plan, Scenario, build_case, load_plan, load_scenario
from sogdia.coupling.case_networks import TableDigests, network_key
from sogdia.coupling.joint import JointSettings, make_joint_baseline
from sogdia.region import Region, load_region
from sogdia.runs.context import RunContext
from sogdia.runs.definition import Run, define_run
from sogdia.runs.joint_jobs import JointJob, joint_groups
from sogdia.uncertainty.one_at_a_time import read_assumptions

SETTINGS = JointSettings()
ISLES = Path(__file__).parent.parent / "packs" / "isles"


@pytest.fixture(scope="module")
def isles(tmp_path_factory: pytest.TempPathFactory) -> Region:
    folder = tmp_path_factory.mktemp("packs") / "powered_isles"
    return load_region(str(write_powered_isles(folder, ISLES)))


@pytest.fixture(scope="module")
def reference(isles: Region) -> Scenario:
    return load_scenario("reference", isles)


@pytest.fixture(scope="module")
def plans(isles: Region) -> tuple[Plan, Plan]:
    return load_plan("as_is", isles), load_plan("ferry_age", isles)


@pytest.fixture(scope="module")
def runs(isles: Region, plans: tuple[Plan, Plan], reference: Scenario) -> dict[str, Run]:
    """Runs of the plan: without shocks, with other prices of fuel, rents, or ferries."""
    varied = {item.name: item.scenarios[0] for item in read_assumptions(isles, reference, 10)}
    scenarios = {
        "plain": reference,
        "fuel": varied["fuel"],
        "ferries": varied["ferries"],
        "level": reference.model_copy(update={"rent_level": -1.0}),
    }
    base, plan = plans
    return {name: define_run(isles, plan, each, base, SETTINGS) for name, each in scenarios.items()}


def contexts(isles: Region, runs: dict[str, Run], count: int) -> list[RunContext]:
    (group,) = joint_groups(isles, list(runs.values()), SETTINGS, only_economies=True)
    return [group.baseline.make(1) for _ in range(count)]


def test_run_starts_from_its_plan_without_shocks_and_has_the_same_bits_when_resumed(
    isles: Region, runs: dict[str, Run]
) -> None:
    one, fresh = contexts(isles, runs, 2)
    JointJob(runs["plain"], SETTINGS).compute(one, 1)
    start = one.last_coupled
    job = JointJob(runs["fuel"], SETTINGS, only_economies=True)
    table = job.compute(one, 1).tables["economies"]
    assert start is not None
    assert one.last_coupled is start
    pd.testing.assert_frame_equal(job.compute(fresh, 1).tables["economies"], table, check_exact=True)
    alone = replace(job, only_economies=False).compute(fresh, 1).tables["economies"]
    pd.testing.assert_frame_equal(table, alone, rtol=2e-3, atol=1e-4)
    assert table["gain_musd"].abs().max() > 0.0


def test_run_on_another_network_starts_from_the_baseline(isles: Region, runs: dict[str, Run]) -> None:
    (context,) = contexts(isles, runs, 1)
    keys = [
        network_key(build_case(isles, runs[name].plan, runs[name].scenario), TableDigests())
        for name in ("plain", "ferries")
    ]
    assert keys[0] != keys[1]
    JointJob(runs["plain"], SETTINGS).compute(context, 1)
    job = JointJob(runs["ferries"], SETTINGS, only_economies=True)
    table = job.compute(context, 1).tables["economies"]
    assert context.last_coupled is None
    alone = replace(job, only_economies=False).compute(context, 1).tables["economies"]
    pd.testing.assert_frame_equal(table, alone, check_exact=True)


def test_levels_have_the_freight_of_the_baseline_and_trade_of_their_own(
    isles: Region, runs: dict[str, Run]
) -> None:
    (context,) = contexts(isles, runs, 1)
    run = runs["level"]
    shared = context.joint_at(run.reference_scenario)
    own = make_joint_baseline(build_case(isles, run.baseline_plan, run.reference_scenario), SETTINGS)
    assert shared.coupled.freight is context.joint.coupled.freight
    assert shared.coupled.lanes.cost.tolist() == own.coupled.lanes.cost.tolist()
    for name in ("theta", "specific_share"):
        ours, theirs = (getattr(each.coupled.trade.baseline, name) for each in (shared, own))
        assert (ours is None and theirs is None) or (ours == theirs).all()
    assert shared.power.countries.equals(own.power.countries)
    job = JointJob(run, SETTINGS, only_economies=True)
    gains = job.compute(context, 1).tables["economies"]
    fresh = RunContext(isles, own.coupled, own.power_model.inputs, own.power)
    alone = JointJob(run, SETTINGS).compute(fresh, 1).tables["economies"]
    pd.testing.assert_frame_equal(gains, alone, rtol=2e-3, atol=1e-4)
