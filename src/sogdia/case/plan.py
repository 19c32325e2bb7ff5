"""Plans: the projects that are chosen, when they open and who finances them."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AliasChoices, ConfigDict, Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from sogdia.case.model import Model
from sogdia.names import repeated_names
from sogdia.tables.summary import html_summary

SHARE_TOLERANCE_PCT = 0.01
FORMER_KEYS: Final = {"without": "excludes"}
"""Former names of keys of a plan, still accepted."""


class Finance(Model):
    """Finance of a part of a project.

    Attributes:
        partner: Code of the party that lends, grants or invests.
        lender_class: Row of ``lending_terms`` with the terms of a loan.
        share_pct: Share of the project's cost, per cent.
    """

    partner: str
    lender_class: str | None = None
    share_pct: Annotated[float, Field(gt=0, le=100)] = 100.0


Cell = str | int | float
"""A cell of a table as a plan writes it."""


class NewProject(Model):
    """A project that the region pack lacks, stated in the plan itself.

    Attributes:
        name: Name for readers.
        iso3: Countries that it lies in, ``;`` between them.
        sector: Sector, a value of ``projects.sector``.
        capex_musd: Cost, USD million; not known if not given.
        start_year: Year in which works begin.
        completion_year: Year in which it opens if the plan gives no opening year.
        basis: Provenance of its figures: ``reported``, ``derived`` or ``assumed``.
        source: Rows of ``sources`` that it cites; the plan itself if not given.
        note: Reason for its figures, as text.
        adds: Rows that it opens, by table: ``links``, ``crossings``, ``transfers``, ``plants``,
            ``interconnectors``, ``pipelines``; ``places`` for new ends of links. ``like`` names a row whose
            cells serve where none is given.
        changes: Rows that it improves: ``table``, ``row``, ``field``, ``value``, and ``action`` ``set`` (the
            default) or ``scale``.
    """

    name: str
    iso3: str
    sector: str = "other"
    capex_musd: Annotated[float, Field(ge=0)] | None = None
    start_year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    completion_year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    basis: Literal["reported", "derived", "assumed"] = "assumed"
    source: str = ""
    note: str = "stated by the plan"
    adds: dict[str, tuple[dict[str, Cell], ...]] = Field(default_factory=dict)
    changes: tuple[dict[str, Cell], ...] = ()

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    @model_validator(mode="after")
    def _has_effects(self) -> Self:
        if not any(self.adds.values()) and not self.changes:
            raise ValueError("the project changes nothing; give rows under adds, or changes")
        return self


class ProjectChoice(Model):
    """A project that the plan builds.

    Attributes:
        project: Row of ``projects``, or a name of its own for a project under ``new``.
        opening_year: Year in which it opens; the project's own completion year if not given.
        finance: Who finances it; the counted deals of the project if not given.
        note: Reason for the year or the finance, as text.
        new: The project itself, if the region pack lacks it.
    """

    project: str
    opening_year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    finance: tuple[Finance, ...] = ()
    note: str = ""
    new: NewProject | None = None

    @field_validator("finance")
    @classmethod
    def _shares_sum_to_at_most_100(cls, finance: tuple[Finance, ...]) -> tuple[Finance, ...]:
        total = sum(part.share_pct for part in finance)
        if total > 100.0 + SHARE_TOLERANCE_PCT:
            raise ValueError(f"the shares sum to {total:g} %; expected at most 100 %")
        return finance


class Plan(Model):
    """A choice of projects: those that are built, and those that are excluded.

    Attributes:
        name: Short name, the file's stem.
        title: Name for readers.
        description: What the plan represents.
        extends: Plans whose projects this one builds too; its own choice of a project takes precedence.
        projects: Projects built, in order of their names.
        excludes: Projects excluded although they operate or another plan builds them; also accepted
            under its former name ``without``.
        filler: New power plants at least cost meet the reserve margin in years to come
            (:mod:`sogdia.power.planning`); ``none`` for a stress case in which nothing else is built.
        in_baseline: Projects taken over from the baseline, which are built with the plan and without it; its
            costs and its money leave them out (:mod:`sogdia.case.counterfactual`). Not a key of the file.
    """

    model_config = ConfigDict(populate_by_name=True)

    name: str = ""
    title: str
    description: str = ""
    extends: tuple[str, ...] = ()
    projects: tuple[ProjectChoice, ...] = ()
    excludes: tuple[str, ...] = Field(default=(), validation_alias=AliasChoices("excludes", "without"))
    filler: Literal["least_cost", "none"] = "least_cost"
    in_baseline: SkipJsonSchema[Annotated[tuple[str, ...], Field(exclude=True)]] = ()

    def __repr__(self) -> str:
        count = len(self.projects)
        parts = [f"{count} project" + ("" if count == 1 else "s")]
        parts += [f"excludes {len(self.excludes)}"] if self.excludes else []
        parts += [f"extends {', '.join(self.extends)}"] if self.extends else []
        return f"Plan({self.name or self.title!r}: {'; '.join(parts)})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = {choice.project: str(choice.opening_year or "") for choice in self.projects}
        return html_summary(f"Plan: {self.title}", rows | dict.fromkeys(self.excludes, "excluded"))

    @field_validator("projects")
    @classmethod
    def _in_order(cls, projects: tuple[ProjectChoice, ...]) -> tuple[ProjectChoice, ...]:
        return tuple(sorted(projects, key=lambda choice: choice.project))

    @property
    def own(self) -> tuple[ProjectChoice, ...]:
        """The projects that the plan itself decides: those that are not taken over from the baseline."""
        return tuple(choice for choice in self.projects if choice.project not in self.in_baseline)

    @field_validator("in_baseline", mode="before")
    @classmethod
    def _not_written(cls, names: object) -> object:
        if names:
            raise ValueError("not a key of a plan; extend the plan of the baseline instead")
        return ()

    @field_validator("excludes", "extends")
    @classmethod
    def _sorted(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(names)))

    @model_validator(mode="after")
    def _each_project_once(self) -> Self:
        names = [choice.project for choice in self.projects]
        repeated = repeated_names(names)
        both = sorted(set(names) & set(self.excludes))
        if repeated:
            raise ValueError(f"projects are listed twice: {', '.join(repeated)}")
        if both:
            raise ValueError(f"projects both built and excluded: {', '.join(both)}")
        return self
