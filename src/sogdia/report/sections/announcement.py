"""Build the section on the announcement: claims of the article, or the projects of the plan."""

from __future__ import annotations

import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.accounts import STAGES
from sogdia.ledger.matching import Match
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import Announcement, BriefInputs
from sogdia.report.parts import Column, Section, Table, drop_empty
from sogdia.report.wording import (
    MINUS,
    capitalise,
    format_count,
    format_date,
    format_money,
    format_number,
    join_names,
)

MATCHES = {
    "same": "same",
    "update": "update",
    "conflict": "conflict",
    "new": "new",
    "statistic": "statistic, not in the ledger",
}
"""Match of a claim with the ledger, as the table shows it."""
MATCH_COUNTS = {
    "same": ("agrees with the ledger", "agree with the ledger"),
    "update": ("updates it", "update it"),
    "conflict": ("conflicts with it", "conflict with it"),
    "new": ("is new", "are new"),
    "statistic": (
        "is a statistic that the ledger does not record",
        "are statistics that the ledger does not record",
    ),
}
"""Predicates after the number of claims of each match, singular and plural."""
STATUSES = {
    "says": "stated",
    "threatens": "threatened",
    "plans": "planned",
    "agrees": "agreed",
    "signs": "signed",
    "finances": "being financed",
    "builds": "under construction",
    "operates": "operating",
    "cancels": "cancelled",
}
"""Status of a claim by its modality, if the claim states no status."""
BOUNDS = {"at_least": "over ", "at_most": "up to ", "about": "about "}
NEARLY_CERTAIN = 0.995
"""Probability from which a match is reported as nearly certain, because a reading of text is never more."""
MAX_QUOTE = 170
NOT_PUBLISHED = "not published"


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    context: dict[str, object] = {
        "source": inputs.project_source,
        "count": format_count(len(inputs.plan.own), "project"),
        "baseline": inputs.baseline.title,
        "has_background": bool(inputs.baseline.projects),
        "background": format_count(len(inputs.baseline.projects), "project"),
        "taken_out": join_names([inputs.with_names(name) for name in inputs.taken_out]),
        "taken_out_count": len(inputs.taken_out),
    }
    tables = {"projects": _projects(inputs)}
    announcement = inputs.announcement
    if announcement is not None:
        tables["claims"] = _claims(inputs, announcement)
        tables["aggregates"] = _aggregates(announcement)
        context |= {
            "article": _citation(announcement),
            "claims": format_count(len(announcement.claims), "claim"),
            "matches": _match_counts(announcement),
            "unused": _unused(inputs, announcement),
        }
    _add_costs(inputs, figures)
    return Section("announcement", "Announced projects", context, drop_empty(tables))


def _citation(announcement: Announcement) -> str:
    """Return title, source and date of the article."""
    article = announcement.article
    date = format_date(article.date.isoformat()) if article.date else ""
    return ", ".join(part for part in (f"“{article.title}”", article.source, date) if part)


def _match_counts(announcement: Announcement) -> str:
    counts = pd.Series([match.relation for match in announcement.matches]).value_counts()
    return join_names(
        [format_count(int(counts[kind]), *MATCH_COUNTS[kind]) for kind in MATCH_COUNTS if kind in counts]
    )


