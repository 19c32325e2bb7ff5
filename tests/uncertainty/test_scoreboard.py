"""Outside studies: our figure is read as the row says, and compared with the published range."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from runs.powered import write_powered_isles

from sogdia import Region, load_region
from sogdia.runs.store import Store
from sogdia.uncertainty.scoreboard import (
    compare_studies,
    ratio,
    read_figure,
    run_studies,
    sentences,
    study_runs,
)
from sogdia.uncertainty.scoreboard_page import SCORE_COLUMNS, scoreboard_page

ISLES = Path(__file__).parent.parent / "packs" / "isles"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Region, dict[str, Any]]:
    pytest.importorskip("duckdb")
    folder = tmp_path_factory.mktemp("studies")
    region = load_region(write_powered_isles(folder / "pack", ISLES))
    runs, store = study_runs(region), Store(folder / "store")
    assert set(runs) == {"load_of_2030", "gain_of_the_isles"}
    assert [report.error for report in run_studies(region, runs, store)] == [""]
    rows = compare_studies(region, runs, store).to_dict("records")
    return region, {row["study"]: row for row in rows}


def test_load_of_a_run_is_compared_with_the_published_one(compared: tuple[Region, dict[str, Any]]) -> None:
    # 500 GWh in 2021 grow by 3 % a year to 2030: 0.652 TWh, below 1 to 2 TWh.
    region, table = compared
    economies = region.table("economies")
    (before,) = economies.loc[economies["iso3"] == "XAA", "electricity_demand_gwh"]
    load = float(before) * 1.03**9 / 1000.0
    row = table["load_of_2030"]
    assert row["ours"] == pytest.approx(load)
    assert row["ratio"] == pytest.approx(load / 1.0 if load < 1.0 else 1.0)
    assert row["is_within"] == (1.0 <= load <= 2.0)


def test_study_without_a_run_has_no_figure_of_ours_and_a_reason(
    compared: tuple[Region, dict[str, Any]],
) -> None:
    row = compared[1]["wonder"]
    assert np.isnan(row["ours"])
    assert row["is_within"] is None
    assert row["reason"] == "no run of this definition"


def test_figure_is_the_quotient_of_sums_over_the_rows_by_hand() -> None:
    table = pd.DataFrame({"home": [True, True, False], "gain": [1.0, 2.0, 9.0], "base": [10.0, 20.0, 1.0]})
    row = {"where": "home=True", "column": "gain", "per": "base", "factor": 100.0}
    assert read_figure(row, table) == pytest.approx(10.0)
    assert read_figure({**row, "per": "", "factor": np.nan, "where": ""}, table) == pytest.approx(12.0)


@pytest.mark.parametrize(
    ("ours", "low", "high", "expected"), [(3.0, 1.0, 2.0, 1.5), (1.5, 1.0, 2.0, 1.0), (0.2, 1.0, 2.0, 0.2)]
)
def test_ratio_is_to_the_nearer_end(ours: float, low: float, high: float, expected: float) -> None:
    assert ratio(ours, low, high) == pytest.approx(expected)
    assert np.isnan(ratio(-1.0, 0.0, 2.0))


def test_brief_quotes_the_comparison_in_three_sentences() -> None:
    rows = {
        "ours": [1.0, 4.0, np.nan], "ratio": [1.0, 2.0, np.nan], "is_within": [True, False, None],
        "title": ["A", "Big load", "C"], "unit": ["t", "TWh", "1"], "reason": ["", "it grew", "none"],
    }  # fmt: skip
    first, second, third = sentences(pd.DataFrame(rows))
    assert first.startswith("2 of 3 figures")
    assert first.endswith("1 of these is within the published range.")
    assert "big load: 4 TWh, the published figure times 2" in second
    assert third == "The reason: it grew."
    assert sentences(pd.DataFrame({"ours": [np.nan]})) == ()


def test_page_has_scores_and_studies_with_reasons(compared: tuple[Region, dict[str, Any]]) -> None:
    scores = pd.DataFrame([{name: 1.5 for name, _ in SCORE_COLUMNS} | {"use": "validation", "worst": "dam"}])
    page = scoreboard_page(scores, pd.DataFrame(compared[1].values()), "1")
    assert "| validation | 1.5 |" in page
    assert "| Load of the first isle | 1 to 2 | 0.652 | TWh | 0.652 | ferry_age | 2030 | made up |" in page
    assert "| A wonder | 1 | 1 | 1 | no run of this definition |" in page
