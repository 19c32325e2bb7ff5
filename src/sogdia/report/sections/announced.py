"""What was announced: the claims of the article, or the projects of the plan."""

from __future__ import annotations

import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.ledger.accounts import STAGES
from sogdia.ledger.matching import Match
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import Announcement, BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import MINUS, capital, counted, day, listed, money, number

RELATIONS = {
    "same": "known, the same",
    "update": "known, with something new",
    "contradiction": "known, but told otherwise",
    "new": "new to the ledger",
    "statistic": "a statistic, not set against rows",
}
COUNTED = {
    "same": ("known already", "known already"),
    "update": ("known with something new", "known with something new"),
    "contradiction": ("told otherwise than in the ledger", "told otherwise than in the ledger"),
    "new": ("new", "new"),
    "statistic": ("figure that the ledger does not keep", "figures that the ledger does not keep"),
}
"""How many claims there are of each, of one and of more."""
FIRM = {
    "says": "said",
    "threatens": "threatened",
    "plans": "planned",
    "agrees": "agreed",
    "signs": "signed",
    "finances": "being financed",
    "builds": "being built",
    "operates": "operating",
    "cancels": "cancelled",
}
"""What a sentence does, where it does not say how far the thing itself has come."""
BOUNDS = {"at_least": "over ", "at_most": "up to ", "about": "about "}
CERTAIN = 0.995
"""Chance from which a match is told as nearly certain: no reading of words is more."""
LONGEST = 170


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    words: dict[str, object] = {
        "whose": inputs.source,
        "count": counted(len(inputs.plan.projects), "project"),
    }
    tables = {"projects": _projects(inputs)}
    told = inputs.announcement
    if told is not None:
        tables["claims"] = _claims(inputs, told)
        tables["sums"] = _sums(told)
        words |= _head(told) | {
            "claims": counted(len(told.claims), "claim"),
            "relations": _relations(told),
            "unused": _unused(inputs, told),
        }
    _sizes(inputs, figures)
    words["blank"] = bool(inputs.costs_musd.isna().any())
    kept = {name: table for name, table in tables.items() if len(table.frame)}
    return Section("announced", "What was announced", words, kept)


def _head(told: Announcement) -> dict[str, object]:
    article = told.article
    return {
        "title": article.title,
        "source": article.source,
        "date": day(article.date.isoformat()) if article.date else "",
    }


def _relations(told: Announcement) -> str:
    kinds = pd.Series([match.relation for match in told.matches]).value_counts()
    return listed([counted(int(kinds[kind]), *COUNTED[kind]) for kind in COUNTED if kind in kinds])


