"""Scenarios: the uncertain conditions of a run. Year, growth, variants of contested figures, shocks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr, field_validator

from sogdia.case.draws import Draw
from sogdia.case.model import Model
from sogdia.case.origin import Origin
from sogdia.case.plan import Plan, ProjectChoice
from sogdia.case.shocks import AnyShock
from sogdia.errors import Fault
from sogdia.names import repeated_names
from sogdia.tables.summary import html_summary


class Scenario(Model):
    """Conditions that do not depend on the plan.

    Attributes:
        name: Short name, the file's stem.
        title: Name for readers.
        description: What the scenario represents.
        year: Year of the run.
        growth: ``documented`` grows economies, trade and demand from the base year by the rows of
            ``growth``; with ``none`` they stay as in the base year.
        growth_factor: Multiplies every documented growth rate.
        elasticity_level: Trade elasticities of all sectors, from the low figures of the table (-1) by the
            recommended ones (0) to the high ones (1), in logarithms.
        rent_level: Shares of rents in value added, from low (-1) to high (1).
        variants: Rows of ``variants`` that replace the figures that the pack chose.
        draw: Sample of the uncertain figures; the figures of the pack if there is none.
        projects: Projects that open whatever the plan, also in the baseline and the reference scenario, such
            as those of countries outside the region. Their cost and finance are in no plan.
        shocks: Shocks, applied in this order; a reference scenario has none.
    """

    name: str = ""
    title: str
    description: str = ""
    year: Annotated[int, Field(ge=1950, le=2100)]
    growth: Literal["documented", "none"] = "documented"
    growth_factor: Annotated[float, Field(ge=-1, le=3)] = 1.0
    elasticity_level: Annotated[float, Field(ge=-1, le=1)] = 0.0
    rent_level: Annotated[float, Field(ge=-1, le=1)] = 0.0
    variants: tuple[str, ...] = ()
    draw: Draw | None = None
    projects: tuple[ProjectChoice, ...] = ()
    shocks: tuple[AnyShock, ...] = ()
    _origin: Origin = PrivateAttr(default_factory=Origin)

    def __repr__(self) -> str:
        kinds = ", ".join(dict.fromkeys(shock.kind for shock in self.shocks)) or "no shocks"
        return f"Scenario({self.name or self.title!r}, {self.year}: {kinds})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = {"year": str(self.year), "growth": self.growth, "variants": ", ".join(self.variants)}
        rows |= {choice.project: str(choice.opening_year or "") for choice in self.projects}
        shocks = {f"shock {i} {shock.kind}": shock.reason for i, shock in enumerate(self.shocks, start=1)}
        return html_summary(f"Scenario: {self.title}", rows | shocks)

    def at(self, year: int) -> Self:
        """Return the scenario with another year."""
        return type(self).model_validate({**self.model_dump(), "year": year}).read_from(self._origin)

    def read_from(self, origin: Origin) -> Self:
        """Return the scenario with the file and lines that its later errors name."""
        out = self.model_copy()
        out._origin = origin
        return out

    def shock_fault(self, number: int, problem: str, fix: str = "") -> Fault:
        """Return an error of a shock, counted from 1, with its file and line if they are known."""
        shock = self.shocks[number - 1]
        line = self._origin.shocks.get(shock.digest)
        return Fault(self._file, line, f"shock {number} {shock.kind}", problem, fix, "shock")

    def project_fault(self, project: str, problem: str, fix: str, kind: str) -> Fault:
        """Return an error of a project that the scenario opens, with its file and line if they are known."""
        return Fault(self._file, self._origin.projects.get(project), "projects", problem, fix, kind)

    @property
    def _file(self) -> str:
        return self._origin.file or self.name or "scenario"

    @property
    def projects_as_plan(self) -> Plan:
        """A plan of the projects that the scenario opens."""
        return Plan(name=self.name, title=self.title, projects=self.projects)

    def without_shocks(self) -> Self:
        """Return the reference scenario: the same year, growth, levels, variants and projects, no shock."""
        labels = {"name": "", "title": "", "description": ""}
        return self.model_copy(update={**labels, "shocks": ()})

    def at_recommended_levels(self) -> Self:
        """Return the scenario with recommended elasticities and rents, which freight does not read."""
        return self.model_copy(update={"elasticity_level": 0.0, "rent_level": 0.0})

    @field_validator("variants")
    @classmethod
    def _sorted(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(names)))

    @field_validator("projects")
    @classmethod
    def _each_once_without_finance(cls, projects: tuple[ProjectChoice, ...]) -> tuple[ProjectChoice, ...]:
        repeated = repeated_names([choice.project for choice in projects])
        financed = [choice.project for choice in projects if choice.finance]
        if repeated:
            raise ValueError(f"projects are listed twice: {', '.join(repeated)}")
        if financed:
            names = ", ".join(financed)
            raise ValueError(f"finance of {names}: only a plan finances projects; leave it out here")
        return tuple(sorted(projects, key=lambda choice: choice.project))
