"""What it costs and who is owed: payers, loans and their terms, debt service, worth against cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sogdia.finance.loans import CONCESSIONAL
from sogdia.finance.plan_finance import HORIZON_A, plan_money
from sogdia.report.charts import bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.style import Picture
from sogdia.report.wording import counted, number

MEASURES = {
    "pv_external_gdp_pct": "Present value of external debt over GDP",
    "pv_external_exports_pct": "Present value of external debt over exports",
    "service_exports_pct": "Debt service over exports",
    "service_revenue_pct": "Debt service over revenue",
}
NEARLY_ALL_PCT = 95.0
"""Part of a sum from which it is told as nearly all."""
STEP_A = 5
"""Years between those shown of debt service."""


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    money = plan_money(inputs.case, None) if inputs.dependence is None else inputs.dependence.after.money
    finance = money["finance"]
    finance = finance[finance["home"].isin(inputs.homes)]
    unknown = int(finance.loc[finance["amount_musd"].isna(), "project"].nunique())
    rows = tuple(dict.fromkeys(finance["row"].astype(str)))
    origin = Origin("who pays for the plan's projects, from its counted deals or the plan itself", rows=rows)
    by = _by_party(inputs, finance)
    words: dict[str, Any] = {
        "homes": inputs.told_of, "one": len(inputs.homes) == 1,
        "unknown": counted(unknown, "project") if unknown else "",
        "appraised": "appraisal" in money and len(money["appraisal"]) > 0,
        **_first(by, "amount_musd", figures, origin, "paid"),
        **_first(by, "pv_musd", figures, origin, "owed"),
    }  # fmt: skip
    if words["appraised"]:
        words |= _worth(inputs, money["appraisal"], figures)
    tables = {
        "payers": _payers(by, origin),
        "loans": _loans(inputs, finance),
        "burdens": _burdens(inputs, money["burdens"]),
        "appraisal": _appraisal(money, whole=not words.get("unpriced")),
    }
    service = money["service"][money["service"]["home"].isin(inputs.homes)]
    pictures = {"service": _service(service)} if len(service) else {}
    kept = {name: table for name, table in tables.items() if len(table.frame)}
    return Section("money", "What it costs and who is owed", words, kept, pictures)


def _first(
    by: pd.DataFrame, column: str, figures: Figures, origin: Origin, name: str
) -> dict[str, str | bool]:
    """Who has the largest part of a sum; nobody where the sum is nought."""
    whole = float(by[column].sum())
    if whole <= 0.0:
        return {name: ""}
    top = by.sort_values(column, ascending=False, kind="stable").to_dict("records")[0]
    part = 100.0 * float(top[column]) / whole
    figures.add(name, whole, "USD million", origin)
    figures.add(f"{name}_first", float(top[column]), "USD million", origin)
    figures.add(f"{name}_first_pct", part, "%", origin)
    return {name: str(top["name"]), f"{name}_nearly_all": part >= NEARLY_ALL_PCT}


def _by_party(inputs: BriefInputs, finance: pd.DataFrame) -> pd.DataFrame:
    lent = finance["amount_musd"].where(finance["lent"].astype(bool), 0.0)
    table = finance.assign(lent_musd=lent, blank=finance["amount_musd"].isna())
    sums = table.groupby("party")[["amount_musd", "lent_musd", "pv_musd"]].sum()
    counts = table.groupby("party")["project"].nunique()
    blank = table[table["blank"]].groupby("party")["project"].nunique()
    by = sums.assign(projects=counts.astype(float), blank=blank.astype(float)).fillna(0.0).reset_index()
    by["name"] = inputs.named(by["party"].astype(str).tolist())
    return by.sort_values("amount_musd", ascending=False, kind="stable", ignore_index=True)


def _payers(by: pd.DataFrame, origin: Origin) -> Table:
    columns = (
        Column("name", "Who"),
        Column("projects", "Projects", "", "number", 0),
        Column("blank", "of them without a sum", "", "number", 0),
        Column("amount_musd", "Sums told", "USD million", "number", 0),
        Column("lent_musd", "of it lent", "USD million", "number", 0),
        Column("pv_musd", "Present value owed", "USD million", "number", 0),
    )
    note = (
        "The part of projects in the countries of the brief; a project of several countries counts in equal "
        "parts. Present value at the rate of the Fund and the World Bank."
    )
    return Table("payers", "Who pays", columns, by, origin, note)


def _loans(inputs: BriefInputs, finance: pd.DataFrame) -> Table:
    loans = finance[finance["lent"].astype(bool) & finance["amount_musd"].notna()].copy()
    projects, terms = inputs.case.table("projects")["name"], inputs.case.table("lending_terms")
    loans["project_name"] = projects.reindex(loans["project"]).to_numpy()
    loans["country"] = inputs.named(loans["home"].astype(str).tolist())
    loans["lender"] = inputs.named(loans["party"].astype(str).tolist())
    for name in ("interest_pct", "maturity_a", "grace_a"):
        loans[name] = terms[name].astype(float).reindex(loans["lender_class"].astype(str)).to_numpy()
    loans["grant_element_pct"] = loans["grant_element_pct"].where(loans["terms_known"].astype(bool))
    columns = (
        Column("project_name", "Project"),
        Column("country", "Borrower"),
        Column("lender", "Lender"),
        Column("amount_musd", "Lent", "USD million", "number", 0),
        Column("interest_pct", "Interest", "% a year", "number", 1),
        Column("maturity_a", "Over", "years", "number", 0),
        Column("grace_a", "Grace", "years", "number", 0),
        Column("grant_element_pct", "Grant element", "%", "change", 0),
        Column("pv_musd", "Present value", "USD million", "number", 0),
    )
    rows = tuple(f"lending_terms/{name}" for name in dict.fromkeys(loans["lender_class"].astype(str)) if name)
    origin = Origin("loans of the plan, on the terms of their lender's class", rows=rows)
    note = (
        "A dash: the rate or term is not published, so the loan counts as owed at its face, and nothing "
        "of it falls due in the debt service below. A loan counts as concessional from a grant element of "
        f"{100.0 * CONCESSIONAL:.0f} per cent on; below zero it is dear."
    )
    return Table("loans", "Loans of the plan", columns, loans, origin, note)


def _burdens(inputs: BriefInputs, burdens: pd.DataFrame) -> Table:
    table = burdens[burdens["home"].isin(inputs.homes) & burdens["after_pct"].notna()].copy()
    table["country"] = inputs.named(table["home"].astype(str).tolist())
    table["what"] = table["measure"].map(MEASURES).fillna(table["measure"])
    table["verdict"] = [
        "no threshold" if limit != limit else "over it" if breached else "within it"
        for limit, breached in zip(table["threshold_pct"], table["breached"].astype(bool), strict=True)
    ]
    columns = (
        Column("country", "Country"),
        Column("what", "Measure"),
        Column("before_pct", "Without the plan", "%", "number", 1),
        Column("after_pct", "with the plan's loans", "%", "number", 1),
        Column("threshold_pct", "Threshold", "%", "number", 0),
        Column("verdict", "With the plan"),
    )
    origin = Origin(
        "debt of the pack's record and the plan's new loans against the thresholds of the Fund's framework"
    )
    note = (
        "Countries that the framework does not rate have no threshold. Debt service holds the plan's loans "
        "only where their terms are told; a measure whose figures are not known is left out."
    )
    return Table("burdens", "Debt against its thresholds", columns, table, origin, note)


def _worth(inputs: BriefInputs, appraisal: pd.DataFrame, figures: Figures) -> dict[str, Any]:
    """What the plan gives against what it costs; what it gives beyond real spending is told apart."""
    middle = appraisal.to_dict("records")[len(appraisal) // 2]
    origin = Origin(
        "cost of the projects open in the year looked at whose cost is told, against what they give "
        "the countries of the region a year",
        inputs.both("economies") + inputs.both("power_countries"), inputs.project_rows(),
    )  # fmt: skip
    benefit, worth = float(middle["benefit_musd_a"]), float(middle["npv_musd"])
    figures.add("npv", worth, "USD million", origin, sign=True)
    figures.add("npv_size", abs(worth), "USD million", origin)
    figures.add("npv_years", HORIZON_A, "a", Origin("setting of the appraisal"))
    figures.add("npv_rate", float(middle["rate_pct"]), "%", origin, digits=1)
    figures.add("benefit", benefit, "USD million", origin)
    figures.add("npv_capex", float(middle["capex_musd"]), "USD million", origin)
    if inputs.dependence is not None:
        price = inputs.dependence.after.settings.co2_usd_per_t
        saved = -price * sum(_change(inputs, "co2_mt"))
        spending = sum(_gain(inputs))
        figures.add("benefit_spending", spending, "USD million", origin, sign=True)
        figures.add("benefit_carbon", saved, "USD million", origin, sign=True)
        figures.add("benefit_carbon_price", price, "USD/t", Origin("setting of the study"))
        figures.add("benefit_rest", benefit - spending - saved, "USD million", origin, sign=True)
    costs = inputs.costs_musd.drop(list(inputs.late))
    blank = int(costs.isna().sum())
    return {
        "worth": worth > 0.0, "region": inputs.region.title, "year": str(inputs.year),
        "unpriced": counted(blank, "project") if blank else "", "parts": inputs.dependence is not None,
    }  # fmt: skip


def _change(inputs: BriefInputs, column: str) -> list[float]:
    """Change of a column of power by country of the region."""
    before, after = (
        inputs.table(plan, inputs.calm, "power_countries").set_index("iso3")[column].astype(float)
        for plan in (inputs.against, inputs.plan)
    )
    return (after - before).reindex(list(inputs.region.home)).dropna().tolist()


def _gain(inputs: BriefInputs) -> list[float]:
    """Change of real spending by country of the region."""
    before, after = (
        inputs.table(plan, inputs.calm, "economies").set_index("economy")["gain_musd"].astype(float)
        for plan in (inputs.against, inputs.plan)
    )
    return (after - before).reindex(list(inputs.region.home)).tolist()


def _appraisal(money: Mapping[str, pd.DataFrame], *, whole: bool) -> Table:
    """Worth at three rates; a return and a ratio only where the cost of all that gives is told."""
    columns: tuple[Column, ...] = (
        Column("rate_pct", "Discount rate", "%", "number", 0),
        Column("capex_musd", "Cost told", "USD million", "number", 0),
        Column("benefit_musd_a", "Benefit", "USD million a year", "change", 0),
        Column("npv_musd", "Net present value", "USD million", "change", 0),
    )
    note = "The benefit is that of all projects open by then, for all countries of the region."
    if whole:
        columns += (
            Column("bcr", "Benefit over cost", "", "number", 1),
            Column("eirr_pct", "Internal return", "%", "number", 1),
        )
    else:
        note += (
            " The cost is only that which is told, so a return or a ratio of benefit to cost would say "
            "nothing and is left out."
        )
    frame = money.get("appraisal", pd.DataFrame(columns=[column.key for column in columns]))
    origin = Origin(
        f"{HORIZON_A} years of the benefit of the year looked at, what the works are then worth added"
    )
    return Table(
        "appraisal", "What the plan gives against the cost that is told", columns, frame, origin, note
    )


def _service(service: pd.DataFrame) -> Picture:
    by = service.groupby("year")["service_musd"].sum()
    first = int(by.index.min())
    shown = by[(by.index - first) % STEP_A == 0]
    frame = pd.DataFrame({"year": [str(int(year)) for year in shown.index], "service": shown.to_numpy()})
    peak = by.sort_values(ascending=False).index[0]
    return bars(
        frame, "service", label="year", series=(("service", "service"),), unit="million dollars a year",
        alt=f"Debt service of the plan's loans whose terms are told; the dearest year is {int(peak)} with "
        f"{number(float(by.max()))} million dollars.",
        caption="Interest and principal of the plan's loans whose sum and terms are told or assumed, "
        "every fifth year.",
    )  # fmt: skip
