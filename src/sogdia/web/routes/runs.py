"""Routes of stored runs: list, description, any result table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from sogdia.api.comparison_intervals import SAME
from sogdia.runs.run_names import JOINT
from sogdia.runs.store import RunMetadata
from sogdia.web.answers import fixed_answer
from sogdia.web.formats import Format, columns_of, finite
from sogdia.web.models import Answer, Figure, TableInfo
from sogdia.web.selection import FormatQuery, Selection, selection_of
from sogdia.web.tables import DECLARED, FILTERS, TABLE_ANSWERS, TableSource, TableText, table_answer
from sogdia.web.workbench import Bench, Workbench

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])
Chosen = Annotated[Selection, Depends(selection_of)]
"""Selection of rows that a request asks for."""


class RunInfo(Answer):
    """Identity of a stored run."""

    id: str
    label: str
    kind: str
    plan: str
    scenario: str
    year: int
    region: str
    digest: str
    code_version: str
    created: str
    seconds: float
    is_current: bool
    is_baseline: Annotated[bool, Field(description="The plan is the baseline plan itself.")]
    family: Annotated[str, Field(description="Equal for a run and the run of its baseline plan.")]


class RunDescription(RunInfo):
    """A stored run with its headline figures and its tables."""

    tables: tuple[TableInfo, ...]
    headline: tuple[Figure, ...]
    settings: Mapping[str, Any]
    parts: Mapping[str, str]


@router.get("")
def runs(
    bench: Bench,
    kind: Annotated[
        str, Query(max_length=30, description="Kind of run: joint, dependence, …; empty for all.")
    ] = JOINT,
    region: Annotated[str, Query(max_length=100, description="Name of a region; empty for all.")] = "",
) -> list[RunInfo]:
    """List the stored runs, the latest first."""
    heads = [
        head
        for head in bench.heads()
        if (not kind or head.kind == kind) and (not region or head.region == region)
    ]
    heads.sort(key=lambda head: head.created, reverse=True)
    return [RunInfo(**identity(bench, head)) for head in heads]


@router.get("/{run}", responses={200: {"model": RunDescription}}, response_class=Response)
def run(request: Request, bench: Bench, run: str) -> Response:
    """Describe a run, by the start of its id or its label: tables and headline figures."""
    head = bench.head(run)
    return fixed_answer(
        request, bench, ("run", head.run), lambda: _described(bench, head).model_dump_json().encode()
    )


@router.get("/{run}/tables/{table}", responses=TABLE_ANSWERS, openapi_extra=FILTERS, response_class=Response)
def run_table(
    request: Request, bench: Bench, run: str, table: str, chosen: Chosen, form: FormatQuery = Format.JSON
) -> Response:
    """Return a result table of a run, in pages or as a file."""
    head = bench.head(run)
    declared = DECLARED.get(table)
    source = TableSource(
        table_text(head, table),
        (head.run,),
        lambda: bench.frame(head.run, table),
        lambda frame: columns_of(frame, declared),
        declared,
    )
    return table_answer(request, bench, source, chosen, form)


def _described(bench: Workbench, head: RunMetadata) -> RunDescription:
    tables = tuple(
        TableInfo(name=name, title=text.title, description=text.description, rows=stored.rows)
        for name, stored in head.tables.items()
        for text in [table_text(head, name)]
    )
    headline: tuple[Figure, ...] = ()
    if head.kind == JOINT:
        headline = tuple(
            Figure(figure=figure, of=of, value=finite(value), unit=unit)
            for figure, of, value, unit in bench.run(head.run).headline()
        )
    return RunDescription(
        **identity(bench, head), tables=tables, headline=headline, settings=head.settings, parts=head.parts
    )


def identity(bench: Workbench, head: RunMetadata) -> dict[str, Any]:
    """Return the fields of a run's identity."""
    family = ";".join(head.parts.get(part, "") for part in SAME)
    return {
        "id": head.run, "label": head.label, "kind": head.kind, "plan": head.plan,
        "scenario": head.scenario, "year": head.year, "region": head.region,
        "digest": head.parts.get("region", ""), "code_version": head.parts.get("version", ""),
        "created": head.created, "seconds": head.seconds,
        "is_current": head.parts.get("version") == bench.engines,
        "is_baseline": "plan" in head.parts and head.parts["plan"] == head.parts.get("baseline_plan"),
        "family": hashlib.sha256(family.encode()).hexdigest()[:16],
    }  # fmt: skip


def table_text(head: RunMetadata, name: str) -> TableText:
    """Return name, title, meaning and source of a table of a run."""
    declared = DECLARED.get(name)
    digest, version = (head.parts.get(part, "") for part in ("region", "version"))
    source = f"run {head.run[:12]}, {head.label}; region {head.region}, digest {digest[:12]}; {version}"
    if declared is None:
        return TableText(name, name.replace("_", " ").capitalize(), "", source)
    return TableText(name, declared.title, declared.meaning, source)
