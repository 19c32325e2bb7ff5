"""Tables of a plan's finance, debt and appraisal."""

from __future__ import annotations

from sogdia.tables.results import ResultTable, declared, flag, integer, number, text

_HOME = text("home", "Country", "Home country.", key=True)
_PARTY = text("party", "Financing party", "Code of the party.", key=True)
_CLASS = text("lender_class", "Lender class", "Row of `lending_terms`; empty if not known.")
_ROW = text("row", "Row", "Row of the pack that the figure comes from.", key=True)

FINANCE = ResultTable(
    "money_finance",
    "Finance of the plan",
    "One row per project, source of finance and home country; equal parts of a project's home countries.",
    (
        _HOME,
        text("project", "Project", "Row of `projects`.", key=True),
        text("partner", "Partner", "Partner that the party belongs to, else the party."),
        _PARTY,
        _CLASS,
        number("amount_musd", "USD million", "Amount", "The home country's part; empty if not published."),
        flag("lent", "Loan", "True if it is owed."),
        flag("terms_known", "Terms known", "True if the terms are published."),
        number("grant_element_pct", "%", "Grant element", "Principal first due as grace ends."),
        number("grant_element_later_pct", "%", "Grant element, later", "Principal first due a period later."),
        flag("concessional", "Concessional", "Loan with a grant element of at least 35 %."),
        number("pv_musd", "USD million", "Present value", "Present value of the debt; 0 if it is not owed."),
        _ROW,
    ),
)

CAPEX = ResultTable(
    "money_capex",
    "Capital cost by year",
    "One row per project with a cost, published or of its reference class, and year of works.",
    (
        text("project", "Project", "Row of `projects`.", key=True),
        integer("year", "year", "Year", "Calendar year.", key=True),
        number("capex_musd", "USD million", "Capital cost", "Cost in the year; equal parts of the years."),
        number("low_musd", "USD million", "Capital cost, low", "Lower quartile of the class."),
        number("high_musd", "USD million", "Capital cost, high", "Upper quartile of the class."),
        flag("estimated", "Estimated", "True if the cost is that of the reference class."),
        integer("opening_year", "year", "Opening year", "Year in which all of the project is open."),
        number("home_share", "1", "Home countries' share", "Home countries among all countries."),
    ),
)

BURDENS = ResultTable(
    "money_burdens",
    "Debt burden against thresholds",
    "One row per home country and indicator of the debt sustainability framework, in its worst year.",
    (
        _HOME,
        text("capacity", "Debt-carrying capacity", "`weak`, `medium` or `strong`; empty if not rated."),
        text("measure", "Indicator", "Debt burden indicator.", key=True),
        integer("year", "year", "Year", "Year in which the indicator with the plan is highest."),
        number("before_pct", "%", "Before the plan", "Indicator in that year without the plan's loans."),
        number("after_pct", "%", "With the plan", "Indicator in that year with the plan's loans."),
        number("threshold_pct", "%", "Threshold", "Threshold of the framework; empty if none applies."),
        flag("breached", "Breached", "True if the indicator with the plan exceeds the threshold."),
        text("stress_test", "Stress test", "Test in which the indicator with the plan is highest."),
        integer("stress_year", "year", "Year of stress", "Year in which it is."),
        number("stressed_pct", "%", "Under stress", "Indicator with the plan in that test and year."),
        flag("stress_breached", "Breached under stress", "True if it exceeds the threshold."),
    ),
)

STRESS = ResultTable(
    "money_stress",
    "Debt burden by year and stress test",
    "One row per home country, test, indicator and year.",
    (
        _HOME,
        text("test", "Test", "`baseline`, `growth`, `exports`, `depreciation` or `contingent`.", key=True),
        text("measure", "Indicator", "Debt burden indicator.", key=True),
        integer("year", "year", "Year", "Calendar year.", key=True),
        text("capacity", "Debt-carrying capacity", "`weak`, `medium` or `strong`; empty if not rated."),
        number("before_pct", "%", "Before the plan", "Indicator without the plan's loans."),
        number("after_pct", "%", "With the plan", "Indicator with the plan's loans."),
        number("threshold_pct", "%", "Threshold", "Threshold of the framework; empty if none applies."),
        flag("breached", "Breached", "True if the indicator with the plan exceeds the threshold."),
    ),
)

OWED = ResultTable(
    "money_owed",
    "Money owed by payee and year",
    "One row per home country, payee, group of debt and year: lenders, and owners of plants.",
    (
        _HOME,
        _PARTY,
        text(
            "kind",
            "Group",
            "`outstanding` (debt of today and what its lenders lend again), `committed` and `plan` (loans of "
            "projects), or the kind of payment to an owner.",
            key=True,
        ),
        flag("company", "Company debt", "True for the country's share of a joint company's loan.", key=True),
        flag("domestic", "Domestic", "True if the payee is of the country itself.", key=True),
        integer("year", "year", "Year", "Calendar year.", key=True),
        number("principal_musd", "USD million", "Principal", "Principal repaid."),
        number("interest_musd", "USD million", "Interest", "Interest and fees."),
        number("paid_musd", "USD million", "Paid", "Principal and interest, or the payment to the owner."),
        number("lent_musd", "USD million", "Lent", "New loans of the year."),
        number("outstanding_musd", "USD million", "Outstanding", "Owed at the end of the year."),
        number("pv_musd", "USD million", "Present value", "Present value of what is owed then."),
    ),
)

