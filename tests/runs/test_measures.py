"""Measures: figures of a table, and errors for tables and columns that do not exist."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia.errors import InputError, UnknownNameError
from sogdia.runs.definition import LoadedStudy
from sogdia.runs.measures import BUILT_IN, Measure, check_measure, read_measure
from sogdia.runs.store import Store


def test_built_in_measures_read_declared_columns() -> None:
    for measure in BUILT_IN.values():
        check_measure(measure)


def test_measure_of_an_invalid_column_raises(study_store: Store, study: LoadedStudy) -> None:
    table = study_store.read(study.runs[0].key, "economies")
    with pytest.raises(UnknownNameError, match="did you mean gain_musd"):
        read_measure(Measure(name="x", unit="", table="economies", column="gain_mus"), table)
    with pytest.raises(InputError, match="is not numeric"):
        read_measure(Measure(name="x", unit="", table="economies", column="name"), table)


def test_rows_are_chosen_and_grouped_by_hand() -> None:
    table = pd.DataFrame(
        {"home": [True, True, False], "economy": ["A", "B", "C"], "gain_musd": [1.0, 2.0, 40.0]}
    )
    total = Measure(name="x", unit="t", table="economies", column="gain_musd", where={"home": "yes"})
    assert read_measure(total, table)["value"].tolist() == [3.0]
    by = total.model_copy(update={"by": "economy", "where": {"economy": ("B", "C")}, "how": "max"})
    assert read_measure(by, table)[["of", "value"]].values.tolist() == [["B", 2.0], ["C", 40.0]]
