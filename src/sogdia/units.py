"""Units: symbols that tables may use, suffixes of names, and conversions.

A column has its unit in its name (``length_km``) and in its schema (``unit: km``); a test checks that both
agree. Symbols follow common use: ``t/a`` is tonnes a year, ``1`` a pure number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sogdia.errors import InputError, did_you_mean


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        symbol: Symbol in tables.
        label: Name for readers.
        dimension: Dimension; units of one dimension convert into each other.
        factor: Size in the dimension's base unit.
        suffixes: Endings of names of columns and items in this unit.
    """

    symbol: str
    label: str
    dimension: str
    factor: float = 1.0
    suffixes: tuple[str, ...] = ()


HOURS_PER_YEAR = 8760.0
GWH_PER_TWH = MWH_PER_GWH = KW_PER_MW = KWH_PER_MWH = 1e3
USD_PER_MUSD = T_PER_MT = 1e6

_ALL = (
    Unit("1", "number", "number"),
    Unit("%", "per cent", "number", 0.01, ("_pct", "_pct_gdp")),
    Unit("%/a", "per cent a year", "growth", 1.0, ("_pct_per_a", "_pct_a")),
    Unit("%/d", "per cent of value a day", "value of time", 1.0, ("_pct_per_day",)),
    Unit("year", "calendar year", "calendar", 1.0, ("_year",)),
    Unit("month", "calendar month", "calendar month", 1.0, ("_from_month", "_to_month")),
    Unit("a", "years", "time", HOURS_PER_YEAR, ("_a",)),
    Unit("d", "days", "time", 24.0, ("_d", "_days")),
    Unit("h", "hours", "time", 1.0, ("_h",)),
    Unit("min", "minutes", "time", 1 / 60),
    Unit("s", "seconds", "time", 1 / 3600),
    Unit("1/h", "share an hour", "ramp", 1.0, ("_per_h",)),
    Unit("km", "kilometres", "length", 1.0, ("_km",)),
    Unit("mi", "miles", "length", 1.609344),
    Unit("m", "metres", "length", 1e-3),
    Unit("mm", "millimetres", "length", 1e-6, ("_mm",)),
    Unit("km/h", "kilometres an hour", "speed", 1.0, ("_kmh",)),
    Unit("mi/h", "miles an hour", "speed", 1.609344),
    Unit("deg", "degrees", "angle"),
    Unit("ha", "hectares", "area", 1.0, ("_ha",)),
    Unit("persons", "persons", "persons", 1.0, ("_persons",)),
    Unit("passengers/a", "passengers a year", "passengers"),
    Unit("USD", "US dollars", "money", 1.0, ("_usd",)),
    Unit("USD million", "million US dollars", "money", 1e6, ("_musd",)),
    Unit("USD million/a", "million US dollars a year", "money a year", 1e6, ("_musd_a",)),
    Unit("EUR million", "million euros", "money in euros", 1e6),
    Unit("USD/t", "US dollars a tonne", "cost by weight", 1.0, ("_usd_per_t",)),
    Unit("USD/TEU", "US dollars a twenty-foot unit", "cost by box", 1.0, ("_usd_per_teu",)),
    Unit("USD/truck", "US dollars a truck", "cost by truck"),
    Unit("USD/vehicle", "US dollars a vehicle", "cost by vehicle", 1.0, ("_usd_per_vehicle",)),
    Unit("USD/tkm", "US dollars a tonne-kilometre", "rate by weight", 1.0, ("_usd_per_tkm",)),
    Unit("USD/TEU-km", "US dollars a TEU-kilometre", "rate by box", 1.0, ("_usd_per_teu_km",)),
    Unit("USD/vehicle-km", "US dollars a vehicle-km", "rate by vehicle", 1.0, ("_usd_per_vehicle_km",)),
    Unit("USD/20 t over 500 km", "US dollars for 20 t over 500 km", "rate by weight", 1e-4),
    Unit("g/tkm", "grams a tonne-kilometre", "emission rate", 1.0, ("_g_per_tkm",)),
    Unit("kg/t", "kilograms a tonne", "emission by weight", 1.0, ("_kg_per_t",)),
    Unit("tkm/a", "tonne-kilometres a year", "transport work", 1.0, ("_tkm",)),
    Unit("t·h/a", "tonne-hours a year", "time by weight"),
    Unit("t", "tonnes", "weight"),
    Unit("t/vehicle", "tonnes a vehicle", "load", 1.0, ("_t_per_vehicle", "_t_per_counted_vehicle")),
    Unit("t/a", "tonnes a year", "flow", 1.0, ("_t",)),
    Unit("t/quarter", "tonnes in a quarter", "flow", 4.0),
    Unit("t/5 months", "tonnes in five months", "flow", 12 / 5),
    Unit("t/9 months", "tonnes in nine months", "flow", 12 / 9),
    Unit("t/10 months", "tonnes in ten months", "flow", 12 / 10),
    Unit("t/6 months", "tonnes in half a year", "flow", 2.0),
    Unit("t/7 months", "tonnes in seven months", "flow", 12 / 7),
    Unit("t/8 months", "tonnes in eight months", "flow", 12 / 8),
    Unit("t/11 months", "tonnes in eleven months", "flow", 12 / 11),
    Unit("Mt/a", "million tonnes a year", "flow", 1e6, ("_mt",)),
    Unit("TEU", "twenty-foot units", "boxes"),
    Unit("TEU/a", "twenty-foot units a year", "box flow", 1.0, ("_teu",)),
    Unit("TEU/6 months", "twenty-foot units in half a year", "box flow", 2.0),
    Unit("TEU/7 months", "twenty-foot units in seven months", "box flow", 12 / 7),
    Unit("trains/d", "trains a day", "trains", 1.0, ("_pairs_per_day",)),
    Unit("vehicles/a", "vehicles a year", "vehicle flow"),
    Unit("bcm/a", "billion cubic metres a year", "gas flow", 1.0, ("_bcm",)),
    Unit("Mm3", "million cubic metres", "volume", 1.0, ("_mcm",)),
    Unit("MW", "megawatts", "power", 1.0, ("_mw",)),
    Unit("MWh", "megawatt-hours", "energy", 1.0, ("_mwh",)),
    Unit("GWh/a", "gigawatt-hours a year", "energy a year", 1.0, ("_gwh", "_gwh_a")),
    Unit("GWh_th", "gigawatt-hours of heat", "heat", 1.0, ("_gwh_th",)),
    Unit("TWh/a", "terawatt-hours a year", "energy a year", 1e3, ("_twh",)),
    Unit("kV", "kilovolts", "voltage", 1.0, ("_kv",)),
    Unit("USD/kWh", "US dollars a kilowatt-hour", "cost of energy", 1e3, ("_usd_per_kwh",)),
    Unit("USD/MWh", "US dollars a megawatt-hour", "cost of energy", 1.0, ("_usd_per_mwh",)),
    Unit("USD/MWh_th", "US dollars a megawatt-hour of heat", "cost of heat", 1.0, ("_usd_per_mwh_th",)),
    Unit("t/MWh_th", "tonnes a megawatt-hour of heat", "emission of heat", 1.0, ("_t_per_mwh_th",)),
    Unit("USD/kW", "US dollars a kilowatt", "cost of power", 1.0, ("_usd_per_kw",)),
    Unit("USD/kW/a", "US dollars a kilowatt and year", "yearly cost of power", 1.0, ("_usd_per_kw_a",)),
    Unit("USD/MW/km", "US dollars a megawatt and kilometre", "cost of lines", 1.0, ("_usd_per_mw_km",)),
)

