"""Result tables of freight coupled with trade and electricity, declared once.

Columns ending in ``_before`` are of the baseline; ``_hat`` is the ratio of case to baseline.
"""

from __future__ import annotations

from dataclasses import replace

from sogdia.coupling.power_value import POWER_VALUE
from sogdia.power.tables import MARGINAL
from sogdia.tables.results import ResultColumn, ResultTable, declared, flag, integer, number, text
from sogdia.trade.tables import ADJUSTMENTS, ECONOMY_COLUMNS, REPORT_COLUMNS, SECTORS, WELFARE

_EXPORTER = text("exporter", "Exporter", "Code of the exporting economy.", key=True)
_IMPORTER = text("importer", "Importer", "Code of the importing economy.", key=True)
_COMMODITY = text("commodity", "Commodity", "Code of the commodity; `all` if not split.", key=True)


def _musd(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "USD million", label, meaning)


def _percent(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "%", label, meaning)


def _ratio(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "1", label, meaning)


_ECONOMY, *_TRADE_COLUMNS = ECONOMY_COLUMNS
ECONOMIES = ResultTable(
    "economies",
    "Economies",
    "Real expenditure, prices and trade of an economy, compared with the baseline.",
    (
        _ECONOMY,
        text("name", "Name", "Name of the economy.", key=True),
        flag("home", "Home country", "True for the region's own economies."),
        *_TRADE_COLUMNS,
        _musd("gain_musd", "Gain", "Change of real expenditure at the baseline's prices."),
        _musd(
            "trade_gain_musd",
            "Gain by transport and trade",
            "The same at the baseline's cost of electricity.",
        ),
        _percent("gdp_pct", "Gain in GDP", "The gain as a share of GDP."),
    ),
)
FLOWS = ResultTable(
    "flows",
    "Trade flows",
    "Trade of a good between two economies, sales at home included.",
    (
        _EXPORTER,
        _IMPORTER,
        _COMMODITY,
        _musd("before_musd", "Before", "Value in the baseline."),
        _musd("after_musd", "After", "Value in the case."),
        _musd("change_musd", "Change", "Value in the case less that in the baseline."),
        _percent("change_pct", "Change", "Change of the value."),
        number("before_t", "t/a", "Tonnes before", "Freight demand in the baseline."),
        number("after_t", "t/a", "Tonnes after", "Freight demand in the case."),
    ),
)
SHADOW_PRICES = ResultTable(
    "shadow_prices",
    "Shadow prices",
    "Price of a hard capacity that is full, and the part of its rent that an owner earns.",
    (
        text("capacity", "Capacity", "Id of the hard capacity.", key=True),
        text("name", "Name", "Description of the hard capacity."),
        text("owner", "Owner", "Economy that earns a part of the rent.", key=True),
        text("table", "Table", "Table of the rows that share it."),
        text("rows", "Rows", "Keys of these rows."),
        text("territory", "Territory", "Territories of its arcs."),
        number("tonnes", "t/a", "Tonnes", "Freight on the capacity."),
        number("capacity_t", "t/a", "Capacity", "Capacity, at least the freight of the baseline."),
        number("price_usd_per_t", "USD/t", "Shadow price", "Price of a tonne that uses it."),
        number("share", "1", "Share", "Owner's part of the rent."),
        _musd("rent_musd", "Rent", "Owner's part of price times freight."),
    ),
)
COSTS = ResultTable(
    "costs",
    "Trade costs",
    "Change of the cost of trading a good between two economies.",
    (
        _EXPORTER,
        _IMPORTER,
        _COMMODITY,
        number("value_usd_per_t", "USD/t", "Value", "Value per tonne at the exporter."),
        number("before_usd_per_t", "USD/t", "Carriage before", "Mean delivered cost in the baseline."),
        number("after_usd_per_t", "USD/t", "Carriage after", "The same in the case, without shadow prices."),
        number(
            "shadow_usd_per_t", "USD/t", "Shadow prices", "Mean payment of a tonne for full hard capacities."
        ),
        _ratio("closed_share", "Closed share", "Share of the tonnes whose lane has lost its path."),
        _percent("policy_pct", "Policy cost", "Other policy costs in the case, as a share of value."),
        _percent("tariff_pct", "Tariff", "Tariff in the case."),
        _ratio(
            "nontariff_hat", "Non-tariff cost", "Change of cost by factors on non-tariff costs and trade."
        ),
        flag("cut_off", "Cut off", "True if the good cannot be traded in the case."),
        _ratio("cost_hat", "Trade cost", "Cost of trade, case over baseline."),
    ),
)
UNDELIVERED = ResultTable(
    "undelivered",
    "Undeliverable freight",
    "Freight of the baseline that no open path of the case can carry.",
    (
        _EXPORTER,
        _IMPORTER,
        _COMMODITY,
        flag("in_base", "In the baseline", "True if the baseline has no path either."),
        number("tonnes", "t/a", "Tonnes", "Tonnes in the baseline."),
        _musd("value_musd", "Value", "Value of these tonnes."),
    ),
)
POWER_LINK = ResultTable(
    "power_link",
    "Cost of electricity in trade",
    "Change of a country's unit cost by the mean cost of its electricity.",
    (
        text("economy", "Economy", "Code of the economy.", key=True),
        number("served_gwh", "GWh/a", "Electricity served", "Load served in the baseline."),
        number("before_usd_per_mwh", "USD/MWh", "Mean cost before", "Mean cost in the baseline."),
        number("after_usd_per_mwh", "USD/MWh", "Mean cost after", "Mean cost in the case."),
        text("sector", "Sector", "Sector whose unit cost changes; `all` with one sector.", key=True),
        _musd("sales_musd", "Sales", "Sales of that sector at home and abroad in the baseline."),
        _percent("share_pct", "Share of electricity", "Cost of electricity relative to these sales."),
        _ratio("cost_hat", "Unit cost", "Unit cost of the sector, case over baseline."),
        _ratio("rest_hat", "Unit cost of all sectors", "Effect of what exceeds half of the sector's sales."),
    ),
)
RECONCILIATION = ResultTable(
    "reconciliation",
    "Goods against sectors",
    "Trade of a pair in goods and in sectors, of the baseline: the first counts goods that only pass.",
    (
        _EXPORTER,
        _IMPORTER,
        _musd("goods_musd", "Goods", "Trade in goods, table `trade`."),
        _musd("sectors_musd", "Sectors", "Trade in sectors that are goods, gas, bullion or electricity."),
        _musd("by_hub_musd", "By a hub", "Part of it that a third economy sells on."),
        _musd("to_hub_musd", "To the hub", "Goods sold to the importer for others."),
        _musd("from_hub_musd", "From the hub", "Goods of others that the exporter records as its sales."),
        _musd("difference_musd", "Difference", "Sectors with these three, less goods."),
        _percent("difference_pct", "Difference", "Difference relative to goods."),
    ),
)
RULES = ResultTable(
    "rules",
    "Rules applied",
    "Adjustment of data or results by a rule of the model.",
    # Values of several units: two runs are not compared.
    tuple(replace(column, is_key=False) for column in REPORT_COLUMNS),
)
CONVERGENCE = ResultTable(
    "convergence",
    "Convergence",
    "Residual that a model reached, and its tolerance.",
    (
        text("model", "Model", "Name of the model."),
        text("measure", "Measure", "Definition of the residual."),
        _ratio("residual", "Residual", "Residual at the end."),
        _ratio("target", "Tolerance", "Residual at which the model stops."),
        integer("iterations", "1", "Iterations", "Iterations taken."),
    ),
)
POWER_PRICES = ResultTable(
    "power_prices",
    "Electricity prices",
    "Marginal price of electricity at a bus over the year.",
    (
        text("bus", "Bus", "Zone of the power system, or a neighbour.", key=True),
        text("iso3", "Country", "Code of the country; empty beyond the modelled grid.", key=True),
        number("price_usd_per_mwh", "USD/MWh", "Mean price", "Mean marginal price, weighted by load."),
        number("least_usd_per_mwh", "USD/MWh", "Lowest price", "Lowest marginal price of the year."),
        number("most_usd_per_mwh", "USD/MWh", "Highest price", "Highest marginal price of the year."),
    ),
)
TABLES = declared(
    ECONOMIES, WELFARE, SECTORS, FLOWS, SHADOW_PRICES, COSTS, UNDELIVERED, POWER_LINK, POWER_PRICES,
    MARGINAL, POWER_VALUE, ADJUSTMENTS, RECONCILIATION, RULES, CONVERGENCE,
)  # fmt: skip
"""Tables that this package makes, by name."""
