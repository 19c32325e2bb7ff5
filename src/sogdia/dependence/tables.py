"""Result tables of a dependence study, declared once: columns, units, labels, keys and meanings."""

from __future__ import annotations

from sogdia.tables.results import ResultTable, declared, flag, integer, number, text

HORIZON = text("horizon", "Horizon", "year_1 or year_10 after the withdrawal.", key=True)
HOME = text("home", "Home country", "Code of the home country.", key=True)
NAME = text("name", "Name", "Name of the home country.")
PARTNER = text("partner", "Partner", "Row of partners, or code of a party that belongs to none.", key=True)
PARTNER_NAME = text("name", "Name", "Name of the partner.")
CHANNEL = text(
    "channel", "Channel", "Channel of losses or exposure; residual and joint for losses.", key=True
)
MEASURE = text("measure", "Measure", "Measure within the channel; all first.", key=True)
LOSS_MUSD = number(
    "loss_musd", "USD million/a", "Loss", "Loss a year in money of the base year; positive is a loss."
)
LOSS_PCT = number("loss_pct", "%", "Loss, share of GDP", "Loss over the GDP of the year.")

HEADLINE = ResultTable(
    "headline",
    "Headline dependence",
    "For each horizon and home country the partner whose withdrawal alone costs most.",
    (
        HORIZON,
        HOME,
        NAME,
        text("worst_partner", "Partner with the largest loss", "Partner with the largest solo loss."),
        number("worst_pct", "%", "Largest solo loss, share of GDP", "L*, the largest solo loss over GDP."),
        number("worst_low_pct", "%", "Largest solo loss, low", "Low end of its range; empty without one."),
        number("worst_high_pct", "%", "Largest solo loss, high", "High end of its range; empty without one."),
        text(
            "rivals",
            "Partners within the range",
            "Other partners whose range reaches the low end of the largest loss, separated by ;.",
        ),
        number("all_pct", "%", "Joint loss, share of GDP", "Loss when all partners withdraw, over GDP."),
        number("gdp_musd", "USD million/a", "GDP", "GDP of the year."),
    ),
)
SHARES = ResultTable(
    "shares",
    "Loss by partner",
    "For each horizon, home country and partner the loss attributed to the partner.",
    (
        HORIZON,
        HOME,
        PARTNER,
        PARTNER_NAME,
        number(
            "shapley_musd",
            "USD million/a",
            "Shapley value",
            "Mean marginal loss over all orders.",
        ),
        number("shapley_pct", "%", "Shapley value, share of GDP", "The same over GDP."),
        number(
            "standard_error_pct",
            "%",
            "Standard error",
            "Standard error if sampled; 0 if exact.",
        ),
        number("solo_pct", "%", "Solo loss, share of GDP", "Loss by the withdrawal of the partner alone."),
        number("last_in_pct", "%", "Last-in loss, share of GDP", "Loss by its withdrawal after all others."),
        number(
            "pivotality",
            "1",
            "Pivotality",
            "Share of coalitions whose loss it makes intolerable.",
        ),
    ),
)
CHANNELS = ResultTable(
    "channels",
    "Loss by channel",
    "For each horizon, home country and single partner the loss by channel.",
    (
        HORIZON,
        HOME,
        PARTNER,
        CHANNEL,
        LOSS_MUSD,
        LOSS_PCT,
        text("status", "Status", "measured; not measured where data are missing: the loss is then empty."),
    ),
)
RANGES = ResultTable(
    "ranges",
    "Loss by assumption",
    "For each horizon, home country and single partner the loss with one assumption changed.",
    (
        HORIZON,
        HOME,
        PARTNER,
        text("assumption", "Assumption", "The assumption that is changed.", key=True),
        LOSS_MUSD,
        LOSS_PCT,
    ),
)
LOSSES = ResultTable(
    "losses",
    "Loss by coalition",
    "For each horizon, coalition that was run and home country the loss and its parts.",
    (
        HORIZON,
        integer("coalition", "", "Coalition", "Bit mask; partner n of the study is bit n.", key=True),
        text("partners", "Partners", "Partners of the coalition, separated by ;."),
        integer("size", "", "Number of partners", "Number of partners in the coalition."),
        HOME,
        NAME,
        LOSS_MUSD,
        LOSS_PCT,
        number(
            "goods_musd",
            "USD million/a",
            "Trade",
            "Loss of real expenditure by trade and freight.",
        ),
        number("energy_musd", "USD million/a", "Electricity", "Added cost of the electricity system."),
        number("capital_musd", "USD million/a", "Capital", "Cost of lost finance a year."),
        number(
            "fuel_twice_musd",
            "USD million/a",
            "Fuel counted once",
            "Loss of fuel that plants burn, as trade counts it: no part of goods, since energy has it.",
        ),
        number("undelivered_t", "t/a", "Undelivered freight", "Freight that no open path can carry."),
        number("trade_lost_t", "t/a", "Trade lost", "Tonnes no longer traded."),
        number("days_longer", "d", "Longer journeys", "Mean added journey time of the remaining freight."),
        number("unserved_gwh", "GWh/a", "Unserved energy", "Added load that is not supplied."),
        number("refinance_musd", "USD million", "To refinance", "Loans that other lenders must replace."),
        number(
            "transit_income_musd",
            "USD million/a",
            "Transit income lost",
            "Income from freight in transit, less avoidable cost; part of the loss.",
        ),
        number(
            "transit_income_low_musd", "USD million/a", "Transit income lost, low", "Least of its interval."
        ),
        number(
            "transit_income_high_musd", "USD million/a", "Transit income lost, high", "Most of its interval."
        ),
        number(
            "customs_union_musd", "USD million/a", "Customs union",
            "Receipts from its pool of duties in excess of own duties, less the gain by national tariffs; "
            "part of the loss.",
        ),
        number(
            "refinancing_musd", "USD million/a", "Refinancing",
            "Cost of replacing loans that are no longer renewed; part of the loss.",
        ),
        number(
            "foreign_investment_musd", "USD million/a", "Foreign investment",
            "Income lost by foreign capital that is not renewed; part of the loss.",
        ),
        number(
            "customs_union_low_musd", "USD million/a", "Customs union, low tariffs",
            "The same with low national tariffs.",
        ),
        number(
            "customs_union_high_musd", "USD million/a", "Customs union, high tariffs",
            "The same with high national tariffs.",
        ),
        number(
            "customs_union_rerun_musd", "USD million/a", "Customs union, terms of trade",
            "The same by a rerun of the trade model, whose terms of trade change.",
        ),
        number(
            "refinancing_recalled_musd", "USD million/a", "Refinancing, debt recalled",
            "The same if lenders call in what is outstanding.",
        ),
        number(
            "foreign_investment_low_musd", "USD million/a", "Foreign investment, low", "Least of its range."
        ),
        number(
            "foreign_investment_high_musd", "USD million/a", "Foreign investment, high", "Most of its range."
        ),
        number(
            "output_lost_musd", "USD million/a", "Output lost",
            "Output that the lost foreign capital would produce, its owners' part included.",
        ),
    ),
)  # fmt: skip
PAIRS = ResultTable(
    "pairs",
    "Interaction of partners",
    "For each horizon, home country and pair of partners the Shapley interaction index.",
    (
        HORIZON,
        HOME,
        PARTNER,
        text("other", "Other partner", "The other partner of the pair.", key=True),
        number(
            "interaction_pct", "%", "Interaction, share of GDP",
            "Positive: the partners are substitutes; negative: their losses overlap.",
        ),
    ),
)  # fmt: skip
EXPOSURE = ResultTable(
    "exposure",
    "Exposure",
    "For each home country, channel and measure the share of each partner.",
    (
        HOME,
        CHANNEL,
        MEASURE,
        PARTNER,
        PARTNER_NAME,
        number("amount", "", "Amount", "Amount of the partner, in the unit of the row."),
        number("total", "", "Total", "Total of the home country, in the unit of the row."),
        text("unit", "Unit", "Unit of amount and total."),
        number("share_pct", "%", "Share", "Amount over total."),
        number("asymmetry", "1", "Asymmetry", "1: only the home depends; −1: only the partner."),
    ),
)
CONCENTRATION = ResultTable(
    "concentration",
    "Concentration",
    "For each home country, channel and measure how concentrated the shares are.",
    (
        HOME,
        CHANNEL,
        MEASURE,
        integer("partners", "", "Number of partners", "Number of partners with a share."),
        number("hhi", "1", "HHI", "Herfindahl–Hirschman index."),
        number("hhi_normalised", "1", "Normalised HHI", "0 for equal shares, 1 for a single partner."),
        number("effective_partners", "1", "Effective partners", "One over the HHI."),
        number("theil", "1", "Theil", "Theil redundancy of the shares."),
        number("theil_between", "1", "Theil between blocs", "Part between blocs of partners."),
        number("theil_within", "1", "Theil within blocs", "Part within blocs of partners."),
        number("hirschman", "1", "Hirschman 1945", "100 times the square root of the HHI."),
        number("cr1", "1", "Largest share", "Share of the largest partner."),
        text("largest", "Largest partner", "Name of the largest partner."),
    ),
)
EU = ResultTable(
    "eu",
    "Strategic dependency on imports",
    "For each home country and commodity the European Commission's indicators (SWD(2021) 352).",
    (
        HOME,
        text("commodity", "Commodity", "Commodity.", key=True),
        number("concentration", "1", "Concentration", "HHI of imports from outside the region by origin."),
        number("outside_share", "1", "Outside share", "Imports from outside over all imports."),
        number("substitution", "1", "Substitution", "Imports from outside over exports."),
        flag("dependent", "Dependent", "True if all three exceed their thresholds."),
        number("outside_musd", "USD million/a", "Imports from outside", "Imports from outside the region."),
    ),
)
ROWS = ResultTable(
    "rows",
    "Provenance of exposure",
    "For each home country, channel and partner the rows of the pack behind the exposure.",
    (HOME, CHANNEL, PARTNER, text("row", "Row", "Row of the pack, as table/key.", key=True)),
)
TABLES = declared(HEADLINE, SHARES, CHANNELS, RANGES, LOSSES, PAIRS, EXPOSURE, CONCENTRATION, EU, ROWS)
"""Tables of a dependence study by name."""