UNITS: Mapping[str, Unit] = MappingProxyType({unit.symbol: unit for unit in _ALL})
"""Every unit a table may use, by symbol."""

_BY_SUFFIX = sorted(
    ((suffix, unit.symbol) for unit in _ALL for suffix in unit.suffixes),
    key=lambda pair: -len(pair[0]),
)


def unit_of_name(name: str) -> str | None:
    """Return the symbol of the unit that a name ends in; ``None`` if it ends in none. Longest endings first.

    >>> unit_of_name("cost_usd_per_teu"), unit_of_name("usd_per_t"), unit_of_name("mode")
    ('USD/TEU', 'USD/t', None)
    """
    for suffix, symbol in _BY_SUFFIX:
        if f"_{name}".endswith(suffix):
            return symbol
    return None


def convert(value: float, source: str, target: str) -> float:
    """Convert ``value`` from one unit into another of the same dimension.

    Args:
        value: Figure in ``source``.
        source: Symbol of its unit.
        target: Symbol of the target unit.

    Returns:
        ``value · factor(source) / factor(target)``.

    Raises:
        InputError: If a symbol is not known or the dimensions differ.

    >>> convert(81.5, "Mt/a", "t/a")
    81500000.0
    """
    for symbol in (source, target):
        if symbol not in UNITS:
            raise InputError(f"unknown unit {symbol!r}; {did_you_mean(symbol, UNITS)}".rstrip("; "))
    a, b = UNITS[source], UNITS[target]
    if a.dimension != b.dimension:
        raise InputError(f"{a.label} ({source}) cannot be converted to {b.label} ({target})")
    return value * a.factor / b.factor
