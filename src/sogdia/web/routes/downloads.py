"""Routes of downloads: stored runs in the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Annotated, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fastapi import APIRouter, Query, Request, Response

from sogdia.errors import InputError
from sogdia.report.exports import (
    Bundle,
    write_geojson,
    write_geopackage,
    write_star,
    write_tables_workbook,
)
from sogdia.runs.run_names import JOINT
from sogdia.runs.store import RunMetadata
from sogdia.web.answers import fixed_answer
from sogdia.web.workbench import Bench, Workbench

router = APIRouter(prefix="/api/v1", tags=["downloads"])
MOST_RUNS = 8
ZIP: Final = "application/zip"
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""Time of the files in an archive, so that the same runs give the same bytes."""


class RunFormat(StrEnum):
    """Formats of stored runs."""

    XLSX = "xlsx"
    GPKG = "gpkg"
    GEOJSON = "geojson"
    PARQUET = "parquet"
    CSV = "csv"


WRITERS: Final[Mapping[RunFormat, Callable[[Bundle, Path], list[Path]]]] = MappingProxyType(
    {
        RunFormat.XLSX: lambda bundle, folder: [write_tables_workbook(bundle, folder / "runs.xlsx")],
        RunFormat.GPKG: lambda bundle, folder: [write_geopackage(bundle, folder / "runs.gpkg")],
        RunFormat.GEOJSON: lambda bundle, folder: [write_geojson(bundle, folder / "links.geojson")],
        RunFormat.PARQUET: lambda bundle, folder: write_star(bundle, folder, "parquet"),
        RunFormat.CSV: lambda bundle, folder: write_star(bundle, folder, "csv"),
    }
)
"""Writer of runs into a folder, as of ``sogdia export``."""
MEDIA_TYPES: Final[Mapping[RunFormat, str]] = MappingProxyType(
    {
        RunFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        RunFormat.GPKG: "application/geopackage+sqlite3",
        RunFormat.GEOJSON: "application/geo+json",
        RunFormat.PARQUET: ZIP,
        RunFormat.CSV: ZIP,
    }
)
EXPORTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {each: {"schema": {"type": "string"}} for each in sorted(set(MEDIA_TYPES.values()))}},
    304: {"description": "The client has this version."},
}
"""Answers, in the description of the API."""


@router.get("/export", responses=EXPORTS, response_class=Response)
def export(
    request: Request,
    bench: Bench,
    runs: Annotated[str, Query(min_length=1, max_length=2000, description="Runs, separated by commas.")],
    form: Annotated[RunFormat, Query(alias="format", description="Format, as of sogdia export.")],
) -> Response:
    """Return stored runs as a workbook, GeoPackage, GeoJSON, or a star schema of CSV or Parquet (ZIP)."""
    names = list(dict.fromkeys(name.strip() for name in runs.split(",") if name.strip()))
    if not 1 <= len(names) <= MOST_RUNS:
        raise InputError(f"runs: {len(names)} given; expected 1 to {MOST_RUNS}, separated by commas")
    heads = [bench.head(name) for name in names]
    for head in heads:
        if head.region != bench.region.name or head.kind != JOINT:
            raise InputError(f"{head.label}: not a run of the region {bench.region.name}; name another run")
    suffix = "zip" if MEDIA_TYPES[form] == ZIP else str(form)
    file_name = f"{heads[0].plan}-{heads[0].scenario}-{heads[0].year}.{suffix}"
    keys = tuple(head.run for head in heads)
    return fixed_answer(
        request,
        bench,
        ("export", form, *keys),
        lambda: _written(bench, heads, form),
        MEDIA_TYPES[form],
        file_name,
    )


def _written(bench: Workbench, heads: list[RunMetadata], form: RunFormat) -> bytes:
    bundle = Bundle.of(bench.store, heads, bench.region)
    with TemporaryDirectory() as scratch:
        paths = WRITERS[form](bundle, Path(scratch))
        if MEDIA_TYPES[form] != ZIP:
            return paths[0].read_bytes()
        sink = BytesIO()
        with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
            for path in paths:
                archive.writestr(ZipInfo(path.name, FIRST_DAY), path.read_bytes(), ZIP_DEFLATED)
        return sink.getvalue()
