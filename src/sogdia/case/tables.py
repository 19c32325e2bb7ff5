"""Tables that a case adds to those of its region."""

from __future__ import annotations

from sogdia.tables.results import ResultTable, declared, flag, integer, number, text

PROJECTS = ResultTable(
    "plan_projects",
    "Projects of the plan",
    "One row per project of the plan, in the plan's order.",
    (
        text("project", "Project", "Row of `projects`.", key=True),
        integer("opening_year", "year", "Opening year", "Year in which all of the project is open."),
        text(
            "opening_year_source",
            "Source of the opening year",
            "`plan`, `project` (its completion year), `rows` (latest row that it opens); empty if not known.",
        ),
        integer("start_year", "year", "Start of works", "Year in which works start."),
        number(
            "cost_musd",
            "USD million",
            "Cost",
            "Published capital cost; empty if none is published, 0 if it is in that of another project.",
        ),
        text("part_of", "Part of", "Project of the plan whose cost includes this one; empty if none does."),
        text("cost_basis", "Basis of the cost", "`reported`, `derived` or `assumed`; empty without a cost."),
        text("cost_source", "Source of the cost", "Ids of `sources`, `;` between them."),
        number(
            "home_share",
            "1",
            "Home countries' share",
            "Home countries among all countries that the project lies in: equal parts.",
        ),
        flag("in_baseline", "In the baseline", "True if the baseline builds the project too."),
    ),
)

FINANCE = ResultTable(
    "finance",
    "Finance of the plan's projects",
    "One row per project and source of finance.",
    (
        text("project", "Project", "Row of `projects`.", key=True),
        text("partner", "Financing party", "Code of the party that lends, grants or invests.", key=True),
        text("lender_class", "Lender class", "Row of `lending_terms`; empty if not known.", key=True),
        number("amount_musd", "USD million", "Amount", "Amount; empty if not published."),
        integer("opening_year", "year", "Opening year", "Year in which all of the project is open."),
        number("delay_a", "a", "Delay", "Years by which a shock delays the money."),
        flag("withdrawn", "Withdrawn", "True if a shock withdraws the money."),
        flag("in_baseline", "In the baseline", "True if the baseline builds the project too."),
        text("basis", "Basis", "`plan` (share of the cost) or `deals` (counted deals of the project)."),
        text("row", "Row", "Project (`plan`) or row of `deals`.", key=True),
    ),
)

CHANGES = ResultTable(
    "changes",
    "Edits of tables",
    "One row per edit of one field, in the order of application.",
    (
        text("cause", "Cause", "Project, shock, variant, restriction or growth that requires the edit."),
        text("table", "Table", "Table edited."),
        text("field", "Field", "Field edited; empty for added rows."),
        text("action", "Action", "`set`, `scale`, `shift` (a number is added) or `add` (rows)."),
        text("value", "Value", "New value, or factor."),
        integer("rows", "1", "Rows", "Number of rows edited."),
        text("first_row", "First row", "Key of the first of them."),
        text("reason", "Reason", "Reason, as text."),
        text("source", "Source", "Ids of `sources`, `;` between them; empty for a choice of the user."),
    ),
)

TABLES = declared(PROJECTS, FINANCE, CHANGES)
"""Tables of a case, by name."""
