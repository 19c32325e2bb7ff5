"""Routes of the region: its identity, its tables, its lists for search."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Depends, Query, Request, Response

from sogdia.errors import UnknownNameError
from sogdia.region import Region
from sogdia.region.listing import DISTANCE, LISTED, list_rows
from sogdia.web.formats import Format, field_info, infer_column
from sogdia.web.models import Answer, ColumnInfo, TableInfo
from sogdia.web.selection import FormatQuery, Selection, selection_of
from sogdia.web.tables import FILTERS, TABLE_ANSWERS, TableSource, TableText, table_answer
from sogdia.web.workbench import Bench

router = APIRouter(prefix="/api/v1", tags=["region"])
Chosen = Annotated[Selection, Depends(selection_of)]
"""Selection of rows that a request asks for."""


class NamedRow(Answer):
    """A code with its name."""

    id: str
    name: str


class RegionInfo(Answer):
    """Identity of the region that the server works on."""

    name: str
    title: str
    version: str
    digest: str
    base_year: int
    years: tuple[int, ...]
    homes: tuple[NamedRow, ...]
    partners: tuple[NamedRow, ...]
    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    lists: tuple[str, ...]
    counts: dict[str, int]
    read_only: bool


@router.get("/region")
def region(bench: Bench) -> RegionInfo:
    """Describe the region: home countries, partners, years, and the number of rows of each table."""
    pack = bench.region
    parties, partners = pack.table("parties"), pack.table("partners")
    return RegionInfo(
        name=pack.name, title=pack.title, version=pack.version, digest=pack.digest,
        base_year=pack.base_year, years=pack.years,
        homes=tuple(NamedRow(id=code, name=str(parties["name"].get(code, code))) for code in pack.home),
        partners=tuple(
            NamedRow(id=str(key), name=str(name))
            for key, name in zip(partners.index, partners["name"], strict=True)
        ),
        plans=tuple(pack.plans), scenarios=tuple(pack.scenarios), lists=tuple(LISTED),
        counts={name: len(table.frame) for name, table in pack.tables.items()},
        read_only=bench.settings.read_only,
    )  # fmt: skip


@router.get("/region/tables")
def region_tables(bench: Bench) -> list[TableInfo]:
    """List the input tables of the region."""
    return [
        TableInfo(
            name=table.schema.name, title=table.schema.title, description=table.schema.description,
            rows=len(table.frame),
        )
        for table in bench.region.tables.values()
    ]  # fmt: skip


@router.get("/region/tables/{table}", responses=TABLE_ANSWERS, openapi_extra=FILTERS, response_class=Response)
def region_table(
    request: Request, bench: Bench, table: str, chosen: Chosen, form: FormatQuery = Format.JSON
) -> Response:
    """Return an input table of the region, with provenance, in pages or as a file."""
    pack = bench.region
    if table not in pack.tables:
        raise UnknownNameError("table", table, pack.tables)
    schema = pack.tables[table].schema
    known = {field.name: field_info(field, schema) for field in schema.fields}
    source = TableSource(
        TableText(table, schema.title, schema.description, _source(pack)),
        (pack.digest,),
        lambda: _with_key(pack, table),
        lambda frame: [known.get(name) or infer_column(frame, name) for name in map(str, frame.columns)],
    )
    return table_answer(request, bench, source, chosen, form)


@router.get("/lists/{name}", responses=TABLE_ANSWERS, openapi_extra=FILTERS, response_class=Response)
def region_list(
    request: Request, bench: Bench, name: str, chosen: Chosen, form: FormatQuery = Format.JSON,
    near: Annotated[str, Query(max_length=100, description="Place; rows near it come first.")] = "",
    within_km: Annotated[float, Query(gt=0, le=20_000, description="Largest distance from it.")] = 300.0,
) -> Response:  # fmt: skip
    """List rows that plans and scenarios name, such as places, links and projects, as ``sogdia ls`` does."""
    pack = bench.region
    rows = list_rows(pack, name, near, within_km)
    schema = pack.tables[name].schema
    known = {field.name: field_info(field, schema) for field in schema.fields}
    rows = rows.rename_axis("id").reset_index()
    key = ColumnInfo(name="id", label="Id", kind="text", is_key=True, description="Key of the row.")
    distance = ColumnInfo(name=DISTANCE, label="Distance", unit="km", kind="number")
    known |= {"id": key, DISTANCE: distance}
    source = TableSource(
        TableText(name, schema.title, schema.description, _source(pack)),
        (pack.digest, near, within_km),
        lambda: rows,
        lambda frame: [known[name] for name in map(str, frame.columns)],
    )
    return table_answer(request, bench, source, chosen, form)


def _source(pack: Region) -> str:
    return f"region {pack.name}, version {pack.version}, digest {pack.digest[:12]}"


def _with_key(pack: Region, table: str) -> pd.DataFrame:
    """Return a table with the key of its rows as its first column, under a name that no column has."""
    frame = pack.table(table)
    return frame.rename_axis(index=None).reset_index(drop=True).assign(key=list(map(str, frame.index)))
