"""Calibrated constants: the few figures by which the power system differs from its tables."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sogdia.case import Case
from sogdia.errors import InputError

ENGINE = "power"
KNOBS: Mapping[str, float] = MappingProxyType(
    {
        "availability": 1.0,
        "fuel": 1.0,
        "heat_led": 0.0,
        "spread": 0.0,
        "inflow": 1.0,
        "sells": 1.0,
        "buys": 1.0,
        "line": 1.0,
        "border": 1.0,
        "lifecycle": 1.0,
    }
)
"""Constants by their first word, with what they are where no row gives them.

``availability_<carrier>`` multiplies the availability of plants of the standing fleet (and the yield of all
sun and wind), ``fuel_<carrier>`` the price of fuel, ``heat_led_<carrier>`` is the part of available
capacity of the fleet that runs for heat and whose fuel is therefore spent in any case, ``spread`` the
spread of heat rates inside a fleet, ``inflow`` multiplies inflow, ``sells`` and ``buys`` the prices of a
neighbour, ``line_<id>`` the capacity of a line, ``border`` the premium below which nothing is traded out of
a country, ``border_<id>`` that of one line, ``lifecycle`` the emissions of the stack to those of the whole
life as the record counts them. A stroke and a country's code narrow a constant to the country.
"""
_NAME = re.compile(
    r"(availability|fuel|heat_led)_[a-z]+|line_[a-z0-9_]+|border(_[a-z0-9_]+)?|spread|inflow|sells|buys|lifecycle"
)
PARTS = ("heat_led", "spread")
"""Constants that are parts of one."""


@dataclass(frozen=True)
class PowerConstants:
    """Constants of the power engine; the tables as they stand where none is given.

    Attributes:
        values: Value by name, as ``calibration`` names them: ``availability_coal``,
            ``availability_coal/PARTY``, ``line_<id>``. A country's own goes before the general one.
    """

    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            stem = name.partition("/")[0]
            if not _NAME.fullmatch(stem):
                raise InputError(
                    f"calibration.csv: the power engine has no constant {name!r}; it has {', '.join(KNOBS)}"
                )
            if not (math.isfinite(value) and value >= 0):
                raise InputError(
                    f"calibration.csv: {name} must be a finite number of at least 0, not {value}"
                )
            if stem.startswith(PARTS) and value > 1:
                raise InputError(f"calibration.csv: {name} is a part of one, not {value:g}")

    def of(self, knob: str, iso3: str, what: str = "") -> float:
        """The constant of a knob for a country: its own, the general one, or what the tables say.

        Args:
            knob: A word of :data:`KNOBS`.
            iso3: Country.
            what: Carrier or line where the knob has one; a line without a constant has its country's.
        """
        stems = ([f"{knob}_{what}"] if what else []) + ([knob] if not what or knob == "border" else [])
        for stem in stems:
            for name in (f"{stem}/{iso3}", stem):
                if name in self.values:
                    return float(self.values[name])
        return KNOBS[knob]

    def changed(self, values: Mapping[str, float]) -> PowerConstants:
        """With other values, by name.

        Raises:
            InputError: If a name is not known or a value out of range.
        """
        return PowerConstants({**self.values, **values})


def constants_of(case: Case) -> PowerConstants:
    """The constants that the table ``calibration`` gives the power engine: the estimate, else the prior.

    Raises:
        InputError: If a row names no constant of the engine, or its value is out of range.
    """
    rows = case.table("calibration")
    rows = rows[rows["engine"] == ENGINE]
    values = rows["value"].fillna(rows["prior"])
    known = values.notna()
    return PowerConstants(dict(zip(rows.loc[known, "parameter"], values[known].astype(float), strict=True)))
