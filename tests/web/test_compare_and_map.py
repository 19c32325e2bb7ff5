"""Differences and maps agree with the functions of the library."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from sogdia.api import compare, load_region
from sogdia.region import Region
from sogdia.web.app import create_app
from sogdia.web.map_base import NEUTRAL, map_base
from sogdia.web.settings import WebSettings


def test_comparison_agrees_with_the_library(
    client: TestClient, web_settings: WebSettings, run_ids: tuple[str, str]
) -> None:
    expected = compare(*run_ids, store=web_settings.store)
    answer = client.get(f"/api/v1/compare?runs={run_ids[1]},{run_ids[0]}").json()
    frame = expected.to_frame()
    assert [row["measure"] for row in answer["measures"]] == frame["measure"].tolist()
    for row, (first, second, difference) in zip(
        answer["measures"], frame[["first", "second", "difference"]].itertuples(index=False), strict=True
    ):
        assert row["values"] == pytest.approx([first, second])
        assert row["differences"] == pytest.approx([0.0, difference])
    links = client.get(f"/api/v1/compare/tables/links?run={run_ids[0]}&minus={run_ids[1]}").json()
    place = [column["name"] for column in links["columns"]].index("tonnes_difference")
    differences = expected.tables["links"]["tonnes_difference"].tolist()
    assert [row[place] for row in links["rows"]] == pytest.approx(sorted(differences, key=abs, reverse=True))
    assert answer["samples"] == [None, 0]
    assert links["columns"][place]["label"] == "Tonnes, difference"
    assert links["columns"][place]["unit"] == "t/a"


def test_comparison_of_a_run_with_itself_has_no_difference(
    client: TestClient, run_ids: tuple[str, str]
) -> None:
    answer = client.get(f"/api/v1/runs/{run_ids[0]}/map?minus={run_ids[0]}").json()
    links = answer["layers"]["links"]
    assert links
    assert {row["tonnes_difference"] for row in links} == {0.0}


@pytest.mark.parametrize("runs", ["{0}", "{0},{0}", ",", "{0},nothing"])
def test_comparison_of_less_than_two_runs_is_refused(
    client: TestClient, run_ids: tuple[str, str], runs: str
) -> None:
    answer = client.get(f"/api/v1/compare?runs={runs.format(*run_ids)}")
    assert answer.status_code in (404, 422)
    assert answer.json()["message"]


def test_flows_of_the_map_are_those_of_the_run(client: TestClient, run_ids: tuple[str, str]) -> None:
    plan, base = (client.get(f"/api/v1/runs/{run}/map").json()["layers"]["links"] for run in run_ids)
    both = client.get(f"/api/v1/runs/{run_ids[0]}/map?minus={run_ids[1]}").json()["layers"]["links"]
    before = {row["link"]: row["tonnes"] for row in base}
    after = {row["link"]: row["tonnes"] for row in plan}
    changes = {row["link"]: row["tonnes_difference"] for row in both}
    assert changes == pytest.approx({link: after.get(link, 0) - before.get(link, 0) for link in changes})
    assert max(map(abs, changes.values())) > 1.0


def test_base_of_the_map_has_every_row_with_a_place(client: TestClient, web_settings: WebSettings) -> None:
    region = load_region(web_settings.region)
    base = client.get("/api/v1/map/base").json()
    links = {feature["properties"]["id"]: feature for feature in base["links"]["features"]}
    assert set(links) == set(region.table("links").index)
    places = region.table("places")
    for key, row in region.table("links").iterrows():
        start, end = links[str(key)]["geometry"]["coordinates"]
        assert start == pytest.approx(places.loc[row["from"], ["lon", "lat"]].tolist(), abs=1e-3)
        assert end == pytest.approx(places.loc[row["to"], ["lon", "lat"]].tolist(), abs=1e-3)
    stations = [each["properties"]["id"] for each in base["borders"]["features"]]
    assert sorted(stations) == sorted(set(region.table("crossings")["place"]))
    split = set(region.table("power_zones")["iso3"])
    zones = {each["properties"]["id"] for each in base["zones"]["features"]}
    assert zones >= (set(region.home) - split) | set(region.table("power_zones").index)
    assert NEUTRAL in base["notes"]


def test_project_lies_in_the_middle_of_what_it_builds(client: TestClient, web_settings: WebSettings) -> None:
    region = load_region(web_settings.region)
    effects, links = region.table("project_effects"), region.table("links")
    places = region.table("places")
    shown = client.get("/api/v1/map/base").json()["projects"]["features"]
    assert shown
    for feature in shown:
        own = effects[effects["project"] == feature["properties"]["id"]]
        if set(own["table"]) == {"links"} and len(own) == 1:
            row = links.loc[own["row"].iloc[0]]
            middle = (places.loc[row["from"], ["lon", "lat"]] + places.loc[row["to"], ["lon", "lat"]]) / 2
            assert feature["geometry"]["coordinates"] == pytest.approx(middle.tolist(), abs=1e-3)


def test_shipped_region_has_outlines_of_its_home_countries(shipped: Region) -> None:
    base = map_base(shipped)
    west, south, east, north = base["window"]
    assert -180 < west < east < 180
    assert -90 < south < north < 90
    codes = {feature["properties"]["iso3"] for feature in base["countries"]["features"]}
    if not codes:
        pytest.skip("the outlines of countries are not installed: install Sogdia again with access to npm")
    assert set(shipped.home) <= codes
    zones = {feature["properties"]["id"] for feature in base["zones"]["features"]}
    ends = {
        feature["properties"][end] for feature in base["lines"]["features"] for end in ("from_bus", "to_bus")
    }
    assert set(shipped.table("power_zones").index) <= zones
    assert len(ends & set(shipped.table("power_zones").index)) > len(shipped.home) / 2


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("xlsx", b"PK"), ("gpkg", b"SQLite format 3"), ("geojson", b"{"), ("parquet", b"PK"), ("csv", b"PK")],
)
def test_export_of_runs_is_a_file_of_the_format(
    client: TestClient, run_ids: tuple[str, str], form: str, beginning: bytes
) -> None:
    answer = client.get(f"/api/v1/export?runs={','.join(run_ids)}&format={form}")
    assert answer.status_code == 200
    assert answer.content.startswith(beginning)
    assert answer.headers["content-disposition"].startswith('attachment; filename="ferry_age-reference-2030.')


def test_export_of_the_same_run_is_the_same_file(
    client: TestClient, web_settings: WebSettings, run_ids: tuple[str, str]
) -> None:
    path = f"/api/v1/export?runs={run_ids[0]}&format=csv"
    other = TestClient(create_app(web_settings), base_url="http://127.0.0.1")
    assert client.get(path).content == other.get(path).content
    with ZipFile(BytesIO(client.get(path).content)) as archive:
        assert {"links.csv", "README.md"} & set(archive.namelist())
        assert all(Path(name).name == name for name in archive.namelist())


def test_export_of_another_format_or_run_is_refused(client: TestClient, run_ids: tuple[str, str]) -> None:
    assert client.get(f"/api/v1/export?runs={run_ids[0]}&format=exe").status_code == 422
    assert client.get("/api/v1/export?runs=none&format=csv").status_code == 404
    assert client.get("/api/v1/export?runs=,&format=csv").status_code == 422
