# ruff: noqa: E501  (a table of cases has one case a line)
"""The YAML door: what a file may hold, and where a fault in it is."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sogdia import Region, load_plan, load_scenario
from sogdia.case import check_library
from sogdia.errors import CannotRunError, FaultsError, UnknownNameError


def faults(region: Region, path: Path, text: str | bytes) -> list[str]:
    """What loading a plan or, from a file called scenario.yaml, a scenario complains of."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(FaultsError) as caught:
        (load_scenario if path.stem == "scenario" else load_plan)(path, region)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "plan.yaml: the file is empty"),
        (b" \n\t\n", "plan.yaml: the file is empty"),
        (b"# words only\n", "plan.yaml:1: a mapping of keys to values is wanted"),
        (b"- a\n- b\n", "plan.yaml:1: a mapping of keys to values is wanted"),
        (b"only words\n", "plan.yaml:1: a mapping of keys to values is wanted"),
        (b"2030: x\ntitle: T\n", "plan.yaml:1: a mapping of keys to values is wanted"),
        (b"title: T\ntitle: U\n", "plan.yaml:2 title: the key stands twice; delete one"),
        (b"title: T\nprojects:\n- project: pj_rail\n  project: pj_sun\n", "plan.yaml:4 project: the key stands twice; delete one"),
        (b"title: &x T\n", "plan.yaml:1: anchors and aliases are not read; write it out"),
        (b"title: !!python/name:os.system x\n", "plan.yaml:1: the tag tag:yaml.org,2002:python/name:os.system is not read; write the bare value"),
        (b"title: !!timestamp never\n", "plan.yaml:1: the tag tag:yaml.org,2002:timestamp is not read; write the bare value"),
        (b"title: T\n\n  projects: [\n", "plan.yaml:3: not readable as YAML: mapping values are not allowed here"),
        (b"title: T\nprojects: [\n", "plan.yaml:3: not readable as YAML: expected the node content, but found '<stream end>'"),
        (b"title: T\n---\ntitle: U\n", "plan.yaml:2: not readable as YAML: but found another document"),
        (b"title: 2030-99-99\n", "plan.yaml: not readable as YAML: month must be in 1..12"),
        (b"title: \xff\xfe\n", "plan.yaml: not UTF-8 text; save it as UTF-8"),
        ("title: T\n".encode("utf-16"), "plan.yaml: not UTF-8 text; save it as UTF-8"),
        (b"\x00\x01\x02", "plan.yaml: not readable as YAML: special characters are not allowed"),
        (b"title: [" + b"[" * 5000 + b"]" * 5001, "plan.yaml:1: nested too deeply"),
        (b"title: T\n" + b"# long\n" * 160_000, "plan.yaml: the file is larger than 1 MiB"),
        (b"title: T\nname: mine\n", "plan.yaml:2 name: no such key; delete it: a plan or scenario is called as its file is"),
        (b"description: D\n", "plan.yaml:1 title: Field required"),
        (b"title: T\nprojects: pj_rail\n", "plan.yaml:2 projects: Input should be a valid tuple"),
        (b"title: T\nprojects:\n- pj_rail\n", "plan.yaml:3 projects: Input should be a valid dictionary or instance of ProjectChoice"),
        (b"title: [T]\n", "plan.yaml:1 title: Input should be a valid string"),
        (b"title: 7\n", "plan.yaml:1 title: Input should be a valid string"),
        (b"title: no\n", "plan.yaml:1 title: YAML reads no as yes or no; no key takes that; put a word in quotes"),
        (b"title: T\nwithot: []\n", "plan.yaml:2 withot: no such key; did you mean without?"),
        (b"title: T\ncapacity: 1\n", "plan.yaml:2 capacity: no such key; one of description, extends, projects, title, without"),
        (b"title: T\nprojects:\n- project: pj_rail\n  opens: 2030\n", "plan.yaml:4 opens: no such key; one of finance, note, opening_year, project"),
        (b"title: T\nprojects:\n- project: pj_rail\n  finance:\n  - partner: XAC\n    share: 5\n", "plan.yaml:6 share: no such key; did you mean share_pct or partner?"),
        (b"title: T\nprojects:\n- project: pj_rail\n  finance:\n  - partner: XAC\n    share_pct: .nan\n", "plan.yaml:6 share_pct: Input should be a finite number"),
        (b"title: T\nprojects:\n- project: pj_rail\n  opening_year: soon\n", "plan.yaml:4 opening_year: Input should be a valid integer, unable to parse string as an integer"),
    ],
)  # fmt: skip
def test_fault_says_where_and_what(toy: Region, tmp_path: Path, text: bytes, told: str) -> None:
    assert faults(toy, tmp_path / "plan.yaml", text) == [told]


