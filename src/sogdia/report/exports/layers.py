"""Write runs as GeoJSON, and as a GeoPackage whose layers QGIS opens with styles."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sogdia.errors import CannotRunError
from sogdia.files import replacing, write_file
from sogdia.report.exports.bundle import RUNS, Bundle, stacked_declaration
from sogdia.report.exports.qml import line_style, point_style

DEGREES = "EPSG:4326"
LAYERS = {"links": "links", "places": "stations"}
"""Layers and their result tables."""
RUN_COLUMNS = ["run", "plan", "scenario", "year"]
ENDS = ["from_lon", "from_lat", "to_lon", "to_lat"]
STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""
"""Table in which QGIS looks for the styles of a GeoPackage's layers."""
NEEDS_EXTRA = "a GeoPackage needs the extra geo; pip install 'sogdia[geo]'"


def links_of(bundle: Bundle) -> pd.DataFrame:
    """Return the links of all runs with plan, scenario and year; an unknown capacity is missing."""
    links = bundle.stacked("links").merge(bundle.runs[RUN_COLUMNS], on="run")
    links["capacity_t"] = links["capacity_t"].where(np.isfinite(links["capacity_t"]))
    return links


def places_of(bundle: Bundle) -> pd.DataFrame:
    """Return the ports, terminals and border crossings of all runs, with names and coordinates."""
    known = bundle.region.table("places").set_index("id")[["name", "lon", "lat"]]
    stations = bundle.stacked("stations").merge(known, left_on="place", right_index=True)
    stations["capacity_t"] = stations["capacity_t"].where(np.isfinite(stations["capacity_t"]))
    return stations.merge(bundle.runs[RUN_COLUMNS], on="run")


def column_dictionary() -> pd.DataFrame:
    """Return label, unit and meaning of the columns of the layers."""
    columns = {
        (layer, column.name): (column.label, column.unit, column.meaning)
        for layer, table in LAYERS.items()
        for column in (*stacked_declaration(table).columns, *map(RUNS.column, RUN_COLUMNS))
    }
    rows = [(*key, *texts) for key, texts in columns.items()]
    return pd.DataFrame(rows, columns=["layer", "column", "label", "unit", "meaning"])


def write_geojson(bundle: Bundle, path: Path) -> Path:
    """Write the links of all runs as lines in longitude and latitude (RFC 7946).

    Raises:
        CannotRunError: If the file cannot be written.
    """
    links = links_of(bundle)
    rows = json.loads(links.drop(columns=ENDS).to_json(orient="records", double_precision=10))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [ends[:2], ends[2:]]},
            "properties": row,
        }
        for ends, row in zip(links[ENDS].to_numpy(dtype=float).tolist(), rows, strict=True)
    ]
    content = {"type": "FeatureCollection", "features": features}
    write_file(path, json.dumps(content, ensure_ascii=False, allow_nan=False))
    return path


def write_geopackage(bundle: Bundle, path: Path) -> Path:
    """Write layers ``links`` and ``places``, tables ``runs``, ``sources``, ``columns``, and QGIS styles.

    Raises:
        CannotRunError: If the extra ``geo`` is not installed, or the file cannot be written.
    """
    links, places = links_of(bundle), places_of(bundle)
    lines = [f"LINESTRING ({a!r} {b!r}, {c!r} {d!r})" for a, b, c, d in links[ENDS].to_numpy(float).tolist()]
    points = [f"POINT ({lon!r} {lat!r})" for lon, lat in places[["lon", "lat"]].to_numpy(float).tolist()]
    modes = sorted(set(links["mode"].astype(str)))
    styles = {
        "links": line_style(modes, _busiest(links, ("from", "to"), bundle)),
        "places": point_style(_busiest(places, ("place",), bundle)),
    }
    with replacing(path) as draft:
        _write_layer(links.drop(columns=ENDS), lines, draft, "links")
        _write_layer(places.drop(columns=["lon", "lat"]), points, draft, "places")
        try:
            _write_attributes(draft, bundle, styles)
        except sqlite3.OperationalError as error:
            raise CannotRunError(f"{path}: cannot be written: {error}") from error
    return path


def _busiest(table: pd.DataFrame, ends: tuple[str, ...], bundle: Bundle) -> float:
    """Return the largest tonnes of a row with an end in a home country; of all rows if there is none.

    Ocean links carry a hundred times as much; at their scale the region would be drawn in hairlines.
    """
    places = bundle.region.table("places")
    home = set(places.loc[places["iso3"].isin(bundle.region.home), "id"])
    own = table[table[list(ends)].isin(home).any(axis=1)]
    return float((own if len(own) else table)["tonnes"].max())


def _write_layer(table: pd.DataFrame, wkt: list[str], path: Path, name: str) -> None:
    try:
        import geopandas
        import pyogrio  # noqa: F401
    except ImportError as error:
        raise CannotRunError(NEEDS_EXTRA) from error
    logging.getLogger("pyogrio").setLevel(logging.WARNING)
    texts = [str(column) for column in table.columns if pd.api.types.is_string_dtype(table[column])]
    attributes = table.astype(dict.fromkeys(texts, "object"))
    frame = geopandas.GeoDataFrame(attributes, geometry=geopandas.GeoSeries.from_wkt(wkt), crs=DEGREES)
    try:
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
    except RuntimeError as error:  # of GDAL: a full disk, for example
        raise CannotRunError(f"{path}: cannot be written: {error}") from error


def _write_attributes(path: Path, bundle: Bundle, styles: dict[str, str]) -> None:
    """Write tables without geometry and the styles, and register each in the package."""
    with closing(sqlite3.connect(path)) as database, database:
        tables = {"runs": bundle.runs, "sources": bundle.sources(), "columns": column_dictionary()}
        for name, table in tables.items():
            table.to_sql(name, database, index=False)
            _register(database, name)
        database.execute(STYLES_TABLE)
        _register(database, "layer_styles")
        for name, qml in styles.items():
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, styleSLD, useAsDefault, description, owner) "
                "VALUES ('', '', ?, 'geom', ?, ?, '', 1, 'Sogdia', '')",
                (name, name, qml),
            )


def _register(database: Any, name: str) -> None:
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
        (name, name),
    )
