"""Tables of a search over portfolios of a region, declared once: columns, units, labels, meanings."""

from __future__ import annotations

from sogdia.tables.results import ResultTable, declared, flag, integer, number, text

_PORTFOLIO = integer(
    "portfolio", "1", "Portfolio", "Number of the portfolio; 1 is the recommended one.", key=True
)
_PROJECT = text("project", "Project", "Row of `projects`.", key=True)
_NAME = text("name", "Name", "Name of the project.")
_NPV = number(
    "npv_musd", "USD million", "Net present value",
    "Economic net present value at 6 %, with the grant element of loans from abroad.",
)  # fmt: skip
_LOSS = number(
    "worst_loss_pct",
    "%",
    "Largest loss",
    "L*, the largest loss by one partner's withdrawal, % of GDP a year.",
)
_CO2 = number("co2_mt", "Mt/a", "Carbon dioxide", "Change of emissions of power plants against the baseline.")
_UNSERVED = number(
    "unserved_gwh", "GWh/a", "Unserved energy", "Change of energy that is not served against the baseline."
)

FRONT = ResultTable(
    "portfolio_front",
    "Pareto front of portfolios",
    "One row per nondominated portfolio; the recommended one, best by the leading objective, comes first.",
    (
        _PORTFOLIO,
        flag("recommended", "Recommended", "True for the best portfolio by the leading objective."),
        flag("verified", "Run in full", "True if its projects were run together in every scenario."),
        _NPV,
        number("npv_low_musd", "USD million", "Net present value, low", "At the worse ends of ranges."),
        number("npv_high_musd", "USD million", "Net present value, high", "At the better ends."),
        number("max_regret_musd", "USD million", "Largest regret", "Over the scenarios, against the front."),
        _LOSS,
        text("worst_partner", "Partner of the largest loss", "Row of `partners`."),
        _CO2,
        _UNSERVED,
        number("cost_musd", "USD million", "Cost", "The home countries' part of capital costs."),
        number("own_money_musd", "USD million", "Own money", "Treasuries, domestic lenders, the rest."),
        number("debt_pv_musd", "USD million", "Debt", "Present value of new loans from abroad."),
        integer("projects", "1", "Projects", "Number of projects built."),
        text("text", "Portfolio as text", "Projects with their options."),
    ),
)  # fmt: skip
BEST = ResultTable(
    "portfolio_best",
    "Best portfolio by objective",
    "One row per objective.",
    (
        text("objective", "Objective", "`npv`, `autonomy`, `co2`, `unserved` or `regret`.", key=True),
        integer("portfolio", "1", "Portfolio", "Number of the portfolio in the front."),
        text("value", "Value", "Value of the objective with its unit."),
        text(
            "proof",
            "Proof",
            "How it is known: sets that were not run in full have the value of singles and pairs.",
        ),
    ),
)
CHOICES = ResultTable(
    "portfolio_choices",
    "Projects of each portfolio",
    "One row per portfolio of the front and project that it builds.",
    (
        _PORTFOLIO,
        _PROJECT,
        _NAME,
        text("option", "Finance", "Option of finance."),
        integer("opening_year", "year", "Opening year", "Year in which it opens."),
        number("cost_musd", "USD million", "Cost", "The home countries' part of the capital cost."),
        flag("estimated", "Estimated", "True if the cost is that of its reference class."),
        number("own_money_musd", "USD million", "Own money", "Treasuries, domestic lenders, the rest."),
        number("debt_pv_musd", "USD million", "Debt", "Present value of loans from abroad."),
        number("grant_musd", "USD million", "Grant element", "Of its loans; negative for loans above 5 %."),
    ),
)
FINANCE = ResultTable(
    "portfolio_finance",
    "Who finances what",
    "One row per project, home country and source of the recommended portfolio.",
    (
        _PROJECT,
        text("home", "Country", "Home country.", key=True),
        text("party", "Financing party", "Code of the party.", key=True),
        text("partner", "Partner", "Partner that the party belongs to, else the party."),
        text("lender_class", "Lender class", "Row of `lending_terms`; empty for equity.", key=True),
        number("amount_musd", "USD million", "Amount", "The home country's part."),
        number("grant_element_pct", "%", "Grant element", "0 for equity."),
        number("pv_musd", "USD million", "Present value", "Present value of the debt; 0 if it is not owed."),
    ),
)
LOSSES = ResultTable(
    "portfolio_losses",
    "Loss by withdrawn partner",
    "One row per portfolio of the front and partner.",
    (
        _PORTFOLIO,
        text("partner", "Partner", "Row of `partners`.", key=True),
        number("loss_pct", "%", "Loss", "Yearly loss in the tenth year, % of GDP."),
        number("baseline_pct", "%", "Loss in the baseline", "Without any of the projects."),
    ),
)
REGRET = ResultTable(
    "portfolio_regret",
    "Regret by scenario",
    "One row per portfolio of the front and scenario.",
    (
        _PORTFOLIO,
        text("scenario", "Scenario", "Name of the scenario.", key=True),
        _NPV,
        number("best_musd", "USD million", "Best", "Largest net present value found in the scenario."),
        number("regret_musd", "USD million", "Regret", "The best less that of the portfolio."),
    ),
)
PROJECTS = ResultTable(
    "portfolio_projects",
    "Projects of near-optimal portfolios",
    "One row per distance from the optimum and project.",
    (
        number("within_pct", "%", "Distance", "Largest distance from the best net present value.", key=True),
        _PROJECT,
        _NAME,
        number("share", "1", "Share of portfolios", "Share of near-optimal portfolios that build it."),
        flag("in_all", "In all", "True for a no-regret project: every near-optimal portfolio builds it."),
        flag("in_none", "In none", "True if no near-optimal portfolio builds it."),
        text("options", "Options", "Its options in them."),
    ),
)
SINGLES = ResultTable(
    "portfolio_singles",
    "Options alone",
    "One row per project and option: the change that it makes alone.",
    (
        _PROJECT,
        text("option", "Finance", "Option of finance.", key=True),
        _NAME,
        integer("opening_year", "year", "Opening year", "Year in which it opens."),
        _NPV,
        number("npv_low_musd", "USD million", "Net present value, low", "At the worse ends."),
        number("npv_high_musd", "USD million", "Net present value, high", "At the better ends."),
        number(
            "loss_change_pct", "%", "Change of the largest loss", "Change of L*, percentage points of GDP."
        ),
        _CO2,
        _UNSERVED,
        number("cost_musd", "USD million", "Cost", "The home countries' part of the capital cost."),
        number("own_money_musd", "USD million", "Own money", "Treasuries, domestic lenders, the rest."),
        number("debt_pv_musd", "USD million", "Debt", "Present value of loans from abroad."),
        text("engines", "Engines", "Engines that see the project: goods, power, or both."),
    ),
)
INTERACTIONS = ResultTable(
    "portfolio_interactions",
    "Interactions of projects",
    "One row per pair that one engine sees, at the first option of each.",
    (
        _PROJECT,
        text("other", "With", "Row of `projects`.", key=True),
        number("together_musd", "USD million", "Together", "Change of the net present value by both."),
        number("alone_musd", "USD million", "Sum of each alone", "Sum of the changes by each alone."),
        number("interaction_musd", "USD million", "Interaction", "Together less the sum."),
        text("kind", "Kind", "`complements`, `substitutes` or `independent`."),
    ),
)
SENSITIVITY = ResultTable(
    "portfolio_sensitivity",
    "Changes of one project",
    "One row per change of one project of the recommended portfolio.",
    (
        text("change", "Change", "`add`, `drop`, or a change of the partner or year.", key=True),
        _PROJECT,
        text("option", "Finance", "Option after the change.", key=True),
        flag("feasible", "Feasible", "True if it respects all limits."),
        text("violated", "Limits violated", "Names of the limits."),
        number("npv_change_musd", "USD million", "Change of the net present value", "Empty if not feasible."),
        number("loss_change_pct", "%", "Change of the largest loss", "Percentage points of GDP."),
    ),
)
PRICE = ResultTable(
    "portfolio_price",
    "Price of autonomy",
    "One row per level of the largest loss at which a better net present value is given up.",
    (
        number("worst_loss_pct", "%", "Largest loss", "Level of L*.", key=True),
        _NPV,
        number("cost_musd", "USD million", "Cost", "The optimum less that."),
        number("cost_per_point_musd", "USD million", "Cost per point", "For 1 % of GDP less loss."),
        text("text", "Portfolio as text", "Projects with their options."),
    ),
)
ERRORS = ResultTable(
    "portfolio_errors",
    "Error of the approximation",
    "One row per set of projects that was run in full.",
    (
        text("set", "Projects", "Rows of `projects`, separated by ;.", key=True),
        number("benefit_musd_a", "USD million/a", "Benefit", "Yearly benefit by runs of the set in full."),
        number("second_order_musd_a", "USD million/a", "By pairs", "The same from singles and pairs."),
        number("first_order_musd_a", "USD million/a", "By singles", "The same from singles alone."),
        number("loss_pct", "%", "Largest loss", "L* by runs of the set in full."),
        number("second_order_pct", "%", "Largest loss by pairs", "The same from singles and pairs."),
    ),
)
RUNS = ResultTable(
    "portfolio_runs",
    "Runs of the engines",
    "One row per engine.",
    (
        text("engine", "Engine", "`goods` (freight with trade), or `power`.", key=True),
        integer("requested", "1", "Requested", "Portfolios valued times scenarios."),
        integer("run", "1", "Runs", "Distinct runs of the engine that gave their values."),
        integer("saved", "1", "Saved", "Requested less runs."),
    ),
)
TABLES = declared(
    FRONT, BEST, CHOICES, FINANCE, LOSSES, REGRET, PROJECTS, SINGLES, INTERACTIONS, SENSITIVITY, PRICE,
    ERRORS, RUNS,
)  # fmt: skip
"""Tables of a search, by name; those of a stored run of kind ``portfolio``."""
