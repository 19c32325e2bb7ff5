"""Plans and scenarios by name or file: merged plans, errors of all files, the library of a region."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sogdia import Region, load_plan, load_region, load_scenario
from sogdia.case import check_library
from sogdia.errors import CannotRunError, FaultsError, UnknownNameError
from sogdia.region import new_region

from .toy import faults_of

PLAN = """\
title: T
without:
- pj_wnd
- pj_road
projects:
- project: pj_sun
- project: pj_rial
- project: pj_cable
  opening_year: 2030
  finance:
  - partner: XAC
    lender_class: xac_stat
  - {partner: XBB, share_pct: 10}
- project: pj_cable_big
extends: []
"""


def test_plan_with_several_errors_lists_all_with_lines(toy: Region, tmp_path: Path) -> None:
    messages = faults_of(
        toy, tmp_path / "plan.yaml", PLAN.replace("lender_class", "share_pct: 90\n    lender_class")
    )
    assert [re.sub(r"; .*", "", fault) for fault in sorted(messages)] == [
        "plan.yaml:13 lender_class: no lender class is called 'xac_stat'",
        "plan.yaml:14 partner: no party is called 'XBB'",
        "plan.yaml:15 project: pj_cable and pj_cable_big are alternatives",
        "plan.yaml:3 without: no project is called 'pj_wnd'",
        "plan.yaml:7 project: no project is called 'pj_rial'",
    ]
    assert any("'pj_rial'; did you mean pj_rail" in fault for fault in messages)


SCENARIO = """\
title: S
year: 2050
variants: [trade_as_north_counts, cheap_rial]
shocks:
- kind: closure
  reason: r
  territories: [XAC, XAQ]
- kind: sanction
  reason: r
  source: exampel
  senders: [nroth]
  targets: [XAA]
  level: sever
- kind: fuel_price
  reason: r
  factor: 2
  carriers: [gass]
