"""Result tables of the power engine.

``TABLES`` has the names of the engine; ``STORED`` has those of a stored run, ``power_countries`` and so on,
from the same declarations.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from sogdia.tables.results import ResultColumn, ResultTable, declared, integer, number, text


def _gwh(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "GWh/a", label, meaning)


ZONE = text("zone", "Zone", "Zone; a country without several zones is its own.", key=True)
COUNTRY = text("iso3", "Country", "Code of the country.", key=True)
CARRIER = text("carrier", "Carrier", "Energy carrier.", key=True)
BUS = text(
    "bus", "Bus", "Zone, or a neighbour: its code, with the border if it has prices of its own.", key=True
)
EXPORTER = text("exporter", "Exporter", "Country that sends.", key=True)
IMPORTER = text("importer", "Importer", "Country that receives.", key=True)
CAPACITY = number("capacity_mw", "MW", "Capacity", "Capacity.")
GENERATION = _gwh("generation_gwh", "Generation", "Generation.")
UNSERVED = _gwh("unserved_gwh", "Unserved energy", "Load that is not supplied.")
CURTAILED = _gwh("curtailed_gwh", "Curtailment", "Available sun, wind and water that is not used.")
CO2 = number("co2_mt", "Mt/a", "CO2 emissions", "Carbon dioxide from the stacks of plants.")
SENT = _gwh("sent_gwh", "Sent", "Energy that enters the line.")
RECEIVED = _gwh("received_gwh", "Received", "Energy delivered by the line, net of losses.")
CONTRACTED = _gwh("contracted_gwh", "Contracted", "Energy sent at contract prices (`power_contracts`).")
SWAPPED = _gwh("swap_gwh", "Swapped", "Energy sent that is returned; no money moves.")
SPOT = _gwh("spot_gwh", "Spot", "Energy sent beyond contracts and swaps.")
CONTRACT_PRICE = number(
    "contract_usd_per_mwh", "USD/MWh", "Contract price", "Mean price of contracted energy; zero without any."
)
SPOT_PRICE = number(
    "spot_usd_per_mwh", "USD/MWh", "Spot price", "Mean price of spot energy; zero without any."
)
CONTRACT_MONEY = number(
    "contract_musd",
    "USD million",
    "Contract earnings",
    "Contracted energy at contract prices; a year's total.",
)
SPOT_MONEY = number(
    "spot_musd", "USD million", "Spot earnings", "Spot energy at spot prices; a year's total."
)
EARNED = number("earned_musd", "USD million", "Earnings", "Contract and spot earnings; a year's total.")
SETTLED = (CONTRACTED, SWAPPED, SPOT, CONTRACT_PRICE, SPOT_PRICE, CONTRACT_MONEY, SPOT_MONEY, EARNED)


def _attribute(column: ResultColumn) -> ResultColumn:
    """Return a column that identifies rows elsewhere as a plain one."""
    return replace(column, is_key=False)


COUNTRIES = ResultTable(
    "countries",
    "Electricity by country",
    "The year of a country.",
    (
        COUNTRY,
        _gwh("demand_gwh", "Demand", "Load, served or not."),
        GENERATION,
        _gwh("imports_gwh", "Imports", "Energy received across borders."),
        _gwh("exports_gwh", "Exports", "Energy sent across borders."),
        _gwh("net_imports_gwh", "Net imports", "Imports less exports; negative for a net exporter."),
        UNSERVED,
        number(
            "unserved_cost_musd",
            "USD million",
            "Cost of unserved energy",
            "Unserved energy at the value of lost load.",
        ),
        CURTAILED,
        CO2,
        number(
            "lifecycle_ghg_mt",
            "Mt/a",
            "Life-cycle emissions",
            "Greenhouse gases over the life cycle of fuels and plants, CO2 equivalent.",
        ),
        number(
            "cost_musd",
            "USD million",
            "Cost of supply",
            "Running cost of plants, and the annual cost of new capacity in addition to the plan.",
        ),
        number(
            "capital_musd",
            "USD million",
            "Annual cost of new capacity",
            "Annuity and fixed cost of new capacity; part of the cost of supply.",
        ),
        number("price_usd_per_mwh", "USD/MWh", "Mean price", "Mean of marginal prices, weighted by load."),
        number(
            "export_earnings_musd", "USD million", "Export earnings", "Earnings of exports; a year's total."
        ),
    ),
)
DEMAND = ResultTable(
    "demand",
    "Electricity demand by country",
    "Load of a country, its network losses and its suppressed demand.",
    (
        COUNTRY,
        _gwh("demand_gwh", "Demand", "Load, served or not."),
        _gwh("losses_gwh", "Network losses", "Part of the load; empty if not known."),
        _gwh("final_gwh", "Final consumption", "Load less network losses; empty if they are not known."),
        _gwh(
            "suppressed_gwh",
            "Suppressed demand",
            "Part of the load that limits of supply leave unserved in the years of the record.",
        ),
    ),
)
GENERATION_TABLE = ResultTable(
    "generation",
    "Generation by carrier",
    "Generation of a carrier in a zone.",
    (
        ZONE,
        COUNTRY,
        CARRIER,
        CAPACITY,
        GENERATION,
        _gwh("available_gwh", "Available generation", "Generation that availability and inflow allow."),
        CO2,
        CURTAILED,
        number("capacity_factor", "1", "Capacity factor", "Generation over that at full capacity."),
    ),
)
UNSERVED_TABLE = ResultTable(
    "unserved",
    "Unserved energy",
    "Unserved energy of a zone.",
    (
        ZONE,
        COUNTRY,
        UNSERVED,
        number("unserved_h", "h", "Hours with unserved energy", "Hours of the year with unserved energy."),
        number("unserved_share", "1", "Share of load", "Unserved energy over the load of the zone."),
        number("worst_mw", "MW", "Largest shortage", "Largest shortage in one hour."),
    ),
)
PRICE_SUMMARY = ResultTable(
    "price_summary",
    "Prices and scarcity",
    "Prices of a zone with and without hours of scarcity, and its long-run marginal cost.",
    (
        ZONE,
        COUNTRY,
        number("price_usd_per_mwh", "USD/MWh", "Mean price", "Mean of marginal prices, weighted by load."),
        number(
            "price_without_scarcity_usd_per_mwh",
            "USD/MWh",
            "Mean price without scarcity",
            "The same without hours in which scarcity sets the price.",
        ),
        number(
            "scarcity_h",
            "h",
            "Hours of scarcity",
            "Hours with unserved energy, or a price above the highest delivered cost of a plant or offer.",
        ),
        number("scarcity_share", "1", "Share of hours of scarcity", "Hours of scarcity over all hours."),
        number(
            "capacity_usd_per_mwh",
            "USD/MWh",
            "Capacity price",
            "Price of the firm capacity that load requires, over load; empty if no capacity was planned.",
        ),
        number(
            "long_run_usd_per_mwh",
            "USD/MWh",
            "Long-run marginal cost",
            "Mean price without scarcity plus the capacity price; empty if no capacity was planned.",
        ),
    ),
)
EXCHANGES = ResultTable(
    "exchanges",
    "Cross-border exchanges",
    "Electricity trade from one country to another.",
    (EXPORTER, IMPORTER, SENT, RECEIVED, *SETTLED),
)
FLOWS = ResultTable(
    "flows",
    "Flows on interconnectors",
    "A direction of an interconnector.",
    (
        text("line", "Line", "Interconnector; it has a row for each direction.", key=True),
        replace(BUS, name="from_bus", label="From"),
        replace(BUS, name="to_bus", label="To"),
        CAPACITY,
        SENT,
        RECEIVED,
        number("full_h", "h", "Hours at capacity", "Hours of the year at full capacity."),
        *SETTLED,
    ),
)
CUSTOMS = ResultTable(
    "customs",
    "Trade compared with customs figures",
    "Published exports or imports of a country in the first months of a year, and those of the model.",
    (
        COUNTRY,
        integer("year", "year", "Year", "Year of the figures.", key=True),
        text("side", "Side", "exports or imports.", key=True),
        integer("months", "month", "Months", "Months from January that the figures cover.", key=True),
        number("reported_gwh", "GWh/a", "Energy, published", "Published energy; empty if not published."),
        number("modelled_gwh", "GWh/a", "Energy, modelled", "Energy of the model in the same months."),
        number("reported_musd", "USD million", "Value, published", "Published value."),
        number("modelled_musd", "USD million", "Value, modelled", "Value of the model in the same months."),
        number("reported_usd_per_mwh", "USD/MWh", "Price, published", "Published value over energy."),
        number("modelled_usd_per_mwh", "USD/MWh", "Price, modelled", "Value over energy of the model."),
    ),
)
SUPPLY = ResultTable(
    "supply",
    "Supply by partner",
    "Supply of a country that depends on a partner.",
    (
        COUNTRY,
        text(
            "partner", "Partner", "Origin of fuel or imports, owner or builder; never the country.", key=True
        ),
        text("channel", "Channel", "fuel, import, owner or builder; channels overlap.", key=True),
        CARRIER,
        _gwh("supply_gwh", "Supply", "Supply that depends on the partner."),
        number("share", "1", "Share of supply", "Supply over the country's generation and imports."),
    ),
)
COSTS = ResultTable(
    "costs",
    "System cost",
    "A component of the system cost.",
    (
        text("item", "Item", "Component of the system cost.", key=True),
        number("cost_musd", "USD million", "Cost", "Cost of the year; negative for earnings."),
    ),
)
BUILT = ResultTable(
    "built",
    "New capacity in addition to the plan",
    "New capacity at least cost in addition to the plan: the filler, or an expansion.",
    (
        ZONE,
        COUNTRY,
        CARRIER,
        number("built_mw", "MW", "Capacity built", "Capacity built in addition to the plan."),
        number("capital_musd", "USD million", "Annual capital cost", "Annuity and fixed cost of a year."),
    ),
)
PLANTS = ResultTable(
    "plants",
    "Plants",
    "The year of a plant.",
    (
        text("plant", "Plant", "Row of the table of plants.", key=True),
        _attribute(ZONE),
        _attribute(COUNTRY),
        _attribute(CARRIER),
        CAPACITY,
        _gwh("generation_gwh", "Generation", "Share of the generation of its class, by capacity."),
    ),
)
PRICES = ResultTable(
    "prices",
    "Marginal prices",
    "Marginal price of a bus in a snapshot.",
    (
        ResultColumn(
            "snapshot",
            "datetime",
            "",
            "Snapshot",
            "Hour; a mean day is dated the 15th of its month.",
            is_key=True,
        ),
        BUS,
        number("price_usd_per_mwh", "USD/MWh", "Marginal price", "Cost of one more MWh of load."),
    ),
)
MARGINAL = ResultTable(
    "power_marginal",
    "Plants that set prices",
    "A carrier that sets the price of a zone, and the hours of the year in which it does.",
    (
        ZONE,
        _attribute(COUNTRY),
        text("carrier", "Carrier", "Carrier of the marginal plant, stored water, or limit.", key=True),
        text("from_zone", "Zone of the plant", "The zone itself, or one joined by lines not full.", key=True),
        number("hours_h", "h", "Hours", "Hours of the year."),
        number("price_usd_per_mwh", "USD/MWh", "Mean price", "Mean price of the zone in these hours."),
    ),
)

TABLES = declared(
    COUNTRIES,
    DEMAND,
    GENERATION_TABLE,
    UNSERVED_TABLE,
    PRICE_SUMMARY,
    EXCHANGES,
    FLOWS,
    SUPPLY,
    COSTS,
    BUILT,
    PLANTS,
    PRICES,
)
"""Tables of :meth:`sogdia.power.PowerResult.tables`, by name."""
STORED = MappingProxyType(
    {
        name: replace(TABLES[name], name=f"power_{name}")
        for name in ("countries", "generation", "flows", "unserved", "exchanges", "price_summary", "built")
    }
)
"""Tables that a stored run has under the name ``power_<name>``, by name of the engine."""
