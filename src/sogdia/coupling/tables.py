"""Result tables of freight coupled with trade and electricity, declared once.

Columns ending in ``_before`` are of the baseline; ``_hat`` is the ratio of case to baseline.
"""

from __future__ import annotations

from sogdia.tables.results import ResultColumn, ResultTable, declared, flag, integer, number, text

_EXPORTER = text("exporter", "Exporter", "Code of the exporting economy.", key=True)
_IMPORTER = text("importer", "Importer", "Code of the importing economy.", key=True)
_COMMODITY = text("commodity", "Commodity", "Code of the commodity; `all` if not split.", key=True)


def _musd(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "USD million", label, meaning)


def _percent(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "%", label, meaning)


def _ratio(name: str, label: str, meaning: str) -> ResultColumn:
    return number(name, "1", label, meaning)


ECONOMIES = ResultTable(
    "economies",
    "Economies",
    "Welfare, prices and trade of an economy, compared with the baseline.",
    (
        text("economy", "Economy", "Code of the economy.", key=True),
        text("name", "Name", "Name of the economy.", key=True),
        flag("home", "Home country", "True for the region's own economies."),
        _percent("welfare_pct", "Welfare", "Change of real spending on goods."),
        _percent("real_wage_pct", "Real wage", "Change of the wage relative to consumer prices."),
        _percent("terms_of_trade_pct", "Terms of trade", "Part of the welfare change by terms of trade."),
        _percent("volume_pct", "Volumes", "Part of the welfare change by volumes, trade costs and tariffs."),
        _ratio("wage_hat", "Wage", "Wage, case over baseline."),
        _ratio("price_hat", "Consumer price", "Consumer price index, case over baseline."),
        _musd("income_before", "Income before", "Value added and tariff revenue in the baseline."),
        _musd("income", "Income", "Value added and tariff revenue."),
        _musd("expenditure_before", "Expenditure before", "Final spending on goods in the baseline."),
        _musd("expenditure", "Expenditure", "Final spending on goods."),
        _musd("imbalance_before", "Imbalance before", "Spending less income in the baseline."),
        _musd("imbalance", "Imbalance", "Spending less income."),
        _musd("tariff_revenue_before", "Tariff revenue before", "Tariff revenue in the baseline."),
        _musd("tariff_revenue", "Tariff revenue", "Tariff revenue."),
        _ratio("domestic_share_before", "Domestic share before", "Its baseline value."),
        _ratio("domestic_share", "Domestic share", "Share of own goods in all spending."),
        integer("group", "1", "Trading group", "Number of the set of economies that still trade."),
        _musd("gain_musd", "Gain", "Change of real spending on goods at the baseline's prices."),
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
        number("after_usd_per_t", "USD/t", "Carriage after", "Mean delivered cost in the case."),
        _ratio("closed_share", "Closed share", "Share of the tonnes whose lane has lost its path."),
        _percent("policy_pct", "Policy cost", "Other policy costs in the case, as a share of value."),
        _percent("tariff_pct", "Tariff", "Tariff in the case."),
        _ratio("nontariff_hat", "Non-tariff cost", "Change of cost by non-tariff barriers."),
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
        _musd("sales_musd", "Sales", "Sales of goods at home and abroad in the baseline."),
        _percent("share_pct", "Share of electricity", "Share of electricity in the unit cost of goods."),
        _ratio("cost_hat", "Unit cost", "Unit cost of goods, case over baseline."),
    ),
)
RULES = ResultTable(
    "rules",
    "Rules applied",
    "Correction of data or results by a rule of the model.",
    (
        text("rule", "Rule", "Name of the rule."),
        text("economy", "Economy", "Code of the economy; empty if it concerns several."),
        text("sector", "Sector", "Sector; empty if it concerns several."),
        _ratio("value", "Value", "Size of the correction, in the unit that `meaning` states."),
        text("meaning", "Meaning", "Explanation of the value."),
    ),
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
RESULT_TABLES = declared(ECONOMIES, FLOWS, COSTS, UNDELIVERED, POWER_LINK, RULES, CONVERGENCE)
"""Tables that this package makes, by name."""