"""


def test_scenario_with_several_errors_lists_all_with_lines(toy: Region, tmp_path: Path) -> None:
    messages = faults_of(toy, tmp_path / "scenario.yaml", SCENARIO)
    assert [re.sub(r"; .*", "", fault) for fault in messages] == [
        "scenario.yaml:2 year: 2050 is outside 2023 to 2040, the years the region covers",
        "scenario.yaml:3 variants: no variant is called 'cheap_rial'",
        "scenario.yaml:7 territories: no party is called 'XAQ'",
        "scenario.yaml:11 senders: no party or partner is called 'nroth'",
        "scenario.yaml:13 level: no pressure level is called 'sever'",
        "scenario.yaml:10 source: no source is called 'exampel'",
        "scenario.yaml:17 carriers: no carrier is called 'gass'",
    ]
    assert "; did you mean cheap_rail?" in messages[1]
    assert "did you mean north" in messages[3]
    assert "did you mean severe" in messages[4]


def test_secondary_sanction_without_its_level_is_rejected(tmp_path: Path) -> None:
    region = load_region(new_region(tmp_path / "plain"))
    shock = "kind: sanction\n  senders: [XAB]\n  targets: [XAA]\n  level: friction\n  secondary: [XAA]\n"
    shocks = f"title: S\nyear: 2030\nshocks:\n- reason: r\n  {shock}"
    (message,) = faults_of(region, tmp_path / "scenario.yaml", shocks)
    assert "no pressure level is called 'secondary'" in message


def write(folder: Path, **plans: str) -> Path:
    for name, text in plans.items():
        (folder / f"{name}.yaml").write_text(f"title: {name}\n{text}")
    return folder


def test_extending_plan_merges_projects_and_own_choice_takes_precedence(toy: Region, tmp_path: Path) -> None:
    write(
        tmp_path,
        base="projects:\n- {project: pj_rail, opening_year: 2030}\n- {project: pj_sun}\nwithout: [pj_road]\n",
        top="extends: [base.yaml]\nprojects:\n- {project: pj_rail, opening_year: 2035}\nwithout: [pj_sun]\n",
        flat="projects:\n- {project: pj_rail, opening_year: 2035}\nwithout: [pj_sun, pj_road]\n",
    )
    top = load_plan(tmp_path / "top.yaml", toy)
    assert [(choice.project, choice.opening_year) for choice in top.projects] == [("pj_rail", 2035)]
    assert top.excludes == ("pj_road", "pj_sun")
    assert top.extends == ()
    assert top.digest == load_plan(tmp_path / "flat.yaml", toy).digest


def test_plan_extends_shipped_plan_of_the_same_name(toy: Region, tmp_path: Path) -> None:
    write(tmp_path, as_is="extends: [as_is]\nprojects:\n- {project: pj_rail}\n")
    assert [choice.project for choice in load_plan(tmp_path / "as_is.yaml", toy).projects] == ["pj_rail"]


def test_two_paths_to_one_base_are_accepted(toy: Region, tmp_path: Path) -> None:
    write(
        tmp_path,
        base="projects:\n- {project: pj_rail}\n",
        left="extends: [base.yaml]\n",
        right="extends: [base.yaml]\nprojects:\n- {project: pj_sun}\n",
        top="extends: [left.yaml, right.yaml]\n",
    )
    top = load_plan(tmp_path / "top.yaml", toy)
    assert [choice.project for choice in top.projects] == ["pj_rail", "pj_sun"]


def test_conflicting_bases_are_rejected_until_the_plan_decides(toy: Region, tmp_path: Path) -> None:
    write(
        tmp_path,
        early="projects:\n- {project: pj_rail, opening_year: 2030}\nwithout: [pj_sun]\n",
        late="projects:\n- {project: pj_rail, opening_year: 2035}\n- {project: pj_sun}\n",
        settled="extends: [early.yaml, late.yaml]\nprojects:\n- {project: pj_rail}\nwithout: [pj_sun]\n",
    )
    load_plan(tmp_path / "settled.yaml", toy)
    messages = faults_of(toy, tmp_path / "plan.yaml", "title: T\nextends: [early.yaml, late.yaml]\n")
    fix = "name it here, under projects or excludes"
    assert messages == [
        f"plan.yaml:2 extends: the plans it extends do not agree on {project}; {fix}"
        for project in ("pj_rail", "pj_sun")
    ]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_circle_of_plans_names_its_members(toy: Region, tmp_path: Path, length: int) -> None:
    names = [f"p{i}" for i in range(length)]
    ring = zip(names, names[1:] + names[:1], strict=True)
    write(tmp_path, **{name: f"extends: [{following}.yaml]\n" for name, following in ring})
    with pytest.raises(FaultsError) as caught:
        load_plan(tmp_path / "p0.yaml", toy)
    (fault,) = caught.value.faults
    chain = " extends ".join((*names, "p0"))
    assert str(fault) == f"{names[-1]}.yaml:2 extends: {chain}, a circle; remove one of them"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("as_iz", "plan.yaml:3 extends: no plan is called 'as_iz'; did you mean as_is?"),
        ("missing.yaml", "plan.yaml:3 extends: missing.yaml: no such file"),
    ],
)
def test_missing_base_names_its_line(toy: Region, tmp_path: Path, other: str, message: str) -> None:
    assert faults_of(toy, tmp_path / "plan.yaml", f"title: T\nextends:\n- {other}\n- as_is\n") == [message]


def test_error_of_a_base_names_the_file_of_the_base(toy: Region, tmp_path: Path) -> None:
    write(tmp_path, base="projects:\n- {project: pj_sun}\n- {project: pj_rial}\n")
    text = "title: T\nextends: [base.yaml]\nwithout: [pj_wnd]\n"
    messages = faults_of(toy, tmp_path / "plan.yaml", text)
    assert [fault.split(":", 2)[:2] for fault in messages] == [
        ["base.yaml", "4 project"],
        ["plan.yaml", "3 without"],
    ]


def test_alternatives_in_two_files_are_rejected(toy: Region, tmp_path: Path) -> None:
    write(tmp_path, base="projects:\n- {project: pj_cable, opening_year: 2030}\n")
    text = "title: T\nextends: [base.yaml]\nprojects:\n- project: pj_cable_big\n"
    (message,) = faults_of(toy, tmp_path / "plan.yaml", text)
    assert message.startswith("plan.yaml:4 project: pj_cable and pj_cable_big are alternatives")


def test_unknown_name_and_missing_file_are_rejected(toy: Region, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no plan is called 'as_iz'; did you mean as_is"):
        load_plan("as_iz", toy)
    with pytest.raises(UnknownNameError, match="no scenario is called"):
        load_scenario("x" * 5000, toy)
    with pytest.raises(CannotRunError, match="no such file"):
        load_scenario(tmp_path / "missing.yaml", toy)
    with pytest.raises(CannotRunError, match="no such file"):
        load_plan(str(tmp_path), toy)


def test_check_library_lists_errors_of_every_file(toy: Region, toy_folder: Path) -> None:
    assert check_library(toy) == []
    extra = toy_folder / "plans" / "broken.yaml"
    extra.write_text("title: B\nextends: [missing_plan]\nprojects:\n- {project: pj_rial}\n")
    wrong = toy_folder / "scenarios" / "wrong.yaml"
    wrong.write_text("title: W\nyear: 1999\n")
    try:
        assert [str(fault).split(":")[0] for fault in check_library(toy)] == [
            "plans/broken.yaml",
            "plans/broken.yaml",
            "scenarios/wrong.yaml",
        ]
    finally:
        extra.unlink()
        wrong.unlink()
