"""Any table: filters, order, pages and formats agree with the stored frame."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from sogdia.api import load_region
from sogdia.errors import InputError, UnknownNameError
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.runs.store import Store
from sogdia.web.selection import Selection, select_rows
from sogdia.web.settings import WebSettings

FRAME = pd.DataFrame(
    {
        "mode": ["rail", "road", "Sea", "rail", ""],
        "tonnes": [3.0, 1.0, math.nan, 2.0, math.inf],
        "count": pd.array([1, 2, None, 4, 5], dtype="Int64"),
        "open": pd.array([True, False, None, True, False], dtype="boolean"),
    }
)


def chosen(*filters: tuple[str, str], **rest: Any) -> list[int]:
    merged: dict[str, list[str]] = {}
    for name, value in filters:
        merged.setdefault(name, []).append(value)
    selection = Selection(tuple((name, tuple(values)) for name, values in merged.items()), **rest)
    return select_rows(FRAME, selection).index.tolist()


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ([("mode", "rail")], [0, 3]),
        ([("mode", "rail"), ("mode", "road")], [0, 1, 3]),
        ([("mode__ne", "rail")], [1, 2, 4]),
        ([("tonnes__gt", "1")], [0, 3, 4]),
        ([("tonnes__gte", "1"), ("tonnes__lt", "3")], [1, 3]),
        ([("tonnes", "2")], [3]),
        ([("count__lte", "2")], [0, 1]),
        ([("open", "yes")], [0, 3]),
        ([("open", "false"), ("mode", "road")], [1]),
    ],
)
def test_filters_select_rows(filters: list[tuple[str, str]], rows: list[int]) -> None:
    assert chosen(*filters) == rows


def test_order_and_search() -> None:
    assert chosen(sort="tonnes") == [1, 3, 0, 4, 2]
    assert chosen(sort="-tonnes") == [4, 0, 3, 1, 2]
    assert chosen(search="SEA") == [2]
    assert chosen(search="(") == []


@pytest.mark.parametrize(
    ("filters", "rest", "kind", "text"),
    [
        ([("mod", "rail")], {}, UnknownNameError, "did you mean mode"),
        ([("mode__like", "r")], {}, UnknownNameError, "comparison"),
        ([("mode__gt", "1")], {}, InputError, "not of numbers"),
        ([("tonnes", "many")], {}, InputError, "'many' is not a number"),
        ([("open", "maybe")], {}, InputError, "neither true nor false"),
        ([], {"sort": "-mod"}, UnknownNameError, "did you mean mode"),
        ([], {"columns": ("mode", "x")}, UnknownNameError, "'x'"),
    ],
)
def test_error_of_a_selection_names_its_cause(
    filters: list[tuple[str, str]], rest: dict[str, Any], kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind, match=text):
        chosen(*filters, **rest)


@given(st.lists(st.floats(allow_nan=False, width=32), max_size=20), st.floats(allow_nan=False, width=32))
def test_bounds_split_the_rows_without_overlap(values: list[float], bound: float) -> None:
    frame = pd.DataFrame({"x": np.array(values, dtype=float)})
    below = select_rows(frame, Selection((("x__lt", (repr(bound),)),)))
    above = select_rows(frame, Selection((("x__gte", (repr(bound),)),)))
    assert sorted([*below.index, *above.index]) == list(range(len(values)))
    assert (below["x"] < bound).all()


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_filters_or_is_refused(column: str, value: str) -> None:
    try:
        rows = select_rows(FRAME, Selection(((column, (value,)),), search=value, sort=column))
    except InputError:
        return
    assert set(rows.index) <= set(FRAME.index)


def test_page_agrees_with_the_stored_table(
    client: TestClient, web_settings: WebSettings, run_ids: tuple[str, str]
) -> None:
    store = Store(web_settings.store)
    for name in store.metadata(run_ids[0]).tables:
        frame = store.read(run_ids[0], name)
        page = client.get(f"/api/v1/runs/{run_ids[0]}/tables/{name}?limit=10000").json()
        assert page["total"] == len(frame) == len(page["rows"])
        assert [column["name"] for column in page["columns"]] == list(frame.columns)
        declared = RESULT_TABLES[name]
        for place, column in enumerate(page["columns"]):
            assert column["label"] == declared.column(column["name"]).label
            own, given_ = frame[column["name"]].tolist(), [row[place] for row in page["rows"]]
            if column["kind"] == "number":
                read = [math.nan if value is None else value for value in given_]
                known = [value if math.isfinite(value) else math.nan for value in map(float, own)]
                np.testing.assert_allclose(read, known, rtol=1e-12, atol=1e-12, err_msg=column["name"])
            else:
                assert given_ == own


def test_pages_join_to_the_table(client: TestClient, run_ids: tuple[str, str]) -> None:
    base = f"/api/v1/runs/{run_ids[0]}/tables/sectors?sort=-economy"
    pages = [client.get(f"{base}&limit=4&offset={start}").json()["rows"] for start in range(0, 20, 4)]
    assert [row for page in pages for row in page] == client.get(f"{base}&limit=100").json()["rows"]


def test_formats_hold_the_same_rows(client: TestClient, run_ids: tuple[str, str]) -> None:
    base = f"/api/v1/runs/{run_ids[0]}/tables/links?mode=ferry&sort=-tonnes"
    page = client.get(base).json()
    names = [column["name"] for column in page["columns"]]
    assert {row[names.index("mode")] for row in page["rows"]} == {"ferry"}
    tonnes = pytest.approx([row[names.index("tonnes")] for row in page["rows"]])
    csv = client.get(f"{base}&format=csv")
    assert 'filename="links.csv"' in csv.headers["content-disposition"]
    assert pd.read_csv(io.BytesIO(csv.content), encoding="utf-8-sig")["tonnes"].tolist() == tonnes
    parquet = pq.read_table(io.BytesIO(client.get(f"{base}&format=parquet").content))
    assert parquet["tonnes"].to_pylist() == tonnes
    meaning = json.loads(parquet.schema.metadata[b"sogdia_columns"])["tonnes"]
    assert (meaning["unit"], page["source"]) == ("t/a", parquet.schema.metadata[b"sogdia_source"].decode())
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}&format=xlsx").content))
    assert book.sheetnames == ["links", "columns", "about"]
    place = names.index("tonnes")
    head, units, *rows = book["links"].iter_rows(values_only=True)
    assert (head[place], units[place]) == ("Tonnes", "t/a")
    assert [row[place] for row in rows] == tonnes


def test_input_table_has_provenance_and_units(client: TestClient, web_settings: WebSettings) -> None:
    region = load_region(web_settings.region)
    page = client.get("/api/v1/region/tables/links?limit=10000").json()
    columns = {column["name"]: (place, column) for place, column in enumerate(page["columns"])}
    assert columns["length_km"][1]["unit"] == "km"
    assert [row[columns["source"][0]] for row in page["rows"]] == region.table("links")["source"].tolist()
    assert [row[columns["key"][0]] for row in page["rows"]] == region.table("links").index.tolist()
    assert region.digest[:12] in page["source"]


def test_unchanged_answer_is_not_sent_again(client: TestClient, run_ids: tuple[str, str]) -> None:
    path = f"/api/v1/runs/{run_ids[0]}/tables/links"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{path}?limit=1", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    run = client.get(f"/api/v1/runs/{run_ids[1]}/tables/links")
    assert run.headers["etag"] != first.headers["etag"]


def test_label_and_start_of_the_id_name_the_run(client: TestClient, run_ids: tuple[str, str]) -> None:
    for name in (run_ids[0][:10], "ferry_age/reference"):
        path = f"/api/v1/runs/{name}" if "/" not in name else f"/api/v1/compare?runs={name},{run_ids[1]}"
        answer = client.get(path).json()
        assert run_ids[0] in (answer.get("id"), *(run["id"] for run in answer.get("runs", [])))


def test_list_near_a_place_is_sorted_by_distance(client: TestClient) -> None:
    page = client.get("/api/v1/lists/places?near=north_port&within_km=500").json()
    place = [column["name"] for column in page["columns"]].index("distance_km")
    distances = [row[place] for row in page["rows"]]
    assert distances == sorted(distances)
    assert page["rows"][0][0] == "north_port"
