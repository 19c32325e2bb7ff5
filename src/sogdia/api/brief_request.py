"""Resolve a request for a brief: find the region, plans and scenarios it names, and define its runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sogdia.articles.reading import read_article, read_claims
from sogdia.case import Case, Plan, Scenario, build_case, load_plan, load_scenario, shipped
from sogdia.case.shocks import Withdrawal
from sogdia.errors import InputError, UnknownNameError
from sogdia.ledger.comparison import compare_aggregates
from sogdia.ledger.draft_plan import plan_from
from sogdia.ledger.matching import match_claims
from sogdia.region import Region, load_region
from sogdia.report.inputs import Announcement
from sogdia.runs.definition import LoadedStudy, expand_study, make_study

FROM_ARTICLE = "from_article"


@dataclass(frozen=True)
class BriefRequest:
    """Request for a brief, by names and files.

    Attributes:
        article: An announcement; its projects are the plan if none is named.
        plan: Name or file of the plan.
        against: Name or file of the plan it is compared with.
        scenarios: Names or files; the shipped ones without withdrawals if none is named.
        homes: Home countries it is about; all of the region if none is named.
        year: Year of the cases; the scenarios' own if not given.
        region: Name of a shipped region, or a folder.
    """

    article: Path | None
    plan: str | None
    against: str
    scenarios: tuple[str, ...]
    homes: tuple[str, ...]
    year: int | None
    region: str


@dataclass(frozen=True, eq=False)
class ResolvedRequest:
    """A request with everything that it names.

    Attributes:
        region: The region.
        plan: The plan.
        against: The plan it is compared with.
        scenarios: The scenarios, the reference scenario first.
        homes: Home countries it is about.
        study: The runs it needs.
        announcement: The article as read, if there is one.
    """

    region: Region
    plan: Plan
    against: Plan
    scenarios: tuple[Scenario, ...]
    homes: tuple[str, ...]
    study: LoadedStudy
    announcement: Announcement | None

    @property
    def reference(self) -> Scenario:
        """The reference scenario."""
        return self.scenarios[0]

    def reference_case(self, plan: Plan) -> Case:
        """Build the case of a plan in the reference scenario."""
        return build_case(self.region, plan, self.reference)


def resolve_request(request: BriefRequest) -> ResolvedRequest:
    """Find what a request names, and define its runs.

    Raises:
        InputError: If it names neither article nor plan, or a name is invalid.
        FaultsError: If a plan or scenario has errors.
        CannotRunError: If a file cannot be read.
    """
    if request.article is None and not request.plan:
        raise InputError("a brief needs an announcement or a plan: sogdia brief ARTICLE, or --plan NAME")
    region = load_region(request.region)
    scenarios = _load_scenarios(request, region)
    announcement = None
    if request.article is not None:
        announcement = _read_announcement(request.article, region, scenarios[0].year)
    plan = load_plan(request.plan, region) if request.plan else _announced_plan(announcement)
    against = load_plan(request.against, region)
    if plan.name == against.name:
        raise InputError(
            f"the plan and the one it is compared with are the same, {plan.name}; name another with --against"
        )
    for home in request.homes:
        if home not in region.home:
            raise UnknownNameError("economy of the region", home, region.home)
    study = make_study(
        region=request.region, base=against.name, plans=[plan.name], scenarios=[s.name for s in scenarios]
    )
    runs = expand_study(study, region, against, [plan], scenarios)
    homes = request.homes or region.home
    return ResolvedRequest(region, plan, against, scenarios, homes, runs, announcement)


def _load_scenarios(request: BriefRequest, region: Region) -> tuple[Scenario, ...]:
    """Return the scenarios of a request, one without shocks first; it is added if none is named."""
    named: Sequence[str] = request.scenarios or tuple(shipped(region, "scenarios"))
    scenarios = [load_scenario(name, region) for name in named]
    if request.year is not None:
        scenarios = [scenario.at(request.year) for scenario in scenarios]
    if not request.scenarios:
        scenarios = [
            each for each in scenarios if not any(isinstance(shock, Withdrawal) for shock in each.shocks)
        ]
    if len({scenario.year for scenario in scenarios}) > 1:
        raise InputError("the scenarios are of different years: name one with --year")
    reference = next((scenario for scenario in scenarios if not scenario.shocks), None)
    if reference is None:
        without_shocks = {"name": "no_shocks", "title": "No shocks", "shocks": ()}
        reference = scenarios[0].model_copy(update=without_shocks)
    return (reference, *(scenario for scenario in scenarios if scenario.name != reference.name))


def _read_announcement(path: Path, region: Region, year: int) -> Announcement:
    article = read_article(path)
    claims = read_claims(article, region)
    matches = match_claims(claims, region, published=article.date)
    opens = year if article.date is None or year > article.date.year else None
    draft = plan_from(
        claims, region, published=article.date, title=article.title, matches=matches, opens=opens,
        assume_payer=True,
    )  # fmt: skip
    return Announcement(article, tuple(claims), tuple(matches), draft, compare_aggregates(claims, region))


def _announced_plan(announcement: Announcement | None) -> Plan:
    if announcement is None or not announcement.draft.plan.projects:
        raise InputError(
            "the article names no project that the region knows and that is still to open, so it gives no "
            "plan; name one with --plan"
        )
    return announcement.draft.plan.model_copy(update={"name": FROM_ARTICLE, "title": "As the article states"})
