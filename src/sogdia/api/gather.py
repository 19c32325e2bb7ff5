"""From what a user asks to what a brief is written from: names found, runs made, results read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sogdia.api.batch import Leaving, Told, make_runs
from sogdia.articles.reading import read_article, read_claims
from sogdia.case import Case, Plan, Scenario, build_case, load_plan, load_scenario, shipped
from sogdia.case.shocks import Withdrawal
from sogdia.dependence.settings import SINGLE_THREAD, DependenceSettings
from sogdia.dependence.solve import dependence_of
from sogdia.dependence.withdrawal import partners_of
from sogdia.errors import CannotRunError, InputError, UnknownNameError
from sogdia.finance.plan_finance import plan_money
from sogdia.ledger.comparison import compare_aggregates
from sogdia.ledger.draft_plan import plan_from
from sogdia.ledger.matching import match_claims
from sogdia.region import Region, load_region
from sogdia.report.inputs import Announcement, BriefInputs, Dependence, RunTables
from sogdia.runs.definition import OpenedStudy, opened, study_of
from sogdia.runs.executor import Executor
from sogdia.runs.store import Store
from sogdia.uncertainty.one_at_a_time import Assumption, assumptions_of, runs_of, sensitivity_of

FROM_ARTICLE = "from_article"


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Attributes:
        article: An announcement; its projects are the plan where none is named.
        plan: A plan's name or file.
        against: Plan it is compared with.
        scenarios: Names or files; the shipped ones in which nobody leaves where none is named.
        homes: Countries it is about; all of the region's own where none is named.
        year: Year looked at; each scenario's own where not said.
        region: A shipped region's name, or a folder.
    """

    article: Path | None
    plan: str | None
    against: str
    scenarios: tuple[str, ...]
    homes: tuple[str, ...]
    year: int | None
    region: str


@dataclass(frozen=True, eq=False)
class Asked:
    """A request with all it names at hand.

    Attributes:
        region: The region.
        plan: The plan.
        against: The plan it is compared with.
        scenarios: What may happen, the calm one first.
        homes: Economies it is about.
        study: The runs it needs.
        announcement: The article as read, if there is one.
    """

    region: Region
    plan: Plan
    against: Plan
    scenarios: tuple[Scenario, ...]
    homes: tuple[str, ...]
    study: OpenedStudy
    announcement: Announcement | None


def ask(request: Request) -> Asked:
    """Find what a request names.

    Raises:
        InputError: If it names nothing to look at, or what it names does not hold.
        FaultsError: If a plan or scenario has faults.
        CannotRunError: If a file cannot be read.
    """
    if request.article is None and not request.plan:
        raise InputError("a brief wants an announcement or a plan: sogdia brief ARTICLE, or --plan NAME")
    region = load_region(request.region)
    scenarios = _scenarios(request, region)
    told = None if request.article is None else _announcement(request.article, region, scenarios[0].year)
    plan = load_plan(request.plan, region) if request.plan else _drafted(told)
    against = load_plan(request.against, region)
    if plan.name == against.name:
        raise InputError(f"the plan and what it is compared with are the same: {plan.name}")
    for home in request.homes:
        if home not in region.home:
            raise UnknownNameError("economy of the region", home, region.home)
    study = study_of(
        region=request.region, base=against.name, plans=[plan.name], scenarios=[s.name for s in scenarios]
    )
    runs = opened(study, region, against, [plan], list(scenarios))
    return Asked(region, plan, against, scenarios, request.homes or region.home, runs, told)


def _scenarios(request: Request, region: Region) -> tuple[Scenario, ...]:
    """The scenarios asked for; a calm one is put first, made where none is named."""
    named: Sequence[str] = request.scenarios or tuple(shipped(region, "scenarios"))
    found = [load_scenario(name, region) for name in named]
    if request.year is not None:
        found = [scenario.at(request.year) for scenario in found]
    if not request.scenarios:
        found = [each for each in found if not any(isinstance(s, Withdrawal) for s in each.shocks)]
    if len({scenario.year for scenario in found}) > 1:
        raise InputError("the scenarios are of different years: name one with --year")
    calm = next((scenario for scenario in found if not scenario.shocks), None)
    if calm is None:
        calm = found[0].model_copy(update={"name": "calm", "title": "Nothing befalls", "shocks": ()})
    return (calm, *(scenario for scenario in found if scenario.name != calm.name))


def _announcement(path: Path, region: Region, year: int) -> Announcement:
    article = read_article(path)
    claims = read_claims(article, region)
    matches = match_claims(claims, region, published=article.date)
    opens = year if article.date is None or year > article.date.year else None
    draft = plan_from(
        claims, region, published=article.date, title=article.title, matches=matches, opens=opens,
        assume_payer=True,
    )  # fmt: skip
    return Announcement(article, tuple(claims), tuple(matches), draft, compare_aggregates(claims, region))


