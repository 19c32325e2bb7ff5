"""Errors in a problem: names and numbers, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from sogdia.errors import Fault, did_you_mean
from sogdia.names import repeated_names
from sogdia.portfolio.limits import Limit, ShareLimit, YearLimit

FILE = "portfolio"


def _fault(field: str, problem: str, fix: str = "", kind: str = "portfolio") -> Fault:
    return Fault(FILE, None, field, problem, fix, kind)


def faults_of_problem(problem: Any) -> list[Fault]:
    """Find all errors of a :class:`sogdia.portfolio.Problem`."""
    if not problem.projects:
        return [_fault("projects", "there are no projects", "name at least one")]
    return [*_project_faults(problem), *_name_faults(problem), *_limit_faults(problem), *_cycles(problem)]


def _project_faults(problem: Any) -> Iterator[Fault]:
    for name in repeated_names(project.name for project in problem.projects):
        yield _fault("projects", f"project {name!r} is repeated", "one row per project", "repeated")
    for project in problem.projects:
        if not project.options:
            yield _fault("options", f"project {project.name!r} has no option", "give it at least one")
        pairs = [f"{option.partner} {option.year}" for option in project.options]
        for pair in repeated_names(pairs):
            yield _fault("options", f"project {project.name!r} repeats the option {pair!r}", kind="repeated")
        for option in project.options:
            by_year = [(name, x) for name, years in option.by_year.items() for x in years.values()]
            for name, amount in [*option.amounts.items(), *by_year]:
                if not isfinite(amount):
                    yield _fault(name, f"project {project.name!r}: {amount} is not a finite number")


def _unknown(field: str, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    valid = set(known)
    for name in names:
        if name not in valid:
            yield _fault(field, f"unknown {what} {name!r}", did_you_mean(name, valid), "unknown")


def _name_faults(problem: Any) -> Iterator[Fault]:
    projects = {project.name for project in problem.projects}
    yield from _unknown("must_haves", "project", problem.must_haves, projects)
    for group in problem.groups:
        yield from _unknown("groups", "project", group.projects, projects)
        if not 0 <= group.least <= group.most:
            yield _fault("groups", f"{group.label}: {group.least} to {group.most} is no range")
    for need in problem.prerequisites:
        yield from _unknown("prerequisites", "project", (need.project, need.needs), projects)


def _limit_faults(problem: Any) -> Iterator[Fault]:
    options = [option for project in problem.projects for option in project.options]
    partners = {option.partner for option in options if option.partner}
    measures = {name for option in options for name in option.amounts}
    yearly = {name for option in options for name in option.by_year}
    for limit in problem.limits:
        known = yearly if isinstance(limit, YearLimit) else measures
        yield from _unknown("limits", "amount", (limit.measure,), known)
        if isinstance(limit, Limit | ShareLimit) and limit.partner is not None:
            yield from _unknown("limits", "partner", (limit.partner,), partners)
        if isinstance(limit, ShareLimit):
            if not 0.0 <= limit.most <= 1.0:
                yield _fault("limits", f"{limit.label}: {limit.most} is no share", "expected 0 to 1", "share")
            if any(option.amounts.get(limit.measure, 0.0) < 0.0 for option in options):
                yield _fault(
                    "limits", f"{limit.label}: an amount is negative, so that shares have no meaning"
                )
        if isinstance(limit, Limit):
            yield from _bound_faults(limit)


def _bound_faults(limit: Limit) -> Iterator[Fault]:
    if limit.most is None and limit.least is None:
        yield _fault("limits", f"{limit.label}: neither most nor least is given", "give one", "bound")
    elif limit.most is not None and limit.least is not None and limit.least > limit.most:
        yield _fault("limits", f"{limit.label}: {limit.least} exceeds {limit.most}", "exchange them", "bound")


def _cycles(problem: Any) -> Iterator[Fault]:
    """Find a project that needs itself alone; longer cycles are allowed (projects built together)."""
    for need in problem.prerequisites:
        if need.project == need.needs:
            yield _fault("prerequisites", f"project {need.project!r} needs itself", "name another project")
