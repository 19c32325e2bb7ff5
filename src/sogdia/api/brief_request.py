"""Resolve a request for a brief: find the region, plans and scenarios it names, and define its runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sogdia.api.articles import ArticleReading, read_article
from sogdia.api.inputs import (
    PlanLike,
    RegionLike,
    ScenarioLike,
    home_in,
    load_plan,
    load_region,
    load_scenario,
    load_with_plans,
)
from sogdia.case import Case, Plan, Scenario, build_case, counterfactual
from sogdia.case.shocks import Withdrawal
from sogdia.errors import FaultsError, InputError
from sogdia.region import Region
from sogdia.report.inputs import Announcement
from sogdia.runs.definition import LoadedStudy, expand_study, make_study, same_name_faults

FROM_ARTICLE = "from_article"


@dataclass(frozen=True)
class BriefRequest:
    """Request for a brief.

    Attributes:
        article: An announcement; its projects are the plan if none is given.
        plan: The plan.
        baseline: Plan of the baseline; the committed projects if not given. Projects of the plan are taken
            out of it, and its other projects are built with the plan too.
        scenarios: The scenarios; the shipped ones without withdrawals if none is given.
        homes: Home countries it is about; all of the region if none is given.
        year: Year of the cases, in place of the scenarios' own.
        region: The region.
        mode: ``dispatch``, or ``expansion`` to build power plants and lines at least cost too.
    """

    article: ArticleReading | str | Path | None
    plan: PlanLike | None
    baseline: PlanLike | None
    scenarios: tuple[ScenarioLike, ...]
    homes: tuple[str, ...]
    year: int | None
    region: RegionLike
    mode: Literal["dispatch", "expansion"] = "dispatch"


@dataclass(frozen=True, eq=False)
class ResolvedRequest:
    """A request with everything that it names.

    Attributes:
        region: The region.
        plan: The plan.
        baseline: Plan of the baseline; the committed projects if not given. Projects of the plan are taken
            out of it, and its other projects are built with the plan too.
        scenarios: The scenarios, the reference scenario first.
        homes: Home countries it is about.
        study: The runs it needs.
        announcement: The article as read, if there is one.
        taken_out: Projects of the plan that were taken out of the baseline.
    """

    region: Region
    plan: Plan
    baseline: Plan
    scenarios: tuple[Scenario, ...]
    homes: tuple[str, ...]
    study: LoadedStudy
    announcement: Announcement | None
    taken_out: tuple[str, ...] = ()

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
        InputError: If it has neither article nor plan, or a name is invalid.
        FaultsError: If a plan or scenario has errors.
        CannotRunError: If a file cannot be read.
    """
    if request.article is None and not request.plan:
        raise InputError("a brief needs an announcement or a plan: sogdia brief ARTICLE, or --plan NAME")
    region = load_region(request.region)
    scenarios = _scenarios(request, region)
    announcement = None
    if request.article is not None:
        announcement = _announcement(request.article, region, scenarios[0].year)
    announced = load_plan(request.plan, region) if request.plan else _announced_plan(announcement)
    region, (announced, chosen) = load_with_plans(region, announced, request.baseline)
    if announced.name and announced.name == chosen.name and announced.digest != chosen.digest:
        raise InputError(f"the plan has the name of the baseline, {chosen.name!r}; rename its file")
    if announced.digest == chosen.digest:
        name = announced.name or announced.title
        raise InputError(f"plan and baseline are the same, {name}; name another with --baseline")
    baseline, (plan,) = counterfactual([announced], chosen, region)
    if not plan.own:
        name = plan.name or plan.title
        raise InputError(
            f"{name} builds no project; for a brief, name a plan with projects, or see sogdia compare"
        )
    homes = home_in(region, request.homes)
    study = make_study(
        region=region.name, base=baseline.name, plans=[plan.name], scenarios=[s.name for s in scenarios],
        settings={"power": {"mode": request.mode}},
    )  # fmt: skip
    runs = expand_study(study, region, baseline, [plan], scenarios)
    left = {choice.project for choice in baseline.projects}
    taken = tuple(choice.project for choice in chosen.projects if choice.project not in left)
    return ResolvedRequest(region, plan, baseline, scenarios, homes, runs, announcement, taken)


def _scenarios(request: BriefRequest, region: Region) -> tuple[Scenario, ...]:
    """Return the scenarios of a request, one without shocks first; it is added if none is given."""
    given: Sequence[ScenarioLike] = request.scenarios or tuple(region.scenarios)
    scenarios = [load_scenario(each, region, request.year) for each in given]
    named = zip((str(getattr(each, "name", each)) for each in given), scenarios, strict=True)
    if faults := same_name_faults(list(named), "brief", "scenarios", {}):
        raise FaultsError(faults)
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


def _announcement(article: ArticleReading | str | Path, region: Region, year: int) -> Announcement:
    reading = article if isinstance(article, ArticleReading) else read_article(article, region)
    published = reading.article.date
    is_ahead = published is None or year > published.year
    draft = reading.draft_plan(opening_year=year if is_ahead else None)
    return Announcement(reading.article, reading.records, reading.matching, draft, reading.aggregates)


def _announced_plan(announcement: Announcement | None) -> Plan:
    if announcement is None or not announcement.draft.plan.projects:
        raise InputError(
            "the article names no project that the region knows and that is still to open, so it gives no "
            "plan; name one with --plan"
        )
    return announcement.draft.plan.model_copy(update={"name": FROM_ARTICLE, "title": "As the article states"})
