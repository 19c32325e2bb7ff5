"""Build the section on finance: financing parties, loans and terms, debt service, benefit and cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sogdia.finance.loans import CONCESSIONAL
from sogdia.finance.plan_appraisal import HORIZON_A
from sogdia.finance.tables import APPRAISAL, BURDENS, FINANCE
from sogdia.report.charts import draw_bars
from sogdia.report.declared_columns import Shown
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table, drop_empty
from sogdia.report.sections.finance_countries import (
    STEP_A,
    funding_table,
    incidence_table,
    payees_table,
)
from sogdia.report.sections.samples import LEVEL, add_appraisal, interval_columns, with_appraisal
from sogdia.report.style import Picture
from sogdia.report.wording import MUSD_A, format_count, format_number, join_names

INDICATORS = {
    "pv_external_gdp_pct": "Present value of external debt over GDP",
    "pv_external_exports_pct": "Present value of external debt over exports",
    "service_exports_pct": "Debt service over exports",
    "service_revenue_pct": "Debt service over revenue",
    "pv_total_gdp_pct": "Present value of total public debt over GDP",
    "paid_abroad_exports_pct": "Debt service and payments to owners of plants over exports",
}
NEARLY_ALL_PCT = 95.0
"""Share of a sum from which it is reported as nearly all."""
_ENDS = ["pv_musd", "worse_musd", "better_musd"]
TESTS = {
    "growth": "lower growth",
    "exports": "lower exports",
    "depreciation": "depreciation",
    "contingent": "contingent liabilities",
    "baseline": "none",
}
"""Stress tests."""


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    tables = inputs.finance
    finance = tables["finance"]
    finance = finance[finance["home"].isin(inputs.homes)]
    unpublished = int(finance.loc[finance["amount_musd"].isna(), "project"].nunique())
    rows = tuple(dict.fromkeys(finance["row"].astype(str)))
    origin = Origin(
        "financing parties of the plan's projects, from deals of the ledger or from the plan", rows=rows
    )
    by_party = _by_party(inputs, finance)
    context: dict[str, Any] = {
        "countries": inputs.countries,
        "unpublished": format_count(unpublished, "project") if unpublished else "",
        **_breaches(inputs, tables["burdens"]),
        "has_appraisal": inputs.has_appraisal,
        **_largest_party(by_party, "amount_musd", figures, origin, "paid"),
        **_largest_party(by_party, "pv_musd", figures, origin, "owed"),
    }
    if inputs.has_appraisal:
        context |= _appraisal_context(inputs, tables["appraisal"], figures)
    built = {
        "parties": _parties(by_party, origin),
        "loans": _loans(inputs, finance),
        "funding": funding_table(inputs, tables["funding"]),
        "payees": payees_table(inputs, tables["owed"]),
        "debt": _debt_indicators(inputs, tables["burdens"]),
        "appraisal": _appraisal(inputs, tables),
        "steps": _steps(tables),
        "incidence": incidence_table(inputs, tables),
    }
    owed = tables["owed"]
    service = owed[owed["home"].isin(inputs.homes) & owed["kind"].eq("plan")]
    pictures = {"service": _draw_service(service)} if len(service) else {}
    return Section("finance", "Cost, finance and debt", context, drop_empty(built), pictures)


def _largest_party(
    by_party: pd.DataFrame, column: str, figures: Figures, origin: Origin, name: str
) -> dict[str, str | bool]:
    """Add the party with the largest share of a sum; the name is empty if the sum is zero."""
    total = float(by_party[column].sum())
    if total <= 0.0:
        return {name: ""}
    first = by_party.sort_values(column, ascending=False, kind="stable").to_dict("records")[0]
    share = 100.0 * float(first[column]) / total
    figures.add(name, total, "USD million", origin)
    figures.add(f"{name}_first", float(first[column]), "USD million", origin)
    figures.add(f"{name}_first_pct", share, "%", origin)
    return {name: str(first["name"]), f"{name}_nearly_all": share >= NEARLY_ALL_PCT}


def _by_party(inputs: BriefInputs, finance: pd.DataFrame) -> pd.DataFrame:
    """Return amounts, loans, present value and projects of each financing party."""
    lent = finance["amount_musd"].where(finance["lent"].astype(bool), 0.0)
    table = finance.assign(lent_musd=lent)
    sums = table.groupby("party")[["amount_musd", "lent_musd", "pv_musd"]].sum()
    counts = table.groupby("party")["project"].nunique()
    unpublished = table[table["amount_musd"].isna()].groupby("party")["project"].nunique()
    by_party = sums.assign(projects=counts.astype(float), unpublished=unpublished.astype(float))
    by_party = by_party.fillna(0.0).reset_index()
    by_party["name"] = inputs.names_of(by_party["party"].astype(str).tolist())
    return by_party.sort_values("amount_musd", ascending=False, kind="stable", ignore_index=True)


def _parties(by_party: pd.DataFrame, origin: Origin) -> Table:
    columns = (
        Column("name", "Financing party"),
        Column("projects", "Projects", "", "number", 0),
        Column("unpublished", "of which without amount", "", "number", 0),
        Column("amount_musd", "Published amount", "USD million", "number", 0),
        Column("lent_musd", "of which loans", "USD million", "number", 0),
        Column("pv_musd", "Present value of debt", "USD million", "number", 0),
    )
    note = (
        "Amounts cover projects in the countries of the brief. A project of several countries counts in "
        "equal shares, the loan of a joint company by the shares of the states in it; their own equity in it "
        "is in the next table. The discount rate of present values is that of the "
        "International Monetary Fund and the World Bank."
    )
    return Table("parties", "Financing parties", columns, by_party, origin, note)


def _loans(inputs: BriefInputs, finance: pd.DataFrame) -> Table:
    loans = finance[finance["lent"].astype(bool) & finance["amount_musd"].notna()].copy()
    projects, terms = inputs.case.table("projects")["name"], inputs.case.table("lending_terms")
    loans["project_name"] = projects.reindex(loans["project"]).to_numpy()
    loans["country"] = inputs.names_of(loans["home"].astype(str).tolist())
    loans["lender"] = inputs.names_of(loans["party"].astype(str).tolist())
    for name in ("interest_pct", "maturity_a", "grace_a"):
        loans[name] = terms[name].astype(float).reindex(loans["lender_class"].astype(str)).to_numpy()
    loans["grant_element_pct"] = loans["grant_element_pct"].where(loans["terms_known"].astype(bool))
    columns = (
        Column("project_name", "Project"),
        Column("country", "Borrower"),
        Column("lender", "Lender"),
        Shown(FINANCE.column("amount_musd"), decimals=0).column(),
        Column("interest_pct", "Interest", "% a year", "number", 1),
        Column("maturity_a", "Maturity", "years", "number", 0),
        Column("grace_a", "Grace period", "years", "number", 0),
        Shown(FINANCE.column("grant_element_pct"), decimals=0, kind="effect").column(),
        Shown(FINANCE.column("pv_musd"), decimals=0).column(),
    )
    rows = tuple(f"lending_terms/{name}" for name in dict.fromkeys(loans["lender_class"].astype(str)) if name)
    origin = Origin("loans of the plan on the terms of their lender's class", rows=rows)
    note = (
        "A dash means that the interest rate or the maturity is not published. Such a loan is valued at par, "
        "and its service below is at the discount rate. A loan is concessional from a grant element of "
        f"{100.0 * CONCESSIONAL:.0f} per cent. A negative grant element means that the present value exceeds "
        "the loan."
    )
    return Table("loans", "Loans of the plan", columns, loans, origin, note)


def _debt_indicators(inputs: BriefInputs, burdens: pd.DataFrame) -> Table:
    table = burdens[burdens["home"].isin(inputs.homes) & burdens["after_pct"].notna()].copy()
    table["country"] = inputs.names_of(table["home"].astype(str).tolist())
    table["indicator"] = table["measure"].map(INDICATORS).fillna(table["measure"])
    table["verdict"] = [
        "no threshold" if limit != limit else "above" if breached else "below"
        for limit, breached in zip(table["threshold_pct"], table["breached"].astype(bool), strict=True)
    ]
    table["stress"] = table["stress_test"].map(TESTS)
    table["worst_year"] = table["year"].astype(int).astype(str)
    columns = (
        Column("country", "Country"),
        Column("indicator", "Indicator"),
        Column("worst_year", "Worst year"),
        Column("before_pct", "Value, baseline", "%", "number", 1),
        Column("after_pct", "with the plan's loans", "%", "number", 1),
        Shown(BURDENS.column("threshold_pct"), decimals=0).column(),
        Column("verdict", "Relative to the threshold"),
        Column("stressed_pct", "Highest under stress", "%", "number", 1),
        Column("stress", "Stress test"),
    )
    origin = Origin(
        "debt of the pack and new loans of the plan, against the thresholds of the Debt Sustainability "
        "Framework of the International Monetary Fund and the World Bank"
    )
    note = (
        "Countries that the framework does not rate have no threshold. Values are those of the worst year of "
        "the path. Terms that are not published are assumed at the discount rate. An indicator without data "
        "is omitted."
    )
    return Table("debt", "Debt indicators and their thresholds", columns, table, origin, note)


def _breaches(inputs: BriefInputs, burdens: pd.DataFrame) -> dict[str, str]:
    """Return countries with debt indicators above a threshold with the plan, and under stress only."""
    table = burdens[burdens["home"].isin(inputs.homes) & burdens["threshold_pct"].notna()]
    now = table["after_pct"] > table["threshold_pct"]
    stressed = ~now & (table["stressed_pct"] > table["threshold_pct"])
    found = {}
    for name, rows in (("breached", table[now]), ("breached_under_stress", table[stressed])):
        homes = list(dict.fromkeys(rows["home"].astype(str)))
        words = []
        for home in homes:
            names = [INDICATORS[str(measure)] for measure in rows.loc[rows["home"] == home, "measure"]]
            listed = join_names([each[0].lower() + each[1:] for each in names])
            words.append(f"{inputs.names[home]} ({listed})")
        found[name] = "; ".join(words)
    return found


def _appraisal_context(inputs: BriefInputs, appraisal: pd.DataFrame, figures: Figures) -> dict[str, Any]:
    """Add benefit, cost and net present value at the middle discount rate, and the parts of the benefit."""
    middle = appraisal.to_dict("records")[len(appraisal) // 2]
    origin = Origin(
        "published costs of the projects open in the year of analysis, and their yearly benefit to the "
        "countries of the region",
        inputs.run_labels("economies") + inputs.run_labels("power_countries"), inputs.project_rows(),
    )  # fmt: skip
    benefit, npv = float(middle["benefit_musd_a"]), float(middle["npv_musd"])
    figures.add("npv", npv, "USD million", origin, sign=True)
    figures.add("npv_years", HORIZON_A, "a", Origin("setting of the appraisal"))
    figures.add("npv_rate", float(middle["rate_pct"]), "%", origin, digits=1)
    figures.add("benefit", benefit, "USD million", origin)
    figures.add("npv_capex", float(middle["capex_musd"]), "USD million", origin)
    if inputs.dependence is not None:
        price = inputs.dependence.plan.settings.co2_usd_per_t
        saved = -price * sum(_effects_by_country(inputs, "power_countries", "iso3", "co2_mt"))
        trade = sum(_effects_by_country(inputs, "economies", "economy", "trade_gain_musd"))
        figures.add("benefit_trade", trade, "USD million", origin, sign=True)
        figures.add("benefit_carbon", saved, "USD million", origin, sign=True)
        figures.add("benefit_carbon_price", price, "USD/t", Origin("setting of the assessment of dependence"))
        transit = float(middle["transit_musd_a"])
        figures.add("benefit_transit", transit, "USD million", origin, sign=True)
        rest = benefit - trade - transit
        figures.add("benefit_rest", rest, "USD million", origin, sign=True)
    drawn = add_appraisal(inputs, figures, float(middle["rate_pct"]))
    costs = inputs.costs_musd.drop(list(inputs.late_projects))
    unpublished = int(costs.isna().sum())
    return {
        "region": inputs.region.title, "year": str(inputs.year),
        "unpriced": format_count(unpublished, "project") if unpublished else "",
        "has_parts": inputs.dependence is not None, **drawn,
    }  # fmt: skip


def _effects_by_country(inputs: BriefInputs, table: str, key: str, column: str) -> list[float]:
    """Return the effect of the plan on a column of a result table for each home country in it."""
    baseline, plan = (each.set_index(key)[column].astype(float) for each in inputs.tables(table))
    return (plan - baseline).reindex(list(inputs.region.home)).dropna().tolist()


def _appraisal(inputs: BriefInputs, tables: Mapping[str, pd.DataFrame]) -> Table:
    """Return net present values by discount rate, with ratio, return, switching value and intervals."""
    columns = (
        Shown(APPRAISAL.column("rate_pct"), decimals=0).column(),
        Shown(APPRAISAL.column("capex_musd"), decimals=0, label="Cost").column(),
        Shown(
            APPRAISAL.column("benefit_musd_a"),
            decimals=0,
            kind="effect",
            label="Benefit",
            heading_unit=MUSD_A,
        ).column(),
        Shown(APPRAISAL.column("npv_musd"), decimals=0, kind="effect").column(),
        Shown(APPRAISAL.column("npv_low_musd"), decimals=0, kind="effect", label="low").column(),
        Shown(APPRAISAL.column("npv_high_musd"), decimals=0, kind="effect", label="high").column(),
        *interval_columns(inputs, "npv_musd", "USD million", 0, "in samples, "),
        Shown(APPRAISAL.column("bcr"), decimals=1).column(),
        Shown(APPRAISAL.column("eirr_pct"), decimals=1).column(),
        *interval_columns(inputs, "eirr_pct", "%", 1, "in samples, "),
        Shown(APPRAISAL.column("switching_cost_pct"), decimals=0, kind="effect").column(),
    )
    frame = tables.get("appraisal", pd.DataFrame(columns=[column.key for column in columns]))
    frame = with_appraisal(inputs, frame)
    year = f" ({int(frame['decision_year'].iloc[0])})" if len(frame) else ""
    note = (
        f"Cost: capital from the year of the decision{year} on, before discounting. Benefit: that of all "
        "projects open in the year of analysis, for all countries of the region, without carbon dioxide, "
        "from the opening of each on and at the same height since. Low and high: every step below at its "
        "worse or better end; gains of the models have one value. Switching value: change of the present "
        "value of all costs at which the net present value is 0. Costs that are not published are those of "
        "the reference class of the sector."
    )
    if inputs.ensemble is not None:
        note += f" In samples: ends of the {LEVEL} interval with the benefits and drawn costs of each sample."
    origin = Origin(
        f"benefit of the year of analysis over {HORIZON_A} years, plus the residual value of the projects"
    )
    return Table("appraisal", "Benefit and cost", columns, frame, origin, note)


def _steps(tables: Mapping[str, pd.DataFrame]) -> Table:
    """Return the present value of each step of the appraisal, the counted ones first."""
    columns = (
        Column("practice", "Step"),
        Column("part", "In the net present value"),
        Column("pv_musd", "Present value", "USD million", "effect", 0),
        Column("worse_musd", "worse end", "USD million", "effect", 0),
        Column("better_musd", "better end", "USD million", "effect", 0),
    )
    table = tables.get("steps", pd.DataFrame(columns=["practice", "counted", *_ENDS]))
    table = table[table[_ENDS].ne(0.0).any(axis=1)].copy()
    table["part"] = ["yes" if counted else "no, apart" for counted in table["counted"].astype(bool)]
    table["practice"] = table["practice"].str.capitalize()
    note = (
        "Costs are negative. The steps follow the practice of development banks. "
        "Savings of freight users are part of real expenditure and are not added. A plant counts by payments "
        "to its owner where its contract is known, by its capital cost otherwise. Cost before the year of "
        "the decision is that of the years of works before it, not what was paid."
    )
    origin = Origin("steps of the appraisal, from the decision year on, at the middle discount rate")
    return Table("steps", "Steps of the appraisal", columns, table, origin, note)


def _draw_service(service: pd.DataFrame) -> Picture:
    by_year = service.groupby("year")["paid_musd"].sum()
    first = int(by_year.index.min())
    shown = by_year[(by_year.index - first) % STEP_A == 0]
    frame = pd.DataFrame({"year": [str(int(year)) for year in shown.index], "service": shown.to_numpy()})
    peak = by_year.sort_values(ascending=False).index[0]
    return draw_bars(
        frame, "service", label="year", series=(("service", "service"),), unit="million dollars a year",
        alt=f"Debt service of the plan's loans. It is highest in {int(peak)}: "
        f"{format_number(float(by_year.max()))} million dollars.",
        caption="Interest and principal of the plan's loans with a known amount and known or assumed terms, "
        "every fifth year.",
    )  # fmt: skip