OWNERS = ResultTable(
    "money_owners",
    "Payments to owners of plants",
    "One row per contract and year; empty if the price is not published.",
    (
        _HOME,
        _PARTY,
        text("plant", "Plant", "Row of `plants`.", key=True),
        text("kind", "Kind", "`power_purchase`, `take_or_pay`, `availability` or `arrears`.", key=True),
        integer("year", "year", "Year", "Calendar year.", key=True),
        number("payment_musd", "USD million", "Payment", "The owner's part of the payment."),
        text("status", "Status", "measured; not measured where the price is not published."),
        _ROW,
    ),
)

STOCK = ResultTable(
    "money_stock",
    "Debt stock by lender",
    "One row per home country and lender of external public debt.",
    (
        _HOME,
        _PARTY,
        _CLASS,
        integer("year", "year", "Year", "Year of the figure."),
        number("owed_musd", "USD million", "Debt outstanding", "Nominal value."),
        number("age_a", "a", "Age", "Mean years since signing, weighted by amount; empty if not known."),
        number("pv_musd", "USD million", "Present value", "Valued at par if the terms are not known."),
        number("due_musd_a", "USD million/a", "Principal due", "Principal due in the following year."),
        _ROW,
    ),
)

BENEFITS = ResultTable(
    "money_benefits",
    "Benefits of the plan a year",
    "One row per home country and line; lines that are not apart add up to the benefit.",
    (
        _HOME,
        text(
            "line",
            "Line",
            "`goods`, `electricity` (resource cost saved), `electricity_incremental`, `transit_income`; "
            "apart `carbon`, and `freight_users` and `customs`, which are part of `goods`.",
            key=True,
        ),
        number("benefit_musd_a", "USD million/a", "Benefit", "Benefit in the year of the case."),
        number("low_musd_a", "USD million/a", "Benefit, low", "Low end of its interval, if it has one."),
        number("high_musd_a", "USD million/a", "Benefit, high", "High end of its interval, if it has one."),
    ),
)

APPRAISAL = ResultTable(
    "money_appraisal",
    "Economic appraisal of the plan",
    "One row per discount rate.",
    (
        number("rate_pct", "%", "Discount rate", "Discount rate a year.", key=True),
        number("npv_musd", "USD million", "Economic net present value", "ENPV, as of the first year."),
        number("bcr", "1", "Benefit-cost ratio", "Present value of benefits over that of costs."),
        number("eirr_pct", "%", "Economic internal rate of return", "EIRR; empty if it is not unique."),
        number("capex_musd", "USD million", "Capital cost", "Home countries' part of published costs."),
        number("estimated_musd", "USD million", "Estimated cost", "The part of it by reference class."),
        number("sunk_musd", "USD million", "Sunk cost", "Cost before the decision year; not counted."),
        number("npv_low_musd", "USD million", "ENPV, low", "At the worse ends of costs and benefits."),
        number("npv_high_musd", "USD million", "ENPV, high", "At the better ends of costs and benefits."),
        number("npv_co2_low_musd", "USD million", "ENPV, low carbon price", "With carbon at the low price."),
        number(
            "npv_co2_high_musd", "USD million", "ENPV, high carbon price", "With carbon at the high price."
        ),
        number("switching_cost_pct", "%", "Switching value, cost", "Rise of costs at which the ENPV is 0."),
        number(
            "switching_benefit_pct",
            "%",
            "Switching value, benefit",
            "Fall of benefits at which the ENPV is 0.",
        ),
        number(
            "benefit_musd_a", "USD million/a", "Benefit", "Benefit of the home countries, without carbon."
        ),
        number("transit_musd_a", "USD million/a", "Transit income", "The part that is transit income."),
        number("maintenance_musd_a", "USD million/a", "Maintenance", "Maintenance with all projects open."),
        number(
            "owners_musd", "USD million", "Payments to owners", "Sum of payments instead of capital cost."
        ),
        number("residual_musd", "USD million", "Residual value", "Value of the works at the horizon."),
        integer("decision_year", "year", "Decision year", "Year of present values; earlier cost is sunk."),
        integer("projects", "1", "Projects", "Number of projects with a cost."),
        integer("estimated_projects", "1", "Estimated projects", "Those of them with an estimated cost."),
    ),
)

STEPS = ResultTable(
    "money_steps",
    "Steps of the appraisal",
    "One row per step, present value at 6 %; the counted steps sum to the ENPV.",
    (
        text("step", "Step", "Step of the appraisal.", key=True),
        flag("counted", "Counted", "True if it is in the ENPV; the others are apart."),
        number("pv_musd", "USD million", "Present value", "Costs are negative."),
        number("worse_musd", "USD million", "Worse end", "At the worse end of its range."),
        number("better_musd", "USD million", "Better end", "At the better end of its range."),
        text("practice", "Practice", "Practice of development banks that it follows."),
    ),
)

