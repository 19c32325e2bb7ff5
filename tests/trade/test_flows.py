"""Faults in flows, elasticities and tariffs: all are reported together, with file, line and field."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.trade import Baseline

from .worlds import FLOW_COLUMNS, TWO_SECTORS, faults_of, table, two


def test_faults_of_flows_are_reported_together_with_their_lines() -> None:
    rows: list[tuple[object, ...]] = [
        *TWO_SECTORS,
        ("A", "A", "food", -3),
        ("B", "", "fuel", 1),
        ("A", "B", "ore", "x"),
    ]
    flows = table(rows, FLOW_COLUMNS)
    flows.index = pd.Index(range(41, 41 + len(rows)), name="line")
    assert faults_of(lambda: Baseline.from_frames(flows, 4.0, file="flows.csv")) == [
        "flows.csv:50 importer: the name is missing",
        "flows.csv:51 value: 'x' is not a number; leave it empty if not known",
        "flows.csv:49 value: -3 is out of range; expected a number >= 0",
        "flows.csv:49 sector: A A food is already in line 41",
    ]


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.0, "much", None])
def test_invalid_value_is_reported(value: float | str | None) -> None:
    flows = two().astype(object).head(2)
    flows.loc[flows["value"] == 20.0, "value"] = value
    (fault,) = faults_of(lambda: Baseline.from_frames(flows, 4.0))[:1]
    assert fault.startswith("flows:3 value: ")


def test_missing_columns_are_named() -> None:
    faults = faults_of(lambda: Baseline.from_frames(two().rename(columns={"value": "vlaue"}), 4.0))
    assert faults == ["flows:1 value: the column is missing; did you mean vlaue?"]
    faults = faults_of(lambda: Baseline.from_frames(two().assign(sectr="x"), 4.0))
    assert faults == ["flows:1 sectr: 'sectr' is not a known column; did you mean sector?"]


def test_economies_without_sales_purchases_or_home_sales_are_reported() -> None:
    rows = [("A", "A", 5.0), ("A", "B", 5.0), ("A", "C", 1.0), ("D", "A", 1.0), ("B", "A", 1.0)]
    flows = table(list(rows), ["exporter", "importer", "value"])
    assert faults_of(lambda: Baseline.from_frames(flows, 4.0)) == [
        "flows value: the home sales of B are missing; add rows with B as exporter and importer",
        "flows value: C has no sales, hence no income",
        "flows value: D has no purchases",
    ]


def test_flows_without_rows_are_reported() -> None:
    assert faults_of(lambda: Baseline.from_frames(two().head(0), 4.0)) == ["flows: there are no rows"]


@pytest.mark.parametrize("theta", [0.0, -1.0, np.nan, np.inf])
def test_invalid_elasticity_is_reported(theta: float) -> None:
    (fault,) = faults_of(lambda: Baseline.from_frames(two(), theta))
    assert fault.endswith("is out of range; expected a trade elasticity > 0")


def test_elasticities_of_unknown_and_missing_sectors_are_reported() -> None:
    flows = table(list(TWO_SECTORS), FLOW_COLUMNS)
    assert faults_of(lambda: Baseline.from_frames(flows, {"food": 4.0, "fule": 5.0})) == [
        "theta fule: the flows have no such sector; did you mean fuel?",
        "theta fuel: the sector has no trade elasticity",
    ]


def test_faults_of_tariffs_are_reported_together() -> None:
    columns = ["exporter", "importer", "sector", "tariff_pct"]
    rows = [
        ("A", "B", "food", -1.0),
        ("A", "Bee", "food", 5.0),
        ("A", "A", "fuel", 5.0),
        ("A", "B", "fish", 1.0),
    ]
    flows, tariffs = table(list(TWO_SECTORS), FLOW_COLUMNS), table(list(rows), columns)
    assert faults_of(lambda: Baseline.from_frames(flows, 4.0, tariffs=tariffs)) == [
        "tariffs:3 importer: 'Bee' is not in the flows; did you mean B?",
        "tariffs:5 sector: 'fish' is not in the flows; one of food, fuel",
        "tariffs:2 tariff_pct: -1.0 is out of range; expected a number >= 0",
        "tariffs:4 tariff_pct: 5.0 on home sales; expected no tariff",
    ]


def test_economies_that_look_alike_are_named_with_the_letter() -> None:
    """The second A is a Cyrillic letter: its trade would be that of another economy."""
    rows = [("A", "A", 5.0), ("B", "B", 5.0), ("A", "B", 1.0), ("B", "\N{CYRILLIC CAPITAL LETTER A}", 1.0)]
    (fault,) = faults_of(
        lambda: Baseline.from_frames(table(rows, ["exporter", "importer", "value"]), 4.0, file="f.csv")
    )
    assert "look alike; write both alike; its letter" in fault
    assert "cyrillic capital letter a" in fault
