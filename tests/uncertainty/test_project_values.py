"""Values of projects: out and in, pairs, Shapley; sums add up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from runs.powered import write_powered_isles

from sogdia import Region, build_case, load_plan, load_region, load_scenario
from sogdia.api.projects import project_values
from sogdia.case import counterfactual
from sogdia.case.shocks import RateChange
from sogdia.coupling.joint import JointSettings
from sogdia.errors import InputError
from sogdia.finance.plan_finance import plan_finance
from sogdia.runs.definition import define_run
from sogdia.runs.store import Store
from sogdia.uncertainty.project_values import (
    DEBT,
    LOSS,
    Coalitions,
    choose_coalitions,
    coalition_plan,
    pairs_of_projects,
    values_of_projects,
)
from sogdia.uncertainty.sample_jobs import TABLES, sample_key
from sogdia.uncertainty.stored_projects import read_project_values

ISLES = Path(__file__).parent.parent / "packs" / "isles"
INDEX = pd.MultiIndex.from_tuples([("gain", "", "USD million")], names=["measure", "of", "unit"])


def game(coalitions: Coalitions, value: dict[int, float]) -> dict[int, pd.Series]:
    return {mask: pd.Series([value[mask]], index=INDEX) for mask in coalitions.masks}


def corridor(mask: int) -> float:
    """Road and port give 10 only together, each road twin the same 10; the tower gives 3 by itself."""
    road, twin, port, tower = (mask >> i & 1 for i in range(4))
    return 10.0 * ((road | twin) & port) + 3.0 * tower


@pytest.fixture(scope="module")
def coalitions() -> Coalitions:
    return choose_coalitions(["road", "twin", "port", "tower"])


@pytest.fixture(scope="module")
def values(coalitions: Coalitions) -> dict[int, pd.Series]:
    return game(coalitions, {mask: corridor(mask) for mask in range(16)})


def test_values_of_a_corridor_are_those_by_hand(coalitions: Coalitions, values: dict[int, pd.Series]) -> None:
    table = values_of_projects(coalitions, values).set_index("project")
    assert table["pint"].to_dict() == {"road": 0.0, "twin": 0.0, "port": 0.0, "tower": 3.0}
    assert table["toot"].to_dict() == {"road": 0.0, "twin": 0.0, "port": 10.0, "tower": 3.0}
    # The port comes after a road in 2 of 3 places of 6 orders: glove game with two left gloves.
    expected = {"road": 10.0 / 6.0, "twin": 10.0 / 6.0, "port": 40.0 / 6.0, "tower": 3.0}
    assert table["shapley"].to_dict() == pytest.approx(expected)


def test_shapley_values_sum_to_the_value_of_the_plan(
    coalitions: Coalitions, values: dict[int, pd.Series]
) -> None:
    assert values_of_projects(coalitions, values)["shapley"].sum() == pytest.approx(corridor(15))
    drawn = choose_coalitions(coalitions.projects, "sampled", 4, seed=3)
    table = values_of_projects(drawn, game(drawn, {mask: corridor(mask) for mask in range(16)}))
    assert table["shapley"].sum() == pytest.approx(corridor(15))
    assert (table["shapley_error"] >= 0.0).all()


def test_pairs_are_complements_or_substitutes(coalitions: Coalitions, values: dict[int, pd.Series]) -> None:
    table = pairs_of_projects(coalitions, values)
    names = list(zip(table["project"], table["other"], strict=True))
    found = dict(zip(names, zip(table["interaction"], table["kind"], strict=True), strict=True))
    assert found["road", "port"] == (10.0, "complement")
    assert found["port", "tower"] == (0.0, "none")
    both = choose_coalitions(["a", "b"])
    twins = pairs_of_projects(both, game(both, {0: 1.0, 1: 6.0, 2: 6.0, 3: 6.0}))
    assert twins[["interaction", "kind"]].to_numpy().tolist() == [[-5.0, "substitute"]]
    fewer = pairs_of_projects(both, game(both, {0: 1.0, 1: 6.0, 2: 6.0, 3: 6.0}), {"gain"})
    assert fewer["kind"].tolist() == ["complement"]


def test_coalitions_without_shapley_are_singles_pairs_and_the_plan_less_one() -> None:
    masks = choose_coalitions(list("abcde"), "none").masks
    assert len(masks) == 1 + 5 + 10 + 5 + 1
    assert masks[0] == 0


def test_plan_of_a_coalition_has_its_projects_and_those_of_the_baseline(isles: Region) -> None:
    plan = load_plan("ferry_age", isles)
    names = [choice.project for choice in plan.projects]
    chosen = choose_coalitions(names[:1])
    built = [choice.project for choice in coalition_plan(plan, chosen, 0).projects]
    assert built == names[1:]
    assert coalition_plan(plan, chosen, 1).projects == plan.projects


@pytest.mark.parametrize(
    ("projects", "method", "words"),
    [
        ([], "exact", "no project"),
        (list("abcdefghijklm"), "exact", "choose sampled"),
        (["a"], "all", "'all'"),
    ],
)
def test_projects_without_values_are_refused(projects: list[str], method: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        choose_coalitions(projects, method)  # type: ignore[arg-type]


def test_values_of_a_plan_have_debt_and_losses_and_are_stored(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    write_powered_isles(tmp_path / "pack", ISLES)
    region, store = load_region(tmp_path / "pack"), Store(tmp_path / "store")
    plan, scenario = load_plan("ferry_age", region), load_scenario("reference", region)
    shock = RateChange(factor=1.3, reason="made up for tests")
    costly = scenario.model_copy(update={"name": "costly", "shocks": (shock,)})
    found = project_values(plan, region, scenario, shapley="exact", withdrawals=[costly], store=store)
    table = found.tables["projects"]
    debt = plan_finance(build_case(region, plan, scenario)).groupby("home")["pv_musd"].sum()
    rows = table[table["measure"] == DEBT].groupby("of")
    assert rows["shapley"].sum().to_dict() == pytest.approx(debt.to_dict())
    assert debt.sum() > 0.0
    runs = {run.label.partition("/")[0]: run.run for run in store.all_metadata() if run.kind == "sample"}
    assert len(runs) == 8
    before, (evaluated,) = counterfactual([plan], load_plan("as_is", region), region)
    scenarios = {"reference": scenario, "costly": costly}
    gains = {}
    for name, under in scenarios.items():
        for each in (before, evaluated):
            run = define_run(region, each, under, before, JointSettings())
            economies = store.read(sample_key(run, TABLES), "economies")
            gains[name, each is evaluated] = float(economies.loc[economies["home"], "gain_musd"].sum())
    losses = [gains["reference", built] - gains["costly", built] for built in (False, True)]
    loss = table[(table["measure"] == LOSS) & (table["of"] == "costly")]
    assert loss["shapley"].sum() == pytest.approx(losses[1] - losses[0], abs=1e-9)
    stored = read_project_values(
        define_run(region, evaluated, scenarios["reference"], before, JointSettings()), store
    )
    assert stored is not None
    pd.testing.assert_frame_equal(stored, table)
