"""Declare the facts and dimensions of the star schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sogdia.report.exports.bundle import RUN, RUNS, stacked_declaration
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.tables.results import ResultColumn, ResultTable, declared, flag, number, text


@dataclass(frozen=True)
class Fact:
    """A fact of the star schema.

    Attributes:
        table: Result table that it is made of.
        keys: Columns that are keys of dimensions, in addition to ``run``: ``dimension.column`` by column.
        in_dimensions: Columns of the result table that are in a dimension instead.
    """

    table: str
    keys: Mapping[str, str]
    in_dimensions: tuple[str, ...] = ()

    def declaration(self, name: str) -> ResultTable:
        """Return the declaration of the fact."""
        table = stacked_declaration(self.table)
        columns = tuple(column for column in table.columns if column.name not in self.in_dimensions)
        return replace(table, name=name, columns=columns)


_ECONOMY = "dim_economy.economy"
_TRADE_KEYS = {"exporter": _ECONOMY, "importer": _ECONOMY, "commodity": "dim_commodity.commodity"}
_LINK_COLUMNS = ("from", "to", "mode", "length_km", "from_lon", "from_lat", "to_lon", "to_lat")
FACTS: Mapping[str, Fact] = {
    "fact_economies": Fact("economies", {"economy": _ECONOMY}, ("name",)),
    "fact_trade": Fact("flows", _TRADE_KEYS),
    "fact_trade_costs": Fact("costs", _TRADE_KEYS),
    "fact_links": Fact("links", {"link": "dim_link.link"}, _LINK_COLUMNS),
    "fact_corridors": Fact("corridors", {"corridor": "dim_corridor.corridor"}, ("name",)),
    "fact_stations": Fact("stations", {"place": "dim_place.place", "country": _ECONOMY}),
    "fact_transit": Fact("transit", {"territory": _ECONOMY}),
    "fact_power": Fact("power_countries", {"iso3": _ECONOMY}),
    "fact_generation": Fact("power_generation", {"iso3": _ECONOMY}),
}
MEASURES = ResultTable(
    "fact_measures",
    "Measures",
    "Value of a measure in a run.",
    (
        RUN,
        text("measure", "Measure", "Name of the measure.", key=True),
        text("of", "Of", "Row that the value is of; empty for one value per run.", key=True),
        number("value", "1", "Value", "Value, in the unit of the measure."),
    ),
)
KEYS: Mapping[str, Mapping[str, str]] = {
    MEASURES.name: {"measure": "dim_measure.measure"},
    **{name: fact.keys for name, fact in FACTS.items()},
}
"""Keys of each fact, in addition to ``run``."""


def _links() -> tuple[ResultColumn, ...]:
    return tuple(RESULT_TABLES["links"].column(name) for name in ("link", *_LINK_COLUMNS))


_NAME = text("name", "Name", "Name.")
STAR: Mapping[str, ResultTable] = declared(
    replace(RUNS, name="dim_run"),
    ResultTable(
        "dim_economy",
        "Economies",
        "Economy of the trade model, or territory that freight only transits.",
        (
            text("economy", "Economy", "Code of the economy.", key=True),
            _NAME,
            text("kind", "Kind", "Kind of party."),
            text("group", "Group", "Group of the economy; empty for a territory outside the trade model."),
            flag("home", "Home country", "True for the region's own economies."),
        ),
    ),
    ResultTable(
        "dim_commodity",
        "Commodities",
        "A commodity.",
        (
            text("commodity", "Commodity", "Code of the commodity.", key=True),
            _NAME,
            text("cargo", "Cargo", "Kind of cargo."),
        ),
    ),
    ResultTable(
        "dim_corridor",
        "Corridors",
        "A corridor.",
        (text("corridor", "Corridor", "Id of the corridor.", key=True), _NAME),
    ),
    ResultTable(
        "dim_place",
        "Places",
        "A place of the network.",
        (
            text("place", "Place", "Id of the place.", key=True),
            _NAME,
            text("economy", "Economy", "Code of its economy."),
            number("lat", "deg", "Latitude", "Latitude."),
            number("lon", "deg", "Longitude", "Longitude."),
            text("kind", "Kind", "Kind of place."),
        ),
    ),
    ResultTable("dim_link", "Links", "A link of the network.", _links()),
    ResultTable(
        "dim_measure",
        "Measures",
        "A measure of runs.",
        (
            text("measure", "Measure", "Name of the measure.", key=True),
            text("unit", "Unit", "Unit of its values."),
            text("table", "Table", "Result table."),
            text("column", "Column", "Column of the table."),
            text("how", "Aggregation", "Aggregation over rows."),
            text("better", "Better", "more or less; empty if neither is better."),
        ),
    ),
    MEASURES,
    *(fact.declaration(name) for name, fact in FACTS.items()),
)
"""Facts and dimensions by name."""
