"""Result tables of freight, declared once: ``TABLES`` maps their names to their columns."""

from __future__ import annotations

from sogdia.tables.results import ResultTable as Table
from sogdia.tables.results import declared, integer, number, text

CORRIDORS = Table(
    "corridors",
    "Corridors",
    "Freight through the gates of a corridor in both directions.",
    (
        text("corridor", "Corridor", "Id of the corridor.", key=True),
        text("name", "Name", "Name of the corridor.", key=True),
        number("tonnes", "t/a", "Tonnes", "Freight that passes one of the corridor's gates."),
        number("share_pct", "%", "Share of all freight", "Corridor share of all delivered freight."),
        number("home_t", "t/a", "Tonnes of the region's trade", "The part that is trade of home countries."),
        number(
            "home_share_pct",
            "%",
            "Share of the region's trade",
            "Corridor share of the delivered trade of home countries.",
        ),
    ),
)
BOTTLENECKS = Table(
    "bottlenecks",
    "Bottlenecks",
    "A capacity and the delay it causes; those with most delay in total.",
    (
        text("group", "Capacity", "Label of the arcs that share the capacity.", key=True),
        text("territory", "Territory", "Territory of the capacity.", key=True),
        text("kind", "Kind", "Kind of arc: haul, crossing, transfer or pipeline."),
        text("row", "Row", "Key of the link, crossing, transfer or pipeline; of several, the first."),
        text("place", "Place", "Place of a crossing or transfer; empty for others."),
        number("tonnes", "t/a", "Tonnes", "Freight that uses the capacity."),
        number("domestic_t", "t/a", "Domestic tonnes", "Domestic traffic that uses it too."),
        number("capacity_t", "t/a", "Capacity", "Capacity."),
        number("delay_h", "h", "Delay", "Delay of a tonne that uses it."),
        number("v_c", "1", "v/c", "Volume–capacity ratio."),
        number("tonne_hours", "t·h/a", "Delay in total", "Tonnes times delay."),
    ),
)
TRANSIT = Table(
    "transit",
    "Transit",
    "Freight that passes a territory without starting or ending in it, and traffic on its links.",
    (
        text("territory", "Territory", "The territory passed.", key=True),
        number("transit_t", "t/a", "Transit", "Freight in transit."),
        number("home_t", "t/a", "Transit of the region's trade", "The part that is trade of home countries."),
        number("tonne_km", "tkm/a", "Tonne-kilometres", "Line-haul of all freight on its links."),
        number("usd", "USD", "Charges", "Charges of all freight on its links, borders and terminals."),
    ),
)
TRANSIT_INCOME = Table(
    "transit_income",
    "Transit income",
    "Income of a home country from freight that passes it, by mode and cargo type; mode terminal: handling.",
    (
        text("territory", "Country", "The country passed.", key=True),
        text("mode", "Mode", "Mode of line-haul and borders, or terminal for ports and terminals.", key=True),
        text("cargo", "Cargo type", "Cargo type of the commodity.", key=True),
        number("tonnes", "t/a", "Transit", "Freight in transit that uses the mode or a terminal."),
        number("tonne_km", "tkm/a", "Tonne-kilometres", "Line-haul of that freight in the country."),
        number("charges_musd", "USD million/a", "Charges", "Charges that it pays in the country."),
        number("receipts_musd", "USD million/a", "Receipts", "Charges that the country keeps."),
        number("avoidable_musd", "USD million/a", "Avoidable cost", "Cost that transit freight causes."),
        number("income_musd", "USD million/a", "Income", "Receipts less avoidable cost."),
        number("income_low_musd", "USD million/a", "Income, low", "At low share retained and high cost."),
        number("income_high_musd", "USD million/a", "Income, high", "At high share retained and low cost."),
    ),
)
STATIONS = Table(
    "stations",
    "Ports, terminals and borders",
    "Throughput and queue of a place, by kind and mode.",
    (
        text("place", "Place", "Id of the place.", key=True),
        text("country", "Country", "Country of the place.", key=True),
        text("kind", "Kind", "crossing or transfer.", key=True),
        text("mode", "Mode", "Mode of a crossing; modes before and after a transfer.", key=True),
        text("from_mode", "Mode before", "Mode before a transfer; empty for a crossing."),
        text("to_mode", "Mode after", "Mode after a transfer; empty for a crossing."),
        number("tonnes", "t/a", "Throughput", "Freight that is handled or crosses."),
        number(
            "capacity_t",
            "t/a",
            "Capacity",
            "Largest known capacity of its directions and berths; infinite if unknown.",
        ),
        number("queue_h", "h", "Queue", "Mean wait beyond the usual dwell, weighted by tonnes."),
    ),
)
LINKS = Table(
    "links",
    "Links",
    "Freight on a link of the region.",
    (
        text("link", "Link", "Id of the link.", key=True),
        text("from", "From", "Place at which the link starts.", key=True),
        text("to", "To", "Place at which the link ends.", key=True),
        text("mode", "Mode", "Mode of carriage.", key=True),
        number("length_km", "km", "Length", "Length.", compared=False),
        number("tonnes", "t/a", "Tonnes", "Freight in both directions."),
        number("forward_t", "t/a", "Tonnes forward", "Freight from its start to its end."),
        number("back_t", "t/a", "Tonnes back", "Freight from its end to its start."),
        number("domestic_t", "t/a", "Domestic tonnes", "Domestic traffic, which is in no other column."),
        number("capacity_t", "t/a", "Capacity", "Capacity of both directions; infinite if unknown."),
        number("v_c", "1", "v/c", "Volume–capacity ratio, domestic traffic included."),
        number("from_lon", "deg", "Longitude of the start", "Longitude of the start.", compared=False),
        number("from_lat", "deg", "Latitude of the start", "Latitude of the start.", compared=False),
        number("to_lon", "deg", "Longitude of the end", "Longitude of the end.", compared=False),
        number("to_lat", "deg", "Latitude of the end", "Latitude of the end.", compared=False),
    ),
)
JOURNEYS = Table(
    "journeys",
    "Journeys",
    "Time and cost of one container between two places by a corridor that is open.",
    (
        text("from", "From", "Place at which the journey starts.", key=True),
        text("to", "To", "Place at which the journey ends.", key=True),
        text("corridor", "Corridor", "Id of the corridor.", key=True),
        text("name", "Name", "Name of the corridor."),
        number("days", "d", "Time", "Time with the delays of the run."),
        number("usd_per_teu", "USD/TEU", "Cost", "Charges for a loaded container."),
        number("length_km", "km", "Length", "Length."),
        integer("changes", "1", "Changes", "Transfers and changes of gauge."),
        integer("borders", "1", "Borders", "Borders crossed."),
        number("co2_kg_per_t", "kg/t", "CO2", "CO2 of a tonne."),
        text("observed_days", "Time observed", "Range of documented times of such journeys, days."),
        text("observed_usd", "Cost observed", "Range of documented costs of such journeys, USD/TEU."),
    ),
)
LANE_COSTS = Table(
    "lane_costs",
    "Cost of lanes by part",
    "Mean generalised cost of a delivered tonne from an exporter to an importer, by part.",
    (
        text("exporter", "Exporter", "Economy that exports.", key=True),
        text("importer", "Importer", "Economy that imports.", key=True),
        text("commodity", "Commodity", "Commodity.", key=True),
        number("tonnes", "t/a", "Tonnes", "Delivered freight."),
        number("money_usd_per_t", "USD/t", "Charges", "Charges of links, borders and terminals."),
        number("time_usd_per_t", "USD/t", "Time", "Free-flow time but at borders, at the value of time."),
        number("border_usd_per_t", "USD/t", "Borders", "Usual time at borders, and cost of crossing them."),
        number("queue_usd_per_t", "USD/t", "Queues", "Delay at capacities, at the value of time."),
        number("reliability_usd_per_t", "USD/t", "Reliability", "Cost of the spread of times at borders."),
        number("capacity_usd_per_t", "USD/t", "Full capacities", "Price of hard capacities that are full."),
        number("usd_per_t", "USD/t", "Generalised cost", "Sum of the parts."),
    ),
)
LINK_COMMODITIES = Table(
    "link_commodities",
    "Links by commodity",
    "Freight of a commodity on a link of the region; rows below 0.5 t a year are left out.",
    (
        text("link", "Link", "Id of the link.", key=True),
        text("commodity", "Commodity", "Commodity.", key=True),
        number("tonnes", "t/a", "Tonnes", "Freight in both directions."),
    ),
)
LINK_USERS = Table(
    "link_users",
    "Users of links",
    "Trade that uses a link (select-link): the largest exporters, importers and commodities of each.",
    (
        text("link", "Link", "Id of the link."),
        text("exporter", "Exporter", "Economy that exports."),
        text("importer", "Importer", "Economy that imports."),
        text("commodity", "Commodity", "Commodity."),
        number("tonnes", "t/a", "Tonnes", "Freight of this trade on the link, both directions."),
        number("share_pct", "%", "Share of the link", "Its share of all freight on the link."),
    ),
)
TABLES = declared(
    CORRIDORS, BOTTLENECKS, TRANSIT, TRANSIT_INCOME, STATIONS, LINKS, LINK_COMMODITIES, LINK_USERS,
    LANE_COSTS, JOURNEYS,
)  # fmt: skip
"""Tables of a run that freight makes, by name."""
