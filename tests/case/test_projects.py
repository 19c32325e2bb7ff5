"""Opening year, cost and finance of the projects of a plan."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from sogdia import Region, Scenario, build_case, load_plan, load_region
from sogdia.case.openings import project_opening
from sogdia.case.projects import (
    amount_of_share,
    home_cost_share,
    home_finance_shares,
    project_cost,
    share_of_amount,
)
from sogdia.case.tables import PROJECTS
from sogdia.errors import UnknownNameError
from sogdia.finance.plan_capex import plan_capex

from .toy import plan, scenario, write_toy

Rows = list[dict[str, str]]


def payers(toy: Region, *projects: str | dict[str, Any]) -> list[tuple[Any, ...]]:
    finance = build_case(toy, plan(*projects), scenario()).finance
    columns = ["project", "partner", "lender_class", "amount_musd", "opening_year", "basis", "row"]
    return [tuple(row) for row in finance[columns].itertuples(index=False)]


def test_finance_without_shares_lists_counted_deals(toy: Region) -> None:
    # Of the railway's four deals one is part of another and one is cancelled.
    assert payers(toy, "pj_rail") == [
        ("pj_rail", "XAC", "", 600, 2029, "deals", "rail_c"),
        ("pj_rail", "XBK", "", 300, 2029, "deals", "rail_bank"),
    ]


def test_finance_of_the_plan_replaces_deals(toy: Region) -> None:
    parts = [
        {"partner": "XBK", "lender_class": "bank_soft", "share_pct": 70},
        {"partner": "XAD", "share_pct": 30},
    ]
    assert payers(toy, {"project": "pj_rail", "finance": parts}) == [
        ("pj_rail", "XBK", "bank_soft", 700, 2029, "plan", "pj_rail"),
        ("pj_rail", "XAD", "", 300, 2029, "plan", "pj_rail"),
    ]


def test_finance_share_without_cost_has_no_amount(toy: Region) -> None:
    (row,) = payers(toy, {"project": "pj_cable", "opening_year": 2030, "finance": [{"partner": "XAD"}]})
    assert math.isnan(row[3])


def test_project_without_deals_has_no_finance(toy: Region) -> None:
    assert payers(toy, "pj_sun") == []
    assert payers(toy) == []


def test_project_opens_with_the_last_of_its_rows(toy: Region) -> None:
    (choice,) = plan("pj_sun").projects
    assert project_opening(choice, toy) == (2033, "rows")
    finance = build_case(toy, plan("pj_rail"), scenario()).finance
    assert set(finance["opening_year"]) == {2029}


def test_projects_table_gives_opening_year_cost_and_source(toy: Region) -> None:
    chosen = plan("pj_rail", "pj_sun", {"project": "pj_cable", "opening_year": 2030})
    table = build_case(toy, chosen, scenario()).projects
    columns = ["opening_year", "opening_year_source", "start_year", "cost_musd", "cost_basis", "home_share"]
    rows = table[columns].to_dict("index")
    assert list(rows["pj_rail"].values()) == [2029, "project", 2025, 1000, "assumed", 1]
    assert list(rows["pj_sun"].values()) == [2033, "rows", 2024, 200, "assumed", 1]
    cable = table.to_dict("index")["pj_cable"]
    assert (cable["opening_year"], cable["opening_year_source"]) == (2030, "plan")
    assert math.isnan(cable["cost_musd"])
    assert (cable["cost_basis"], cable["cost_source"]) == ("", "")


def test_projects_table_without_projects_is_empty(toy: Region) -> None:
    table = build_case(toy, plan(), scenario()).projects
    assert list(table.columns) == list(PROJECTS.column_names)
    assert len(table) == 0


def test_all_uses_of_cost_and_opening_year_agree(shipped: Region) -> None:
    for name in shipped.plans:
        chosen = load_plan(name, shipped)
        case = build_case(shipped, chosen, Scenario(title="S", year=2030))
        projects, finance = case.projects, case.finance
        opening = finance.groupby("project")["opening_year"].first()
        assert (projects.loc[opening.index, "opening_year"].fillna(0) == opening.fillna(0)).all()
        capex = plan_capex(case)
        spent = capex[~capex["estimated"].astype(bool)].groupby("project")["capex_musd"].sum()
        assert spent.to_numpy() == pytest.approx(projects.loc[spent.index, "cost_musd"].to_numpy())
        for project in projects.index[projects["part_of"] == ""]:
            assert project_cost(project, shipped) == pytest.approx(
                projects.at[project, "cost_musd"], nan_ok=True
            )


def test_part_of_another_project_of_the_plan_adds_no_cost(tmp_path: Path) -> None:
    def with_part(table: str, rows: Rows) -> Rows:
        if table != "projects":
            return rows
        return [{**row, "part_of": "pj_rail" if row["id"] == "pj_cable" else ""} for row in rows]

    region = load_region(write_toy(tmp_path / "toy", with_part))
    opening = {"opening_year": 2030}
    both = build_case(region, plan({"project": "pj_cable", **opening}, "pj_rail"), scenario())
    assert both.projects[["cost_musd", "part_of"]].to_dict("index") == {
        "pj_cable": {"cost_musd": 0.0, "part_of": "pj_rail"},
        "pj_rail": {"cost_musd": 1000.0, "part_of": ""},
    }
    assert plan_capex(both).groupby("project")["capex_musd"].sum().to_dict() == {"pj_rail": 1000.0}
    alone = build_case(region, plan({"project": "pj_cable", **opening}), scenario())
    assert alone.projects["cost_musd"].isna().tolist() == [True]
    assert alone.projects["part_of"].tolist() == [""]


def test_share_and_amount_are_inverse() -> None:
    assert amount_of_share(30, 200) == 60
    assert share_of_amount(60, 200) == 30


def test_home_shares_are_equal_parts() -> None:
    home = ("XAA", "XAB")
    assert home_cost_share("XAA;XAC", home) == 0.5
    assert home_cost_share("XAC", home) == 0
    assert home_finance_shares("XAA;XAC", home) == [("XAA", 1.0)]
    assert home_finance_shares("XAB;XAA", home) == [("XAB", 0.5), ("XAA", 0.5)]
    assert home_finance_shares("XAC", home) == []


def test_cost_of_an_unknown_project_is_rejected(toy: Region) -> None:
    with pytest.raises(UnknownNameError, match="no project is called 'pj_rial'; did you mean pj_rail"):
        project_cost("pj_rial", toy)
