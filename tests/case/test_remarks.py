"""Projects of a plan that change nothing are named."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from sogdia import Region
from sogdia.case import plan_remarks, shock_remarks

from .toy import plan, scenario


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2024, ("1 project of the plan without effect in 2024, opening later: pj_wind",)),
        (2040, ()),
    ],
)
def test_project_that_opens_later_is_named(toy: Region, year: int, expected: tuple[str, ...]) -> None:
    chosen = plan({"project": "pj_wind", "opening_year": 2030})
    assert plan_remarks(chosen, toy, year) == expected


def test_project_without_effects_is_named(toy: Region) -> None:
    effects = toy.tables["project_effects"]
    rest = replace(effects, frame=effects.frame[effects.frame["project"] != "pj_sun"])
    region = replace(toy, tables=MappingProxyType({**toy.tables, "project_effects": rest}))
    chosen = plan({"project": "pj_sun", "opening_year": 2024})
    assert plan_remarks(chosen, region, 2030) == (
        "1 project of the plan without rows in project_effects, so without effect on any table: pj_sun",
    )
    assert plan_remarks(chosen, toy, 2030) == ()


def test_shock_without_effect_or_given_twice_is_named() -> None:
    dry = {"kind": "dry_year", "factor": 0.8}
    assert shock_remarks(scenario(dry, {"kind": "dry_year", "factor": 1.0}, dry)) == (
        "shock 2 dry_year changes nothing: its factor is 1",
        "shock 3 dry_year repeats shock 1, and adds to it",
    )
    assert shock_remarks(scenario(dry)) == ()


@pytest.mark.parametrize(("share", "count"), [(0.6, 1), (60.0, 0)])
def test_share_of_finance_that_may_be_a_fraction_is_questioned(toy: Region, share: float, count: int) -> None:
    finance = [{"partner": toy.home[0], "share_pct": share}]
    chosen = plan({"project": "pj_sun", "opening_year": 2024, "finance": finance})
    remarks = [text for text in plan_remarks(chosen, toy, 2030) if "share_pct" in text]
    assert len(remarks) == count
    if count:
        assert remarks[0].endswith("0.6 % of its cost; if that is a fraction, write 60")
