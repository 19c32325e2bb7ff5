"""Plans, scenarios, articles and money over the API, on the example region."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

import sogdia
from sogdia.region import Region
from sogdia.web.app import create_app
from sogdia.web.settings import WebSettings

WIND = {"project": "hill_wind", "opening_year": 2027}
ARTICLE = (
    "Ferry deal\n\n12 June 2025\n\nFarland's state bank signed a loan of $40 million for the Ferry from "
    "North Port to Far Haven on Monday. <script>alert(1)</script>\n"
)


def client_of(store: Path, region: Path, **settings: Any) -> TestClient:
    app = create_app(WebSettings(store=store, region=region, **settings))
    return TestClient(app, base_url="http://127.0.0.1", headers={"X-Sogdia": "1"})


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, isles_home: Path) -> Iterator[TestClient]:
    with client_of(tmp_path_factory.mktemp("store"), isles_home) as opened:
        yield opened


def plan_draft(name: str, **content: Any) -> dict[str, Any]:
    return {"name": name, "content": {"title": "A plan", **content}}


def faults_of(answer: Any) -> list[tuple[Any, ...]]:
    return [(fault["row"], fault["field"], fault["kind"]) for fault in answer.json()["faults"]]


def test_saved_plan_is_the_file_that_the_command_line_takes(client: TestClient, isles: Region) -> None:
    finance = [{"partner": "XBKF", "lender_class": "far_state_bank", "share_pct": 60}]
    own = {"project": "ferry_far_line", "opening_year": 2028, "finance": finance}
    answer = client.post("/api/v1/plans", json=plan_draft("ferry", projects=[own, WIND]))
    assert answer.status_code == 200, answer.text
    path = client.app.state.settings.store / "plans" / "ferry.yaml"  # type: ignore[attr-defined]
    assert path.read_text("utf-8") == answer.json()["yaml"]
    plan = sogdia.load_plan(path, isles)
    assert plan.digest == answer.json()["digest"]
    assert [each.project for each in plan.projects] == ["ferry_far_line", "hill_wind"]
    opened = client.get("/api/v1/plans/ferry").json()
    assert opened["content"]["projects"][0] == own
    assert opened["projects"][0]["cost_musd"] == 80.0
    assert {"ferry": True, "as_is": False}.items() <= {
        each["name"]: each["is_saved"] for each in client.get("/api/v1/plans").json()
    }.items()
    assert client.delete("/api/v1/plans/ferry").status_code == 204
    assert not path.exists()


def test_errors_of_a_plan_are_listed_at_once_with_their_lines(client: TestClient) -> None:
    text = "title: x\nprojects:\n- project: nope\n- project: hill_wind\n  finance:\n  - partner: XXX\n"
    answer = client.post("/api/v1/plans/check", json={"name": "x", "yaml": text})
    assert faults_of(answer) == [(3, "project", "name"), (6, "partner", "name")]
    saved = client.post("/api/v1/plans", json={"name": "x", "yaml": text})
    assert saved.status_code == 422
    assert faults_of(saved) == faults_of(answer)


def test_own_link_is_checked_by_the_rules_of_packs(client: TestClient) -> None:
    row = {"from": "north_port", "to": "hill_town", "length_km": -3, "like": "road_north_hill"}
    new = {"name": "Road", "iso3": "XAA", "sector": "road", "adds": {"links": [row]}}
    own = {"project": "my_road", "opening_year": 2029, "new": new}
    answer = client.post("/api/v1/plans/check", json=plan_draft("own", projects=[own]))
    assert [fault["field"] for fault in answer.json()["faults"]] == ["links.length_km"]
    row["length_km"] = 70
    answer = client.post("/api/v1/plans/check", json=plan_draft("own", projects=[own]))
    assert answer.json()["faults"] == []
    assert answer.json()["projects"][0]["is_new"]


@pytest.mark.parametrize(
    "extends", ["../../secret.yaml", "/etc/passwd", "secret.yaml", "..", "plans/../../secret.yaml"]
)
def test_plan_cannot_name_a_file_outside_the_library(client: TestClient, extends: str) -> None:
    secret = client.app.state.settings.store / "secret.yaml"  # type: ignore[attr-defined]
    secret.write_text("title: secret\nprojects: []\n", "utf-8")
    draft = plan_draft("reader", extends=[extends])
    assert faults_of(client.post("/api/v1/plans/check", json=draft)) == [(3, "extends", "name")]
    assert client.post("/api/v1/plans", json=draft).status_code == 422


def test_plan_extends_a_saved_one(client: TestClient) -> None:
    assert client.post("/api/v1/plans", json=plan_draft("first", projects=[WIND])).status_code == 200
    second = plan_draft("second", extends=["first.yaml"], projects=[{"project": "strait_cable"}])
    built = client.post("/api/v1/plans/check", json=second).json()["projects"]
    assert [each["project"] for each in built] == ["hill_wind", "strait_cable"]


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "", "x" * 61, "con.txt", "_x"])
def test_name_that_is_no_name_is_refused(client: TestClient, name: str) -> None:
    assert client.post("/api/v1/plans", json=plan_draft(name)).status_code == 422


def test_name_of_a_shipped_plan_is_refused(client: TestClient) -> None:
    assert "ships as_is" in client.post("/api/v1/plans", json=plan_draft("as_is")).json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":"x","content":{"title":"\\ud800"}}',
        b'{"name":"x","yaml":"title: \\"\\\\ud800\\""}',
        b'{"name":"x","content":' + b'{"a":' * 60 + b"1" + b"}" * 61,
        b'{"name":"x","yaml":"&a [*a]"}',
        b'{"name":"x","yaml":"- 1"}',
        b'{"name":"x","yaml":""}',
        b'{"name":"x","yaml":"title: x","content":{}}',
        b'{"name":"x"}',
    ],
)
def test_hostile_draft_is_an_error_of_the_input(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/plans/check", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422)
    assert answer.json().get("faults") or answer.json()["message"]


def test_read_only_server_checks_but_does_not_save(tmp_path: Path, isles_home: Path) -> None:
    with client_of(tmp_path / "store", isles_home, read_only=True) as client:
        draft = plan_draft("mine", projects=[WIND])
        assert client.post("/api/v1/plans/check", json=draft).json()["faults"] == []
        assert client.post("/api/v1/plans", json=draft).status_code == 403
        assert client.post("/api/v1/scenarios", json=draft).status_code == 403
        assert client.delete("/api/v1/plans/mine").status_code == 403
    assert not (tmp_path / "store" / "plans").exists()


def test_each_shock_of_a_scenario_has_a_form_whose_names_are_valid(client: TestClient) -> None:
    forms = client.get("/api/v1/scenarios/forms").json()
    kinds = {form["kind"]: form for form in forms["shocks"]}
    assert {"closure", "sanction", "dry_year", "fuel_price", "withdrawal"} <= set(kinds)
    for form in forms["shocks"]:
        for key in form["keys"]:
            assert key["meaning"], (form["kind"], key["key"])
            assert not key["vocabulary"] or key["vocabulary"] in forms["vocabularies"]
    closure = {
        key: [rows[0]["value"]]
        for key, rows in forms["vocabularies"].items()
        if key in ("borders", "places", "links", "corridors", "place_kinds")
    }
    shocks = [{"kind": "closure", **{key: value}, "reason": "test"} for key, value in closure.items()]
    shocks.append({"kind": "closure", "territories": ["XAA"], "users": ["home"], "reason": "test"})
    draft = {"name": "shut", "content": {"title": "Shut", "year": 2030, "shocks": shocks}}
    assert client.post("/api/v1/scenarios", json=draft).json()["faults"] == []
    opened = client.get("/api/v1/scenarios/shut").json()
    assert opened["content"]["shocks"] == shocks
    assert yaml.safe_load(opened["yaml"]) == opened["content"]


def test_claims_of_an_article_have_their_place_in_the_text(client: TestClient) -> None:
    answer = client.post("/api/v1/articles/read", json={"text": ARTICLE}).json()
    (claim,) = answer["claims"]
    assert answer["text"][claim["start"] : claim["end"]] == claim["quote"]
    assert (claim["type"], claim["project_id"], claim["amount_musd"]) == ("finance", "ferry_far_line", 40.0)
    assert claim["match"]["row"] == "far_bank_ferry"
    assert "<script>" in answer["text"]
    data = base64.b64encode(ARTICLE.encode("utf-16")).decode()
    same = client.post("/api/v1/articles/read", json={"data": data, "file": "deal.txt"}).json()
    assert [each["quote"] for each in same["claims"]] == [claim["quote"]]


def test_corrected_and_rejected_claims_decide_the_plan(client: TestClient) -> None:
    def plan_with(**correction: Any) -> Any:
        body = {"text": ARTICLE, "claims": [{"number": 1, **correction}]}
        return client.post("/api/v1/articles/plan", json=body)

    (choice,) = plan_with(year=2031).json()["plan"]["content"]["projects"]
    assert (choice["project"], choice["opening_year"]) == ("ferry_far_line", 2031)
    (other,) = plan_with(project_id="strait_cable").json()["plan"]["content"]["projects"]
    assert other["project"] == "strait_cable"
    rejected = plan_with(accepted=False).json()
    assert rejected["plan"]["content"].get("projects", []) == []
    assert plan_with(project_id="nope").status_code == 404
    assert plan_with(partners=["ZZZ"]).status_code == 404
    assert plan_with(amount_musd=-1).status_code == 422


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"data": "%%%"}, "base64"),
        ({"data": base64.b64encode(b"PK\x03\x04" + bytes(40)).decode()}, "zip"),
        ({"text": "x", "data": "eA=="}, "request"),
    ],
)
def test_file_that_is_no_article_is_refused(client: TestClient, body: dict[str, str], words: str) -> None:
    answer = client.post("/api/v1/articles/read", json=body)
    assert answer.status_code == 422
    assert words in answer.json()["message"]


def test_money_is_that_of_the_plan_without_a_run(client: TestClient) -> None:
    tables = {each["name"]: each["rows"] for each in client.get("/api/v1/money/ferry_age/reference").json()}
    assert {"finance", "stress", "owed", "burdens", "capex"} <= set(tables)
    page = client.get("/api/v1/money/ferry_age/reference/tables/finance").json()
    names = [column["name"] for column in page["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in page["rows"]]
    ferry = next(row for row in rows if row["project"] == "ferry_far_line")
    # 60 % of 80 million, of which one of two countries of the project is a home country.
    assert (ferry["party"], ferry["lender_class"]) == ("XBKF", "far_state_bank")
    assert ferry["amount_musd"] == pytest.approx(48.0)
    assert client.get("/api/v1/money/ferry_age/nothing").status_code == 404
    assert client.get("/api/v1/money/ferry_age/reference/tables/nothing").status_code == 404


def test_region_without_a_study_has_no_partners_to_show(client: TestClient) -> None:
    assert client.get("/api/v1/partners/studies").json() == []
    assert client.get("/api/v1/partners").status_code == 404