def test_byte_order_mark_is_read_over(toy: Region, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"\xef\xbb\xbftitle: T\r\n")
    assert load_plan(tmp_path / "plan.yaml", toy).title == "T"


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


def test_all_faults_of_a_plan_at_once_each_on_its_line(toy: Region, tmp_path: Path) -> None:
    found = faults(
        toy, tmp_path / "plan.yaml", PLAN.replace("lender_class", "share_pct: 90\n    lender_class")
    )
    assert [re.sub(r"; .*", "", fault) for fault in sorted(found)] == [
        "plan.yaml:13 lender_class: no lender class is called 'xac_stat'",
        "plan.yaml:14 partner: no party is called 'XBB'",
        "plan.yaml:15 project: pj_cable and pj_cable_big are alternatives",
        "plan.yaml:3 without: no project is called 'pj_wnd'",
        "plan.yaml:7 project: no project is called 'pj_rial'",
    ]
    assert any("'pj_rial'; did you mean pj_rail" in fault for fault in found)


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


def test_all_faults_of_a_scenario_at_once_each_on_its_line(toy: Region, tmp_path: Path) -> None:
    found = faults(toy, tmp_path / "scenario.yaml", SCENARIO)
    assert [re.sub(r"; .*", "", fault) for fault in found] == [
        "scenario.yaml:2 year: 2050 is outside 2023 to 2040, the years the region covers",
        "scenario.yaml:3 variants: no variant is called 'cheap_rial'",
        "scenario.yaml:7 territories: no party is called 'XAQ'",
        "scenario.yaml:11 senders: no party or partner is called 'nroth'",
        "scenario.yaml:13 level: no pressure level is called 'sever'",
        "scenario.yaml:10 source: no source is called 'exampel'",
        "scenario.yaml:17 carriers: no carrier is called 'gass'",
    ]
    assert "; did you mean cheap_rail?" in found[1]
    assert "did you mean north" in found[3]
    assert "did you mean severe" in found[4]


SHOCK = "title: S\nyear: 2030\nshocks:\n- reason: r\n  "


@pytest.mark.parametrize(
    ("shock", "told"),
    [
        ("kind: closre\n  modes: [rail]", "scenario.yaml:5 kind: no shock is called 'closre'; did you mean closure?"),
        ("modes: [rail]", "scenario.yaml:4 kind: the shock has no kind; one of capacity, closure, delay, demand, dry_year, fuel_price, rates, sanction, tariff, withdrawal"),
        ("kind: closure", "scenario.yaml:4 shocks: name places, place_kinds, links, territories, borders, modes or corridors"),
        ("kind: closure\n  mode: [rail]", "scenario.yaml:6 mode: no such key; did you mean modes or borders?"),
        ("kind: closure\n  capacity: 1", "scenario.yaml:6 capacity: no such key"),
        ("kind: closure\n  modes: [rial]", "scenario.yaml:6 modes: Input should be 'rail', 'road', 'sea' or 'ferry'"),
        ("kind: closure\n  borders: [XAA]", "scenario.yaml:6 borders: 'XAA' is no border; write A/B with the codes of two parties"),
        ("kind: closure\n  borders: [XAA/XAA]", "scenario.yaml:6 borders: 'XAA/XAA' is no border; write A/B with the codes of two parties"),
        ("kind: closure\n  modes: [rail]\n  users: [home]", "scenario.yaml:4 shocks: a closure to some users names one of territories, borders, places or links"),
        ("kind: delay\n  modes: [rail]", "scenario.yaml:4 shocks: give dwell_factor, dwell_add_h, cost_factor or speed_factor"),
        ("kind: capacity\n  modes: [rail]", "scenario.yaml:4 factor: Field required"),
        ("kind: capacity\n  modes: [rail]\n  factor: -1", "scenario.yaml:7 factor: Input should be greater than or equal to 0"),
        ("kind: capacity\n  modes: [rail]\n  factor: .inf", "scenario.yaml:7 factor: Input should be a finite number"),
        ("kind: dry_year\n  factor: 0", "scenario.yaml:6 factor: Input should be greater than 0"),
        ("kind: dry_year\n  factor: yes", "scenario.yaml:6 factor: YAML reads yes as yes or no; no key takes that; put a word in quotes"),
        ("kind: sanction\n  senders: []\n  targets: [XAA]\n  level: partial", "scenario.yaml:6 senders: Tuple should have at least 1 item after validation, not 0"),
        ("kind: withdrawal\n  partner: north\n  channels: []", "scenario.yaml:7 channels: Value should have at least 1 item after validation, not 0"),
        ("kind: withdrawal\n  partner: north\n  homes: [XAC]", "scenario.yaml:7 homes: no economy of the region is called 'XAC'; did you mean XAB or XAA?"),
    ],
)  # fmt: skip
def test_fault_in_a_shock(toy: Region, tmp_path: Path, shock: str, told: str) -> None:
    (found,) = faults(toy, tmp_path / "scenario.yaml", SHOCK + shock + "\n")
    assert found.startswith(told)


