"""Columns of the tables of results, declared once: type, unit and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Column(NamedTuple):
    """A column: Frictionless type, unit (1 for pure numbers, empty for words) and meaning."""

    type: str
    unit: str
    meaning: str


def _gwh(meaning: str) -> Column:
    return Column("number", "GWh/a", meaning)


ZONE = Column("string", "", "Zone; a country with one zone is its own.")
COUNTRY = Column("string", "", "Code of the country.")
CARRIER = Column("string", "", "What is burnt or blows.")
CAPACITY = Column("number", "MW", "Capacity.")
EXPORTER, IMPORTER = (
    Column("string", "", "Country that sends."),
    Column("string", "", "Country that receives."),
)
SENT, RECEIVED = _gwh("What enters the line."), _gwh("What leaves it: less by the losses.")
EARNED = Column("number", "USD million/a", "What is sent times its price by hour, on the sender's side.")
BUS = Column("string", "", "Zone, or a neighbour: its code, with the border where it has one of its own.")
TABLES: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "countries": {
            "iso3": COUNTRY,
            "demand_gwh": _gwh("Load, served or not."),
            "generation_gwh": _gwh("What its plants make."),
            "imports_gwh": _gwh("What it receives over its borders."),
            "exports_gwh": _gwh("What it sends over them."),
            "net_imports_gwh": _gwh("Imports less exports; below 0 it is an exporter."),
            "unserved_gwh": _gwh("Load that goes unserved."),
            "curtailed_gwh": _gwh("Sun, wind and water that is not used."),
            "co2_mt": Column("number", "Mt/a", "Carbon dioxide out of the stacks of its plants."),
            "lifecycle_ghg_mt": Column(
                "number", "Mt CO2e/a", "The same as the record counts it, over the whole life of fuels."
            ),
            "cost_musd": Column("number", "USD million/a", "Fuel, running cost and carbon of its plants."),
            "price_usd_per_mwh": Column("number", "USD/MWh", "Mean of prices by hour, weighted by load."),
            "export_earnings_musd": EARNED,
        },
        "generation": {
            "zone": ZONE,
            "iso3": COUNTRY,
            "carrier": CARRIER,
            "capacity_mw": CAPACITY,
            "generation_gwh": _gwh("What is made."),
            "available_gwh": _gwh("What could be made."),
            "co2_mt": Column("number", "Mt/a", "Carbon dioxide out of the stacks."),
            "curtailed_gwh": _gwh("Sun, wind and water that is not used."),
            "capacity_factor": Column("number", "1", "Made over what full capacity would make."),
        },
        "unserved": {
            "zone": ZONE,
            "iso3": COUNTRY,
            "unserved_gwh": _gwh("Load that goes unserved."),
            "unserved_h": Column("number", "h/a", "Hours with some."),
            "worst_mw": Column("number", "MW", "Most in one hour."),
        },
        "exchanges": {
            "exporter": EXPORTER,
            "importer": IMPORTER,
            "sent_gwh": SENT,
            "received_gwh": RECEIVED,
            "earned_musd": EARNED,
        },
        "flows": {
            "line": Column("string", "", "Line; it has a row for each direction."),
            "from_bus": BUS,
            "to_bus": BUS,
            "capacity_mw": CAPACITY,
            "sent_gwh": SENT,
            "received_gwh": RECEIVED,
            "full_h": Column("number", "h/a", "Hours in which it is full."),
            "earned_musd": EARNED,
        },
        "supply": {
            "iso3": COUNTRY,
            "partner": Column("string", "", "Who stands behind the supply; never the country itself."),
            "channel": Column("string", "", "fuel, import, owner or builder; channels overlap."),
            "carrier": CARRIER,
            "supply_gwh": _gwh("Supply that hangs on the partner."),
            "share": Column("number", "1", "Over all generation and imports of the country."),
        },
        "costs": {
            "item": Column("string", "", "Part of the cost of the system."),
            "cost_musd": Column("number", "USD million/a", "What it costs; below 0 it earns."),
        },
        "built": {
            "zone": ZONE,
            "iso3": COUNTRY,
            "carrier": CARRIER,
            "built_mw": Column("number", "MW", "What an expansion built beside the plan."),
            "capital_musd": Column("number", "USD million/a", "Its capital and fixed cost of a year."),
        },
        "plants": {
            "plant": Column("string", "", "Row of the table of plants."),
            "zone": ZONE,
            "iso3": COUNTRY,
            "carrier": CARRIER,
            "capacity_mw": CAPACITY,
            "generation_gwh": _gwh("What it makes: its part of its class, by capacity."),
        },
        "prices": {
            "snapshot": Column("datetime", "", "Hour; a mean day stands on the 15th of its month."),
            "bus": BUS,
            "price_usd_per_mwh": Column("number", "USD/MWh", "What one more MWh of load would cost."),
        },
    }
)


def descriptor() -> dict[str, Any]:
    """The tables as a Frictionless Data Package of CSV files, one a table."""
    return {
        "profile": "tabular-data-package",
        "name": "power",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "schema": {
                    "fields": [
                        {"name": field, "type": c.type, "description": c.meaning}
                        | ({"unit": c.unit} if c.unit else {})
                        for field, c in columns.items()
                    ]
                },
            }
            for name, columns in TABLES.items()
        ],
    }
