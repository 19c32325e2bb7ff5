"""What was announced: the claims of the article, or the projects of the plan."""

from __future__ import annotations

import pandas as pd

from sogdia.ledger.claim import Claim
from sogdia.ledger.matching import Match
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import Announcement, BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import MINUS, counted, listed, money, number

RELATIONS = {
    "same": "known, the same",
    "update": "known, with something new",
    "contradiction": "known, but told otherwise",
    "new": "new to the ledger",
    "statistic": "a statistic, not set against rows",
}
COUNTED = {
    "same": "known already",
    "update": "known with something new",
    "contradiction": "told otherwise than in the ledger",
    "new": "new",
    "statistic": "figures that the ledger does not keep",
}
LONGEST = 170


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    words: dict[str, object] = {
        "plan": inputs.plan.title,
        "count": counted(len(inputs.plan.projects), "project"),
    }
    tables = {"projects": _projects(inputs)}
    told = inputs.announcement
    if told is not None:
        tables["claims"] = _claims(inputs, told)
        words |= _head(told) | {
            "claims": counted(len(told.claims), "claim"),
            "relations": _relations(told),
            "unused": [
                (inputs.plain(each.what.replace(";", ", ")), inputs.plain(each.why.replace("`", "")))
                for each in told.draft.unused
            ],
            "answers": [answer.sentence for answer in told.answers],
        }
    _sizes(inputs, figures)
    return Section("announced", "What was announced", words, tables)


def _head(told: Announcement) -> dict[str, object]:
    article = told.article
    return {
        "title": article.title,
        "source": article.source,
        "date": f"{article.date.day} {article.date:%B %Y}" if article.date else "",
    }


def _relations(told: Announcement) -> str:
    kinds = pd.Series([match.relation for match in told.matches]).value_counts()
    return listed(
        [f"{counted(int(kinds[kind]), COUNTED[kind], COUNTED[kind])}" for kind in COUNTED if kind in kinds]
    )


def _claims(inputs: BriefInputs, told: Announcement) -> Table:
    rows = [
        {
            "number": str(claim.number),
            "quote": _short(claim.quote),
            "who": listed(inputs.named(claim.partners)) if claim.partners else "",
            "what": _what(claim),
            "firm": claim.status or claim.modality,
            "known": _known(match),
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


def _what(claim: Claim) -> str:
    parts = [claim.project]
    if claim.amount is not None:
        bound = {"at_least": "over ", "at_most": "up to ", "about": "about "}.get(claim.amount.bound, "")
        parts.append(
            f"{bound}{money(claim.amount.musd)}" if claim.amount.musd is not None else claim.amount.text
        )
    if claim.capacity_mw is not None:
        parts.append(f"{number(claim.capacity_mw, 3)} MW")
    if claim.length_km is not None:
        parts.append(f"{number(claim.length_km, 3)} km")
    if claim.date is not None:
        parts.append(str(claim.date).replace("/", "–"))
    if claim.aggregate:
        parts.append("a sum of many things")
    return "; ".join(part for part in parts if part)


def _known(match: Match) -> str:
    told = RELATIONS.get(match.relation, match.relation)
    if match.relation == "new" or not match.row:
        return told
    return f"{told} ({match.score:.0%} likely)"


def _short(quote: str) -> str:
    return quote if len(quote) <= LONGEST else quote[: LONGEST - 1].rstrip() + "…"


def _projects(inputs: BriefInputs) -> Table:
    known = inputs.case.table("projects").to_dict("index")
    rows = []
    for number_, choice in enumerate(inputs.plan.projects, 1):
        row = known[choice.project]
        size = "" if pd.isna(row["capacity"]) else f"{float(row['capacity']):,.0f} {row['capacity_unit']}"
        opening = choice.opening_year or row["completion_year"]
        rows.append(
            {
                "number": str(number_),
                "name": str(row["name"]),
                "where": listed(inputs.named(str(row["iso3"]).split(";"))),
                "sector": str(row["sector"]),
                "size": size.replace("-", MINUS),
                "capex_musd": row["capex_musd"],
                "opens": "" if pd.isna(opening) else str(int(opening)),
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
        Column("payers", "Who pays"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    origin = Origin("the plan, and the projects and counted deals of the pack", rows=inputs.project_rows())
    note = (
        "An opening year or a payer that nobody has told is an assumption of the plan, with its reason in "
        "the plan's notes. A project that opens after the year looked at changes nothing yet."
    )
    return Table("projects", "Projects of the plan", columns, frame, origin, note)


def _payers(inputs: BriefInputs, project: str) -> str:
    finance = inputs.case.finance
    codes = finance.loc[finance["project"] == project, "partner"].astype(str)
    return listed(inputs.named(list(dict.fromkeys(codes)))) if len(codes) else "not told"


def _sizes(inputs: BriefInputs, figures: Figures) -> None:
    known = inputs.case.table("projects").loc[[choice.project for choice in inputs.plan.projects]]
    origin = Origin("costs of the plan's projects, where one is published", rows=inputs.project_rows())
    figures.add("capex_known", float(known["capex_musd"].sum()), "USD million", origin)
    blank = int(known["capex_musd"].isna().sum())
    figures.add("capex_unknown", blank, "1", origin, text=counted(blank, "of them", "of them"))
