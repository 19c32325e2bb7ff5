"""Sections of a portfolio brief: each sentence's figures, tables and pictures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.finance.appraisal import DEFAULT_RATE
from sogdia.finance.plan_appraisal import HORIZON_A
from sogdia.report.charts import draw_ranges, draw_stacked_bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.parts import Column, Section, Table, drop_empty
from sogdia.report.portfolio_inputs import PortfolioInputs
from sogdia.report.portfolio_pictures import draw_front, draw_projects
from sogdia.report.style import Picture
from sogdia.report.wording import DIGITS, MUSD_A, format_count, join_names

MUSD = "USD million"
NAMED = 4
"""Projects that a sentence names at most."""
SHOWN_CHANGES = 24
MATERIAL_MUSD = 0.5
"""Gain by one change below which the brief says that no change is a gain."""
MATERIAL_MT = 0.05
"""Change of emissions below which they are reported as unchanged."""


def summary(inputs: PortfolioInputs, figures: Figures) -> Section:
    """Build the summary: the recommended set, its figures, its map."""
    best, chosen = inputs.best, inputs.chosen
    origin = Origin(
        "the best portfolio by the leading objective that respects all limits",
        (inputs.label("front"),), inputs.project_rows(chosen["project"].tolist()),
    )  # fmt: skip
    for name, unit in (
        ("npv_musd", MUSD), ("npv_low_musd", MUSD), ("npv_high_musd", MUSD), ("cost_musd", MUSD),
        ("own_money_musd", MUSD), ("debt_pv_musd", MUSD), ("worst_loss_pct", "% of GDP"),
        ("max_regret_musd", MUSD),
    ):  # fmt: skip
        figures.add(name, float(str(best[name])), unit, origin, digits=3 if unit == "% of GDP" else DIGITS)
    figures.add("co2_mt", abs(float(str(best["co2_mt"]))), "Mt/a", origin)
    losses = inputs.table("losses")
    own = losses[(losses["portfolio"] == 1) & (losses["partner"] == best["worst_partner"])]
    base = Origin("the same partner's withdrawal without any of the projects", (inputs.label("losses"),))
    figures.add("loss_before", float(own["baseline_pct"].iloc[0]), "% of GDP", base, digits=3)
    built = format_count(len(chosen), "project")
    context: dict[str, Any] = {
        "built": built, "count": format_count(inputs.count, "project"), "countries": inputs.countries,
        "share": f"{format_count(len(chosen), 'of', 'of')} {format_count(inputs.count, 'project')}",
        "year": str(inputs.year), "is_gain": float(str(best["npv_musd"])) >= 0.0,
        "partner": inputs.name_of(best["worst_partner"]), "co2_falls": float(str(best["co2_mt"])) < 0.0,
        "co2_changes": abs(float(str(best["co2_mt"]))) >= MATERIAL_MT,
        "largest": join_names(chosen["name"].head(NAMED).tolist()), "has_more": len(chosen) > NAMED,
        "is_empty": not len(chosen),
        "is_verified": bool(best["verified"]), "has_estimates": bool(chosen["estimated"].any()),
        "proof": str(inputs.table("best")["proof"].iloc[0]), "limits": inputs.limits,
    }  # fmt: skip
    columns = (
        Column("number", "No.", "", "number", 0), Column("name", "Project"), Column("option", "Finance"),
        Column("opening_year", "Opens"), Column("cost_musd", "Cost", MUSD, "number", 0),
        Column("own_money_musd", "Own money", MUSD, "number", 0),
        Column("debt_pv_musd", "Debt, present value", MUSD, "number", 0),
        Column("grant_musd", "Grant element", MUSD, "effect", 0),
        Column("project", "Key", on_page=False),
    )  # fmt: skip
    frame = chosen.assign(opening_year=chosen["opening_year"].astype(int).astype(str))
    note = (
        "Costs are the parts that fall on the countries of the brief. The grant element is what a loan costs "
        "less than one at 5 % a year; it is negative for a loan that costs more."
    )
    table = Table("recommended", "Recommended projects", columns, frame, origin, note)
    drawn = draw_projects(inputs)
    pictures: dict[str, Picture] = {} if drawn is None else {"projects_map": drawn}
    return Section("portfolio_summary", "Summary", context, drop_empty({"recommended": table}), pictures)


SAME_LOSS_PCT = 0.05
"""Difference of largest losses below which the front says that no portfolio is safer than another."""


def trade_off(inputs: PortfolioInputs, figures: Figures) -> Section:
    """Build the section on the trade-off between gain, dependence and emissions."""
    price, front = inputs.table("price"), inputs.table("front")
    origin = Origin("portfolios of which no other is better by every objective", (inputs.label("front"),))
    context: dict[str, Any] = {
        "has_price": len(price) > 1,
        "portfolios": format_count(len(front), "portfolio"),
    }
    if context["has_price"]:
        row = price.iloc[-1]
        steps = Origin("the best portfolio at each level of the largest loss", (inputs.label("price"),))
        figures.add("least_loss", float(row["worst_loss_pct"]), "% of GDP", steps, digits=3)
        figures.add("least_loss_cost", float(row["cost_musd"]), MUSD, steps)
        spread = float(price["worst_loss_pct"].max() - price["worst_loss_pct"].min())
        figures.add("loss_spread", spread, "% of GDP", steps)
        context["is_flat"] = spread < SAME_LOSS_PCT
    columns = (
        Column("portfolio", "No.", "", "number", 0), Column("npv_musd", "Net present value", MUSD,
        "effect", 0),
        Column("npv_low_musd", "low", MUSD, "effect", 0), Column("npv_high_musd", "high", MUSD, "effect", 0),
        Column("worst_loss_pct", "Largest loss", "% of GDP", "number", 3), Column("partner", "without"),
        Column("co2_mt", "CO₂", "Mt/a", "effect", 1), Column("debt_pv_musd", "Debt", MUSD, "number", 0),
        Column("projects", "Projects", "", "number", 0), Column("full", "Run in full"),
        Column("text", "Portfolio", on_page=False),
    )  # fmt: skip
    frame = front.assign(
        partner=front["worst_partner"].map(inputs.name_of),
        full=front["verified"].astype(bool).map({True: "yes", False: "no"}),
        text=front["text"].map(inputs.with_names),
    )
    tables = {"front": Table("front", "Portfolios of the front", columns, frame, origin, max_rows=15)}
    steps_table = Table(
        "price", "Price of autonomy",
        (
            Column("worst_loss_pct", "Largest loss", "% of GDP", "number", 3),
            Column("npv_musd", "Net present value", MUSD, "effect", 0), Column("cost_musd", "Given up",
            MUSD, "number", 0),
            Column("cost_per_point_musd", "for one point less", MUSD, "number", 0),
            Column("text", "Portfolio", on_page=False),
        ),
        price.assign(text=price["text"].map(inputs.with_names)),
        Origin("the best portfolio at each level of the largest loss", (inputs.label("price"),)), max_rows=12,
    )  # fmt: skip
    tables["price"] = steps_table
    return Section("portfolio_front", "Trade-off", context, drop_empty(tables), {"front": draw_front(inputs)})


def money(inputs: PortfolioInputs, figures: Figures) -> Section:
    """Build the section on who finances what."""
    table = inputs.table("finance")
    table = table.assign(
        payer=table["partner"].map(inputs.name_of), lender=table["party"].map(inputs.name_of),
        country=table["home"].map(inputs.name_of),
        title=table["project"].map(inputs.region.table("projects")["name"].astype(str).to_dict()),
        kind=table["lender_class"].map(lambda name: "loan" if name else "equity or grant"),
    )  # fmt: skip
    sums = table.groupby("payer", sort=False)["amount_musd"].sum().sort_values(ascending=False)
    origin = Origin("sources of the chosen options", (inputs.label("finance"),))
    context: dict[str, Any] = {"payers": []}
    for number, (payer, amount) in enumerate(sums.head(3).items()):
        figures.add(f"payer_{number}", float(amount), MUSD, origin)
        context["payers"].append((str(payer), f"payer_{number}"))
    columns = (
        Column("title", "Project"), Column("country", "Country"), Column("lender", "Lender or investor"),
        Column("payer", "Partner"), Column("kind", "Kind"), Column("lender_class", "Terms", on_page=False),
        Column("amount_musd", "Amount", MUSD, "number", 0), Column("pv_musd", "Present value", MUSD,
        "number", 0),
        Column("grant_element_pct", "Grant element", "%", "number", 0),
    )  # fmt: skip
    tables = drop_empty({"finance": Table("finance", "Who finances what", columns, table, origin)})
    pictures = {}
    if len(sums):
        projects = list(dict.fromkeys(table["title"]))
        wide = table.pivot_table(index="title", columns="payer", values="amount_musd", aggfunc="sum").fillna(
            0.0
        )
        parts = [(str(payer), wide.loc[projects, payer].tolist()) for payer in sums.index]
        said = "; ".join(f"{payer} {amount:,.0f}" for payer, amount in sums.items())
        pictures["payers"] = draw_stacked_bars(
            projects, parts, "million dollars", name="payers",
            alt=f"Money by partner, million dollars: {said}.",
            caption="Money from lenders and investors by project; own money is not in the bars.",
        )  # fmt: skip
    return Section("portfolio_money", "Who finances what", context, tables, pictures)


def robustness(inputs: PortfolioInputs, figures: Figures) -> Section:
    """Build the section on regret by scenario."""
    table = inputs.table("regret")
    table = table.assign(title=table["scenario"].map(lambda name: inputs.scenarios.get(str(name), str(name))))
    own = table[table["portfolio"] == 1].reset_index(drop=True)
    origin = Origin("largest net present value found in the scenario, less that of the portfolio",
                    (inputs.label("regret"),))  # fmt: skip
    worst = own.iloc[int(own["regret_musd"].to_numpy().argmax())]
    figures.add("regret", float(worst["regret_musd"]), MUSD, origin)
    least = table.groupby("portfolio")["regret_musd"].max()
    figures.add("least_regret", float(least.min()), MUSD, origin)
    context = {
        "is_single": len(own) == 1, "scenario": str(worst["title"]),
        "has_regret": float(worst["regret_musd"]) > 0.5,
        "is_least": int(str(least.idxmin())) == 1 or float(least.min()) >= float(least.loc[1]) - 0.5,
        "portfolio": str(least.idxmin()),
    }  # fmt: skip
    columns = (
        Column("title", "Scenario"), Column("npv_musd", "Net present value", MUSD, "effect", 0),
        Column("best_musd", "Best portfolio found", MUSD, "effect", 0),
        Column("regret_musd", "Regret", MUSD, "number", 0),
    )  # fmt: skip
    note = "Benefits of a scenario are taken as lasting for all years of the appraisal."
    shown = Table("regret", "Recommended portfolio by scenario", columns, own, origin, note)
    losses = inputs.table("losses")
    losses = losses[losses["portfolio"] == 1].assign(name=lambda rows: rows["partner"].map(inputs.name_of))
    change = Table(
        "losses", "Loss if a partner withdraws, tenth year",
        (
            Column("name", "Partner"), Column("baseline_pct", "Without the projects", "% of GDP",
            "number", 2),
            Column("loss_pct", "With the portfolio", "% of GDP", "number", 3),
        ),
        losses, Origin("withdrawal of one partner from the region", (inputs.label("losses"),)),
    )  # fmt: skip
    return Section("portfolio_robustness", "Scenarios and withdrawals", context,
                   drop_empty({"regret": shown, "losses": change}))  # fmt: skip


def changes(inputs: PortfolioInputs, figures: Figures) -> Section:
    """Build the section on what would change the answer."""
    table = inputs.table("sensitivity")
    projects = inputs.region.table("projects")["name"].astype(str).to_dict()
    table = table.assign(
        name=table["project"].map(projects), allowed=table["feasible"].astype(bool).map({True: "yes",
        False: "no"}),
        violated=table["violated"].map(inputs.with_names),
    )  # fmt: skip
    able = table[table["feasible"].astype(bool)].sort_values(
        "npv_change_musd", ascending=False, kind="stable"
    )
    origin = Origin("recommended portfolio with one project changed", (inputs.label("sensitivity"),))
    near = inputs.table("projects").sort_values(["within_pct", "share"], ascending=False, kind="stable")
    widest = near[near["within_pct"] == near["within_pct"].max()]
    context: dict[str, Any] = {
        "no_regret": _listed(widest.loc[widest["in_all"].astype(bool), "name"].tolist()),
        "never": _listed(widest.loc[widest["in_none"].astype(bool), "name"].tolist()),
        "blocked": _blocking(table), "has_change": len(able) > 0,
    }  # fmt: skip
    figures.add("within", float(widest["within_pct"].iloc[0]), "%", Origin("distance from the optimum"))
    if len(able):
        row = able.iloc[0]
        context["first"] = f"{row['change']}, {row['name']}" + (
            f" ({row['option']})" if row["option"] else ""
        )
        context["first_gains"] = float(row["npv_change_musd"]) >= MATERIAL_MUSD
        figures.add("first_change", float(row["npv_change_musd"]), MUSD, origin, sign=True)
    columns = (
        Column("change", "Change"), Column("name", "Project"), Column("option", "Finance"),
        Column("npv_change_musd", "Net present value", MUSD, "effect", 0),
        Column("loss_change_pct", "Largest loss", "points of GDP", "effect", 2), Column("allowed",
        "Within limits"),
        Column("violated", "Limits in the way", on_page=False),
    )  # fmt: skip
    rows = pd.concat([able, table[~table["feasible"].astype(bool)]])
    tables = {
        "sensitivity": Table("sensitivity", "One change at a time", columns, rows, origin,
        max_rows=SHOWN_CHANGES),
        "pairs": _pairs(inputs),
        "near": Table(
            "near", "Projects of near-optimal portfolios",
            (
                Column("within_pct", "Within", "%", "number", 0), Column("name", "Project"),
                Column("share", "Share of portfolios", "", "number", 2), Column("options", "Finance"),
            ),
            near, Origin("portfolios within a distance of the optimum", (inputs.label("projects"),)),
            max_rows=25,
        ),
    }  # fmt: skip
    return Section(
        "portfolio_changes",
        "Changes that would alter the answer",
        context,
        drop_empty(tables),
        _alone(inputs),
    )


def _pairs(inputs: PortfolioInputs) -> Table:
    """Return the pairs of projects that interact."""
    projects = inputs.region.table("projects")["name"].astype(str).to_dict()
    pairs = inputs.table("interactions")
    pairs = pairs[pairs["kind"] != "independent"].assign(
        first=lambda rows: rows["project"].map(projects), second=lambda rows: rows["other"].map(projects)
    )
    return Table(
        "pairs", "Pairs of projects that interact",
        (
            Column("first", "Project"), Column("second", "with"),
            Column("alone_musd", "Sum of each alone", MUSD, "effect", 0),
            Column("together_musd", "Together", MUSD, "effect", 0),
            Column("interaction_musd", "Interaction", MUSD, "effect", 0), Column("kind", "Kind"),
        ),
        pairs, Origin("net present value of both, less that of each alone",
        (inputs.label("interactions"),)),
        max_rows=12,
    )  # fmt: skip


def _alone(inputs: PortfolioInputs) -> dict[str, Picture]:
    """Draw the net present value of each project alone, with its best option."""
    alone = inputs.table("singles").sort_values("npv_musd", ascending=False).drop_duplicates("project")
    said = "; ".join(f"{row['name']} {row['npv_musd']:,.0f}" for row in alone.to_dict("records"))
    drawn = draw_ranges(
        alone, "singles", label="name", at="npv_musd", low="npv_low_musd", high="npv_high_musd",
        unit="million dollars", alt=f"Net present value alone, million dollars: {said}.",
        caption="Net present value of each project alone with its best finance, and its range.",
    )  # fmt: skip
    return {"singles": drawn}


def _listed(names: list[str]) -> str:
    """Join names; empty if there is none."""
    return join_names(names) if names else ""


def _blocking(table: pd.DataFrame) -> str:
    """Return the limits that rule out most single additions, as a list."""
    added = table[(table["change"] == "add") & ~table["feasible"].astype(bool)]
    counts = added["violated"].str.split(", ").explode().value_counts()
    return _listed([str(name) for name in counts.index[:2]])


def method(inputs: PortfolioInputs, figures: Figures) -> Section:
    """Build the section on how the answer is known."""
    errors, runs = inputs.table("errors"), inputs.table("runs")
    origin = Origin(
        "sets of projects that were run in full, against singles and pairs", (inputs.label("errors"),)
    )
    context: dict[str, Any] = {
        "sets": format_count(len(errors), "set"), "has_sets": len(errors) > 0,
        "engines": [
            ("freight with trade" if row["engine"] == "goods" else "the power system", f"{row['run']:,}",
             f"{row['requested']:,}")
            for row in runs.to_dict("records")
        ],
        "baseline": inputs.baseline, "year": str(inputs.year), "question": inputs.question,
    }  # fmt: skip
    setting = Origin("settings of the appraisal")
    figures.add("horizon", HORIZON_A, "a", setting)
    figures.add("rate", 100.0 * DEFAULT_RATE, "%", setting, digits=1)
    if len(errors):
        for name, column in (("pairs", "second_order_musd_a"), ("singles", "first_order_musd_a")):
            miss = (errors[column] - errors["benefit_musd_a"]).abs().round(1)
            figures.add(f"{name}_median", float(miss.median()), MUSD, origin)
            figures.add(f"{name}_most", float(miss.max()), MUSD, origin)
    columns = (
        Column("size", "Projects", "", "number", 0), Column("set", "Set", on_page=False),
        Column("benefit_musd_a", "Benefit, run in full", MUSD_A, "effect", 0),
        Column("second_order_musd_a", "by singles and pairs", MUSD_A, "effect", 0),
        Column("first_order_musd_a", "by singles", MUSD_A, "effect", 0),
        Column("loss_pct", "Largest loss, run in full", "% of GDP", "number", 2),
        Column("second_order_pct", "by singles and pairs", "% of GDP", "number", 2),
    )  # fmt: skip
    frame = errors.assign(
        size=errors["set"].map(lambda text: 0 if text == "none" else text.count(";") + 1),
        set=errors["set"].map(lambda text: inputs.with_names(text).replace(";", "; ")),
    )
    tables = drop_empty({"errors": Table("errors", "Error of the approximation", columns, frame, origin)})
    return Section("portfolio_method", "How the answer is known", context, tables)


SECTIONS = (summary, trade_off, money, robustness, changes, method)
"""Builders of the sections, in order."""
