"""Calibrated constants: names, ranges, precedence."""

from __future__ import annotations

import pytest

from sogdia import Case, Region
from sogdia.errors import InputError
from sogdia.power import PowerConstants, read_constants


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"availabilty_coal": 1.0}, "unknown constant 'availabilty_coal'"),
        ({"spread/XAA": 1.5}, "expected a share <= 1"),
        ({"inflow": -1.0}, "expected a finite number >= 0"),
        ({"line_x": float("nan")}, "expected a finite number"),
    ],
)
def test_invalid_constant_raises(values: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        PowerConstants(values)


def test_country_constant_precedes_the_general_one() -> None:
    known = PowerConstants({"border": 2.0, "border/XAA": 3.0, "border_cable/XAA": 0.0, "line_cable": 0.5})
    assert known.get("border", "XAB") == 2.0
    assert known.get("border", "XAA", "other") == 3.0
    assert known.get("border", "XAA", "cable") == 0.0
    assert known.get("border", "XAB", "cable") == 2.0
    assert known.get("line", "XAB", "cable") == 0.5
    assert known.get("line", "XAB", "other") == 1.0


def test_shipped_constants_are_known_to_the_engine(shipped: Region, reference_case: Case) -> None:
    rows = shipped.table("calibration")
    rows = rows[rows["engine"] == "power"]
    assert rows["value"].notna().all(), "run sogdia calibrate power --apply"
    assert len(read_constants(reference_case).values) == len(rows)
    lines = rows["parameter"].str.extract(r"^(?:line|border)_([a-z0-9_]+)")[0].dropna()
    assert set(lines) <= set(shipped.table("interconnectors").index)
