"""A study is computed once, looked up after, and measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sogdia.runs.definition import LoadedStudy
from sogdia.runs.executor import LocalProcesses
from sogdia.runs.store import Store
from sogdia.runs.studies import measure_runs, run_study


def test_stored_runs_are_not_computed_again(study: LoadedStudy, study_store: Store) -> None:
    assert all(run.key in study_store for run in study.runs)
    assert [report.is_new for report in run_study(study, study_store)] == [False, False]


def test_processes_give_the_same_bits(study: LoadedStudy, study_store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    assert not any(report.error for report in run_study(study, other, LocalProcesses(2), threads=1))
    for run in study.runs:
        here, there = study_store.tables(run.key), other.tables(run.key)
        assert list(here) == list(there)
        for name, table in here.items():
            pd.testing.assert_frame_equal(there[name], table, check_exact=True)


def test_measures_are_those_of_the_tables(study: LoadedStudy, study_store: Store) -> None:
    table = measure_runs(study, study_store).set_index(["plan", "measure", "of"]).sort_index()
    before, after = (study_store.read(run.key, "economies") for run in study.runs)
    gains = [float(rows.loc[rows["home"], "gain_musd"].sum()) for rows in (before, after)]
    assert table.loc[("committed_without_plan", "home_gain_musd", ""), "value"] == pytest.approx(gains[0])
    assert table.loc[("middle_corridor", "home_gain_musd", ""), "effect"] == pytest.approx(
        gains[1] - gains[0]
    )
    worst = float(after.loc[after["home"], "welfare_pct"].min())
    assert table.loc[("middle_corridor", "home_welfare_worst_pct", ""), "value"] == pytest.approx(worst)
    tonnes = study_store.read(study.runs[1].key, "corridors").set_index("corridor")["tonnes"]
    values = table["value"].xs("middle_corridor").xs("corridor_t").sort_index()
    pd.testing.assert_series_equal(values, tonnes.sort_index(), check_names=False, check_index=False)
    assert list(values.index) == sorted(tonnes.index)


def test_closed_sea_carries_no_freight_and_harms(study: LoadedStudy, study_store: Store) -> None:
    links = study_store.read(study.runs[0].key, "links").set_index("link")["tonnes"]
    crossing = [name for name in links.index if str(name).startswith("ferry_aktau_")]
    assert crossing == [] or float(links[crossing].sum()) == 0.0
    values = measure_runs(study, study_store).set_index(["plan", "measure"])["value"]
    assert float(values[("committed_without_plan", "home_gain_musd")]) < 0.0


def test_link_tonnes_are_the_sum_of_both_directions(study: LoadedStudy, study_store: Store) -> None:
    links = study_store.read(study.runs[0].key, "links")
    np.testing.assert_allclose(links["forward_t"] + links["back_t"], links["tonnes"], rtol=1e-12)
    assert links["tonnes"].sum() > 0.0
    assert links["link"].is_unique
    assert links[["from_lon", "from_lat", "to_lon", "to_lat"]].notna().all(axis=None)
