"""Plans: what is chosen. Projects, when they open, who pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

import pandas as pd
from pydantic import Field, field_validator, model_validator

from sogdia.case.model import Model
from sogdia.errors import Fault, did_you_mean
from sogdia.region import Region

SHARE_TOLERANCE_PCT = 0.01


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
    return _year(region.table("projects").loc[choice.project, "completion_year"])


def effect_year(region: Region, choice: ProjectChoice, effect: Mapping[Any, Any]) -> int | None:
    """Year in which one row of a project opens.

    The plan's word holds for all rows; where it gives none, a row that has its own opening year keeps
    it (a plant's units open one after another), and the project's completion serves the others.
    """
    if choice.opening_year is None and effect["action"] == "open":
        table = region.table(str(effect["table"]))
        if "opening_year" in table.columns:
            own = _year(table.loc[str(effect["row"]), "opening_year"])
            if own is not None:
                return own
    return opening_year(choice, region)


def _year(cell: Any) -> int | None:
    return None if pd.isna(cell) else int(cell)


def plan_faults(plan: Plan, region: Region, file: str) -> Iterator[tuple[tuple[str | int, ...], Fault]]:
    """What in a plan does not fit the region, each with the key path it is at.

    Args:
        plan: The plan, with what it extends already in it.
        region: The region it is made for.
        file: Name of the plan's file for messages.
    """
    projects = region.table("projects")
    terms = region.table("lending_terms")
    parties = set(region.table("parties")["code"])
    for i, choice in enumerate(plan.projects):
        if choice.project not in projects.index:
            problem = f"no project is called {choice.project!r}"
            yield (
                ("projects", i, "project"),
                Fault(file, None, "project", problem, did_you_mean(choice.project, projects.index), "name"),
            )
            continue
        if projects.loc[choice.project, "status"] != "operating" and not _dated(choice, region):
            problem = f"{choice.project} has no completion year of its own"
            yield (
                ("projects", i, "project"),
                Fault(file, None, "opening_year", problem, "give its opening_year", "year"),
            )
        for j, part in enumerate(choice.finance):
            at: tuple[str | int, ...] = ("projects", i, "finance", j)
            if part.partner not in parties:
                hint = did_you_mean(part.partner, parties)
                yield (
                    (*at, "partner"),
                    Fault(file, None, "partner", f"no party is called {part.partner!r}", hint, "name"),
                )
            if part.lender_class is not None and part.lender_class not in terms.index:
                problem = f"no lender class is called {part.lender_class!r}"
                yield (
                    (*at, "lender_class"),
                    Fault(
                        file,
                        None,
                        "lender_class",
                        problem,
                        did_you_mean(part.lender_class, terms.index),
                        "name",
                    ),
                )
    for i, name in enumerate(plan.without):
        if name not in projects.index:
            problem = f"no project is called {name!r}"
            yield (
                ("without", i),
                Fault(file, None, "without", problem, did_you_mean(name, projects.index), "name"),
            )
    yield from _both_of_a_pair(plan, region, file)


def _dated(choice: ProjectChoice, region: Region) -> bool:
    effects = region.table("project_effects")
    own = effects[(effects["project"] == choice.project) & (effects["action"] == "open")]
    years = [effect_year(region, choice, effect) for effect in own.to_dict("records")]
    return opening_year(choice, region) is not None or bool(years and None not in years)


def _both_of_a_pair(plan: Plan, region: Region, file: str) -> Iterator[tuple[tuple[str | int, ...], Fault]]:
    order = {choice.project: i for i, choice in enumerate(plan.projects)}
    pairs = region.table("alternatives")
    for project, other in zip(pairs["project"], pairs["other"], strict=True):
        if project in order and other in order:
            problem = f"{project} and {other} are alternatives"
            yield (
                ("projects", order[other], "project"),
                Fault(file, None, "project", problem, "keep one of the two", "alternatives"),
            )
