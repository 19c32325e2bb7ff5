"""Calibrated constants: corrections of the tables, estimated from observed generation and trade."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sogdia.case import Case
from sogdia.errors import InputError

ENGINE = "power"
CALIBRATION_YEARS = (2019, 2020, 2021)
"""Years of the calibration; later ones are for validation."""
DEFAULTS: Mapping[str, float] = MappingProxyType(
    {
        "availability": 1.0,
        "fuel": 1.0,
        "spread": 0.0,
        "inflow": 1.0,
        "sells": 1.0,
        "buys": 1.0,
        "line": 1.0,
        "border": 1.0,
        "lifecycle": 1.0,
    }
)
"""Constants by their first word, with the value that applies without a row.

``availability_<carrier>`` multiplies the availability of the existing fleet (and the capacity factor of all
solar and wind), ``fuel_<carrier>`` the price of fuel. ``spread`` is the spread of heat rates within a fleet.
``inflow`` multiplies inflow, ``sells`` and ``buys`` the prices of a neighbour, ``line_<id>`` the capacity of
a line, ``border`` the premium on exports of a country, ``border_<id>`` that of one line.
``lifecycle`` is the ratio of life-cycle to stack emissions. A slash and a
country's code restrict a constant to the country.
"""
_NAME = re.compile(
    r"(availability|fuel)_[a-z]+|line_[a-z0-9_]+|border(_[a-z0-9_]+)?|spread|inflow|sells|buys|lifecycle"
)
SHARES = ("spread",)
"""Constants between 0 and 1."""


@dataclass(frozen=True)
class PowerConstants:
    """Constants of the power engine.

    Attributes:
        values: Value by name, as in the table ``calibration``: ``availability_coal``,
            ``availability_coal/PARTY``, ``line_<id>``. A country's own value precedes the general one.

    Raises:
        InputError: If a name is unknown or a value out of range.
    """

    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            stem = name.partition("/")[0]
            if not _NAME.fullmatch(stem):
                raise InputError(
                    f"calibration.csv: unknown constant {name!r} of the power engine; "
                    f"expected one of {', '.join(DEFAULTS)}"
                )
            if not (math.isfinite(value) and value >= 0):
                raise InputError(f"calibration.csv: {name} is {value}; expected a finite number >= 0")
            if stem.startswith(SHARES) and value > 1:
                raise InputError(f"calibration.csv: {name} is {value:g}; expected a share <= 1")

    def get(self, name: str, iso3: str, item: str = "") -> float:
        """Return a constant for a country: its own, the general one, or the default.

        Args:
            name: Key of :data:`DEFAULTS`.
            iso3: Country.
            item: Carrier or line, where the constant has one; a line's premium defaults to its country's.
        """
        stems = ([f"{name}_{item}"] if item else []) + ([name] if not item or name == "border" else [])
        for stem in stems:
            for key in (f"{stem}/{iso3}", stem):
                if key in self.values:
                    return float(self.values[key])
        return DEFAULTS[name]

    def updated(self, values: Mapping[str, float]) -> PowerConstants:
        """Return the constants with some values replaced, by name.

        Raises:
            InputError: If a name is unknown or a value out of range.
        """
        return PowerConstants({**self.values, **values})


def read_constants(case: Case) -> PowerConstants:
    """Read the constants of the power engine from ``calibration``: the estimate, or the prior without one.

    Raises:
        InputError: If a row names no constant of the engine, or its value is out of range.
    """
    rows = case.table("calibration")
    rows = rows[rows["engine"] == ENGINE]
    values = rows["value"].fillna(rows["prior"])
    known = values.notna()
    return PowerConstants(dict(zip(rows.loc[known, "parameter"], values[known].astype(float), strict=True)))
