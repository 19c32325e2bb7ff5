"""Comparison of two runs: differences with the right sign, as tables and as a map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sogdia.api import RunResult
from sogdia.api import compare as compare_runs
from sogdia.errors import InputError
from sogdia.runs.comparison import compare
from sogdia.runs.definition import LoadedStudy
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.runs.store import Store


def test_difference_is_second_less_first(study: LoadedStudy, study_store: Store) -> None:
    first, second = (study_store.tables(run.key) for run in study.runs)
    there, back = compare(first, second), compare(second, first)
    difference = there.tables["links"].set_index("link")["tonnes_difference"]
    reverse = back.tables["links"].set_index("link")["tonnes_difference"]
    np.testing.assert_allclose(difference, -reverse.reindex(difference.index))
    new = set(second["links"]["link"]) - set(first["links"]["link"])
    opened = second["links"].set_index("link")["tonnes"]
    assert new
    assert all(difference[name] == opened[name] for name in new)
    changes = [abs(f["properties"]["tonnes_difference"]) for f in there.geojson()["features"]]
    assert changes == sorted(changes, reverse=True)
    assert "<table" in there._repr_html_()


def test_run_compared_with_itself_has_no_difference(study: LoadedStudy, study_store: Store) -> None:
    tables = study_store.tables(study.runs[0].key)
    same = compare(tables, tables)
    assert not same.measures["difference"].abs().gt(0.0).any()
    assert same.geojson()["features"] == []


def test_tables_follow_the_declarations(study: LoadedStudy, study_store: Store) -> None:
    first, second = (study_store.tables(run.key) for run in study.runs)
    tables = compare(first, second).tables
    assert {name for name, table in RESULT_TABLES.items() if table.key} == set(tables)
    for name, table in tables.items():
        declared = RESULT_TABLES[name]
        numbers = [f"{n}_{s}" for n in declared.compared for s in ("first", "second", "difference")]
        assert list(table.columns) == [*declared.key, *numbers], name
    assert not {"from_lon_first", "length_km_first"} & set(tables["links"].columns)


def test_tables_without_links_cannot_be_compared() -> None:
    with pytest.raises(InputError, match="first is not a run of a study"):
        compare({}, {})


def test_comparison_remarks_on_another_pack_and_refuses_other_economies(
    study_store: Store, tmp_path: Path
) -> None:
    own = study_store.find("middle_corridor/caspian_closed")
    tables, other = study_store.tables(own.run), Store(tmp_path / "other")
    edited = {"run": "e" * 64, "region": "mine", "parts": {**own.parts, "region": "e" * 64}}
    other.write(own.model_copy(update=edited), tables)
    economies = tables["economies"].assign(economy=lambda table: table["economy"] + "X")
    other.write(own.model_copy(update={"run": "f" * 64}), {**tables, "economies": economies})
    before = RunResult(study_store, own)
    difference = compare_runs(RunResult(other, other.find("eeee")), before)
    assert difference.remarks == (
        f"the runs differ in the region pack, {own.parts['region'][:20]} and {'e' * 20}",
    )
    assert (difference.to_frame()["difference"] == 0.0).all()
    assert compare_runs(before, before).remarks == ()
    with pytest.raises(InputError, match="regions with different economies"):
        compare_runs(RunResult(other, other.find("ffff")), before)


def test_result_in_python_compares_measures(study_store: Store) -> None:
    baseline, plan = (
        RunResult(study_store, study_store.find(f"{name}/caspian_closed"))
        for name in ("committed_without_plan", "middle_corridor")
    )
    assert "central_asia 2030, plan middle_corridor, scenario caspian_closed" in plan._repr_html_()
    difference = plan.compare(baseline).tables["measures"].set_index(["measure", "of"])["difference"]
    values = [run.measures().set_index(["measure", "of"])["value"] for run in (baseline, plan)]
    expected = (values[1] - values[0]).reindex(difference.index)
    pd.testing.assert_series_equal(difference, expected, check_names=False, check_exact=False)
