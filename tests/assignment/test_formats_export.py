"""Write results as CSV, GeoJSON and GeoPackage."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import (
    AssignmentResult,
    assign,
    make_network,
    read_omx,
)
from sogdia.assignment.formats import write_csv, write_geojson, write_geopackage, write_od_csv
from sogdia.errors import CannotRunError, InputError

from .two_zones import two_zone_result


@pytest.fixture
def result() -> AssignmentResult:
    return two_zone_result()


def bare(result: AssignmentResult) -> AssignmentResult:
    arcs = result.network.arcs.drop(columns=["from_x", "to_x"])
    return assign(make_network(arcs), result.demand)


def test_missing_extra_is_named(
    result: AssignmentResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("openmatrix", "geopandas"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CannotRunError, match=r"pip install 'sogdia\[omx\]'"):
        read_omx(tmp_path / "x.omx", result.network)
    with pytest.raises(CannotRunError, match=r"pip install 'sogdia\[geo\]'"):
        write_geopackage(result, tmp_path / "x.gpkg")
    assert list(tmp_path.iterdir()) == []
    write_geojson(result, tmp_path / "x.geojson")


def test_links_as_csv(result: AssignmentResult, tmp_path: Path) -> None:
    write_csv(result, tmp_path / "x.csv")
    table = pd.read_csv(tmp_path / "x.csv")
    assert table["flow"].tolist() == result.links()["flow"].tolist()
    assert (table["flow_coal"] + table["flow_dry goods"]).to_numpy() == pytest.approx(
        table["flow"].to_numpy()
    )
    write_od_csv(result, tmp_path / "od.csv")
    assert pd.read_csv(tmp_path / "od.csv")["flow"].tolist() == [10.0, 20.0, 5.0]


def test_links_as_geojson(result: AssignmentResult, tmp_path: Path) -> None:
    write_geojson(result, tmp_path / "x.geojson")
    features = json.loads((tmp_path / "x.geojson").read_text())["features"]
    assert features[0]["geometry"] == {"type": "LineString", "coordinates": [[60.0, 40.0], [61.5, 41.25]]}
    assert [feature["properties"]["flow"] for feature in features] == pytest.approx(
        result.links()["flow"].tolist()
    )


def test_links_as_geopackage(result: AssignmentResult, tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    write_geopackage(result, tmp_path / "x.gpkg")
    frame = geopandas.read_file(tmp_path / "x.gpkg", layer="links")
    assert frame.crs == "EPSG:4326"
    assert frame["flow"].tolist() == result.links()["flow"].tolist()
    assert list(frame.geometry[0].coords) == [(60.0, 40.0), (61.5, 41.25)]


def test_other_coordinates_are_converted(result: AssignmentResult, tmp_path: Path) -> None:
    pytest.importorskip("geopandas")
    arcs = result.network.arcs.assign(from_x=0.0, from_y=0.0, to_x=111_319.49, to_y=0.0)
    moved = assign(make_network(arcs), result.demand)
    with pytest.raises(InputError, match="not degrees"):
        write_geojson(moved, tmp_path / "x.geojson")
    write_geojson(moved, tmp_path / "x.geojson", crs="EPSG:3857")
    feature = json.loads((tmp_path / "x.geojson").read_text())["features"][0]
    assert np.allclose(feature["geometry"]["coordinates"], [[0, 0], [1, 0]], atol=1e-6)
    with pytest.raises(InputError, match="coordinate system 'flat' is unknown"):
        write_geopackage(moved, tmp_path / "x.gpkg", crs="flat")


def test_network_without_coordinates_cannot_be_mapped(result: AssignmentResult, tmp_path: Path) -> None:
    for write in (write_geojson, write_geopackage):
        with pytest.raises(InputError, match="the network has no coordinates"):
            write(bare(result), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_file_is_replaced_atomically(result: AssignmentResult, tmp_path: Path) -> None:
    with pytest.raises(CannotRunError):
        write_csv(result, tmp_path / "missing" / "x.csv")
    (tmp_path / "x.csv").write_text("before")
    write_csv(result, tmp_path / "x.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
