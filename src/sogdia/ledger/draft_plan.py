"""Draft a plan from the claims of an article: projects, opening years and payers, with what is not used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd
import yaml

from sogdia.articles.claim import Claim
from sogdia.case import Finance, Plan, ProjectChoice
from sogdia.case.openings import project_opening
from sogdia.case.projects import project_cost, share_of_amount
from sogdia.codes import OPERATING
from sogdia.ledger.accounts import classify_deals
from sogdia.ledger.findings import ENDED, opening_year
from sogdia.ledger.matching import Match, match_claims
from sogdia.ledger.records import CORRIDORS
from sogdia.region import Region

MONEY_TYPES = ("finance", "deal")
"""Types of claim that may name a payer."""
_MAX_TITLE = 160
_BY_LEDGER = "who pays is taken from the ledger's deals"
_NO_PROJECT: Mapping[str, str] = MappingProxyType(
    {
        "aggregate_investment": "an aggregate amount, not a single project",
        "visit_summit": "an event, not a project; see `sogdia ledger calendar`",
        "policy_threat": "an event, not a project; see `sogdia ledger calendar`",
        "agreement": "an agreement that names no project of the ledger",
        "gas_supply": "a supply, not a project",
        "debt": "a figure of debt",
        "trade": "a figure of trade",
        "transit_stat": "a figure of transit",
        "remittances": "a figure of remittances",
    }
)
_ClaimMatch = tuple[Claim, Match]


@dataclass(frozen=True, slots=True)
class Unused:
    """A statement of an article that the plan does not use.

    Attributes:
        claim: Number of the claim.
        subject: Its subject.
        reason: Why it is not used, and what would change that.
    """

    claim: int
    subject: str
    reason: str


@dataclass(frozen=True)
class DraftPlan:
    """A plan drafted from an article.

    Attributes:
        plan: The plan; it is valid for the region.
        claims: Numbers of the claims on each project of the plan.
        unused: Claims that the plan does not use, in the order of the article.
    """

    plan: Plan
    claims: Mapping[str, tuple[int, ...]]
    unused: tuple[Unused, ...]

    @property
    def text(self) -> str:
        """The plan as YAML, with the unused claims in comments at its end."""
        content = self.plan.model_dump(exclude={"name"}, exclude_defaults=True)
        content = {"title": self.plan.title, "description": self.plan.description, **content}
        content["projects"] = [_as_dict(choice) for choice in self.plan.projects]
        body = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
        lines = [f"#   {line}" for line in unused_lines(self)]
        return body + "".join(f"{line}\n" for line in (["# Not used:", *lines] if lines else []))


@dataclass(frozen=True)
class _Options:
    """Region and options of a plan.

    Attributes:
        region: The region.
        published: Date of the article.
        opens: Opening year assumed for projects without one.
        assume_payer: Whether a sole partner is assumed to pay.
    """

    region: Region
    published: dt.date | None
    opens: int | None
    assume_payer: bool


def _as_dict(choice: ProjectChoice) -> dict[str, Any]:
    content = choice.model_dump(exclude_defaults=True)
    if choice.finance:
        content["finance"] = [part.model_dump(exclude_none=True) for part in choice.finance]
    return content


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def plan_from(
    claims: Sequence[Claim],
    region: Region,
    *,
    published: dt.date | None = None,
    title: str = "",
    matches: Sequence[Match] | None = None,
    opens: int | None = None,
    assume_payer: bool = False,
) -> DraftPlan:
    """Draft a plan of the projects that an article names and the ledger holds.

    A project opens in the year that the article states, else in that of its row. A project without either,
    one that operates, and one that the article calls suspended or cancelled are left out and listed. Who
    pays is taken from the ledger's deals if their amounts are published; the plan then names no payer.
    Deals that are new to the ledger are added to the ledger's, each as its share of the project's cost.

    Args:
        claims: Claims of one article.
        region: The region.
        published: Date of the article.
        title: Its headline.
        matches: Matches of the claims with the ledger; computed if not given.
        opens: Year assumed for projects without one; the assumption is noted.
        assume_payer: Whether the only partner named for a project without published amounts is assumed to pay
            all of it; the assumption is noted.

    Returns:
        The plan, the claims on each of its projects, and the unused claims.
    """
    found = match_claims(claims, region, published=published) if matches is None else tuple(matches)
    options = _Options(region, published, opens, assume_payer)
    by_project, unused = _by_project(list(zip(claims, found, strict=True)), region)
    choices: list[ProjectChoice] = []
    for project, group in by_project.items():
        problem = _problem(project, group, choices, options)
        if problem:
            unused += [Unused(claim.number, _subject(claim), problem) for claim, _ in group]
            continue
        choice, more = _choice(project, group, options)
        choices.append(choice)
        unused += more
    date = f" of {published}" if published else ""
    plan = Plan(
        title=_one_line(title)[:_MAX_TITLE].strip() or "Plan from an article",
        description=f"Drafted from an article{date}: the projects that it names and that are still to open.",
        projects=tuple(choices),
    )
    numbers = {
        choice.project: tuple(claim.number for claim, _ in by_project[choice.project]) for choice in choices
    }
    order = sorted(unused, key=lambda item: item.claim)
    return DraftPlan(plan, MappingProxyType(numbers), tuple(order))


def _by_project(
    pairs: Sequence[_ClaimMatch], region: Region
) -> tuple[dict[str, list[_ClaimMatch]], list[Unused]]:
    """Group claims by their project, and list those without one."""
    by_project: dict[str, list[_ClaimMatch]] = {}
    unused = []
    for claim, match in pairs:
        projects = _projects(match, region)
        for project in projects:
            by_project.setdefault(project, []).append((claim, match))
        if not projects:
            unused.append(Unused(claim.number, _subject(claim), _why_no_project(claim, match)))
    return by_project, unused


def _projects(match: Match, region: Region) -> list[str]:
    known = region.table("projects").index
    listed = [row for row in match.row.split(";") if row in known]
    return listed or ([match.project] if match.project else [])


def _subject(claim: Claim) -> str:
    parties = "/".join(filter(None, (";".join(claim.partners), ";".join(claim.recipients))))
    amount = f"{claim.amount.musd:,.6g} million dollars" if claim.amount and claim.amount.musd else ""
    return ", ".join(filter(None, (claim.project or claim.type.replace("_", " "), parties, amount)))


def _why_no_project(claim: Claim, match: Match) -> str:
    if match.table == CORRIDORS:
        return "a corridor, not a project"
    if claim.type in _NO_PROJECT:
        return _NO_PROJECT[claim.type]
    if match.row:
        return f"{match.row} of the ledger has no project"
    if match.alternatives:
        possible = ", ".join(row for _, row, _ in match.alternatives)
        return f"no certain match in the ledger; possible are {possible}"
    return "not in the ledger; `sogdia ledger propose` writes its row"


def _problem(
    project: str, group: Sequence[_ClaimMatch], chosen: Sequence[ProjectChoice], options: _Options
) -> str:
    """Return why the plan cannot build a project; empty if it can."""
    row = options.region.table("projects").loc[project]
    if row["status"] == OPERATING:
        return f"{project} operates already"
    ended = [claim.status for claim, _ in group if claim.type == "project" and claim.status in ENDED]
    if ended:
        return f"the article calls {project} {ended[-1]}"
    pairs = options.region.table("alternatives")
    others = {
        *pairs.loc[pairs["project"] == project, "other"],
        *pairs.loc[pairs["other"] == project, "project"],
    }
    conflicting = [choice.project for choice in chosen if choice.project in others]
    if conflicting:
        return f"{project} is an alternative to {conflicting[0]}, which the plan builds"
    if options.opens is None and _stated_year(group, options) is None and not _has_year(project, options):
        return f"no opening year is published for {project}; give one with --opens"
    return ""


def _has_year(project: str, options: _Options) -> bool:
    return project_opening(ProjectChoice(project=project), options.region).year is not None


def _stated_year(group: Sequence[_ClaimMatch], options: _Options) -> int | None:
    """Return the opening year of the last claim that states a future one."""
    years = [opening_year(claim, options.published) for claim, _ in group if claim.status != OPERATING]
    known = [year for year in years if year is not None]
    return known[-1] if known else None


def _choice(
    project: str, group: Sequence[_ClaimMatch], options: _Options
) -> tuple[ProjectChoice, list[Unused]]:
    year, notes = _stated_year(group, options), []
    if year is not None:
        notes.append(f"year {year} as the article states")
    elif not _has_year(project, options):
        year = options.opens
        notes.append(f"year {year} assumed, none is published")
    finance, finance_notes, unused = _finance(project, group, options)
    numbers = ", ".join(str(claim.number) for claim, _ in group)
    note = "; ".join([f"claims {numbers} of the article", *notes, *finance_notes])
    return ProjectChoice(project=project, opening_year=year, finance=finance, note=note), unused


def _finance(
    project: str, group: Sequence[_ClaimMatch], options: _Options
) -> tuple[tuple[Finance, ...], list[str], list[Unused]]:
    """Return the payers, notes on their provenance, and the claims of money that are not used."""
    region = options.region
    counted = _counted_deals(project, region)
    cost = project_cost(project, region)
    new = [
        (claim, match)
        for claim, match in group
        if claim.type in MONEY_TYPES and not set(match.row.split(";")) & set(counted.index)
    ]
    parts: list[Finance] = []
    unused: list[Unused] = []
    for claim, match in new:
        problem = _money_problem(claim, match, cost)
        if problem:
            unused.append(Unused(claim.number, f"money of {_subject(claim)}", problem))
            continue
        musd = claim.amount.musd if claim.amount and claim.amount.musd else 0.0
        parts.append(_part(claim.partners[0], claim.instrument, share_of_amount(musd, cost), region))
    if not parts:
        finance, note = _assumed_finance(group, counted, options)
        return finance, [note], unused
    rows = counted.loc[counted["amount_musd"].notna(), ["partner", "instrument", "amount_musd"]]
    known = [
        _part(partner, instrument, share_of_amount(amount, cost), region)
        for partner, instrument, amount in rows.itertuples(index=False)
    ]
    if sum(part.share_pct for part in (*known, *parts)) > 100.0:
        reason = "with the ledger's deals it would exceed the cost of the project"
        unused += [Unused(claim.number, f"money for {project}", reason) for claim, _ in new]
        return (), [_BY_LEDGER], unused
    return (*known, *parts), ["shares are amounts of article and ledger over the cost"], unused


def _assumed_finance(
    group: Sequence[_ClaimMatch], counted: pd.DataFrame, options: _Options
) -> tuple[tuple[Finance, ...], str]:
    """Return the payer of a project without new deals, and a note on its provenance."""
    payer = _sole_partner([claim for claim, _ in group])
    if options.assume_payer and payer and counted["amount_musd"].isna().all():
        return (Finance(partner=payer),), f"all paid by {payer}: assumed, no amount is published"
    return (), _BY_LEDGER if counted["amount_musd"].notna().any() else "who pays is not published"


def _counted_deals(project: str, region: Region) -> pd.DataFrame:
    frame = classify_deals(region.table("deals"))
    return frame[(frame["project"] == project) & frame["counts"]]


def _sole_partner(claims: Sequence[Claim]) -> str:
    """Return the only partner that the claims of a project name; empty if they name several or none."""
    named = {claim.partners for claim in claims if claim.partners and claim.status not in ENDED}
    return next(iter(named))[0] if len(named) == 1 and len(next(iter(named))) == 1 else ""


def _money_problem(claim: Claim, match: Match, cost: float) -> str:
    if claim.status in ENDED:
        return f"the article calls it {claim.status}"
    if match.relation in ("same", "update"):
        return f"the ledger has it as {match.row}, which is not a counted deal of the project"
    if match.relation == "conflict":
        return f"in conflict with {match.row}: {match.reason}"
    if len(claim.partners) != 1:
        several = "the shares of several partners are not published"
        return several if claim.partners else "no payer is stated"
    if claim.amount is None or not claim.amount.musd:
        return "no amount is published"
    if cost != cost or not cost:
        return "the cost of the project is not published, so that its share is unknown"
    return "" if claim.amount.musd <= cost else "it exceeds the cost of the project"


def _part(partner: str, instrument: str, share_pct: float, region: Region) -> Finance:
    """Return a payer; a loan has the terms of its lender if the lender has a single class of terms."""
    terms = region.table("lending_terms")
    classes = list(terms.index[terms["partner"] == partner])
    has_terms = instrument == "loan" and len(classes) == 1
    return Finance(
        partner=partner, lender_class=classes[0] if has_terms else None, share_pct=round(share_pct, 4)
    )


def unused_lines(draft: DraftPlan) -> Iterator[str]:
    """Yield the unused claims, one line each."""
    for item in draft.unused:
        yield _one_line(f"claim {item.claim}: {item.subject}: {item.reason}")
