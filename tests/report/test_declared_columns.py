"""Columns of result tables in the baseline and with the plan."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia.freight.tables import CORRIDORS, JOURNEYS
from sogdia.report.declared_columns import PLAN, Shown, compare

FREIGHT = Shown(CORRIDORS.column("home_t"), unit="Mt/a", decimals=2, has_effect=True)


def frame(**tonnes: float) -> pd.DataFrame:
    return pd.DataFrame({"home_t": pd.Series(tonnes, dtype=float), "name": "a corridor"})


def test_label_and_unit_are_those_of_the_declaration() -> None:
    label = CORRIDORS.column("home_t").label
    assert [column.title for column in FREIGHT.columns()] == [f"{label}, baseline", "plan", "effect"]
    assert [column.kind for column in FREIGHT.columns()] == ["number", "number", "effect"]
    time = Shown(JOURNEYS.column("days"))
    assert [column.unit for column in time.columns()] == ["days", "days"]
    assert time.column(PLAN).title.endswith(", plan")
    assert time.column().key == "days"


def test_effect_on_a_percentage_is_in_percentage_points() -> None:
    share = Shown(CORRIDORS.column("home_share_pct"), has_effect=True)
    assert [column.unit for column in share.columns()] == ["%", "%", "percentage points"]


def test_values_are_converted_to_the_unit_shown() -> None:
    table = compare(frame(north=2e6, south=1e6), frame(south=4e6, north=1e6), (FREIGHT,), ["name"])
    assert table.index.tolist() == ["south", "north"]
    assert table["home_t_baseline"].tolist() == pytest.approx([1.0, 2.0])
    assert table["home_t_effect"].tolist() == pytest.approx([3.0, -1.0])
    assert set(table["name"]) == {"a corridor"}


def test_row_without_baseline_has_no_effect() -> None:
    table = compare(frame(north=2e6), frame(north=2e6, south=1e6), (FREIGHT,))
    assert table["home_t_effect"].isna().tolist() == [False, True]
