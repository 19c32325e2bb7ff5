"""Table editor: each kind of edit, its log, and independence of copies and region."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Region
from sogdia.case.editor import EditReason, TableEditor
from sogdia.tables import cell

REASON = EditReason("shock 1 test", "a test", "example")


@pytest.fixture
def editor(toy: Region) -> TableEditor:
    return TableEditor(toy)


def mask(editor: TableEditor, table: str, *rows: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(editor.frame(table).index.isin(rows))


def test_set_counts_and_logs_only_rows_that_differ(editor: TableEditor) -> None:
    rows = mask(editor, "links", "rail_a_b", "rail_a_ac")
    assert editor.set("links", rows, "status", "operating", REASON) == 1
    (change,) = editor.changes
    assert (change.table, change.field, change.action, change.value) == (
        "links",
        "status",
        "set",
        "operating",
    )
    assert change.rows == ("rail_a_b",)
    assert (change.cause, change.reason, change.source) == ("shock 1 test", "a test", "example")
    assert editor.set("links", rows, "status", "operating", REASON) == 0
    assert len(editor.changes) == 1


def test_set_to_none_empties_the_cell(editor: TableEditor) -> None:
    rows = mask(editor, "links", "road_a_ab", "road_ab_b")
    assert editor.set("links", rows, "capacity_t", None, REASON) == 1
    assert pd.isna(cell(editor.frame("links"), "road_a_ab", "capacity_t"))
    assert editor.changes[0].value == ""


def test_scale_skips_unknown_figures_and_rounds_integers(editor: TableEditor) -> None:
    rows = mask(editor, "links", "road_a_ab", "road_ab_b")
    assert editor.scale("links", rows, "capacity_t", 0.5, REASON) == 1
    assert cell(editor.frame("links"), "road_a_ab", "capacity_t") == 2500
    people = mask(editor, "economies", "XAA")
    editor.scale("economies", people, "population", 1.0000007, REASON)
    assert cell(editor.frame("economies"), "XAA", "population") == 1_000_001


def test_scale_by_one_counts_rows_without_an_edit(editor: TableEditor) -> None:
    assert editor.scale("links", mask(editor, "links", "road_a_ab"), "capacity_t", 1.0, REASON) == 1
    assert editor.changes == []


def test_shift_stops_at_zero(editor: TableEditor) -> None:
    rows = mask(editor, "crossings", "ab/XAA/XAB/road", "ab/XAB/XAA/road")
    assert editor.shift("crossings", rows, "dwell_h", -11, REASON) == 2
    assert editor.frame("crossings")["dwell_h"].loc[rows].tolist() == [0, 1]


def test_scale_each_edits_rows_with_another_factor_than_one(editor: TableEditor) -> None:
    factors = np.ones(len(editor.frame("economies")))
    factors[1] = 2.0
    assert editor.scale_each("economies", "gdp_musd", factors, "twice", REASON) == 1
    assert editor.frame("economies")["gdp_musd"].tolist() == [1000, 1000, 8000, 9000]
    assert editor.changes[0].rows == ("XAB",)


def test_added_row_gets_its_key_and_provenance(editor: TableEditor) -> None:
    row = {"exporter": "XAA", "importer": "XAD", "commodity": "all", "tariff_pct": 5.0}
    types = editor.frame("barriers").dtypes
    assert editor.add("barriers", [row], REASON) == 1
    frame = editor.frame("barriers")
    assert cell(frame, "XAA/XAD/all", "basis") == "derived"
    assert cell(frame, "XAA/XAD/all", "source") == "example"
    assert cell(frame, "XAA/XAD/all", "note") == "a test"
    assert frame.dtypes.equals(types)
    assert editor.add("barriers", [], REASON) == 0


def test_edits_of_a_copy_do_not_change_the_original(editor: TableEditor, toy: Region) -> None:
    rows = mask(editor, "links", "sea_p_d")
    copy = editor.copy()
    copy.set("links", rows, "status", "closed", REASON)
    assert cell(editor.frame("links"), "sea_p_d", "status") == "operating"
    assert cell(toy.table("links"), "sea_p_d", "status") == "operating"
    assert editor.changes == []
    assert set(editor.frames()) == set(toy.tables)