def _claims(inputs: BriefInputs, announcement: Announcement) -> Table:
    rows = [
        {
            "number": str(claim.number),
            "quote": _shorten(claim.quote),
            "partner": join_names(inputs.names_of(claim.partners)) if claim.partners else "",
            "content": _content(claim),
            "status": claim.status or STATUSES[claim.modality],
            "reading": f"{claim.confidence:.0%}",
            "match": _match(inputs, claim, match),
        }
        for claim, match in zip(announcement.claims, announcement.matches, strict=True)
    ]
    columns = (
        Column("number", "No."),
        Column("quote", "Sentence"),
        Column("partner", "Partner"),
        Column("content", "Statement"),
        Column("status", "Status"),
        Column("reading", "Read correctly with probability"),
        Column("match", "Match with the ledger"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    models = sorted({claim.reader for claim in announcement.claims} - {"rules"})
    joined = f", joined to claims by the {join_names(models)}" if models else ""
    origin = Origin(
        f"sentences of the article{joined}, matched with deals, projects and events of the ledger"
    )
    return Table("claims", "Claims of the article", columns, frame, origin)


def _unused(inputs: BriefInputs, announcement: Announcement) -> list[tuple[str, str]]:
    """Return reasons why claims give no project, each with its claims, without hints for the command line."""
    claims = {claim.number: claim for claim in announcement.claims}
    by_reason: dict[str, list[str]] = {}
    for each in announcement.draft.unused:
        clauses = [part for part in each.reason.split("; ") if "`" not in part and "--" not in part]
        reason = capitalise(inputs.with_names("; ".join(clauses)))
        subject = claims[each.claim].project or _amount(claims[each.claim])
        by_reason.setdefault(reason, []).append(f"{each.claim} ({subject})" if subject else str(each.claim))
    return [
        (reason, f"claim{'s' if len(names) > 1 else ''} {join_names(names)}")
        for reason, names in by_reason.items()
    ]


def _aggregates(announcement: Announcement) -> Table:
    """Return aggregate amounts of the article next to those of the ledger."""
    aggregates = {claim.number: claim for claim in announcement.claims if claim.aggregate}
    rows = [
        {
            "number": str(each.claim),
            "amount": _amount(aggregates[each.claim]),
            "years": format_date(str(aggregates[each.claim].date or "")),
            **{stage: each.sums_musd[stage] for stage in STAGES},
            "deals": float(len(each.deals)),
            "unpublished": float(each.without_amount),
            "projects": each.projects_musd,
        }
        for each in announcement.comparisons
        if each.claim in aggregates
    ]
    columns = (
        Column("number", "Claim"),
        Column("amount", "Stated amount"),
        Column("years", "Years"),
        *(Column(stage, f"Ledger: {stage}", "USD million", "number", 0) for stage in STAGES),
        Column("deals", "Deals in the ledger", "", "number", 0),
        Column("unpublished", "Deals without amount", "", "number", 0),
        Column("projects", "Cost of the projects", "USD million", "number", 0),
    )
    origin = Origin("deals and projects of the same partners, countries, sectors and years in the ledger")
    note = (
        "Amounts in the ledger for the partners, countries, sectors and years of an aggregate amount. "
        "Announced, signed and disbursed are stages of different deals. The cost of the projects is their "
        "full cost, whoever finances them."
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table(
        "aggregates", "Aggregate amounts of the article and of the ledger", columns, frame, origin, note
    )


def _amount(claim: Claim) -> str:
    """Return the stated amount of a claim as text; empty if it has none."""
    if claim.amount is None:
        return ""
    if claim.amount.musd is None:
        return claim.amount.text
    return f"{BOUNDS.get(claim.amount.bound, '')}{format_money(claim.amount.musd)}"


def _content(claim: Claim) -> str:
    """Return project, amount, capacity, length and date of a claim as text."""
    parts = [claim.project, _amount(claim)]
    if claim.capacity_mw is not None:
        parts.append(f"{format_number(claim.capacity_mw, 3)} MW")
    if claim.length_km is not None:
        parts.append(f"{format_number(claim.length_km, 3)} km")
    if claim.date is not None:
        parts.append(format_date(str(claim.date)))
    if claim.aggregate:
        parts.append("aggregate amount")
    return "; ".join(part for part in parts if part)


def _match(inputs: BriefInputs, claim: Claim, match: Match) -> str:
    text = MATCHES[match.relation]
    if match.relation in ("new", "statistic") or not match.row:
        return text
    is_certain = min(match.score, claim.confidence) >= NEARLY_CERTAIN
    chance = min(round(match.score, 2), 0.99)
    probability = "nearly certain" if is_certain else f"probability {chance:.0%}, if read correctly"
    if match.relation == "same":
        return f"{text} ({probability})"
    return f"{text}: {inputs.with_names(match.reason).replace('_', ' ')} ({probability})"


def _shorten(quote: str) -> str:
    return quote if len(quote) <= MAX_QUOTE else quote[: MAX_QUOTE - 1].rstrip() + "…"


def _projects(inputs: BriefInputs) -> Table:
    known = inputs.case.table("projects").to_dict("index")
    modelled = set(inputs.region.table("project_effects")["project"].astype(str))
    own, rows = inputs.case.own_projects, []
    for number, choice in enumerate(inputs.plan.own, 1):
        row = known[choice.project]
        capacity = "" if pd.isna(row["capacity"]) else f"{float(row['capacity']):,.0f} {row['capacity_unit']}"
        opening = inputs.opening_years[choice.project]
        in_models = "opens later" if choice.project in inputs.late_projects else "yes"
        rows.append(
            {
                "number": str(number),
                "name": str(row["name"]),
                "country": join_names(inputs.names_of(str(row["iso3"]).split(";"))),
                "sector": str(row["sector"]),
                "capacity": capacity.replace("-", MINUS),
                "capex_musd": own.loc[choice.project, "cost_musd"],
                "opening": NOT_PUBLISHED if opening is None else str(opening),
                "in_models": in_models if choice.project in modelled else "no",
                "financed_by": _financing_parties(inputs, choice.project),
            }
        )
    columns = (
        Column("number", "No."),
        Column("name", "Project"),
        Column("country", "Country"),
        Column("sector", "Sector"),
        Column("capacity", "Size"),
        Column("capex_musd", "Cost", "USD million", "number", 0),
        Column("opening", "Opening year"),
        Column("in_models", "In the models"),
        Column("financed_by", "Financed by"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    origin = Origin(
        "projects of the plan, with the rows of projects and deals of the pack", rows=inputs.project_rows()
    )
    note = (
        "If an opening year or a financing party is not published, the plan assumes one and gives the reason "
        "in its notes. A project that opens after the year of analysis has no effect yet. A project outside "
        "the models changes no row of their inputs; only its finance counts. A cost of 0 is in that of "
        "another project of the plan."
    )
    return Table("projects", "Projects of the plan", columns, frame, origin, note)


def _financing_parties(inputs: BriefInputs, project: str) -> str:
    finance = inputs.case.own_finance
    codes = finance.loc[finance["project"] == project, "partner"].astype(str)
    return join_names(inputs.names_of(list(dict.fromkeys(codes)))) if len(codes) else NOT_PUBLISHED


def _add_costs(inputs: BriefInputs, figures: Figures) -> None:
    origin = Origin("published costs of the plan's projects", rows=inputs.project_rows())
    costs = inputs.costs_musd
    figures.add("capex_known", float(costs.sum()), "USD million", origin)
    figures.add("capex_late", float(costs.reindex(inputs.late_projects).sum()), "USD million", origin)
    unpublished = int(costs.isna().sum())
    figures.add("capex_unknown", unpublished, "1", origin, text=format_count(unpublished, "project"))
