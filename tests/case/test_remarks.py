"""Projects of a plan that change nothing are named."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from sogdia import Region
from sogdia.case import plan_remarks

from .toy import plan


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
