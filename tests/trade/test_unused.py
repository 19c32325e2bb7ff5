"""Rows of a shock whose pair does not trade are named; others are not."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia.trade import Baseline
from sogdia.trade.unused import remarks_on_factors, rows_without_trade

FLOWS = pd.DataFrame(
    [
        ("A", "A", "x", 8.0), ("B", "B", "x", 6.0), ("A", "B", "x", 1.0), ("B", "A", "x", 1.0),
        ("A", "A", "y", 5.0), ("B", "B", "y", 4.0), ("B", "A", "y", 1.0),
    ],
    columns=["exporter", "importer", "sector", "value"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("A", "B", "y")], ["A to B in y"]),
        ([("A", "B", "y"), ("A", "B", "y"), ("B", "A", "y")], ["A to B in y"]),
        ([("A", "B", "all"), ("*", "B", "y"), ("A", "*", "y"), ("A", "A", "y")], []),
        ([("A", "B", "x"), ("B", "A", "y")], []),
    ],
)
def test_row_of_a_pair_without_trade_is_named(rows: list[tuple[str, str, str]], expected: list[str]) -> None:
    baseline = Baseline.from_frames(FLOWS, 4.0)
    shock = pd.DataFrame(rows, columns=["exporter", "importer", "sector"]).assign(factor=2.0)
    assert rows_without_trade(baseline, shock) == expected
    if len(rows) == 1:
        assert rows_without_trade(baseline, shock.drop(columns="sector")) == []


@pytest.mark.parametrize(
    ("factors", "remark"),
    [
        ([], "it has no rows, so it changes nothing"),
        ([1.0, 1.0], "every factor is 1, so it changes nothing"),
        ([90.0, 0.9], "a factor of 90 on trade costs; is it a percentage? 1.1 is 10 % more"),
        ([float("inf"), 2.0], None),
    ],
)
def test_factors_without_effect_or_that_may_be_percentages_are_remarked_on(
    factors: list[float], remark: str | None
) -> None:
    shock = pd.DataFrame({"exporter": "A", "importer": "B", "factor": factors})
    assert remarks_on_factors(shock) == ([remark] if remark else [])
