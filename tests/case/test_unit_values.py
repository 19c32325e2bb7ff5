"""Look-up of values per tonne: the most precise row."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia.case import UnitValues

ECONOMIES = pd.DataFrame({"iso3": ["XAA", "XAB", "XAC"], "group": ["north", "north", "south"]})
COMMODITIES = pd.DataFrame({"usd_per_t": [70.0]}, index=["ore"])
ROWS = [
    # exporter, importer, value per tonne: in the order of use
    ("XAA", "XAC", 1.0),
    ("XAA", "south", 2.0),
    ("XAA", "any", 3.0),
    ("north", "XAC", 4.0),
    ("north", "south", 5.0),
    ("north", "any", 6.0),
    ("any", "XAC", 7.0),
    ("any", "south", 8.0),
    ("any", "any", 9.0),
]


def look_up(rows: list[tuple[str, str, float]]) -> UnitValues:
    table = pd.DataFrame(rows, columns=["exporter", "importer", "usd_per_t"])
    table = table.assign(
        commodity="ore", low_usd_per_t=table["usd_per_t"] / 2, high_usd_per_t=table["usd_per_t"] * 2
    )
    return UnitValues(table, COMMODITIES, ECONOMIES)


def flows(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([(*pair, "ore") for pair in pairs], columns=["exporter", "importer", "commodity"])


def test_most_precise_row_is_used_and_the_exporter_comes_first() -> None:
    left = list(ROWS)
    for _, _, value in ROWS:
        found = look_up(left).of(flows(("XAA", "XAC")))
        assert found.to_numpy().tolist() == [[value, value / 2, value * 2]]
        del left[0]
    found = look_up(left).of(flows(("XAA", "XAC")))
    assert found["usd_per_t"].tolist() == [70.0]
    assert found["low_usd_per_t"].isna().all()


def test_rows_of_other_economies_and_their_order_do_not_matter() -> None:
    pairs = flows(("XAB", "XAC"), ("XAC", "XAA"), ("XAA", "XAB"))
    expected = [4.0, 9.0, 3.0]
    for rows in (ROWS, ROWS[::-1]):
        assert look_up(rows).of(pairs)["usd_per_t"].tolist() == pytest.approx(expected)


def test_rows_of_another_commodity_are_not_used() -> None:
    commodities = pd.DataFrame({"usd_per_t": [70.0, 500.0]}, index=["ore", "fish"])
    table = pd.DataFrame(
        [("any", "any", "ore", 9.0, 8.0, 10.0)],
        columns=["exporter", "importer", "commodity", "usd_per_t", "low_usd_per_t", "high_usd_per_t"],
    )
    fish = flows(("XAA", "XAB")).assign(commodity="fish")
    assert UnitValues(table, commodities, ECONOMIES).of(fish)["usd_per_t"].tolist() == [500.0]
