"""Networks of GIS layers with a mapping file, and their demand."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.assignment import AssignmentSettings, assign
from sogdia.assignment.formats.export import write_geopackage
from sogdia.assignment.formats.gis import open_gis
from sogdia.errors import CannotRunError, InputError

from .test_formats_bad_input import faults_of

PAGE = Path(__file__).parents[2] / "docs" / "assignment.md"
PLACES = {"A": (60.0, 40.0), "B": (62.0, 40.0), "C": (62.0, 41.0)}
LINKS: list[dict[str, Any]] = [
    {"id": 1, "ends": "AB", "mode": "road", "km": 200.0, "minutes": 240.0, "usd": 10.0, "cap": 80.0},
    {"id": 2, "ends": "AB", "mode": "rail", "km": 210.0, "minutes": 600.0, "usd": 4.0, "cap": 1000.0},
    {"id": 3, "ends": "BC", "mode": "road", "km": 60.0, "minutes": 60.0, "usd": 3.0, "cap": 1000.0},
]


def mapping_of_page() -> dict[str, Any]:
    found = re.search(r"^```yaml\n(snap_m.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    content: dict[str, Any] = yaml.safe_load(found[1])
    return content


def write(
    folder: Path, links: list[dict[str, Any]], mapping: dict[str, Any], suffix: str = ".gpkg"
) -> tuple[Path, Path, Path]:
    """Write links, nodes, mapping and demand."""
    lines, rows = [], []
    for link in links:
        (a, b), bend = (PLACES[name] for name in link["ends"]), 0.1 if link["mode"] == "rail" else 0.0
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + bend)
        lines.append(f"LINESTRING ({a[0]} {a[1]}, {middle[0]} {middle[1]}, {b[0]} {b[1]})")
        rows.append({"oneway": "no"} | {key: cell for key, cell in link.items() if key != "ends"})
    path = folder / f"links{suffix}"
    shapes = geopandas.GeoSeries.from_wkt(lines)
    layer = {"layer": "links"} if suffix == ".gpkg" else {}
    geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326").to_file(path, engine="pyogrio", **layer)
    points = geopandas.points_from_xy(*np.array(list(PLACES.values())).T)
    nodes = geopandas.GeoDataFrame({"name": list(PLACES)}, geometry=points, crs="EPSG:4326")
    if suffix == ".gpkg":
        nodes.to_file(path, layer="nodes", engine="pyogrio")
        mapping = {**mapping, "links": {"layer": "links", **mapping["links"]}}
    (folder / "network.yaml").write_text(yaml.safe_dump(mapping))
    with pd.ExcelWriter(folder / "od.xlsx", engine="openpyxl") as book:
        for name, flow in (("grain", 100.0), ("cars", 40.0)):
            pd.DataFrame({"C": [flow]}, index=["A"]).to_excel(book, sheet_name=name)
    return path, folder / "network.yaml", folder / "od.xlsx"


def solve(files: tuple[Path, Path, Path], **options: Any) -> Any:
    opened = open_gis(*files, **options)
    assert opened.demand is not None
    return assign(opened.network, opened.demand, AssignmentSettings(gap=1e-10))


def flows_of(result: Any) -> dict[tuple[str, str, str], float]:
    table = result.links()
    used = table[table["flow"] > 0.0]
    return dict(zip(zip(used["from"], used["to"], used["link_id"], strict=True), used["flow"], strict=True))


def test_worked_example_has_the_flows_by_hand(tmp_path: Path) -> None:
    result = solve(write(tmp_path, LINKS, mapping_of_page()))
    assert flows_of(result) == {
        ("A|road", "B|road", "1"): 40.0,
        ("A|rail", "B|rail", "2"): 100.0,
        ("B|road", "C", "3"): 140.0,
        ("A", "A|road", "A"): 40.0,
        ("A", "A|rail", "A"): 100.0,
        ("B|rail", "B|road", "B"): 100.0,
    }
    links = result.links()
    road = links[(links["link_id"] == "1") & (links["flow"] > 0.0)]
    assert road[["cost", "delay_cost"]].to_numpy().tolist() == [[5.0, 1.0]]
    # Rail 10.5 h, transfer 2 h, road 1.07 h, and 8 USD/t at 0.5 USD/t an hour.
    costs = result.od().set_index("class")["cost"]
    assert costs["grain"] == pytest.approx(10.5 + 2.0 + 1.07 + 16.0)
    assert costs["cars"] == pytest.approx(5.0 + 1.07 + 6.5)
    write_geopackage(result, tmp_path / "flows.gpkg")
    written = geopandas.read_file(tmp_path / "flows.gpkg", engine="pyogrio")
    rail = written[(written["link_id"] == "2") & (written["flow"] > 0.0)]
    assert rail.geometry.iloc[0].coords[1] == (61.0, 40.1)
    assert rail["flow_grain"].tolist() == [100.0]


def test_class_does_not_use_a_closed_mode(tmp_path: Path) -> None:
    mapping = mapping_of_page()
    mapping["classes"]["grain"]["modes"] = ["rail"]
    assert solve(write(tmp_path, LINKS, mapping)).undelivered["flow"].tolist() == [100.0]


def test_without_transfer_the_modes_do_not_meet(tmp_path: Path) -> None:
    result = solve(write(tmp_path, LINKS, {**mapping_of_page(), "transfers": []}))
    assert flows_of(result)["A|road", "B|road", "1"] == 140.0


def test_transfer_of_one_node_is_at_that_node_only(tmp_path: Path) -> None:
    mapping = mapping_of_page()
    mapping["transfers"][0]["node"] = "A"
    path, file, _ = write(tmp_path, LINKS, mapping)
    arcs = open_gis(path, file).network.arcs
    assert arcs.loc[arcs["kind"] == "transfer", ["from", "to"]].to_numpy().tolist() == [
        ["A|road", "A|rail"], ["A|rail", "A|road"],
    ]  # fmt: skip
    mapping["transfers"][0]["node"] = "D"
    with pytest.raises(InputError, match=r"network\.yaml transfers\.0\.node: unknown node 'D'"):
        open_gis(*write(tmp_path, LINKS, mapping)[:2])


def test_fields_of_nodes_and_a_speed_give_the_same_flows(tmp_path: Path) -> None:
    mapping = mapping_of_page()
    mapping["links"] |= {"from": "a", "to": "b", "speed": {"field": "mph", "unit": "mi/h"}}
    del mapping["links"]["time"], mapping["nodes"]
    links = [
        {
            **link,
            "a": link["ends"][0],
            "b": link["ends"][1],
            "mph": link["km"] / 1.609344 * 60 / link["minutes"],
        }
        for link in LINKS
    ]
    flows = flows_of(solve(write(tmp_path, links, mapping)))
    assert flows["A|rail", "B|rail", "2"] == pytest.approx(100.0)
    assert flows["B|road", "C", "3"] == pytest.approx(140.0)


@given(
    order=st.permutations(range(3)),
    flipped=st.lists(st.booleans(), min_size=3, max_size=3),
    miles=st.booleans(),
    hours=st.booleans(),
    oneway=st.booleans(),
)
@settings(max_examples=8, deadline=None)
def test_order_digitising_and_units_have_no_effect(
    order: list[int], flipped: list[bool], miles: bool, hours: bool, oneway: bool
) -> None:
    mapping = mapping_of_page()
    links = []
    for i in order:
        link = dict(LINKS[i])
        if flipped[i]:
            link["ends"] = link["ends"][::-1]
        if oneway:
            link["oneway"] = "-1" if flipped[i] else "yes"
        link["km"] /= 1.609344 if miles else 1.0
        link["minutes"] /= 60.0 if hours else 1.0
        links.append(link)
    mapping["links"]["length"]["unit"] = "mi" if miles else "km"
    mapping["links"]["time"]["unit"] = "h" if hours else "min"
    with tempfile.TemporaryDirectory() as name:
        result = solve(write(Path(name), links, mapping))
    flows = flows_of(result)
    assert flows["B|road", "C", "3"] == pytest.approx(140.0)
    assert flows["A|rail", "B|rail", "2"] == pytest.approx(100.0)
    assert result.total_cost == pytest.approx(100.0 * 29.57 + 40.0 * 12.57)
    of_link = result.network.arcs.query("kind == 'link'")
    assert len(of_link) == (3 if oneway else 6)
    assert sorted(set(of_link["length_km"].round(9))) == [60.0, 200.0, 210.0]


def test_nodes_of_line_ends_are_named_by_their_place(tmp_path: Path) -> None:
    mapping = {key: entry for key, entry in mapping_of_page().items() if key != "nodes"}
    network = open_gis(*write(tmp_path, LINKS, mapping, ".shp")[:2]).network
    assert sorted(network.zones) == ["60.00000 40.00000", "62.00000 40.00000", "62.00000 41.00000"]


def test_all_errors_of_links_are_listed_with_feature_field_and_fix(tmp_path: Path) -> None:
    links = [dict(link) for link in LINKS]
    links += [{**LINKS[0], "id": 1}, {**LINKS[2], "id": 5, "km": None, "usd": -1.0, "oneway": "maybe"}]
    files = write(tmp_path, links, mapping_of_page())
    assert faults_of(lambda: open_gis(*files)) == [
        "links.gpkg:4 id: second link '1', first at 1; expected unique names",
        "links.gpkg:5 km: no length; expected a length > 0",
        "links.gpkg:5 usd: -1 is no cost; expected a cost >= 0",
        "links.gpkg:5 oneway: 'maybe' is no direction; one of 'yes', '-1', 'no'",
        "links.gpkg:4 id: 1 repeats the line of another link; delete one",
        "links.gpkg:5 id: 5 repeats the line of another link; delete one",
    ]


def test_end_far_from_every_node_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, mapping, _ = write(tmp_path, LINKS, mapping_of_page())
    monkeypatch.setitem(PLACES, "C", (62.0, 41.01))
    (tmp_path / "other").mkdir()
    nodes = write(tmp_path / "other", LINKS, mapping_of_page())[0]
    assert faults_of(lambda: open_gis(path, mapping, nodes=nodes)) == [
        "links.gpkg:3 geometry: an end is 1,112 m from the nearest node 'C'; "
        "expected a node within snap_m = 50 m"
    ]


def test_unknown_zones_and_classes_are_errors_with_the_nearest(tmp_path: Path) -> None:
    mapping = mapping_of_page() | {"demand": {"class": "cargo", "unit": "Mt/a"}}
    path, file, _ = write(tmp_path, LINKS, mapping)
    od = tmp_path / "od.csv"
    od.write_text("origin,destination,cargo,flow\nA,C,grain,1e-4\nA,D,grains,x\n")
    assert faults_of(lambda: open_gis(path, file, od)) == [
        "od.csv:3 flow: 'x' is not a number",
        "od.csv:3 destination: unknown zone 'D'; one of A, B, C",
        "od.csv:3 class: unknown class 'grains'; did you mean grain?",
    ]
    od.write_text("origin,destination,cargo,flow\nA,C,grain,1e-4\n")
    assert flows_of(solve((path, file, od)))["A|rail", "B|rail", "2"] == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"snap_m": 0}, "snap_m: expected a value above 0, not 0"),
        ({"classes": {"grain": {}}}, "a cost in money needs classes with a value_of_time; missing for grain"),
        ({"demand": {"unit": "km"}}, r"demand\.unit: kilometres \(km\) cannot be converted"),
        ({"color": 1}, "color: no such key"),
        ({"transfers": [{"modes": ["road", "sea"], "hours": 1}]}, "no link has the mode 'sea'"),
    ],
)
def test_errors_of_the_mapping_name_the_key(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    files = write(tmp_path, LINKS, mapping_of_page() | change)
    with pytest.raises(InputError, match=message):
        open_gis(*files)


def test_two_nodes_within_a_metre_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLACES, "D", (62.0000001, 40.0))
    mapping = {key: entry for key, entry in mapping_of_page().items() if key != "nodes"} | {"snap_m": 0.001}
    links = [*LINKS, {**LINKS[2], "id": 4, "ends": "DC"}]
    (fault,) = faults_of(lambda: open_gis(*write(tmp_path, links, mapping)[:2]))
    assert "two nodes at 62.00000 40.00000, more than snap_m apart; raise snap_m" in fault


def test_chain_of_ends_wider_than_the_tolerance_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = {key: entry for key, entry in mapping_of_page().items() if key != "nodes"}
    monkeypatch.setitem(PLACES, "D", (62.0, 40.0004))
    monkeypatch.setitem(PLACES, "E", (62.0, 40.0008))
    links = [*LINKS, *({**LINKS[2], "id": i, "ends": f"{end}C"} for i, end in ((4, "D"), (5, "E")))]
    (fault,) = faults_of(lambda: open_gis(*write(tmp_path, links, mapping)[:2]))
    assert "ends within snap_m = 50 m of each other form a chain of" in fault


def test_missing_field_suggests_the_nearest(tmp_path: Path) -> None:
    mapping = mapping_of_page()
    mapping["links"]["length"]["field"] = "kms"
    files = write(tmp_path, LINKS, mapping)
    assert faults_of(lambda: open_gis(*files)) == [
        "links.gpkg kms: no such field, named by length; did you mean km?"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("snap_m: 2024-02-29T25:00:00Z", "network.yaml: not readable as YAML: hour must be in 0..23"),
        ("snap_m: &a [*a]", "network.yaml:1: anchors and aliases are not read; write it out"),
        ("snap_m: 50\nsnap_m: 60", "network.yaml:2 snap_m: the key is given twice; delete one"),
        ("snap_m: " + "[" * 50, "network.yaml:1: nested too deeply"),
    ],
)
def test_mapping_is_yaml_as_of_plans(tmp_path: Path, text: str, message: str) -> None:
    path, mapping, _ = write(tmp_path, LINKS, mapping_of_page())
    mapping.write_text(text + "\n")
    assert faults_of(lambda: open_gis(path, mapping))[0] == message


def test_error_of_the_mapping_has_the_line_of_its_key(tmp_path: Path) -> None:
    path, mapping, _ = write(tmp_path, LINKS, mapping_of_page())
    lines = [*mapping.read_text().splitlines(), "colour: 1"]
    mapping.write_text("\n".join(lines))
    found = faults_of(lambda: open_gis(path, mapping))
    assert found == [f"network.yaml:{len(lines)} colour: no such key"]


def test_geometry_of_an_unknown_type_is_no_line_and_no_warning(tmp_path: Path) -> None:
    path, mapping, _ = write(tmp_path, LINKS, mapping_of_page() | {"nodes": None}, ".geojson")
    path.write_text(path.read_text().replace("LineString", "Foo", 1))
    (found,) = faults_of(lambda: open_gis(path, mapping))
    assert found == "links.geojson:1 geometry: no line; expected the line of the link"


@pytest.mark.parametrize("cell", ["[1, 2]", "{"])
def test_features_of_one_id_and_cells_of_several_kinds_give_no_warning(tmp_path: Path, cell: str) -> None:
    path, mapping, _ = write(tmp_path, LINKS, mapping_of_page() | {"nodes": None}, ".geojson")
    content = json.loads(path.read_text())
    for number, feature in enumerate(content["features"]):
        feature["id"] = 1
        feature["properties"]["remark"] = [1] if number else cell
    path.write_text(json.dumps(content))
    assert open_gis(path, mapping).network.size > 0


def test_name_of_a_field_that_is_not_utf_8_is_an_error_of_the_file(tmp_path: Path) -> None:
    path, mapping, _ = write(tmp_path, LINKS, mapping_of_page() | {"nodes": None}, ".geojson")
    content = json.loads(path.read_text())
    for feature in content["features"]:
        feature["properties"]["remark?"] = "x"
    path.write_bytes(json.dumps(content).encode().replace(b"remark?", b"remark\xd2"))
    with pytest.raises(CannotRunError, match=r"links\.geojson: not readable .* not UTF-8"):
        open_gis(path, mapping)
