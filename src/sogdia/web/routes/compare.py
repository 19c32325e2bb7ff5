"""Routes of differences between runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from sogdia.api import compare as compare_runs
from sogdia.api.comparison_intervals import interval_samples, table_with_intervals
from sogdia.api.runs import HEADLINES, RunComparison
from sogdia.errors import InputError, UnknownNameError
from sogdia.runs.store import RunMetadata
from sogdia.web.answers import fixed_answer
from sogdia.web.formats import Format, columns_of, finite
from sogdia.web.models import Answer
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
    """A measure in each run, its difference from the first run, and the 80 % interval of the difference."""

    measure: str
    label: str
    of: str = ""
    unit: str
    values: tuple[float | None, ...]
    differences: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


class NamedTable(Answer):
    """A table with differences."""

    name: str
    title: str


class Comparison(Answer):
    """Runs compared with the first of them."""

    runs: tuple[RunInfo, ...]
    measures: tuple[Measure, ...]
    tables: tuple[NamedTable, ...]
    remarks: tuple[str, ...]
    samples: Annotated[
        tuple[int | None, ...],
        Field(
            description="Samples that the intervals of each run come from; 0: the store has no ensemble "
            "of the run; null: the first run is not its baseline under the same scenario."
        ),
    ]


@router.get("/compare", responses={200: {"model": Comparison}}, response_class=Response)
def compare(
    request: Request,
    bench: Bench,
    runs: Annotated[
        str, Query(min_length=1, max_length=2000, description="Two to eight runs, separated by commas.")
    ],
) -> Response:
    """Compare runs with the first one: every measure, and the tables that have differences."""
    names = list(dict.fromkeys(name.strip() for name in runs.split(",") if name.strip()))
    if not 2 <= len(names) <= MOST_RUNS:
        raise InputError(f"runs: {len(names)} given; expected 2 to {MOST_RUNS}, separated by commas")
    heads = [bench.head(name) for name in names]
    keys = tuple(head.run for head in heads)
    samples = _samples(bench, heads)
    return fixed_answer(
        request,
        bench,
        ("compare", *keys, samples),
        lambda: _compare(bench, heads, samples).model_dump_json().encode(),
    )


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
        if table == MEASURES:
            return difference(bench, heads[0].run, heads[1].run).to_frame()
        known = _compared(heads)
        if table not in known:
            raise UnknownNameError("table with differences", table, (MEASURES, *known))
        frames = [bench.frame(head.run, table) for head in heads]
        differences = DECLARED[table].difference(frames[1], frames[0])
        return table_with_intervals(
            _largest_first(differences), DECLARED[table], heads[1], heads[0], bench.store
        )

    source = TableSource(
        TableText(text.name, text.title, text.description, labels),
        (*(head.run for head in heads), _samples(bench, heads[::-1])),
        frame,
        lambda rows: columns_of(rows, DECLARED.get(table)),
    )
    return table_answer(request, bench, source, chosen, form)


def _largest_first(differences: pd.DataFrame) -> pd.DataFrame:
    """Return differences by the size of the first number's."""
    sizes = next((name for name in differences.columns if str(name).endswith("_difference")), None)
    if sizes is None:
        return differences
    return differences.sort_values(
        sizes, key=lambda values: values.abs(), ascending=False, kind="stable", ignore_index=True
    )


def _samples(bench: Workbench, heads: Sequence[RunMetadata]) -> tuple[int | None, ...]:
    """Return the samples of the intervals of each run, which an ensemble may add at any time."""
    return (None, *(interval_samples(heads[0], head, bench.store) for head in heads[1:]))


def _compare(bench: Workbench, heads: Sequence[RunMetadata], samples: tuple[int | None, ...]) -> Comparison:
    pairs = [difference(bench, head.run, heads[0].run) for head in heads[1:]]
    frames = [pair.difference.measures for pair in pairs]
    parts = [
        {(row["measure"], row["of"], row["unit"]): row for row in each.to_dict("records")} for each in frames
    ]
    measures = tuple(_measure(key, parts) for key in dict.fromkeys(key for part in parts for key in part))
    texts = map(_text, (MEASURES, *_compared(heads)))
    remarks = dict.fromkeys(remark for pair in pairs for remark in pair.remarks)
    return Comparison(
        runs=tuple(RunInfo(**identity(bench, head)) for head in heads),
        measures=measures,
        tables=tuple(NamedTable(name=text.name, title=text.title) for text in texts),
        remarks=tuple(remarks),
        samples=samples,
    )


def _compared(heads: Sequence[RunMetadata]) -> list[str]:
    """Return the names of the tables of all runs whose rows have a key."""
    return [
        name
        for name in heads[0].tables
        if name in DECLARED and DECLARED[name].key and all(name in head.tables for head in heads)
    ]


def difference(bench: Workbench, run: str, minus: str) -> RunComparison:
    """Return the differences of a run from another one, both by their ids."""
    return compare_runs(bench.run(run), bench.run(minus))


def _measure(key: tuple[str, str, str], parts: Sequence[Mapping[Any, Mapping[Any, Any]]]) -> Measure:
    """Return a measure in each run; a run without it has no value."""
    measure, of, unit = key
    rows = [part.get(key) for part in parts]
    first = next(finite(float(row["first"])) for row in rows if row is not None)
    values = [None if row is None else finite(float(row["second"])) for row in rows]
    changes, low, high = (
        [None if row is None else finite(float(row.get(end, math.nan))) for row in rows]
        for end in ("difference", "low", "high")
    )
    label = HEADLINES.get(measure, measure.replace("_", " "))
    return Measure(
        measure=measure, label=label, of=of or "", unit=unit, values=(first, *values),
        differences=(0.0, *changes), low=(None, *low), high=(None, *high),
    )  # fmt: skip


def _text(name: str) -> TableText:
    declared = DECLARED.get(name)
    if declared is None:
        return TableText(name, name.capitalize(), "", "")
    return TableText(name, declared.title, declared.meaning, "")