def test_each_shock_needs_a_reason(toy: Region, tmp_path: Path) -> None:
    text = "title: S\nyear: 2030\nshocks:\n- {kind: dry_year, factor: 1}\n- {kind: dry_year, factor: 1, reason: ''}\n"
    assert faults(toy, tmp_path / "scenario.yaml", text) == [
        "scenario.yaml:4 reason: Field required",
        "scenario.yaml:5 reason: String should have at least 1 character",
    ]


def test_secondary_sanction_needs_its_levels(tmp_path: Path) -> None:
    from sogdia import load_region
    from sogdia.region import new_region

    region = load_region(new_region(tmp_path / "plain"))
    shock = "kind: sanction\n  senders: [XAB]\n  targets: [XAA]\n  level: friction\n  secondary: [XAA]\n"
    (found,) = faults(region, tmp_path / "scenario.yaml", SHOCK + shock)
    assert "no pressure level is called 'secondary'" in found


def write(folder: Path, **plans: str) -> Path:
    for name, text in plans.items():
        (folder / f"{name}.yaml").write_text(f"title: {name}\n{text}")
    return folder


def test_plan_has_what_it_extends_and_its_own_word_comes_first(toy: Region, tmp_path: Path) -> None:
    write(
        tmp_path,
        base="projects:\n- {project: pj_rail, opening_year: 2030}\n- {project: pj_sun}\nwithout: [pj_road]\n",
        top="extends: [base.yaml]\nprojects:\n- {project: pj_rail, opening_year: 2035}\nwithout: [pj_sun]\n",
        flat="projects:\n- {project: pj_rail, opening_year: 2035}\nwithout: [pj_sun, pj_road]\n",
    )
    top = load_plan(tmp_path / "top.yaml", toy)
    assert [(choice.project, choice.opening_year) for choice in top.projects] == [("pj_rail", 2035)]
    assert top.without == ("pj_road", "pj_sun")
    assert top.extends == ()
    assert top.digest == load_plan(tmp_path / "flat.yaml", toy).digest


def test_plan_may_extend_a_shipped_one_that_is_called_as_itself(toy: Region, tmp_path: Path) -> None:
    write(tmp_path, as_is="extends: [as_is]\nprojects:\n- {project: pj_rail}\n")
    assert [choice.project for choice in load_plan(tmp_path / "as_is.yaml", toy).projects] == ["pj_rail"]


def test_two_ways_to_one_base_are_no_cycle(toy: Region, tmp_path: Path) -> None:
    write(
        tmp_path,
        base="projects:\n- {project: pj_rail}\n",
        left="extends: [base.yaml]\n",
        right="extends: [base.yaml]\nprojects:\n- {project: pj_sun}\n",
        top="extends: [left.yaml, right.yaml]\n",
    )
    top = load_plan(tmp_path / "top.yaml", toy)
    assert [choice.project for choice in top.projects] == ["pj_rail", "pj_sun"]


