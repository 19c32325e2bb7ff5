"""Read layers of GeoPackage, shapefile and other GIS formats: attributes as text, and lines or points."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sogdia.assignment.formats.gmns_tables import Sheet
from sogdia.assignment.kernels.arrays import Floats
from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, did_you_mean
from sogdia.files import os_errors

NEEDS_EXTRA = "GIS layers need the extra geo: pip install 'sogdia[geo]'"
DEGREES = "EPSG:4326"
QUIET = ("Unsupported geometry type", "Could not parse column", "Several features with id")
"""Warnings that say no more than the errors of features, or concern no link: such a geometry is none, such
a cell stays text and is checked as any other, and identifiers of features are not used."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer.

    Attributes:
        sheet: Attributes as text; lines are numbers of features, counted from 1 in the order of the file.
        geometry: Geometries in degrees of longitude and latitude, as a series.
    """

    sheet: Sheet
    geometry: Any

    def points(self, faults: list[Fault]) -> Floats:
        """Return longitude and latitude of points, (R, 2); other geometries become faults."""
        wrong = ~(self.geometry.geom_type == "Point").to_numpy(dtype=bool)
        self._report(wrong, "no point", "expected the point of the node", faults)
        ends = np.full((len(wrong), 2), np.nan)
        ends[~wrong] = self.geometry[~wrong].get_coordinates().to_numpy()
        return ends

    def lines(self, faults: list[Fault]) -> tuple[Floats, list[str]]:
        """Return both ends of lines, (R, 4), and their WKT; other geometries become faults."""
        merged = self.geometry.where(self.geometry.geom_type != "MultiLineString", self.geometry.line_merge())
        several = (merged.geom_type == "MultiLineString").to_numpy(dtype=bool)
        wrong = ~(merged.geom_type == "LineString").to_numpy(dtype=bool) | merged.is_empty.to_numpy(
            dtype=bool
        )
        self._report(several, "a line of several parts", "split it into links", faults)
        self._report(wrong & ~several, "no line", "expected the line of the link", faults)
        ends = np.full((len(wrong), 4), np.nan)
        valid = merged[~wrong]
        if len(valid):
            points = valid.get_coordinates()
            groups = points.groupby(level=0, sort=False)
            ends[~wrong] = np.hstack([groups.first().to_numpy(), groups.last().to_numpy()])
        texts = [""] * len(wrong)
        for i, text in zip(np.flatnonzero(~wrong), valid.to_wkt(rounding_precision=7), strict=True):
            texts[i] = str(text)
        return ends, texts

    def _report(self, wrong: Any, problem: str, fix: str, faults: list[Fault]) -> None:
        self.sheet.report(wrong, "geometry", problem, "geometry", faults, fix)


def read_layer(path: Path, layer: str | None, crs: str | None) -> Layer:
    """Read a layer.

    Args:
        path: The file.
        layer: Name of the layer; the only one if not given.
        crs: Coordinate system if the layer states none.

    Raises:
        CannotRunError: If it cannot be read, or the extra ``geo`` is not installed.
        InputError: If the layer is not unique, has no geometry or no coordinate system.
    """
    try:
        import geopandas
        import pyogrio
        from pyogrio.errors import DataLayerError, DataSourceError
        from pyproj.exceptions import CRSError
    except ImportError as error:
        raise CannotRunError(NEEDS_EXTRA) from error
    with os_errors(path):
        path.stat()
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if layer is None and len(names) != 1:
            raise InputError(f"{path.name}: {len(names)} layers; name one of {', '.join(names)} as layer")
        if layer is not None and layer not in names:
            raise InputError(f"{path.name}: no layer is called {layer!r}; {did_you_mean(layer, names)}")
        with warnings.catch_warnings():
            for message in QUIET:
                warnings.filterwarnings("ignore", message=message)
            table = geopandas.read_file(path, layer=layer or names[0], engine="pyogrio")
    except (DataSourceError, DataLayerError) as error:
        raise CannotRunError(f"{path}: not readable as a GIS layer: {error}") from error
    except UnicodeDecodeError as error:
        raise CannotRunError(
            f"{path}: not readable as a GIS layer: a name or cell is not UTF-8; save it as UTF-8"
        ) from error
    if not isinstance(table, geopandas.GeoDataFrame):
        raise InputError(f"{path.name}: the layer {layer or names[0]} has no geometry")
    table = table.reset_index(drop=True)
    if table.crs is None and crs is None:
        raise InputError(f"{path.name}: no coordinate system; state it as crs in the mapping")
    try:
        geometry = (table.geometry if table.crs is not None else table.geometry.set_crs(crs)).to_crs(DEGREES)
    except CRSError as error:
        raise InputError(
            f"coordinate system {crs!r} is unknown; expected a code such as EPSG:4326"
        ) from error
    fields = table.drop(columns=table.geometry.name)
    columns = {str(name): [_text(cell) for cell in fields[name].tolist()] for name in fields.columns}
    return Layer(Sheet(path.name, columns, list(range(1, len(table) + 1))), geometry)


def check_fields(sheet: Sheet, fields: dict[str, str | None]) -> None:
    """Check that a layer has the fields that a mapping names.

    Raises:
        FaultsError: With every field that is missing, by key of the mapping.
    """
    faults = [
        Fault(sheet.file, None, field, f"no such field, named by {key}", did_you_mean(field, sheet.columns))
        for key, field in fields.items()
        if field is not None and field not in sheet.columns
    ]
    if faults:
        raise FaultsError(faults)


def _text(cell: Any) -> str:
    """Return a cell as text: empty if missing, whole numbers without decimals."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