def _claims(inputs: BriefInputs, told: Announcement) -> Table:
    rows = [
        {
            "number": str(claim.number),
            "quote": _short(claim.quote),
            "who": listed(inputs.named(claim.partners)) if claim.partners else "",
            "what": _what(claim),
            "firm": claim.status or FIRM[claim.modality],
            "known": _known(inputs, match),
        }
        for claim, match in zip(told.claims, told.matches, strict=True)
    ]
    columns = (
        Column("number", "No."),
        Column("quote", "Sentence"),
        Column("who", "Partner"),
        Column("what", "What is told"),
        Column("firm", "How firm"),
        Column("known", "Against the ledger"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    origin = Origin("read from the article's sentences, matched to deals, projects and events")
    return Table("claims", "Claims read from the article", columns, frame, origin)


def _unused(inputs: BriefInputs, told: Announcement) -> list[tuple[str, str]]:
    """Why claims make no project, each reason with its claims; hints for the command line are left out."""
    claims = {claim.number: claim for claim in told.claims}
    by: dict[str, list[str]] = {}
    for each in told.draft.unused:
        clauses = [part for part in each.why.split("; ") if "`" not in part and "--" not in part]
        why = inputs.plain("; ".join(clauses)).replace(" of the ledger", " in the ledger")
        subject = claims[each.claim].project or _sum(claims[each.claim])
        by.setdefault(capital(why), []).append(f"{each.claim} ({subject})" if subject else str(each.claim))
    return [(why, f"claim{'s' if len(names) > 1 else ''} {listed(names)}") for why, names in by.items()]


def _sums(told: Announcement) -> Table:
    """Sums of many things beside the ledger's own."""
    many = {claim.number: claim for claim in told.claims if claim.aggregate}
    rows = [
        {
            "number": str(each.claim),
            "told": _sum(many[each.claim]),
            "years": day(str(many[each.claim].date or "")),
            **{stage: each.sums_musd[stage] for stage in STAGES},
            "deals": float(len(each.deals)),
            "blank": float(each.without_amount),
            "projects": each.projects_musd,
        }
        for each in told.answers
        if each.claim in many
    ]
    columns = (
        Column("number", "Claim"),
        Column("told", "Sum told"),
        Column("years", "Years"),
        *(Column(stage, f"Ledger: {stage}", "USD million", "number", 0) for stage in STAGES),
        Column("deals", "Its deals", "", "number", 0),
        Column("blank", "of them without a sum", "", "number", 0),
        Column("projects", "Cost of its projects", "USD million", "number", 0),
    )
    origin = Origin("counted deals and projects of the same partners, countries, sectors and years")
    note = (
        "What the ledger can name of a sum that counts many things. Announced, signed and disbursed are "
        "stages of different deals; the cost of projects is theirs in all, whoever pays."
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table("sums", "Sums of many things, beside the ledger", columns, frame, origin, note)


def _sum(claim: Claim) -> str:
    """The money of a claim, in words; empty where there is none."""
    if claim.amount is None:
        return ""
    if claim.amount.musd is None:
        return claim.amount.text
    return f"{BOUNDS.get(claim.amount.bound, '')}{money(claim.amount.musd)}"


def _what(claim: Claim) -> str:
    parts = [claim.project, _sum(claim)]
    if claim.capacity_mw is not None:
        parts.append(f"{number(claim.capacity_mw, 3)} MW")
    if claim.length_km is not None:
        parts.append(f"{number(claim.length_km, 3)} km")
    if claim.date is not None:
        parts.append(day(str(claim.date)))
    if claim.aggregate:
        parts.append("a sum of many things")
    return "; ".join(part for part in parts if part)


def _known(inputs: BriefInputs, match: Match) -> str:
    told = RELATIONS[match.relation]
    if match.relation in ("new", "statistic") or not match.row:
        return told
    chance = "nearly certain" if match.score >= CERTAIN else f"{match.score:.0%} likely"
    if match.relation == "same":
        return f"{told} ({chance})"
    return f"{told}: {inputs.plain(match.why).replace('_', ' ')} ({chance})"


def _short(quote: str) -> str:
    return quote if len(quote) <= LONGEST else quote[: LONGEST - 1].rstrip() + "…"


def _projects(inputs: BriefInputs) -> Table:
    known = inputs.case.table("projects").to_dict("index")
    acting = set(inputs.region.table("project_effects")["project"].astype(str))
    rows = []
    for number_, choice in enumerate(inputs.plan.projects, 1):
        row = known[choice.project]
        size = "" if pd.isna(row["capacity"]) else f"{float(row['capacity']):,.0f} {row['capacity_unit']}"
        opening = inputs.opens[choice.project]
        models = "opens later" if choice.project in inputs.late else "yes"
        rows.append(
            {
                "number": str(number_),
                "name": str(row["name"]),
                "where": listed(inputs.named(str(row["iso3"]).split(";"))),
                "sector": str(row["sector"]),
                "size": size.replace("-", MINUS),
                "capex_musd": row["capex_musd"],
                "opens": "not told" if opening is None else str(opening),
                "models": models if choice.project in acting else "no",
                "payers": _payers(inputs, choice.project),
            }
        )
    columns = (
        Column("number", "No."),
        Column("name", "Project"),
        Column("where", "Where"),
        Column("sector", "Sector"),
        Column("size", "Size"),
        Column("capex_musd", "Cost", "USD million", "number", 0),
        Column("opens", "Opens"),
        Column("models", "Acts in the models"),
        Column("payers", "Who pays"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    origin = Origin("the plan, and the projects and counted deals of the pack", rows=inputs.project_rows())
    note = (
        "An opening year or a payer that nobody has told is an assumption of the plan, with its reason in "
        "the plan's notes. What opens after the year looked at changes nothing yet; what acts in no "
        "model, such as a work that opens no row of the pack, has its money alone counted."
    )
    return Table("projects", "Projects of the plan", columns, frame, origin, note)


def _payers(inputs: BriefInputs, project: str) -> str:
    finance = inputs.case.finance
    codes = finance.loc[finance["project"] == project, "partner"].astype(str)
    return listed(inputs.named(list(dict.fromkeys(codes)))) if len(codes) else "not told"


def _sizes(inputs: BriefInputs, figures: Figures) -> None:
    origin = Origin("costs of the plan's projects, where one is published", rows=inputs.project_rows())
    costs = inputs.costs_musd
    figures.add("capex_known", float(costs.sum()), "USD million", origin)
    figures.add("capex_late", float(costs.reindex(inputs.late).sum()), "USD million", origin)
    blank = int(costs.isna().sum())
    figures.add("capex_unknown", blank, "1", origin, text=counted(blank, "project"))
