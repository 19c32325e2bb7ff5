"""GeoPackage and GeoJSON of stored runs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sogdia.report.exports import Bundle, write_geojson, write_geopackage
from sogdia.report.exports.layers import column_dictionary, links_of


def test_geopackage_has_layers_and_styles(bundle: Bundle, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    path = write_geopackage(bundle, tmp_path / "runs.gpkg")
    assert {"links", "places"} <= set(pyogrio.list_layers(path)[:, 0])
    frame = pyogrio.read_dataframe(path, layer="links")
    assert frame.crs.to_epsg() == 4326
    assert frame["tonnes"].tolist() == pytest.approx(bundle.stacked("links")["tonnes"].tolist())
    with closing(sqlite3.connect(path)) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
        registered = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
    assert {"links", "places", "runs", "sources", "columns", "layer_styles"} <= registered
    lines = ElementTree.fromstring(styles["links"])  # noqa: S314 (our own)
    shown = {category.get("value") for category in lines.iter("category")}
    assert shown == set(frame["mode"])
    assert len(list(lines.iter("symbol"))) == len(shown)
    home = bundle.region.table("places")["iso3"].isin(bundle.region.home)
    own = frame[frame["from"].map(home).eq(True) | frame["to"].map(home).eq(True)]
    top = f"{float(own['tonnes'].max()) ** 0.5:.6g}"
    assert f'scale_linear(sqrt("tonnes"), 0, {top}, 0.1, 4)' in styles["links"].replace("&quot;", '"')
    assert 'scale_linear(sqrt("tonnes")' in styles["places"].replace("&quot;", '"')
    assert own["tonnes"].max() < frame["tonnes"].max()


def test_column_dictionary_describes_the_attributes_of_links(bundle: Bundle) -> None:
    dictionary = column_dictionary()
    links = dictionary[dictionary["layer"] == "links"].set_index("column")
    assert set(links_of(bundle).columns) == set(links.index)
    assert links["unit"].to_dict()["tonnes"] == "t/a"


def test_geojson_has_a_line_for_each_link_of_each_run(bundle: Bundle, tmp_path: Path) -> None:
    content = json.loads(write_geojson(bundle, tmp_path / "links.geojson").read_text("utf-8"))
    assert len(content["features"]) == len(bundle.stacked("links"))
    first = content["features"][0]
    assert first["geometry"]["type"] == "LineString"
    assert first["properties"]["plan"] in {head.plan for head in bundle.heads}
