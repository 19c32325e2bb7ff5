"""Search over portfolios of the example region, against runs of its sets, money by hand, and its brief."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import sogdia
from api.portfolio_isles import PROJECTS, write_choice, write_isles
from sogdia.api import PortfolioRun
from sogdia.api.portfolio_briefs import write_brief_of
from sogdia.api.portfolio_money import money_of_options
from sogdia.api.portfolio_values import results_of
from sogdia.case import build_case
from sogdia.cli.main import app
from sogdia.dependence.settings import DependenceSettings
from sogdia.finance.appraisal_values import ELECTRICITY_PRICE, appraisal_value
from sogdia.portfolio import InfeasibleError
from sogdia.portfolio.tables import TABLES
from sogdia.runs.executor import InProcess
from sogdia.runs.store import Store
from sogdia.uncertainty.project_sets import ENGINES, ProjectSets, SetScenario, State


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, isles_home: Path) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_isles(folder / "isles", isles_home)
    return folder


@pytest.fixture(scope="module")
def result(folder: Path) -> PortfolioRun:
    return sogdia.optimise(write_choice(folder), store=folder / "store")


def test_tables_are_the_declared_ones(result: PortfolioRun) -> None:
    assert set(result.tables) == set(TABLES)
    for name, table in result.tables.items():
        assert list(table.columns) == list(TABLES[name].column_names)


def test_recommended_portfolio_is_the_best_of_all_by_runs_of_every_set(
    result: PortfolioRun, folder: Path
) -> None:
    loaded = result.loaded
    case = build_case(loaded.region, loaded.baseline, loaded.scenarios[0])
    money = money_of_options(loaded, case, ("farland",))
    price = appraisal_value(case, ELECTRICITY_PRICE)
    settings = DependenceSettings(partners=("farland",), horizons=("year_10",))
    reference = (SetScenario("reference", loaded.scenarios[0]),)
    sets = ProjectSets(
        loaded.region, loaded.baseline, loaded.choices, reference, settings, Store(folder / "store"),
        InProcess(),
    )  # fmt: skip
    best = -float("inf")
    for picked in product(*(range(len(entry["options"]) + 1) for entry in PROJECTS)):
        chosen = [money[i][k - 1] for i, k in enumerate(picked) if k]
        if sum(each.offer.own_money for each in chosen) > 110.0:
            continue
        built = frozenset(i for i, k in enumerate(picked) if k)
        benefit = 0.0
        for engine in ENGINES:
            states = [State(engine, frozenset(), 0), State(engine, built, 0)]
            tables = sets.results(states)
            without, with_set = (results_of(engine, tables[s], loaded.homes, price)[0] for s in states)
            seen = [money[i][0].annuity for i in built & sets.seen[engine]]
            if len(seen) <= 1:
                benefit += (with_set - without) * sum(seen)
            else:
                # Both projects of the power system: each from its opening, as their effects add up here.
                parts = [
                    sets.results([State(engine, frozenset({i}), 0)])
                    for i in sorted(built & sets.seen[engine])
                ]
                alone = [results_of(engine, next(iter(p.values())), loaded.homes, price)[0] for p in parts]
                assert with_set - without == pytest.approx(sum(alone) - len(alone) * without, abs=1e-6)
                benefit += sum((value - without) * a for value, a in zip(alone, seen, strict=True))
        best = max(best, benefit + sum(each.npv for each in chosen))
    front = result.tables["portfolio_front"]
    assert front["npv_musd"].iloc[0] == pytest.approx(best, rel=1e-9)
    assert front["own_money_musd"].le(110.0 + 1e-9).all()


def test_engine_sees_only_its_own_projects(result: PortfolioRun) -> None:
    seen = result.tables["portfolio_singles"].groupby("project")["engines"].first().to_dict()
    assert seen == {"ferry_far_line": "goods", "hill_wind": "power", "strait_cable": "power"}


def test_runs_are_fewer_than_values(result: PortfolioRun) -> None:
    runs = result.tables["portfolio_runs"].set_index("engine")
    assert (runs["saved"] == runs["requested"] - runs["run"]).all()
    # Two states of freight, in two scenarios and without the partner, at most.
    assert runs.to_dict("index")["goods"]["run"] <= 6


def test_loan_changes_the_value_by_its_grant_element_alone(result: PortfolioRun) -> None:
    singles = result.tables["portfolio_singles"].set_index(["project", "option"]).to_dict("index")
    choices = result.tables["portfolio_choices"].drop_duplicates(["project", "option"])
    grant = choices.set_index(["project", "option"])["grant_musd"].to_dict()
    bank, own = (singles["ferry_far_line", name] for name in ("bank", "own money"))
    assert bank["npv_musd"] - own["npv_musd"] == pytest.approx(grant["ferry_far_line", "bank"])
    assert bank["loss_change_pct"] > own["loss_change_pct"]


def test_second_call_reads_the_store(result: PortfolioRun, folder: Path) -> None:
    count = len(Store(folder / "store").run_keys())
    again = sogdia.optimise(write_choice(folder), store=folder / "store")
    assert len(Store(folder / "store").run_keys()) == count
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)


def test_other_limits_need_no_run_of_an_engine(result: PortfolioRun, folder: Path) -> None:
    before = set(Store(folder / "store").run_keys())
    limits = {"own_money_musd": 70, "worst_loss_pct": 5.8}
    other = sogdia.optimise(write_choice(folder, limits=limits, verified=0), store=folder / "store")
    new = set(Store(folder / "store").run_keys()) - before
    kinds = {Store(folder / "store").metadata(key).kind for key in new}
    assert kinds <= {"portfolio", "project_set"}
    assert other.tables["portfolio_front"]["worst_loss_pct"].max() <= 5.8 + 1e-9
    assert len(other.tables["portfolio_front"]) <= len(result.tables["portfolio_front"])


def test_recommended_plan_has_the_finance_of_its_options(result: PortfolioRun) -> None:
    choices = result.tables["portfolio_choices"]
    options = choices[choices["portfolio"] == 1].set_index("project")["option"].to_dict()
    plan = result.recommended
    assert {choice.project for choice in plan.projects} == set(options)
    for choice in plan.projects:
        assert bool(choice.finance) == (options[choice.project] != "own money")


def test_limits_that_cannot_hold_are_a_smallest_conflict(folder: Path) -> None:
    projects = [{**PROJECTS[1], "options": [{"name": "own money"}]}, PROJECTS[0]]
    limits = {"own_money_musd": 20, "debt_pv_musd": 500}
    with pytest.raises(InfeasibleError) as caught:
        sogdia.optimise(
            write_choice(folder, projects=projects, limits=limits, must_have=["hill_wind"]),
            store=folder / "other",
        )
    text = str(caught.value)
    assert "own money at most 20 USD million" in text
    assert "hill_wind" in text
    assert "new debt" not in text
    assert not (folder / "other").exists(), "no model runs before limits on money can hold"


def test_brief_has_the_figures_of_the_tables(result: PortfolioRun, tmp_path: Path) -> None:
    label = result.metadata.label
    written = write_brief_of(result.loaded, label, result.tables, tmp_path / "brief")
    assert {path.suffix for path in written.files} >= {".html", ".xlsx"}
    page = (tmp_path / "brief" / "portfolio.html").read_text("utf-8")
    figures = written.figures.set_index("figure")["value"]
    front = result.tables["portfolio_front"].iloc[0]
    for name in (
        "npv_musd",
        "npv_low_musd",
        "npv_high_musd",
        "cost_musd",
        "own_money_musd",
        "worst_loss_pct",
    ):
        assert figures[name] == pytest.approx(front[name])
    losses = result.tables["portfolio_losses"]
    assert figures["loss_before"] == pytest.approx(losses["baseline_pct"].iloc[0])
    price = result.tables["portfolio_price"]
    assert figures["least_loss_cost"] == pytest.approx(price["cost_musd"].iloc[-1])
    for text in written.figures["text"]:
        assert text
    for part in (
        "Recommended projects",
        "Who finances what",
        "Changes that would alter the answer",
        "No single change within the limits raises the net present value",
        "Wind farm",
    ):
        assert part in page


def test_command_prints_the_front_and_what_is_known(
    result: PortfolioRun, folder: Path, tmp_path: Path
) -> None:
    store = str(folder / "store")
    finished = CliRunner().invoke(
        app,
        ["portfolio", str(write_choice(folder)), "--store", store, "--out", str(tmp_path / "out"), "--quiet"],
    )
    assert finished.exit_code == 0, finished.output
    for text in ("Recommended", "Pareto front", "runs for", "No-regret"):
        assert text in finished.output
    assert pd.read_csv(tmp_path / "out" / "portfolio_front.csv").shape[0] == len(
        result.tables["portfolio_front"]
    )
