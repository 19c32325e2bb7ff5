"""Check of a plan against its region."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.case.aliases import aliases_of
from sogdia.case.model import unknown_names
from sogdia.case.openings import has_opening_year
from sogdia.case.plan import Plan, ProjectChoice
from sogdia.codes import OPERATING
from sogdia.errors import SIMILAR_SHOWN, Fault
from sogdia.region import Region
from sogdia.tables import cell
from sogdia.tables.yaml_text import KeyPath


def plan_faults(plan: Plan, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield the errors of a plan that does not match its region, each with the key path it concerns.

    Args:
        plan: The plan, after its ``extends`` are merged.
        region: The region.
        file: Name of the plan's file for messages.
    """
    projects = region.table("projects").index
    if plan.extends:
        problem, fix = "the plans that it extends are not merged", "load it with load_plan"
        yield ("extends",), Fault(file, None, "extends", problem, fix, "extends")
    aliases, known = aliases_of(region), set(projects)
    unknown = [choice.project for choice in plan.projects if choice.project not in known]
    for count, name in enumerate(unknown):
        # Of similar errors only the first are shown: the others need no suggestion.
        valid = projects if count < SIMILAR_SHOWN else ()
        yield from unknown_names(
            ("projects", name, "project"), "project", [name], valid, file, aliases=aliases
        )
    parties = set(region.table("parties")["code"])
    for choice in plan.projects:
        if choice.project in known or choice.finance:
            yield from _choice_faults(choice, region, parties, file)
    excluded = [name for name in plan.excludes if name not in known]
    for count, name in enumerate(excluded):
        valid = projects if count < SIMILAR_SHOWN else ()
        yield from unknown_names(
            ("excludes", name), "project", [name], valid, file, "excludes", aliases=aliases
        )
    yield from _alternatives(plan, region, file)


def _choice_faults(
    choice: ProjectChoice, region: Region, parties: set[str], file: str
) -> Iterator[tuple[KeyPath, Fault]]:
    projects, terms = region.table("projects"), region.table("lending_terms").index
    at: KeyPath = ("projects", choice.project)
    is_known = choice.project in projects.index
    if (
        is_known
        and cell(projects, choice.project, "status") != OPERATING
        and not has_opening_year(choice, region)
    ):
        problem = f"{choice.project} has no completion year of its own"
        yield (*at, "project"), Fault(file, None, "opening_year", problem, "give its opening_year", "year")
    for position, part in enumerate(choice.finance):
        here: KeyPath = (*at, "finance", position)
        lent = [part.lender_class] if part.lender_class else []
        yield from unknown_names(
            (*here, "partner"), "party", [part.partner], parties, file, aliases=aliases_of(region)
        )
        yield from unknown_names((*here, "lender_class"), "lender class", lent, terms, file)


def _alternatives(plan: Plan, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    built = {choice.project for choice in plan.projects}
    pairs = region.table("alternatives")
    for project, other in zip(pairs["project"], pairs["other"], strict=True):
        if {project, other} <= built:
            problem = f"{project} and {other} are alternatives"
            yield (
                ("projects", other, "project"),
                Fault(file, None, "project", problem, "keep one of the two", "alternatives"),
            )
