"""From the claims of an article to a plan: what it builds, when, who pays; what could not be used and why."""

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
from sogdia.ledger.accounts import judged_deals
from sogdia.ledger.findings import ENDED, opening_told
from sogdia.ledger.matching import Match, match_claims
from sogdia.ledger.records import CORRIDORS
from sogdia.region import Region

MONEY_TYPES = ("finance", "deal")
_LONGEST_TITLE = 160
_WHY_NO_PROJECT: Mapping[str, str] = MappingProxyType(
    {
        "aggregate_investment": "a sum of many things, no one project",
        "visit_summit": "an act, no project; see `sogdia ledger calendar`",
        "policy_threat": "an act, no project; see `sogdia ledger calendar`",
        "agreement": "an agreement that names no project of the ledger",
        "gas_supply": "a supply, no project",
        "debt": "a figure of debt",
        "trade": "a figure of trade",
        "transit_stat": "a figure of transit",
        "remittances": "a figure of remittances",
    }
)


@dataclass(frozen=True, slots=True)
class Unused:
    """Something an article says that the plan cannot carry.

    Attributes:
        claim: Number of the claim.
        what: What it is.
        why: Why it is left out, and what would let it in.
    """

    claim: int
    what: str
    why: str


@dataclass(frozen=True)
class DraftPlan:
    """A plan made from an article.

    Attributes:
        plan: The plan; it fits the region.
        claims: Claims behind each project of the plan, by project.
        unused: What could not be used, in the order of the article.
    """

    plan: Plan
    claims: Mapping[str, tuple[int, ...]]
    unused: tuple[Unused, ...]

    @property
    def text(self) -> str:
        """The plan as YAML, what was not used in comments at its end."""
        content = self.plan.model_dump(exclude={"name"}, exclude_defaults=True)
        content = {"title": self.plan.title, "description": self.plan.description, **content}
        content["projects"] = [_plain(choice) for choice in self.plan.projects]
        body = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
        lines = [f"#   {line}" for line in unused_lines(self)]
        return body + "".join(f"{line}\n" for line in (["# Not used:", *lines] if lines else []))


def _plain(choice: ProjectChoice) -> dict[str, Any]:
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
    told: dt.date | None = None,
    title: str = "",
    matches: Sequence[Match] | None = None,
    opens: int | None = None,
    assume_payer: bool = False,
) -> DraftPlan:
    """Make a plan of the projects that an article speaks of and the ledger knows.

    A project opens in the year that the article tells, else in its own; one that has neither, or that
    operates, or that the article calls suspended or cancelled, is left out and listed. Who pays is the
    ledger's word where its deals tell it (the plan then names nobody, as plans do); money that is new to
    the ledger is put beside the ledger's, each as its share of the project's cost.

    Args:
        claims: Claims of one article.
        region: The region.
        told: Day of the article.
        title: Its headline.
        matches: What the ledger knows of the claims; found where not given.
        opens: Year assumed for projects that have none; each is noted so.
        assume_payer: Whether the one partner named for a project with no sum told is taken to pay all of it;
            each is noted so.

    Returns:
        The plan, the claims behind each of its projects, and what could not be used.
    """
    found = match_claims(claims, region, told=told) if matches is None else tuple(matches)
    pairs = list(zip(claims, found, strict=True))
    unused = [
        Unused(claim.number, _what(claim), _why_no_project(claim, match))
        for claim, match in pairs
        if not _projects(match, region)
    ]
    about: dict[str, list[tuple[Claim, Match]]] = {}
    for claim, match in pairs:
        for project in _projects(match, region):
            about.setdefault(project, []).append((claim, match))
    choices: list[ProjectChoice] = []
    for project, group in about.items():
        refused = _refusal(project, group, choices, region, told, opens)
        if refused:
            unused += [Unused(claim.number, _what(claim), refused) for claim, _ in group]
            continue
        choice, more = _choice(project, group, region, told, opens, assume_payer)
        choices.append(choice)
        unused += more
    plan = Plan(
        title=_one_line(title)[:_LONGEST_TITLE].strip() or "Plan from an article",
        description=f"Made from an article{f' of {told}' if told else ''}: what it names that is to open.",
        projects=tuple(choices),
    )
    numbers = {
        choice.project: tuple(claim.number for claim, _ in about[choice.project]) for choice in choices
    }
    order = sorted(unused, key=lambda item: item.claim)
    return DraftPlan(plan, MappingProxyType(numbers), tuple(order))


def _projects(match: Match, region: Region) -> list[str]:
    known = region.table("projects").index
    listed = [row for row in match.row.split(";") if row in known]
    return listed or ([match.project] if match.project else [])


def _what(claim: Claim) -> str:
    parties = "/".join(filter(None, (";".join(claim.partners), ";".join(claim.recipients))))
    sum_told = f"{claim.amount.musd:,.6g} million dollars" if claim.amount and claim.amount.musd else ""
    return ", ".join(filter(None, (claim.project or claim.type.replace("_", " "), parties, sum_told)))


def _why_no_project(claim: Claim, match: Match) -> str:
    if match.table == CORRIDORS:
        return "a corridor, no project"
    if claim.type in _WHY_NO_PROJECT:
        return _WHY_NO_PROJECT[claim.type]
    if match.row:
        return f"{match.row} of the ledger has no project"
    if match.others:
        nearest = ", ".join(row for _, row, _ in match.others)
        return f"not surely in the ledger; it may be {nearest}"
    return "not in the ledger; `sogdia ledger propose` writes its row"