def _drafted(told: Announcement | None) -> Plan:
    if told is None or not told.draft.plan.projects:
        raise InputError(
            "the article names no project that the region knows and that is still to open, so there is no "
            "plan to look at; name one with --plan"
        )
    return told.draft.plan.model_copy(update={"name": FROM_ARTICLE, "title": "As the article tells"})


def run_all(
    asked: Asked,
    store: Store,
    executor: Executor,
    threads: int,
    told: Callable[[Told], None],
    assumptions: Sequence[Assumption] = (),
    leaving: Sequence[Leaving] = (),
) -> pd.DataFrame | None:
    """Make the runs that the store does not have: both plans under every scenario and assumption.

    Args:
        asked: What is asked for.
        store: The store.
        executor: Where runs are made.
        threads: Threads of each run.
        told: Told of each run.
        assumptions: What is varied, one at a time.
        leaving: Studies of dependence whose runs are made too.

    Returns:
        The plan's effect with each assumption low and high, as
        :func:`sogdia.uncertainty.one_at_a_time.sensitivity_of` tells it, where there are any.

    Raises:
        CannotRunError: If the store cannot be written.
        InputError: If a run of a scenario has no solution; all such runs are named.
        NotConvergedError: If a precision is not reached in a base, or in a run in which partners leave.
    """
    varied = runs_of(asked.study, asked.plan, asked.against, assumptions) if assumptions else ()
    errors = {}
    for each in make_runs(asked.study, asked.study.runs, varied, leaving, store, executor, threads):
        told(each)
        if each.error:
            errors[each.label] = each.error
    wanted = {run.label for run in asked.study.runs}
    failed = [f"{label}: {why}" for label, why in errors.items() if label in wanted]
    if failed:
        raise InputError("\n".join(failed))
    if not assumptions:
        return None
    return sensitivity_of(
        assumptions, varied, asked.plan, asked.against, asked.region, asked.homes, store, errors
    )


def leaving_of(asked: Asked) -> tuple[Leaving, Leaving]:
    """Whom the homes depend on without the plan and with it, in calm times.

    Without it each partner leaves alone and all leave together; with it every coalition leaves.
    """
    chosen = asked.study.study.settings
    study = SINGLE_THREAD.model_copy(
        update={
            "composition": chosen.study.composition,
            "freight": chosen.study.freight.model_copy(update={"workers": 1}),
        }
    )
    before, after = (
        DependenceSettings(study=study, power=chosen.power, coalitions=every, channels=False)
        for every in (False, True)
    )
    return (
        Leaving(_calm_case(asked, asked.against), before, asked.against),
        Leaving(_calm_case(asked, asked.plan), after, asked.against),
    )


def dependence_in(leaving: Sequence[Leaving], store: Store) -> Dependence:
    """Tables of studies of dependence whose runs are in the store.

    Raises:
        CannotRunError: If the store cannot be read.
    """
    before, after = (dependence_of(each.prepared, folder=store.folder) for each in leaving)
    return Dependence(before, after)


def assumptions_for(asked: Asked, most: int) -> tuple[Assumption, ...]:
    """What is varied one at a time, at most so many."""
    return assumptions_of(asked.region, asked.scenarios[0], most)


def most_steps(asked: Asked, *, partners: bool, assumptions: Sequence[Assumption]) -> int:
    """How many runs there are at most, for a bar of progress; coalitions that share a run are one less."""
    found = len(asked.study.runs) + 2 * sum(len(item.scenarios) for item in assumptions)
    if partners:
        count = len(partners_of(asked.region, ()))
        found += 2 * (count + 3 + 2**count)
    return found


def gathered(
    asked: Asked,
    store: Store,
    *,
    partners: Dependence | None = None,
    sensitivity: pd.DataFrame | None = None,
) -> BriefInputs:
    """Read what a brief is written from out of the store.

    Raises:
        CannotRunError: If a run is not there.
    """
    runs = {}
    for run in asked.study.runs:
        if run.run not in store:
            raise CannotRunError(f"{run.label}: not in the store {store.folder}")
        runs[run.plan.name, run.scenario.name] = RunTables(run.run, run.label, store.tables(run.run))
    case = _calm_case(asked, asked.plan)
    return BriefInputs(
        region=asked.region,
        plan=asked.plan,
        baseline=asked.against,
        scenarios=asked.scenarios,
        homes=asked.homes,
        case=case,
        runs=runs,
        finance=plan_money(case, None) if partners is None else partners.plan.money,
        announcement=asked.announcement,
        dependence=partners,
        sensitivity=sensitivity,
    )


def _calm_case(asked: Asked, plan: Plan) -> Case:
    return build_case(asked.region, plan, asked.scenarios[0])
