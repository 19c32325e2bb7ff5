"""Derive the baseline of a plan: the same country without it.

With/without, never before/after (*Guidelines for the Economic Analysis of Projects*, 2017, paragraphs
35-36; ENTSO-E, *Guideline for Cost Benefit Analysis*, 2023: reference grid, take one out at a time). The
baseline holds what will be built anyway, the committed projects. Of a plan P and a baseline B

    ``without = B - own(P)`` and ``with = without + own(P)``

with own(P) the projects that P itself decides. A committed project that P names is thus taken out of the
baseline, so that P is credited with it; another committed project is in both and has no effect.
"""

from __future__ import annotations

from collections.abc import Sequence

from sogdia.case.library import load_plan, reference_plan_name
from sogdia.case.plan import Plan
from sogdia.region import Region

REDUCED = "without_plan"
"""End of the name of a baseline from which projects of the plan are taken out."""


def reference_plan(region: Region) -> Plan:
    """Load the plan that others are compared with by default: the committed projects.

    Returns:
        The region's plan ``committed``; ``as_is`` of a region that ships none; else a plan without projects.

    Raises:
        FaultsError: If its file has errors.
    """
    name = reference_plan_name(region)
    return load_plan(name, region) if name else Plan(name="as_is", title="As it is")


def counterfactual(plans: Sequence[Plan], baseline: Plan, region: Region) -> tuple[Plan, tuple[Plan, ...]]:
    """Return the baseline without what the plans decide, and the plans on top of it.

    The baseline is one for all plans, so that their results can be compared: it loses the projects that every
    one of them decides itself. A plan without projects (a state of the country, such as ``as_is``) and the
    baseline itself are compared as they are. An alternative of a project that a plan builds gives way to it.

    Args:
        plans: The plans, after their ``extends`` are merged.
        baseline: The baseline.
        region: The region.

    Returns:
        The baseline; and the plans, each with the projects of the baseline and ``in_baseline`` set.
    """
    choosing = [plan for plan in plans if plan.projects and plan.digest != baseline.digest]
    own = [{choice.project for choice in plan.own} for plan in choosing]
    shared = set.intersection(*own) if own else set()
    reduced = _less(baseline, shared)
    return reduced, tuple(_on_top(plan, reduced, region) if plan in choosing else plan for plan in plans)


def _less(baseline: Plan, projects: set[str]) -> Plan:
    """Return a baseline without some of its projects, under a name of its own if it has one of them."""
    taken = sorted({choice.project for choice in baseline.projects} & projects)
    if not taken:
        return baseline
    count = f"{len(taken)} project" + "s" * (len(taken) > 1)
    words = f"{baseline.description} Taken out, since the plan builds them: {', '.join(taken)}."
    return baseline.model_copy(
        update={
            "name": f"{baseline.name}_{REDUCED}",
            "title": f"{baseline.title}, without {count} of the plan",
            "description": words.strip(),
            "projects": tuple(each for each in baseline.projects if each.project not in taken),
        }
    )


def _on_top(plan: Plan, baseline: Plan, region: Region) -> Plan:
    """Add the projects of a baseline that a plan does not decide itself."""
    decided = {choice.project for choice in plan.projects} | set(plan.excludes)
    pairs = region.table("alternatives")
    for project, other in zip(pairs["project"], pairs["other"], strict=True):
        decided |= {other} if project in decided else {project} if other in decided else set()
    added = [choice for choice in baseline.projects if choice.project not in decided]
    built = {choice.project for choice in plan.projects}
    excluded = (name for name in baseline.excludes if name not in built)
    projects = sorted((*plan.projects, *added), key=lambda choice: choice.project)
    shared = {choice.project for choice in baseline.projects} & {choice.project for choice in projects}
    return plan.model_copy(
        update={
            "projects": tuple(projects),
            "excludes": tuple(sorted({*plan.excludes, *excluded})),
            "in_baseline": tuple(sorted(shared)),
        }
    )
