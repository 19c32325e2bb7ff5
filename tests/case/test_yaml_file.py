# ruff: noqa: E501  (a table of cases has one case a line)
"""Errors of plan and scenario files: what is wrong and on which line."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sogdia import Region, load_plan, load_scenario
from sogdia.errors import FaultsError

from .toy import faults_of


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "plan.yaml: the file is empty"),
        (b" \n\t\n", "plan.yaml: the file is empty"),
        (b"# words only\n", "plan.yaml:1: not a mapping of keys to values"),
        (b"- a\n- b\n", "plan.yaml:1: not a mapping of keys to values"),
        (b"only words\n", "plan.yaml:1: not a mapping of keys to values"),
        (b"2030: x\ntitle: T\n", "plan.yaml:1: not a mapping of keys to values"),
        (b"title: T\ntitle: U\n", "plan.yaml:2 title: the key is given twice; delete one"),
        (b"title: T\nprojects:\n- project: pj_rail\n  project: pj_sun\n", "plan.yaml:4 project: the key is given twice; delete one"),
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
        (b"title: T\nname: mine\n", "plan.yaml:2 name: no such key; delete it: the name of a plan or scenario is that of its file"),
        (b"description: D\n", "plan.yaml:1 title: the key is missing"),
        (b"title: T\nprojects: pj_rail\n", "plan.yaml:2 projects: expected a list, such as [a, b], not 'pj_rail'"),
        (b"title: T\nprojects:\n- pj_rail\n", "plan.yaml:3 projects: expected keys with values, not 'pj_rail'"),
        (b"title: [T]\n", "plan.yaml:1 title: expected text; put it in quotes"),
        (b"title: 7\n", "plan.yaml:1 title: expected text; put it in quotes, not 7"),
        (b"title: no\n", "plan.yaml:1 title: YAML reads no as yes or no; no key takes that; put a word in quotes"),
        (b"title: T\nexcludes: []\nwithout: []\n", "plan.yaml:3 without: the same key as excludes; keep excludes"),
        (b"title: T\nwithout: 5\n", "plan.yaml:2 without: expected a list, such as [a, b], not 5"),
        (b"title: T\nwithot: []\n", "plan.yaml:2 withot: no such key; did you mean without?"),
        (b"title: T\ncapacity: 1\n", "plan.yaml:2 capacity: no such key; one of description, excludes, extends, filler, projects, title"),
        (b"title: T\nprojects:\n- project: pj_rail\n  opens: 2030\n", "plan.yaml:4 opens: no such key; one of finance, new, note, opening_year, project"),
        (b"title: T\nprojects:\n- project: pj_rail\n  finance:\n  - partner: XAC\n    share: 5\n", "plan.yaml:6 share: no such key; did you mean share_pct or partner?"),
        (b"title: T\nprojects:\n- project: pj_rail\n  finance:\n  - partner: XAC\n    share_pct: .nan\n", "plan.yaml:6 share_pct: expected a finite number, not nan"),
        (b"title: T\nprojects:\n- project: pj_rail\n  opening_year: soon\n", "plan.yaml:4 opening_year: expected a whole number, not 'soon'"),
    ],
)  # fmt: skip
def test_invalid_file_names_line_key_and_problem(
    toy: Region, tmp_path: Path, text: bytes, message: str
) -> None:
    assert faults_of(toy, tmp_path / "plan.yaml", text) == [message]


def test_byte_order_mark_is_ignored(toy: Region, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"\xef\xbb\xbftitle: T\r\n")
    assert load_plan(tmp_path / "plan.yaml", toy).title == "T"


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


SHOCK = "title: S\nyear: 2030\nshocks:\n- reason: r\n  "


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        ("kind: closre\n  modes: [rail]", "scenario.yaml:5 kind: no shock is called 'closre'; did you mean closure?"),
        ("modes: [rail]", "scenario.yaml:4 kind: the shock has no kind; one of capacity, closure, delay, demand, dry_year, fuel_price, plant_outage, power_cost, rates, sanction, tariff, withdrawal"),
        ("kind: closure", "scenario.yaml:4 shocks: the shock selects nothing; give one of places, place_kinds, links, territories, borders, modes, corridors"),
        ("kind: closure\n  mode: [rail]", "scenario.yaml:6 mode: no such key; did you mean modes or borders?"),
        ("kind: closure\n  capacity: 1", "scenario.yaml:6 capacity: no such key"),
        ("kind: closure\n  modes: [rial]", "scenario.yaml:6 modes: expected 'rail', 'road', 'sea' or 'ferry', not 'rial'"),
        ("kind: closure\n  borders: [XAA]", "scenario.yaml:6 borders: 'XAA' is not a border; write A/B with the codes of two parties"),
        ("kind: closure\n  borders: [XAA/XAA]", "scenario.yaml:6 borders: 'XAA/XAA' is not a border; write A/B with the codes of two parties"),
        ("kind: closure\n  modes: [rail]\n  users: [home]", "scenario.yaml:4 shocks: a closure to some users takes exactly one of territories, borders, places, links"),
        ("kind: delay\n  modes: [rail]", "scenario.yaml:4 shocks: the shock changes nothing; give dwell_factor, dwell_add_h, cost_factor or speed_factor"),
        ("kind: capacity\n  modes: [rail]", "scenario.yaml:4 factor: the key is missing"),
        ("kind: capacity\n  modes: [rail]\n  factor: -1", "scenario.yaml:7 factor: expected a value of at least 0, not -1"),
        ("kind: capacity\n  modes: [rail]\n  factor: .inf", "scenario.yaml:7 factor: expected a finite number, not inf"),
        ("kind: dry_year\n  factor: 0", "scenario.yaml:6 factor: expected a value above 0, not 0"),
        ("kind: dry_year\n  factor: yes", "scenario.yaml:6 factor: YAML reads yes as yes or no; no key takes that; put a word in quotes"),
        ("kind: sanction\n  senders: []\n  targets: [XAA]\n  level: partial", "scenario.yaml:6 senders: expected one item or more"),
        ("kind: withdrawal\n  partner: north\n  channels: []", "scenario.yaml:7 channels: expected one item or more"),
        ("kind: withdrawal\n  partner: north\n  homes: [XAC]", "scenario.yaml:7 homes: no economy of the region is called 'XAC'; did you mean XAB or XAA?"),
    ],
)  # fmt: skip
def test_invalid_shock_names_line_key_and_problem(
    toy: Region, tmp_path: Path, shock: str, message: str
) -> None:
    (message_shown,) = faults_of(toy, tmp_path / "scenario.yaml", SHOCK + shock + "\n")
    assert message_shown.startswith(message)


def test_shock_without_reason_is_rejected(toy: Region, tmp_path: Path) -> None:
    text = "title: S\nyear: 2030\nshocks:\n- {kind: dry_year, factor: 1}\n- {kind: dry_year, factor: 1, reason: ''}\n"
    assert faults_of(toy, tmp_path / "scenario.yaml", text) == [
        "scenario.yaml:4 reason: the key is missing",
        "scenario.yaml:5 reason: the text is empty or too short",
    ]


LINES = SCENARIO.replace("2050", "2030").splitlines()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.text(max_size=12)), min_size=1, max_size=4),
    st.sampled_from(["replace", "append", "drop"]),
)
def test_arbitrary_text_loads_or_raises_faults_error(
    toy: Region, tmp_path: Path, edits: list[tuple[int, str]], action: str
) -> None:
    lines = list(LINES)
    for number, text in edits:
        lines[number] = {"replace": text, "append": lines[number] + text, "drop": ""}[action]
    path = tmp_path / "scenario.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    for load in (load_scenario, load_plan):
        with suppress(FaultsError):
            load(path, toy)
