"""Units: conversions calculated by hand; names and declarations of columns."""

from __future__ import annotations

import pytest

from sogdia.errors import InputError
from sogdia.tables import table_schemas
from sogdia.units import UNITS, convert, unit_of_name


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (81.5, "Mt/a", "t/a", 81_500_000.0),
        (3, "d", "h", 72.0),
        (2, "a", "d", 730.0),
        (1435, "mm", "km", 0.001435),
        (1.5, "TWh/a", "GWh/a", 1500.0),
        (2.5, "USD million", "USD", 2_500_000.0),
        (0.12, "USD/kWh", "USD/MWh", 120.0),
        (12.5, "%", "1", 0.125),
        (1000, "USD/20 t over 500 km", "USD/tkm", 0.1),  # 1000 USD over 10,000 tonne-kilometres
        (3, "t/quarter", "t/a", 12.0),
        (5, "t/5 months", "t/a", 12.0),
        (9, "t/9 months", "t/a", 12.0),
    ],
)
def test_convert_equals_hand_calculation(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-15)
    assert convert(expected, target, source) == pytest.approx(value, rel=1e-15)


def test_converting_between_currencies_is_rejected() -> None:
    with pytest.raises(InputError, match="cannot be converted to"):
        convert(1, "EUR million", "USD million")


def test_unknown_unit_suggests_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown unit 'MWhh'; did you mean .*MWh"):
        convert(1, "MWhh", "MWh")


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("length_km", "km"),
        ("dwell_h", "h"),
        ("dwell_days", "d"),
        ("speed_kmh", "km/h"),
        ("cost_usd_per_t", "USD/t"),
        ("usd_per_t", "USD/t"),
        ("usd_per_tkm", "USD/tkm"),
        ("usd_per_teu_km", "USD/TEU-km"),
        ("cost_usd_per_teu", "USD/TEU"),
        ("capex_usd_per_kw", "USD/kW"),
        ("fom_usd_per_kw_a", "USD/kW/a"),
        ("demand_gwh", "GWh/a"),
        ("mode", None),
        ("path", None),
        ("east", None),
    ],
)
def test_name_ends_in_its_unit(name: str, unit: str | None) -> None:
    assert unit_of_name(name) == unit


def test_suffixes_are_unique() -> None:
    suffixes = [suffix for unit in UNITS.values() for suffix in unit.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(unit.symbol == symbol and unit.label and unit.factor > 0 for symbol, unit in UNITS.items())


def test_units_of_schemas_are_known() -> None:
    for schema in table_schemas().values():
        for field in schema.fields:
            for symbol in (field.unit, *field.units.values()):
                assert symbol is None or symbol in UNITS, f"{schema.name}.{field.name}"


RATES_BY_YEAR = {("lending_terms", "interest_pct"), ("growth", "pct_per_a")}
"""Columns in per cent a year whose names end like per cent, or like years."""


def test_column_names_agree_with_declared_units() -> None:
    differing = {
        (schema.name, field.name)
        for schema in table_schemas().values()
        for field in schema.fields
        if field.unit and unit_of_name(field.name) not in (None, field.unit)
    }
    assert differing <= RATES_BY_YEAR


def test_numeric_fields_have_a_unit() -> None:
    without_unit = [
        f"{schema.name}.{field.name}"
        for schema in table_schemas().values()
        for field in schema.fields
        if field.type in ("number", "integer") and not (field.unit or field.unit_from)
    ]
    assert without_unit == []
