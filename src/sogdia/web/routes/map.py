"""Routes of the map: its base, and the flows of a run or the difference of two."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

import pandas as pd
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from sogdia.web.answers import fixed_answer, prepare_answer
from sogdia.web.map_base import map_base
from sogdia.web.models import Answer
from sogdia.web.tables import DECLARED
from sogdia.web.workbench import Bench, Workbench

router = APIRouter(prefix="/api/v1", tags=["map"])
LAYERS: Final[Mapping[str, str]] = {
    "links": "links",
    "stations": "stations",
    "transit": "transit",
    "corridors": "corridors",
    "generation": "power_generation",
    "countries": "power_countries",
    "lines": "power_flows",
    "prices": "power_prices",
    "economies": "economies",
    "bottlenecks": "bottlenecks",
}
"""Table of each layer."""
BASE: Final = "map base"
LEFT_OUT: Final = frozenset({"from_lon", "from_lat", "to_lon", "to_lat"})
"""Columns that the base of the map has."""


class MapBase(Answer):
    """Layers of GeoJSON that do not depend on a run."""

    window: Annotated[list[float], Field(min_length=4, max_length=4, description="West, south, east, north.")]
    notes: tuple[str, ...]
    countries: dict[str, Any]
    places: dict[str, Any]
    links: dict[str, Any]
    pipelines: dict[str, Any]
    borders: dict[str, Any]
    terminals: dict[str, Any]
    zones: dict[str, Any]
    lines: dict[str, Any]
    plants: dict[str, Any]
    projects: dict[str, Any]


class MapFlows(Answer):
    """Rows of each layer of a run, or of the difference of two runs."""

    run: str
    minus: str | None
    layers: dict[str, list[dict[str, Any]]]
    units: dict[str, dict[str, str]]


MinusQuery = Annotated[
    str, Query(max_length=300, description="Run that is subtracted; empty for the run alone.")
]


@router.get("/map/base", responses={200: {"model": MapBase}}, response_class=Response)
def base(request: Request, bench: Bench) -> Response:
    """Return the layers of the map that do not depend on a run."""
    return fixed_answer(request, bench, (BASE, bench.region.digest), lambda: _base(bench))


def prepare_base(bench: Workbench) -> None:
    """Draw the base of the map before the first page asks for it."""
    prepare_answer(bench, (BASE, bench.region.digest), lambda: _base(bench))


def _base(bench: Workbench) -> bytes:
    return json.dumps(map_base(bench.region), ensure_ascii=False, allow_nan=False).encode()


@router.get("/runs/{run}/map", responses={200: {"model": MapFlows}}, response_class=Response)
def flows(request: Request, bench: Bench, run: str, minus: MinusQuery = "") -> Response:
    """Return flows of links, borders, terminals, zones and lines of a run, or of run minus another one.

    A difference has ``COLUMN_first``, ``COLUMN_second`` and ``COLUMN_difference`` of each number.
    """
    head = bench.head(run)
    other = bench.head(minus).run if minus else None
    return fixed_answer(
        request, bench, ("map flows", head.run, other), lambda: _flows(bench, head.run, other)
    )


def _flows(bench: Workbench, run: str, minus: str | None) -> bytes:
    stored = set(bench.head(run).tables)
    if minus is not None:
        stored &= set(bench.head(minus).tables)
    names = {layer: table for layer, table in LAYERS.items() if table in stored}
    parts = {layer: _records(_frame(bench, run, minus, table)) for layer, table in names.items()}
    units = {
        layer: {
            column.name: column.unit for column in DECLARED[table].columns if column.unit not in ("", "1")
        }
        for layer, table in names.items()
    }
    head = json.dumps({"run": run, "minus": minus, "units": units}, ensure_ascii=False)
    layers = ", ".join(f"{json.dumps(layer)}: {rows}" for layer, rows in parts.items())
    return f'{head[:-1]}, "layers": {{{layers}}}}}'.encode()


def _frame(bench: Workbench, run: str, minus: str | None, table: str) -> pd.DataFrame:
    frame = bench.frame(run, table)
    if minus is not None:
        frame = DECLARED[table].difference(bench.frame(minus, table), frame)
    return frame[[name for name in frame.columns if name not in LEFT_OUT]]


def _records(frame: pd.DataFrame) -> str:
    return frame.to_json(orient="records", double_precision=10, force_ascii=False)
