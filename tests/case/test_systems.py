"""Closures of pipelines and cables, owners of plants, years of whole projects, variants at odds."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia import Region, build_case, load_region
from sogdia.case.plan import last_opening
from sogdia.errors import FaultsError

from .toy import edits, plan, scenario, write_toy

CLOSED = "closed"


def closure(**keys: object) -> dict[str, object]:
    return {"kind": "closure", "reason": "a test", **keys}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (
            {"territories": ["XAC"]},
            {("pipelines", "gas_c_a"), ("pipelines", "oil_c_b"), ("interconnectors", "wire_a_c")},
        ),
        ({"territories": ["XAD"]}, {("interconnectors", "cable_b_d")}),
        (
            {"borders": ["XAB/XAA"]},
            {("pipelines", "oil_c_b"), ("pipelines", "gas_a_b"), ("interconnectors", "wire_a_b")},
        ),
        ({"places": ["a"]}, {("pipelines", "gas_c_a"), ("pipelines", "gas_a_b")}),
        (
            {"place_kinds": ["city"]},
            {("pipelines", "gas_c_a"), ("pipelines", "oil_c_b"), ("pipelines", "gas_a_b")},
        ),
        (
            {"territories": ["XAC"], "places": ["b"]},
            {("pipelines", "oil_c_b"), ("interconnectors", "wire_a_c")},
        ),
    ],
)
def test_a_closure_reaches_the_systems_it_names(
    toy: Region, choice: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    shock = closure(systems=["pipelines", "power"], **choice)
    changed = edits(toy, build_case(toy, plan(), scenario(shock)))
    assert changed == {(table, row, "status"): CLOSED for table, row in expected}


def test_transport_alone_is_closed_where_nothing_is_said(toy: Region) -> None:
    changed = edits(toy, build_case(toy, plan(), scenario(closure(territories=["XAC"]))))
    assert {table for table, _, _ in changed} <= {"links", "crossings", "transfers"}


def test_only_transport_can_be_closed_to_some_users() -> None:
    with pytest.raises(ValueError, match="only transport can be closed to some users"):
        scenario(closure(territories=["XAC"], systems=["power"], users=["home"]))


def test_a_partner_that_leaves_takes_the_plants_it_owns(tmp_path: Path) -> None:
    def owned(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        if table == "plants":
            return [{**row, "owner": "XAC" if row["id"] == "coal_b" else ""} for row in rows]
        return rows

    region = load_region(write_toy(tmp_path / "toy", owned))
    leaving = {"kind": "withdrawal", "partner": "north", "channels": ["energy"], "reason": "a test"}
    changed = edits(region, build_case(region, plan(), scenario(leaving)))
    plants = {row for table, row, _ in changed if table == "plants"}
    assert plants == {"coal_b", "wind_b"}, "one by the table, one by its direct investment"


def test_a_project_is_open_when_its_last_row_is(toy: Region) -> None:
    (choice,) = plan("pj_sun").projects
    assert last_opening(choice, toy) == 2033
    finance = build_case(toy, plan("pj_rail"), scenario()).finance
    assert set(finance["opening_year"]) == {2029}


def test_two_variants_of_one_cell_are_refused(tmp_path: Path) -> None:
    def doubled(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        if table == "variants":
            return [*rows, {**rows[-1], "id": "dear_rail"}]
        if table == "variant_edits":
            return [*rows, {**rows[-1], "variant": "dear_rail", "value": "0.09"}]
        return rows

    region = load_region(write_toy(tmp_path / "toy", doubled))
    for name in ("cheap_rail", "dear_rail"):
        build_case(region, plan(), scenario(variants=[name]))
    with pytest.raises(FaultsError, match="dear_rail and cheap_rail both edit rates rail/any/container/2023"):
        build_case(region, plan(), scenario(variants=["cheap_rail", "dear_rail"]))
