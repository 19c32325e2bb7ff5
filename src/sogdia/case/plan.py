"""Plans: what is chosen. Projects, when they open, who pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

import pandas as pd
from pydantic import Field, field_validator, model_validator

from sogdia.case.model import KeyPath, Model, unknown_names
from sogdia.errors import Fault
from sogdia.region import Region
from sogdia.tables import cell

SHARE_TOLERANCE_PCT = 0.01
OPERATING = "operating"


class Finance(Model):
    """Who pays for a part of a project, on which terms.

    Attributes:
        partner: Code of the party that lends, gives or invests.
        lender_class: Row of ``lending_terms`` with the terms, where the money is lent.
        share_pct: Part of the project's cost, per cent.
    """

    partner: str
    lender_class: str | None = None
    share_pct: Annotated[float, Field(gt=0, le=100)] = 100.0


class ProjectChoice(Model):
    """A project that the plan builds.

    Attributes:
        project: Row of ``projects``.
        opening_year: Year it opens; where not said, the project's own completion year.
        finance: Who pays; where not said, the counted deals of the project.
        note: Why this year or this money, in words.
    """

    project: str
    opening_year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    finance: tuple[Finance, ...] = ()
    note: str = ""

    @field_validator("finance")
    @classmethod
    def _shares_stay_within_the_whole(cls, finance: tuple[Finance, ...]) -> tuple[Finance, ...]:
        total = sum(part.share_pct for part in finance)
        if total > 100.0 + SHARE_TOLERANCE_PCT:
            raise ValueError(f"the shares sum to {total:g} %, more than the whole")
        return finance


class Plan(Model):
    """What is chosen: the projects that are built, and those that are taken away.

    Attributes:
        name: Short name, the file's stem.
        title: Name for readers.
        description: What the plan stands for.
        extends: Plans whose projects this one builds too; its own choice of a project comes first.
        projects: Projects built, in order of their names.
        without: Projects taken away although they operate or another plan builds them.
    """

    name: str = ""
    title: str
    description: str = ""
    extends: tuple[str, ...] = ()
    projects: tuple[ProjectChoice, ...] = ()
    without: tuple[str, ...] = ()

    @field_validator("projects")
    @classmethod
    def _in_order(cls, projects: tuple[ProjectChoice, ...]) -> tuple[ProjectChoice, ...]:
        return tuple(sorted(projects, key=lambda choice: choice.project))

    @field_validator("without", "extends")
    @classmethod
    def _sorted(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(names)))

    @model_validator(mode="after")
    def _no_project_twice(self) -> Self:
        names = [choice.project for choice in self.projects]
        twice = sorted({name for name in names if names.count(name) > 1})
        both = sorted(set(names) & set(self.without))
        if twice:
            raise ValueError(f"projects stand twice: {', '.join(twice)}")
        if both:
            raise ValueError(f"projects both built and taken away: {', '.join(both)}")
        return self


def opening_year(choice: ProjectChoice, region: Region) -> int | None:
    """Year in which a chosen project opens: the plan's word, else the project's own completion."""
    if choice.opening_year is not None:
        return choice.opening_year
    return _year(cell(region.table("projects"), choice.project, "completion_year"))


def last_opening(choice: ProjectChoice, region: Region) -> int | None:
    """Year in which all of a project is open: its own, else the latest of the rows it opens."""
    effects = region.table("project_effects")
    own = effects[(effects["project"] == choice.project) & (effects["action"] == "open")]
    years = [effect_year(region, choice, effect) for effect in own.to_dict("records")]
    known = [year for year in [opening_year(choice, region), *years] if year is not None]
    return max(known, default=None)


def effect_year(region: Region, choice: ProjectChoice, effect: Mapping[Any, Any]) -> int | None:
    """Year in which one row of a project opens.

    The plan's word holds for all rows; where it gives none, a row yet to open that has its own opening
    year keeps it (a plant's units open one after another), and the project's completion serves the others.
    """
    table, row = region.table(str(effect["table"])), str(effect["row"])
    if choice.opening_year is None and "opening_year" in table.columns:
        own = _year(cell(table, row, "opening_year"))
        if own is not None and cell(table, row, "status") != OPERATING:
            return own
    return opening_year(choice, region)


def _year(cell: Any) -> int | None:
    return None if pd.isna(cell) else int(cell)


def plan_faults(plan: Plan, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    """What in a plan does not fit the region, each with the key path it is at.

    Args:
        plan: The plan, with what it extends already in it.
        region: The region it is made for.
        file: Name of the plan's file for messages.
    """
    projects, terms = region.table("projects"), region.table("lending_terms").index
    parties = set(region.table("parties")["code"])
    if plan.extends:
        fix = "load it with load_plan, which puts in what it extends"
        yield ("extends",), Fault(file, None, "extends", "what it extends is not in it yet", fix, "extends")
    for choice in plan.projects:
        at: KeyPath = ("projects", choice.project)
        if choice.project not in projects.index:
            yield from unknown_names((*at, "project"), "project", [choice.project], projects.index, file)
        elif cell(projects, choice.project, "status") != OPERATING and not _dated(choice, region):
            problem = f"{choice.project} has no completion year of its own"
            yield (
                (*at, "project"),
                Fault(file, None, "opening_year", problem, "give its opening_year", "year"),
            )
        for j, part in enumerate(choice.finance):
            here: KeyPath = (*at, "finance", j)
            lent = [part.lender_class] if part.lender_class else []
            yield from unknown_names((*here, "partner"), "party", [part.partner], parties, file)
            yield from unknown_names((*here, "lender_class"), "lender class", lent, terms, file)
    for name in plan.without:
        yield from unknown_names(("without", name), "project", [name], projects.index, file, "without")
    yield from _both_of_a_pair(plan, region, file)


def _dated(choice: ProjectChoice, region: Region) -> bool:
    if opening_year(choice, region) is not None:
        return True
    effects = region.table("project_effects")
    own = effects[effects["project"] == choice.project]
    years = [effect_year(region, choice, effect) for effect in own.to_dict("records")]
    return bool(years) and None not in years


def _both_of_a_pair(plan: Plan, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    built = {choice.project for choice in plan.projects}
    pairs = region.table("alternatives")
    for project, other in zip(pairs["project"], pairs["other"], strict=True):
        if {project, other} <= built:
            problem = f"{project} and {other} are alternatives"
            yield (
                ("projects", other, "project"),
                Fault(file, None, "project", problem, "keep one of the two", "alternatives"),
            )
