"""Result tables of the trade engine.

Columns are exported as tuples: :mod:`sogdia.coupling` adds its own to those of ``economies``.
"""

from __future__ import annotations

from sogdia.tables.results import ResultColumn, ResultTable, declared, integer, number, text

CURRENCY = "USD million"
"""Unit of values of a region; a user's own flows are in any one currency."""


def _value(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, CURRENCY, label, meaning)


ECONOMY_COLUMNS = (
    text("economy", "Economy", "Code of the economy.", key=True),
    number("welfare_pct", "%", "Real expenditure", "Change of real expenditure."),
    number("real_wage_pct", "%", "Real wage", "Change of the real wage."),
    number("terms_of_trade_pct", "%", "Terms of trade", "Change of real expenditure by terms of trade."),
    number(
        "volume_pct",
        "%",
        "Volume effect",
        "Change of real expenditure by volumes, trade costs and tariff revenue: the rest of the total.",
    ),
    number("wage_hat", "1", "Wage", "Wage over that of the base year, in the numeraire."),
    number("price_hat", "1", "Price index", "Price of final expenditure over that of the base year."),
    _value("income_before", "Income, base year", "Value added and tariff revenue of the base year."),
    _value("income", "Income", "Value added and tariff revenue."),
    _value("expenditure_before", "Final expenditure, base year", "Final expenditure of the base year."),
    _value("expenditure", "Final expenditure", "Final expenditure: income and trade imbalance."),
    _value("imbalance_before", "Trade imbalance, base year", "Imports less exports of the base year."),
    _value("imbalance", "Trade imbalance", "Imports less exports."),
    _value("tariff_revenue_before", "Tariff revenue, base year", "Tariff revenue of the base year."),
    _value("tariff_revenue", "Tariff revenue", "Tariff revenue."),
    number(
        "domestic_share_before", "1", "Home share, base year", "Home goods in expenditure of the base year."
    ),
    number("domestic_share", "1", "Home share", "Share of home goods in total expenditure."),
    integer(
        "group",
        "1",
        "Trading group",
        "Number of the group of economies that can still trade with each other.",
    ),
)
ECONOMIES = ResultTable("economies", "Economies", "Results of an economy.", ECONOMY_COLUMNS)

SECTOR_COLUMNS = (
    text("sector", "Sector", "Name of the sector.", key=True),
    text("economy", "Economy", "Code of the economy.", key=True),
    _value("expenditure_before", "Expenditure, base year", "Total expenditure on the sector, base year."),
    _value("expenditure", "Expenditure", "Total expenditure on the sector."),
    _value("output_before", "Output, base year", "Sales of the sector at home and abroad, base year."),
    _value("output", "Output", "Sales of the sector at home and abroad."),
    number("price_hat", "1", "Price", "Price over that of the base year."),
)
SECTORS = ResultTable("sectors", "Sectors", "Results of a sector of an economy.", SECTOR_COLUMNS)

FLOW_COLUMNS = (
    text("exporter", "Exporter", "Code of the exporting economy.", key=True),
    text("importer", "Importer", "Code of the importing economy; the exporter for home sales.", key=True),
    text("sector", "Sector", "Name of the sector.", key=True),
    _value("before", "Value, base year", "Value of the base year, net of tariffs."),
    _value("after", "Value", "Value of the counterfactual, net of tariffs."),
    number("change_pct", "%", "Change", "Change of value; empty where the base year has no trade."),
)
FLOWS = ResultTable("flows", "Trade flows", "Trade of a pair of economies in a sector.", FLOW_COLUMNS)

REPORT_COLUMNS = (
    text("rule", "Rule", "Rule applied to data or results.", key=True),
    text("economy", "Economy", "Economy concerned; empty for all.", key=True),
    text("sector", "Sector", "Sector concerned; empty for all.", key=True),
    number("value", "1", "Value", "Size of the adjustment; its unit follows from the meaning."),
    text("meaning", "Meaning", "Meaning of the value."),
)
REPORT = ResultTable("report", "Rules applied", "A rule applied to data or results.", REPORT_COLUMNS)

ADJUSTMENT_COLUMNS = (
    text("rule", "Rule", "Rule that changed the cell.", key=True),
    text("table", "Table", "Table of the cell: flows, intermediate, final demand, expenditure.", key=True),
    text("economy", "Economy", "Exporter of a flow, user of an input, buyer otherwise.", key=True),
    text("partner", "Partner", "Importer of a flow; empty otherwise.", key=True),
    text("sector", "Sector", "Sector of the cell.", key=True),
    text("input", "Input", "Input of a cost share; empty otherwise.", key=True),
    number("before", "1", "Before", "Value in the data; a share or an amount, as the table has it."),
    number("after", "1", "After", "Value in use."),
)
ADJUSTMENTS = ResultTable(
    "adjustments", "Adjusted cells", "A cell of the data changed by a rule.", ADJUSTMENT_COLUMNS
)

TABLES = declared(ECONOMIES, SECTORS, FLOWS, REPORT, ADJUSTMENTS)