def test_bases_that_disagree_must_be_settled(toy: Region, tmp_path: Path) -> None:
    write(
        tmp_path,
        early="projects:\n- {project: pj_rail, opening_year: 2030}\nwithout: [pj_sun]\n",
        late="projects:\n- {project: pj_rail, opening_year: 2035}\n- {project: pj_sun}\n",
        settled="extends: [early.yaml, late.yaml]\nprojects:\n- {project: pj_rail}\nwithout: [pj_sun]\n",
    )
    load_plan(tmp_path / "settled.yaml", toy)
    found = faults(toy, tmp_path / "plan.yaml", "title: T\nextends: [early.yaml, late.yaml]\n")
    fix = "name it here, under projects or without"
    assert found == [
        f"plan.yaml:2 extends: the plans it extends do not agree on {project}; {fix}"
        for project in ("pj_rail", "pj_sun")
    ]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_cycle_is_told_with_its_members(toy: Region, tmp_path: Path, length: int) -> None:
    names = [f"p{i}" for i in range(length)]
    ring = zip(names, names[1:] + names[:1], strict=True)
    write(tmp_path, **{name: f"extends: [{following}.yaml]\n" for name, following in ring})
    with pytest.raises(FaultsError) as caught:
        load_plan(tmp_path / "p0.yaml", toy)
    (fault,) = caught.value.faults
    chain = " extends ".join((*names, "p0"))
    assert str(fault) == f"{names[-1]}.yaml:2 extends: {chain}, which never ends; take one of them out"


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("as_iz", "plan.yaml:3 extends: no plan is called 'as_iz'; did you mean as_is?"),
        ("gone.yaml", "plan.yaml:3 extends: gone.yaml: no such file"),
    ],
)
def test_missing_base_is_told_with_its_line(toy: Region, tmp_path: Path, other: str, told: str) -> None:
    assert faults(toy, tmp_path / "plan.yaml", f"title: T\nextends:\n- {other}\n- as_is\n") == [told]


def test_faults_of_a_base_are_told_in_its_own_file(toy: Region, tmp_path: Path) -> None:
    write(tmp_path, base="projects:\n- {project: pj_sun}\n- {project: pj_rial}\n")
    text = "title: T\nextends: [base.yaml]\nwithout: [pj_wnd]\n"
    found = faults(toy, tmp_path / "plan.yaml", text)
    assert [fault.split(":", 2)[:2] for fault in found] == [
        ["base.yaml", "4 project"],
        ["plan.yaml", "3 without"],
    ]


def test_alternatives_are_seen_across_files(toy: Region, tmp_path: Path) -> None:
    write(tmp_path, base="projects:\n- {project: pj_cable, opening_year: 2030}\n")
    text = "title: T\nextends: [base.yaml]\nprojects:\n- project: pj_cable_big\n"
    (found,) = faults(toy, tmp_path / "plan.yaml", text)
    assert found.startswith("plan.yaml:4 project: pj_cable and pj_cable_big are alternatives")


def test_names_nobody_has(toy: Region, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no plan is called 'as_iz'; did you mean as_is"):
        load_plan("as_iz", toy)
    with pytest.raises(UnknownNameError, match="no scenario is called"):
        load_scenario("x" * 5000, toy)
    with pytest.raises(CannotRunError, match="no such file"):
        load_scenario(tmp_path / "gone.yaml", toy)
    with pytest.raises(CannotRunError, match="no such file"):
        load_plan(str(tmp_path), toy)


def test_library_is_checked_as_a_whole(toy: Region, toy_folder: Path) -> None:
    assert check_library(toy) == []
    extra = toy_folder / "plans" / "broken.yaml"
    extra.write_text("title: B\nextends: [nobody]\nprojects:\n- {project: pj_rial}\n")
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


LINES = SCENARIO.replace("2050", "2030").splitlines()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.text(max_size=12)), min_size=1, max_size=4),
    st.sampled_from(["replace", "append", "drop"]),
)
def test_any_text_loads_or_is_refused_with_faults(
    toy: Region, tmp_path: Path, edits: list[tuple[int, str]], way: str
) -> None:
    lines = list(LINES)
    for number, text in edits:
        lines[number] = {"replace": text, "append": lines[number] + text, "drop": ""}[way]
    path = tmp_path / "scenario.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    for load in (load_scenario, load_plan):
        with suppress(FaultsError):
            load(path, toy)
