"""Write results: links and pairs as CSV, links as GeoJSON and GeoPackage.

Files are written atomically. GeoPackage needs the extra ``geo``: ``pip install 'sogdia[geo]'``; so does
GeoJSON from coordinates that are not longitude and latitude.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment.formats.textfile import draft_of
from sogdia.assignment.formats.tntp_writing import write_tntp_flows
from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Network
from sogdia.assignment.results import AssignmentResult
from sogdia.errors import CannotRunError, InputError, UnknownNameError
from sogdia.files import csv_bytes

DEGREES = "EPSG:4326"
ENDS = ("from_x", "from_y", "to_x", "to_y")
NEEDS_EXTRA = "GeoPackage and other coordinate systems need the extra geo: pip install 'sogdia[geo]'"


def link_table(result: AssignmentResult) -> pd.DataFrame:
    """Return links with ``flow``, ``cost``, ``delay_cost``, ``v_c``, and ``flow_<class>`` by class."""
    table = result.links()
    if len(result.demand.classes) > 1:
        for name, flow in zip(result.demand.classes, result.flows, strict=True):
            table[f"flow_{name}"] = flow
    return table


def write_csv(result: AssignmentResult, path: Path | str) -> None:
    """Write links, all columns, as CSV.

    Raises:
        CannotRunError: If the file cannot be written.
    """
    with draft_of(path) as draft:
        draft.write_bytes(csv_bytes(link_table(result)))


def write_od_csv(result: AssignmentResult, path: Path | str) -> None:
    """Write each origin, destination and class with flow and cost as CSV.

    Raises:
        CannotRunError: If the file cannot be written.
    """
    with draft_of(path) as draft:
        draft.write_bytes(csv_bytes(result.od()))


def write_geojson(result: AssignmentResult, path: Path | str, *, crs: str = DEGREES) -> None:
    """Write links as straight lines in GeoJSON (RFC 7946: longitude and latitude).

    Args:
        result: The result; its arcs have the columns ``from_x``, ``from_y``, ``to_x``, ``to_y``.
        path: File to write.
        crs: Coordinate system; others than degrees are converted by the extra ``geo``.

    Raises:
        InputError: If arcs have no coordinates, or coordinates that are not degrees.
        CannotRunError: If the extra is needed and not installed, or the file cannot be written.
    """
    table = link_table(result)
    if crs != DEGREES:
        frame = _frame(table, crs).to_crs(DEGREES)
        with draft_of(path) as draft:
            draft.write_text(frame.to_json(drop_id=True), encoding="utf-8")
        return
    ends = _ends(table)
    if (np.abs(ends[:, ::2]) > 180.0).any() or (np.abs(ends[:, 1::2]) > 90.0).any():
        raise InputError(
            "the coordinates are not degrees of longitude and latitude; give their coordinate system (crs)"
        )
    shown = table.drop(columns=list(ENDS))
    rows = json.loads(shown.to_json(orient="records", double_precision=15))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [line[:2], line[2:]]},
            "properties": row,
        }
        for line, row in zip(ends.tolist(), rows, strict=True)
    ]
    with draft_of(path) as draft:
        text = json.dumps(
            {"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False
        )
        draft.write_text(text, encoding="utf-8")


def write_geopackage(result: AssignmentResult, path: Path | str, *, crs: str | None = DEGREES) -> None:
    """Write links in a GeoPackage, layer ``links``: their lines (column ``wkt``), or straight lines.

    Args:
        result: The result; its arcs have the columns ``from_x``, ``from_y``, ``to_x``, ``to_y``.
        path: File to write.
        crs: Coordinate system; ``None`` if unknown.

    Raises:
        InputError: If arcs have no coordinates.
        CannotRunError: If the extra ``geo`` is not installed, or the file cannot be written.
    """
    frame = _frame(link_table(result), crs)
    with draft_of(path) as draft:
        try:
            frame.to_file(draft, layer="links", driver="GPKG", engine="pyogrio")
        except RuntimeError as error:  # of GDAL: a full disk, for example
            raise CannotRunError(f"{path}: cannot be written: {error}") from error


def _ends(table: pd.DataFrame) -> Floats:
    """Return the coordinates of both ends of each arc, (A, 4)."""
    if not set(ENDS) <= set(table.columns):
        raise InputError(
            "the network has no coordinates; read it with its file of nodes, or give its arcs the columns "
            + ", ".join(ENDS)
        )
    ends = table[list(ENDS)].to_numpy(dtype=np.float64)
    missing = np.flatnonzero(~np.isfinite(ends).all(axis=1))
    if missing.size:
        row = table.iloc[missing[0]]
        raise InputError(
            f"{missing.size:,} arcs lack coordinates; the first is from {row['from']} to {row['to']}"
        )
    return ends


def _frame(table: pd.DataFrame, crs: str | None) -> Any:
    ends = _ends(table)
    try:
        import geopandas
        import pyogrio  # noqa: F401
        from pyproj.exceptions import CRSError
    except ImportError as error:
        raise CannotRunError(NEEDS_EXTRA) from error
    texts = [f"LINESTRING ({a!r} {b!r}, {c!r} {d!r})" for a, b, c, d in ends.tolist()]
    if "wkt" in table:
        texts = [own or text for own, text in zip(table["wkt"], texts, strict=True)]
    lines = geopandas.GeoSeries.from_wkt(texts)
    shown = table.drop(columns=[*ENDS, "wkt"], errors="ignore").astype({"group": object, "delay": object})
    shown["capacity"] = shown["capacity"].where(np.isfinite(shown["capacity"]))
    try:
        return geopandas.GeoDataFrame(shown, geometry=lines, crs=crs)
    except CRSError as error:
        raise InputError(
            f"coordinate system {crs!r} is unknown; expected a code such as EPSG:4326"
        ) from error


WRITERS: dict[str, Callable[[AssignmentResult, Path | str], None]] = {
    ".csv": write_csv,
    ".geojson": write_geojson,
    ".json": write_geojson,
    ".gpkg": write_geopackage,
    ".tntp": write_tntp_flows,
}
"""Writers of links by file suffix."""


def check_writable(network: Network, path: Path) -> None:
    """Check before a long computation that its links can be written.

    Raises:
        UnknownNameError: If there is no writer for the file's suffix.
        InputError: If the format needs coordinates and the network has none.
        CannotRunError: If the folder does not exist, or the path is a folder.
    """
    writer_for(path)
    if path.suffix.lower() in (".geojson", ".json", ".gpkg"):
        _ends(network.arcs)
    if not path.parent.is_dir() or path.is_dir():
        raise CannotRunError(f"{path}: {'a folder' if path.is_dir() else 'no such folder'}")


def writer_for(path: Path | str) -> Callable[[AssignmentResult, Path | str], None]:
    """Return the writer of links for a file's suffix.

    Raises:
        UnknownNameError: If there is none.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        raise UnknownNameError("output format", suffix or str(path), WRITERS)
    return WRITERS[suffix]
