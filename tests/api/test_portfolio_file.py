"""Errors of a portfolio file: all at once, with lines and the nearest names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sogdia.api.portfolio_file import load_portfolio
from sogdia.errors import FaultsError

VALID: dict[str, Any] = {
    "title": "Isles",
    "region": "isles",
    "baseline": "as_is",
    "year": 2035,
    "projects": [
        {"project": "hill_wind", "options": [{"name": "own money"}]},
        {
            "project": "strait_cable",
            "opening_year": 2032,
            "options": [
                {
                    "name": "bank",
                    "finance": [{"partner": "XBKF", "lender_class": "far_state_bank", "share_pct": 60}],
                }
            ],
        },
    ],
}


def write(folder: Path, **changes: object) -> Path:
    path = folder / "choice.yaml"
    path.write_text(json.dumps({**VALID, **changes}, indent=1), encoding="utf-8")
    return path


def text_of(path: Path) -> str:
    with pytest.raises(FaultsError) as caught:
        load_portfolio(path)
    return str(caught.value)


@pytest.fixture
def folder(isles_home: Path, tmp_path: Path) -> Path:
    (tmp_path / "isles").symlink_to(isles_home)
    return tmp_path


def test_projects_of_the_file_leave_the_baseline_and_have_their_years(folder: Path) -> None:
    loaded = load_portfolio(write(folder, baseline="ferry_age"))
    assert [each.project for each in loaded.baseline.projects] == ["ferry_far_line"]
    assert [each.opening_year for each in loaded.choices] == [2023, 2032]
    assert loaded.scenarios[0].year == 2035
    assert loaded.homes == loaded.region.home


def test_every_unknown_name_is_listed_with_the_nearest(folder: Path) -> None:
    projects = [
        {"project": "hill_wynd", "options": [{"name": "own money"}]},
        {
            "project": "strait_cable",
            "needs": ["hill_win"],
            "options": [{"name": "bank", "finance": [{"partner": "XBKG", "lender_class": "far_state_bnk"}]}],
        },
    ]
    limits = {"partner_shares_pct": {"farlund": 30}, "debt_pv_by_home_musd": {"XAC": 5}}
    text = text_of(write(folder, projects=projects, limits=limits, home=["XA"], partners=["farlad"]))
    for expected in (
        "no project is called 'hill_wynd'; did you mean hill_wind?",
        "no project of the file is called 'hill_win'",
        "no party is called 'XBKG'; did you mean XBKF",
        "no lender class is called 'far_state_bnk'; did you mean far_state_bank?",
        "no partner is called 'farlund'; did you mean farland?",
        "no partner is called 'farlad'; did you mean farland?",
        "no home country is called 'XAC'",
        "no home country is called 'XA'",
    ):
        assert expected in text
    assert text.endswith("8 errors")


def test_project_that_opens_after_the_year_of_the_evaluation_is_an_error(folder: Path) -> None:
    text = text_of(write(folder, year=2030))
    assert "strait_cable opens in 2032, after the year 2030 of the evaluation; choose a later year" in text
    assert "choice.yaml:" in text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"objectives": ["npw"]}, "objectives"),
        ({"limits": {"own_mony_musd": 3}}, "did you mean own_money_musd"),
        ({"projects": []}, "projects"),
        ({"projects": VALID["projects"] * 2}, "hill_wind is listed twice; keep one of the two"),
        ({"baseline": "as_iz"}, "no plan is called 'as_iz'; did you mean as_is?"),
        ({"scenarios": ["stormi"]}, "no scenario is called 'stormi'; did you mean stormy?"),
    ],
)
def test_error_names_its_key_and_a_fix(folder: Path, changes: dict[str, object], expected: str) -> None:
    assert expected in text_of(write(folder, **changes))


def test_options_of_one_project_with_one_name_are_an_error(folder: Path) -> None:
    projects = [{"project": "hill_wind", "options": [{"name": "own"}, {"name": "own"}]}]
    assert "two options of hill_wind are called 'own'" in text_of(write(folder, projects=projects))


def test_shares_above_the_cost_are_an_error(folder: Path) -> None:
    finance = [{"partner": "XBKF", "share_pct": 70}, {"partner": "XAC", "share_pct": 40}]
    projects = [{"project": "hill_wind", "options": [{"name": "two", "finance": finance}]}]
    assert "the shares sum to 110 %; expected at most 100 %" in text_of(write(folder, projects=projects))
