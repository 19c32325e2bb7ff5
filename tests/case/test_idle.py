"""Shocks on what does not operate are named; errors of a scenario found late name its file and line."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from sogdia import Region, build_case, load_scenario
from sogdia.case import idle_remarks
from sogdia.case.scenario import Scenario
from sogdia.errors import FaultsError

from .toy import plan, scenario

OUTAGE = {"kind": "plant_outage", "plants": ["sun_one"]}
RAIL = {"kind": "closure", "links": ["rail_a_b"]}
NO_CHANGE = "changes nothing: no row that it selects operates in 2030"


@pytest.mark.parametrize(
    ("shocks", "expected"),
    [
        ([OUTAGE], [f"shock 1 plant_outage {NO_CHANGE}",
                    "shock 1 plant_outage names plants that do not operate in 2030: sun_one (planned)"]),
        ([{**OUTAGE, "plants": ["coal_b", "sun_one"]}],
         ["shock 1 plant_outage names plants that do not operate in 2030: sun_one (planned)"]),
        ([{**OUTAGE, "plants": ["coal_b"]}], []),
        ([RAIL], [f"shock 1 closure {NO_CHANGE}",
                  "shock 1 closure names links that do not operate in 2030: rail_a_b (planned)"]),
        ([{**RAIL, "users": ["XAC"]}],
         ["shock 1 closure names links that do not operate in 2030: rail_a_b (planned)"]),
        ([{"kind": "capacity", "corridors": ["middle"], "factor": 0.5}], [f"shock 1 capacity {NO_CHANGE}"]),
        ([{"kind": "closure", "borders": ["XAA/XAB"]}], []),
        ([{"kind": "closure", "corridors": ["north"]}, {"kind": "closure", "territories": ["XAC"]}], []),
        ([{"kind": "closure", "territories": ["XAA", "XAC"]}, {"kind": "closure", "corridors": ["north"]}],
         [f"shock 2 closure {NO_CHANGE}"]),
        ([{"kind": "withdrawal", "partner": "bank", "channels": ["capital"]}], []),
        ([{"kind": "dry_year", "factor": 0.5}], []),
    ],
)  # fmt: skip
def test_shock_on_what_does_not_operate_is_named(
    toy: Region, shocks: list[dict[str, Any]], expected: list[str]
) -> None:
    chosen = plan({"project": "pj_rail", "opening_year": 2031, "finance": [{"partner": "XBK"}]})
    assert list(idle_remarks(toy, chosen, scenario(*shocks, year=2030))) == expected


def test_outage_of_a_plant_that_a_plan_opens_is_not_named(toy: Region) -> None:
    opened = plan({"project": "pj_sun", "opening_year": 2029})
    assert idle_remarks(toy, opened, scenario(OUTAGE, year=2030)) == ()
    later = plan({"project": "pj_sun", "opening_year": 2031})
    assert len(idle_remarks(toy, later, scenario(OUTAGE, year=2030))) == 2


TEXT = """title: Late
year: 2030
projects:
- project: pj_cable
  opening_year: 2028
shocks:
- {kind: dry_year, factor: 0.5, reason: r}
- kind: dry_year
  factor: 0.5
  economies: [XAD]
  reason: r
- {kind: closure, modes: [ferry], reason: r}
"""


@pytest.fixture
def late(toy: Region, tmp_path: Path) -> Scenario:
    """A scenario whose errors are found only when its case is built."""
    path = tmp_path / "late.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return load_scenario(path, toy)


def test_shocks_that_apply_to_no_row_are_listed_with_file_and_line(toy: Region, late: Scenario) -> None:
    problem = "it applies to no row of the region; correct the names it gives"
    for each in (late, late.at(2031), pickle.loads(pickle.dumps(late))):  # noqa: S301 (our own)
        with pytest.raises(FaultsError) as caught:
            build_case(toy, plan(), each)
        assert [str(fault) for fault in caught.value.faults] == [
            f"late.yaml:8 shock 2 dry_year: {problem}",
            f"late.yaml:12 shock 3 closure: {problem}",
        ]
    # Without its first shock the others have new numbers and the same lines.
    with pytest.raises(FaultsError, match=r"late\.yaml:8 shock 1 dry_year"):
        build_case(toy, plan(), late.model_copy(update={"shocks": late.shocks[1:]}))


def test_lines_are_no_part_of_a_scenario(late: Scenario) -> None:
    built = Scenario.model_validate({**late.model_dump(), "name": late.name})
    assert (built, hash(built), built.digest) == (late, hash(late), late.digest)


def test_alternatives_of_plan_and_scenario_are_refused(toy: Region, late: Scenario) -> None:
    reference = late.without_shocks()
    large = plan({"project": "pj_cable_big", "opening_year": 2029}, title="Large")
    with pytest.raises(FaultsError) as caught:
        build_case(toy, large, reference)
    (fault,) = caught.value.faults
    assert str(fault) == (
        "late.yaml:4 projects: plan 'Large' builds pj_cable_big, an alternative to pj_cable; "
        "leave one of the two out"
    )
    assert (
        build_case(toy, plan(), reference).table("interconnectors").loc["cable_b_d", "status"] == "operating"
    )