INCIDENCE = ResultTable(
    "money_incidence",
    "Incidence of the appraisal",
    "One row per country and group, present value at 6 %; the counted rows sum to the ENPV.",
    (
        text("home", "Country", "Home country; for an owner abroad its party.", key=True),
        text(
            "group",
            "Group",
            "`consumer` (goods without customs revenue, electricity), `treasury` (customs revenue, payments "
            "to owners of plants), `carrier` (transit), `investor` (cost, maintenance, residual value) or "
            "`owner`.",
            key=True,
        ),
        flag("counted", "Counted", "True if it is in the ENPV; what owners of plants gain is apart."),
        number("pv_musd", "USD million", "Present value", "Gain of the group; costs are negative."),
    ),
)

FUNDING = ResultTable(
    "money_funding",
    "Who pays for the projects",
    "One row per project and home country; the parts of finance sum to the cost unless more is known.",
    (
        _HOME,
        text("project", "Project", "Row of `projects`.", key=True),
        number("cost_musd", "USD million", "Cost", "The home country's part; empty if none is published."),
        flag("company", "Joint company", "True if the project is that of a joint company."),
        number("loans_musd", "USD million", "Loans from abroad", "Loans with a published amount."),
        number("grants_musd", "USD million", "Other money from abroad", "Grants, equity, or not known."),
        number("domestic_musd", "USD million", "Domestic finance", "Money of the country's own parties."),
        number(
            "equity_musd",
            "USD million",
            "Equity of the state",
            "Of a joint company: what its loans do not cover, by the country's share in it.",
        ),
        number("rest_musd", "USD million", "No financing party known", "Cost less all finance above."),
    ),
)

OFFERS = ResultTable(
    "offers",
    "Sources of an offer of finance",
    "One row per project, home country and source of an offer.",
    (
        text("project", "Project", "Row of `projects`.", key=True),
        _HOME,
        _PARTY,
        text("partner", "Partner", "Partner that the party belongs to, else the party."),
        _CLASS,
        number("amount_musd", "USD million", "Amount", "The home country's part, of a cost or its estimate."),
        flag("own_money", "Own money", "True for a home country's treasury and domestic lenders."),
        flag("lent", "Loan", "True if it is owed."),
        number("grant_element_pct", "%", "Grant element", "0 for equity, and for terms not published."),
        number("pv_musd", "USD million", "Present value", "Present value of the debt; 0 if it is not owed."),
    ),
)

LOSSES = ResultTable(
    "finance_losses",
    "Delayed and withdrawn finance",
    "One row per project, source of finance and home country.",
    (
        _HOME,
        text("project", "Project", "Row of `projects`.", key=True),
        text("partner", "Financing party", "Code of the party.", key=True),
        _CLASS,
        number("amount_musd", "USD million", "Amount", "The home country's part; empty if not published."),
        flag("withdrawn", "Withdrawn", "True if the finance is withdrawn."),
        number("delay_a", "a", "Delay", "Years of delay."),
        flag("terms_known", "Terms known", "True if the terms are published."),
        number("grant_element", "1", "Grant element", "Of the finance that is withdrawn."),
        text("replacement", "Replacement", "Lender class that replaces it."),
        number("new_grant_element", "1", "New grant element", "Of the replacement."),
        number("refinance_musd", "USD million", "To refinance", "Amount to be borrowed elsewhere."),
        number("refinancing_musd_a", "USD million/a", "Loss", "Annuity of the lower grant element."),
    ),
)

IDLE = ResultTable(
    "idle_finance",
    "Finance that waits",
    "One row per project and home country.",
    (
        _HOME,
        text("project", "Project", "Row of `projects`.", key=True),
        number("waiting_musd", "USD million", "Idle finance", "Finance that is available and waits."),
        number("years", "a", "Years", "Years of waiting."),
        number("idle_musd_a", "USD million/a", "Loss", "Annuity of the cost of waiting."),
    ),
)

CAPITAL = ResultTable(
    "capital_losses",
    "Losses by delayed and withdrawn finance",
    "One row per home country.",
    (
        _HOME,
        number("capital_musd", "USD million", "Loss a year", "Refinancing and waiting."),
        number("refinance_musd", "USD million", "To refinance", "Amount to be borrowed elsewhere."),
        integer(
            "unknown_parts", "1", "Parts without amount", "Parts without a published cost, not in the sum."
        ),
    ),
)

TABLES = declared(
    FINANCE,
    CAPEX,
    OWED,
    OWNERS,
    BURDENS,
    STRESS,
    STOCK,
    BENEFITS,
    APPRAISAL,
    STEPS,
    INCIDENCE,
    FUNDING,
    OFFERS,
    LOSSES,
    IDLE,
    CAPITAL,
)
"""Tables of finance, by name."""
