"""Result tables of the trade engine.

Columns are exported as tuples: :mod:`sogdia.coupling` adds its own to those of ``economies``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.tables.results import ResultColumn, ResultTable, declared, integer, number, text
from sogdia.trade.arrays import Floats

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
    _value("rents_before", "Rents, base year", "Rents of specific factors in the base year."),
    _value("rents", "Rents", "Rents of specific factors."),
    _value("scarcity_rents", "Scarcity rents", "Scarcity rents that the economy owns."),
    _value("scarcity_rents_paid", "Scarcity rents paid", "Scarcity rents on the economy's imports."),
    _value("transfers_before", "Named transfers, base year", "Named transfers received less those paid."),
    _value("transfers", "Named transfers", "Named transfers received less those paid."),
    _value("income_before", "Income, base year", "Value added and tariff revenue of the base year."),
    _value("income", "Income", "Value added, tariff revenue and scarcity rents received."),
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
    _value("rent_before", "Rent, base year", "Rent of the specific factor, base year."),
    _value("rent", "Rent", "Rent of the specific factor."),
    number("rent_hat", "1", "Rent of a unit", "Rent of a unit over that of the base year; 1 without one."),
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

CAPACITY_COLUMNS = (
    text("name", "Capacity", "Name of the capacity.", key=True),
    text("owner", "Owner", "Code of an economy that receives its scarcity rent.", key=True),
    number("quantity", "1", "Quantity", "Quantity at base-year prices over that of the base year."),
    number("most", "1", "Capacity", "Largest quantity over that of the base year."),
    number("shadow_price_pct", "%", "Shadow price", "Scarcity rent over what exporters receive."),
    _value("rent", "Rent", "Scarcity rent of the owner."),
)
CAPACITIES = ResultTable(
    "capacities", "Capacities", "A capacity on quantities of trade, and an owner of it.", CAPACITY_COLUMNS
)

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

WELFARE_COLUMNS = (
    text("economy", "Economy", "Code of the economy.", key=True),
    _value(
        "equivalent_variation",
        "Equivalent variation",
        "Income that at base-year prices gives the utility of the counterfactual, less income.",
    ),
    number("welfare_pct", "%", "Real expenditure", "Equivalent variation over base-year expenditure."),
    _value("from_value_added", "From value added", "Change of real labour income."),
    _value("from_rents", "From rents", "Change of real rents of specific factors."),
    _value("from_tariff_revenue", "From tariff revenue", "Change of real tariff revenue."),
    _value("from_scarcity_rents", "From scarcity rents", "Real scarcity rents that the economy owns."),
    _value("from_transfers", "From transfers", "Change of the real trade imbalance, a transfer from abroad."),
    _value("by_terms_of_trade", "By terms of trade", "Effect of export prices less import prices."),
    _value("by_volume", "By volume", "Tariff revenue on changes of quantities (Caliendo & Parro 2015)."),
    _value("by_trade_costs", "By trade costs", "Effect of the costs of imports and home sales."),
    _value("by_productivity", "By productivity", "Effect of productivity."),
    _value("by_factor_supply", "By factor supply", "Effect of the supply of labour and specific factors."),
    _value(
        "by_scarcity_rents",
        "By scarcity rents",
        "Scarcity rents received less those paid, and their change by quantities.",
    ),
    _value("by_transfers", "By transfers", "Effect of the trade imbalance relative to the own wage."),
    _value("by_other", "By other", "Rest: the course of prices between the two equilibria."),
    number(
        "first_order_terms_of_trade_pct",
        "%",
        "Terms of trade, first order",
        "Published form: changes at base-year weights, over final expenditure.",
    ),
    number("first_order_volume_pct", "%", "Volume, first order", "The same for the volume of trade."),
    number("first_order_trade_costs_pct", "%", "Trade costs, first order", "The same for trade costs."),
    number("first_order_productivity_pct", "%", "Productivity, first order", "The same for productivity."),
    number("first_order_total_pct", "%", "Welfare, first order", "Sum of the parts of first order."),
)
WELFARE = ResultTable(
    "welfare",
    "Parts of welfare",
    "Equivalent variation of an economy, by source and by cause.",
    WELFARE_COLUMNS,
)

ESTIMATE_COLUMNS = (
    text("covariate", "Covariate", "Column of the data.", key=True),
    number("coefficient", "1", "Coefficient", "Effect of one unit of the covariate on log trade."),
    number("standard_error", "1", "Standard error", "Clustered standard error of the coefficient."),
    number("statistic", "1", "Statistic", "Coefficient over its standard error."),
    number("p_value", "1", "p value", "Probability of a larger statistic without an effect, two-sided."),
    number("low", "1", "Low", "Lower end of the 95 % confidence interval."),
    number("high", "1", "High", "Upper end of the 95 % confidence interval."),
)
ESTIMATES = ResultTable(
    "estimates", "Gravity estimates", "Coefficient of a covariate of trade.", ESTIMATE_COLUMNS
)

RESISTANCE_COLUMNS = (
    text("sector", "Sector", "Name of the sector.", key=True),
    text("economy", "Economy", "Code of the economy.", key=True),
    number("outward_pct", "%", "Outward resistance", "Change of outward multilateral resistance."),
    number("inward_pct", "%", "Inward resistance", "Change of inward multilateral resistance."),
    _value("exports_before", "Exports, base year", "Exports of the base year."),
    _value("exports", "Exports", "Exports at fixed output and expenditure."),
    _value("imports_before", "Imports, base year", "Imports of the base year, net of tariffs."),
    _value("imports", "Imports", "Imports at fixed output and expenditure, net of tariffs."),
)
RESISTANCES = ResultTable(
    "resistances",
    "Conditional equilibrium",
    "Results of a sector of an economy at fixed output and expenditure.",
    RESISTANCE_COLUMNS,
)

TABLES = declared(ECONOMIES, SECTORS, FLOWS, CAPACITIES, REPORT, ADJUSTMENTS, RESISTANCES, WELFARE, ESTIMATES)


def flow_rows(
    economies: tuple[str, ...], sectors: tuple[str, ...], before: Floats, after: Floats
) -> pd.DataFrame:
    """Return flows of base year and counterfactual, (S, N, N) each, as rows of ``FLOWS`` without zeros."""
    sector, exporter, importer = np.nonzero((before > 0.0) | (after > 0.0))
    cells = sector, exporter, importer
    table = pd.DataFrame(
        {
            "sector": np.array(sectors, dtype=object)[sector],
            "exporter": np.array(economies, dtype=object)[exporter],
            "importer": np.array(economies, dtype=object)[importer],
            "before": before[cells],
            "after": after[cells],
        }
    )
    table["change_pct"] = 100.0 * (table["after"] / table["before"].where(table["before"] > 0.0) - 1.0)
    return table
