"""Collect the result tables of a run of a study from the packages that make them."""

from __future__ import annotations

from collections.abc import Mapping

from sogdia.coupling.tables import RESULT_TABLES as COUPLING_TABLES
from sogdia.freight.tables import TABLES as FREIGHT_TABLES
from sogdia.tables.results import ResultColumn, ResultTable, declared, integer, number, text


def _gwh(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "GWh/a", label, meaning)


_COUNTRY = text("iso3", "Country", "Code of the country.", key=True)
_ZONE = text("zone", "Zone", "Zone of the power system; a country with one zone has its code.", key=True)

POWER_TABLES = declared(
    ResultTable(
        "power_countries", "Electricity by country", "Electricity balance, emissions and cost of a country.",
        (
            _COUNTRY,
            _gwh("demand_gwh", "Demand", "Load, served or not."),
            _gwh("generation_gwh", "Generation", "Generation of its plants."),
            _gwh("imports_gwh", "Imports", "Energy received over its borders."),
            _gwh("exports_gwh", "Exports", "Energy sent over its borders."),
            _gwh("net_imports_gwh", "Net imports", "Imports less exports."),
            _gwh("unserved_gwh", "Unserved energy", "Load that is not served."),
            _gwh("curtailed_gwh", "Curtailed energy", "Sun, wind and water that is not used."),
            number("co2_mt", "Mt/a", "Carbon dioxide", "Emission of its plants."),
            number("lifecycle_ghg_mt", "Mt/a", "Greenhouse gases", "Emission over the life of fuels."),
            number("cost_musd", "USD million", "Cost", "Fuel, running cost and carbon of its plants."),
            number("price_usd_per_mwh", "USD/MWh", "Price", "Mean marginal price, weighted by load."),
            number("export_earnings_musd", "USD million", "Export earnings", "Energy sent times its price."),
        ),
    ),
    ResultTable(
        "power_generation", "Generation", "Plants of one carrier in a zone.",
        (
            _ZONE,
            _COUNTRY,
            text("carrier", "Carrier", "Energy carrier.", key=True),
            number("capacity_mw", "MW", "Capacity", "Capacity."),
            _gwh("generation_gwh", "Generation", "Generation."),
            _gwh("available_gwh", "Available energy", "Energy that could be generated."),
            number("co2_mt", "Mt/a", "Carbon dioxide", "Emission."),
            _gwh("curtailed_gwh", "Curtailed energy", "Sun, wind and water that is not used."),
            number("capacity_factor", "1", "Capacity factor", "Generation over capacity times the year."),
        ),
    ),
    ResultTable(
        "power_flows", "Lines", "Energy over a line in one direction.",
        (
            text("line", "Line", "Code of the line.", key=True),
            text("from_bus", "From", "Sending bus.", key=True),
            text("to_bus", "To", "Receiving bus.", key=True),
            number("capacity_mw", "MW", "Capacity", "Capacity."),
            _gwh("sent_gwh", "Sent", "Energy that enters the line."),
            _gwh("received_gwh", "Received", "Energy sent less losses."),
            number("full_h", "h", "Hours at capacity", "Hours in which the line is full."),
            number("earned_musd", "USD million", "Earnings", "Energy sent times its price."),
        ),
    ),
    ResultTable(
        "power_unserved", "Unserved energy", "Load of a zone that is not served.",
        (
            _ZONE,
            _COUNTRY,
            _gwh("unserved_gwh", "Unserved energy", "Load that is not served."),
            number("unserved_h", "h", "Hours", "Hours with unserved energy."),
            number("worst_mw", "MW", "Worst hour", "Largest unserved load."),
        ),
    ),
    ResultTable(
        "power_exchanges", "Electricity trade", "Electricity trade between two countries.",
        (
            text("exporter", "Exporter", "Code of the sending country.", key=True),
            text("importer", "Importer", "Code of the receiving country.", key=True),
            _gwh("sent_gwh", "Sent", "Energy sent."),
            _gwh("received_gwh", "Received", "Energy received."),
            number("earned_musd", "USD million", "Earnings", "Energy sent times its price."),
        ),
    ),
    ResultTable(
        "power_prices", "Electricity prices", "Marginal price at a bus.",
        (
            text("bus", "Bus", "Zone, or a neighbouring country.", key=True),
            text("iso3", "Country", "Code of the country; empty beyond the modelled grid.", key=True),
            number("price_usd_per_mwh", "USD/MWh", "Mean price", "Mean over hours, weighted by load."),
            number("least_usd_per_mwh", "USD/MWh", "Lowest price", "Lowest of the year."),
            number("most_usd_per_mwh", "USD/MWh", "Highest price", "Highest of the year."),
        ),
    ),
)  # fmt: skip
CASE_TABLES = declared(
    ResultTable(
        "changes", "Edits", "Edit that a plan or scenario makes to a table of the region.",
        (
            text("cause", "Cause", "Project, shock, growth or variant."),
            text("table", "Table", "Table edited."),
            text("field", "Field", "Column edited."),
            text("action", "Action", "Kind of edit."),
            text("value", "Value", "Value of the edit."),
            integer("rows", "1", "Rows", "Number of rows edited."),
            text("first_row", "First row", "Key of the first of them."),
            text("reason", "Reason", "Reason given."),
            text("source", "Source", "Source given."),
        ),
    ),
)  # fmt: skip
RESULT_TABLES: Mapping[str, ResultTable] = declared(
    *COUPLING_TABLES.values(), *FREIGHT_TABLES.values(), *POWER_TABLES.values(), *CASE_TABLES.values()
)
"""Every table of a stored run, by name."""