def _refusal(
    project: str,
    group: Sequence[tuple[Claim, Match]],
    chosen: Sequence[ProjectChoice],
    region: Region,
    told: dt.date | None,
    opens: int | None,
) -> str:
    """Why a project cannot be built by the plan; empty where it can."""
    row = region.table("projects").loc[project]
    if row["status"] == OPERATING:
        return f"{project} operates already"
    ended = [claim.status for claim, _ in group if claim.type == "project" and claim.status in ENDED]
    if ended:
        return f"the article calls {project} {ended[-1]}"
    pairs = region.table("alternatives")
    others = {
        *pairs.loc[pairs["project"] == project, "other"],
        *pairs.loc[pairs["other"] == project, "project"],
    }
    taken = [choice.project for choice in chosen if choice.project in others]
    if taken:
        return f"{project} is an alternative to {taken[0]}, which the plan builds"
    if opens is None and _year_told(group, told) is None and not _dated(project, region):
        return f"no year is told or known for {project}; give one with --opens"
    return ""


def _dated(project: str, region: Region) -> bool:
    return project_opening(ProjectChoice(project=project), region).year is not None


def _year_told(group: Sequence[tuple[Claim, Match]], told: dt.date | None) -> int | None:
    """Year of opening by the last claim that tells one which has not passed."""
    years = [opening_told(claim, told) for claim, _ in group if claim.status != OPERATING]
    known = [year for year in years if year is not None]
    return known[-1] if known else None


def _choice(
    project: str,
    group: Sequence[tuple[Claim, Match]],
    region: Region,
    told: dt.date | None,
    opens: int | None,
    assume_payer: bool,
) -> tuple[ProjectChoice, list[Unused]]:
    year, notes = _year_told(group, told), []
    if year is not None:
        notes.append(f"year {year} as the article tells")
    elif not _dated(project, region):
        year = opens
        notes.append(f"year {year} assumed, none is told or known")
    finance, words, unused = _finance(project, group, region, assume_payer)
    numbers = ", ".join(str(claim.number) for claim, _ in group)
    note = "; ".join([f"claims {numbers} of the article", *notes, *words])
    return ProjectChoice(project=project, opening_year=year, finance=finance, note=note), unused


def _finance(
    project: str, group: Sequence[tuple[Claim, Match]], region: Region, assume_payer: bool
) -> tuple[tuple[Finance, ...], list[str], list[Unused]]:
    """Who pays, in words how that is known, and the claims of money that could not be used."""
    counted = _counted(project, region)
    told = [(claim, match) for claim, match in group if claim.type in MONEY_TYPES]
    fresh = [(claim, match) for claim, match in told if not set(match.row.split(";")) & set(counted.index)]
    cost = project_cost(project, region)
    parts: list[Finance] = []
    unused: list[Unused] = []
    for claim, match in fresh:
        problem = _money_problem(claim, match, cost)
        if problem:
            unused.append(Unused(claim.number, f"money of {_what(claim)}", problem))
            continue
        musd = claim.amount.musd if claim.amount and claim.amount.musd else 0.0
        parts.append(_part(claim.partners[0], claim.instrument, share_of_amount(musd, cost), region))
    if not parts:
        payer = _only_payer([claim for claim, _ in group])
        if assume_payer and payer and counted["amount_musd"].isna().all():
            return (Finance(partner=payer),), [f"all paid by {payer}: assumed, no sum is told"], unused
        told_by = "as the ledger's deals tell" if counted["amount_musd"].notna().any() else "not told"
        return (), [f"who pays is {told_by}"], unused
    rows = counted.loc[counted["amount_musd"].notna(), ["partner", "instrument", "amount_musd"]]
    known = [
        _part(partner, instrument, share_of_amount(amount, cost), region)
        for partner, instrument, amount in rows.itertuples(index=False)
    ]
    if sum(part.share_pct for part in (*known, *parts)) > 100.0:
        numbers = [claim.number for claim, _ in fresh]
        why = "with the ledger's deals it would pay for more than the project costs"
        unused += [Unused(number, f"money for {project}", why) for number in numbers]
        return (), ["who pays is as the ledger's deals tell"], unused
    return (*known, *parts), ["shares are sums of article and ledger over the cost"], unused


def _counted(project: str, region: Region) -> pd.DataFrame:
    frame = judged_deals(region.table("deals"))
    return frame[(frame["project"] == project) & frame["counts"]]


def _only_payer(claims: Sequence[Claim]) -> str:
    """The one partner that the claims of a project name; empty where they name several, or none."""
    named = {claim.partners for claim in claims if claim.partners and claim.status not in ENDED}
    return next(iter(named))[0] if len(named) == 1 and len(next(iter(named))) == 1 else ""


def _money_problem(claim: Claim, match: Match, cost: float) -> str:
    if claim.status in ENDED:
        return f"the article calls it {claim.status}"
    if match.relation in ("same", "update"):
        return f"the ledger has it as {match.row}, which is no counted deal of the project"
    if match.relation == "contradiction":
        return f"contradicts {match.row}: {match.why}"
    if len(claim.partners) != 1:
        return "it is not told which of several partners pays what" if claim.partners else "no payer is told"
    if claim.amount is None or not claim.amount.musd:
        return "no sum is told"
    if cost != cost or not cost:
        return "the project's cost is not known, so its share is not either"
    return "" if claim.amount.musd <= cost else "it is more than the project costs"


def _part(partner: str, instrument: str, share_pct: float, region: Region) -> Finance:
    """A payer; a loan on the terms of its lender where there is one class of it alone."""
    terms = region.table("lending_terms")
    classes = list(terms.index[terms["partner"] == partner])
    lent = instrument == "loan" and len(classes) == 1
    return Finance(partner=partner, lender_class=classes[0] if lent else None, share_pct=round(share_pct, 4))


def unused_lines(draft: DraftPlan) -> Iterator[str]:
    """What could not be used, one line each."""
    for item in draft.unused:
        yield _one_line(f"claim {item.claim}: {item.what}: {item.why}")
