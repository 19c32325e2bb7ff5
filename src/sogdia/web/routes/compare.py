"""Routes of differences between runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Depends, Query, Request, Response

from sogdia.api import compare as compare_runs
from sogdia.api.runs import HEADLINES, RunComparison
from sogdia.errors import InputError, UnknownNameError
from sogdia.web.formats import Format, columns_of, finite
from sogdia.web.models import Answer, TableInfo
from sogdia.web.routes.runs import RunInfo, identity
from sogdia.web.selection import FormatQuery, Selection, selection_of
from sogdia.web.tables import DECLARED, FILTERS, TABLE_ANSWERS, TableSource, TableText, table_answer
from sogdia.web.workbench import Bench, Workbench

router = APIRouter(prefix="/api/v1", tags=["compare"])
MOST_RUNS = 8
MEASURES = "measures"
Chosen = Annotated[Selection, Depends(selection_of)]
"""Selection of rows that a request asks for."""
RunQuery = Annotated[str, Query(alias="run", min_length=1, max_length=300, description="Run.")]
MinusQuery = Annotated[
    str, Query(alias="minus", min_length=1, max_length=300, description="Run that is subtracted from it.")
]


class Measure(Answer):
    """A measure in each run, and its difference from the first run."""

    measure: str
    label: str
    of: str = ""
    unit: str
    values: tuple[float | None, ...]
    differences: tuple[float | None, ...]


class Comparison(Answer):
    """Runs compared with the first of them."""

    runs: tuple[RunInfo, ...]
    measures: tuple[Measure, ...]
    tables: tuple[TableInfo, ...]
    remarks: tuple[str, ...]


@router.get("/compare")
def compare(
    bench: Bench,
    runs: Annotated[
        str, Query(min_length=1, max_length=2000, description="Two to eight runs, separated by commas.")
    ],
) -> Comparison:
    """Compare runs with the first one: every measure, and the tables that have differences."""
    names = list(dict.fromkeys(name.strip() for name in runs.split(",") if name.strip()))
    if not 2 <= len(names) <= MOST_RUNS:
        raise InputError(f"runs: {len(names)} given; expected 2 to {MOST_RUNS}, separated by commas")
    heads = [bench.head(name) for name in names]
    pairs = [difference(bench, head.run, heads[0].run) for head in heads[1:]]
    keys = ["measure", "of", "unit"]
    table = pairs[0].difference.measures[[*keys, "first"]].copy()
    for number, pair in enumerate(pairs):
        own = pair.difference.measures[[*keys, "second", "difference"]]
        own = own.rename(columns={"second": f"value {number}", "difference": f"difference {number}"})
        table = table.merge(own, on=keys, how="outer", sort=False)
    measures = tuple(_measure(row, len(pairs)) for row in table.to_dict("records"))
    changed = [
        TableInfo(name=name, title=_text(name).title, description=_text(name).description, rows=len(frame))
        for name, frame in pairs[0].tables.items()
    ]
    remarks = dict.fromkeys(remark for pair in pairs for remark in pair.remarks)
    return Comparison(
        runs=tuple(RunInfo(**identity(bench, head)) for head in heads),
        measures=measures, tables=tuple(changed), remarks=tuple(remarks),
    )  # fmt: skip


@router.get(
    "/compare/tables/{table}", responses=TABLE_ANSWERS, openapi_extra=FILTERS, response_class=Response
)
def compare_table(
    request: Request, bench: Bench, table: str, run: RunQuery, minus: MinusQuery, chosen: Chosen,
    form: FormatQuery = Format.JSON,
) -> Response:  # fmt: skip
    """Return the differences of a table of two runs, run minus the other, in pages or as a file."""
    heads = [bench.head(name) for name in (run, minus)]
    text = _text(table)
    labels = " minus ".join(f"{head.label} ({head.run[:12]})" for head in heads)

    def frame() -> pd.DataFrame:
        tables = difference(bench, heads[0].run, heads[1].run).tables
        if table not in tables:
            raise UnknownNameError("table with differences", table, tables)
        return tables[table]

    source = TableSource(
        TableText(text.name, text.title, text.description, labels),
        tuple(head.run for head in heads),
        frame,
        lambda rows: columns_of(rows, DECLARED.get(table)),
    )
    return table_answer(request, bench, source, chosen, form)


def difference(bench: Workbench, run: str, minus: str) -> RunComparison:
    """Return the differences of a run from another one, both by their ids."""
    return compare_runs(bench.run(run), bench.run(minus))


def _measure(row: Mapping[Any, Any], pairs: int) -> Measure:
    def number(name: str) -> float | None:
        return finite(float(str(row[name])))

    name = str(row["measure"])
    return Measure(
        measure=name, label=HEADLINES.get(name, name.replace("_", " ")), of=str(row["of"] or ""),
        unit=str(row["unit"]),
        values=(number("first"), *(number(f"value {k}") for k in range(pairs))),
        differences=(0.0, *(number(f"difference {k}") for k in range(pairs))),
    )  # fmt: skip


def _text(name: str) -> TableText:
    declared = DECLARED.get(name)
    if declared is None:
        return TableText(name, name.capitalize(), "", "")
    return TableText(name, declared.title, declared.meaning, "")
