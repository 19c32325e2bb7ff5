"""Plans and scenarios as requests and answers carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sogdia.case import Plan, Scenario
from sogdia.case.openings import project_opening
from sogdia.case.projects import project_cost
from sogdia.tables.yaml_text import LARGEST_FILE
from sogdia.web.formats import finite
from sogdia.web.library import NAME_PATTERN, Checked, Entry, Kind, open_entry, region_with, write_yaml
from sogdia.web.models import Answer, FaultRow
from sogdia.web.problems import fault_rows
from sogdia.web.workbench import Workbench

Name = Annotated[str, Field(pattern=NAME_PATTERN, description="Letters a to z, digits and underscores.")]


class Draft(BaseModel):
    """A plan or scenario to check or save: as YAML, or as its keys."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    yaml: str | None = Field(None, max_length=LARGEST_FILE, description="The file.")
    content: dict[str, Any] | None = Field(None, description="The keys of the file, instead of `yaml`.")

    @model_validator(mode="after")
    def _has_one_form(self) -> Draft:
        if (self.yaml is None) == (self.content is None):
            raise ValueError("give either yaml or content")
        return self

    def text(self) -> str:
        """Return the YAML.

        Raises:
            InputError: If the content cannot be written.
        """
        return write_yaml(self.content or {}) if self.yaml is None else self.yaml


class LibraryEntry(Answer):
    """A plan or scenario in the list."""

    name: str
    title: str
    description: str
    is_saved: bool = Field(description="Saved here; false if the region ships it.")
    has_errors: bool = False
    years: tuple[int, ...] = Field((), description="Year of a scenario.")
    count: int = Field(description="Projects of a plan, shocks of a scenario.")
    is_without_shocks: bool = Field(False, description="A reference scenario.")


class BuiltProject(Answer):
    """A project of a plan, after the plans that it extends are merged."""

    project: str
    name: str
    sector: str
    iso3: str
    opening_year: int | None
    cost_musd: float | None
    partners: tuple[str, ...]
    is_in_baseline: bool
    is_new: bool


class CheckedDraft(Answer):
    """A plan or scenario with all its errors, or none."""

    name: str
    yaml: str
    content: Mapping[str, Any] = Field(description="Keys of the file; empty if it is not YAML.")
    title: str
    digest: str = Field(description="Digest of what decides results; empty if there are errors.")
    faults: tuple[FaultRow, ...]
    is_saved: bool = False
    projects: tuple[BuiltProject, ...] = Field((), description="Projects that a plan builds.")


_SHIPPED: dict[tuple[str, Kind, str], LibraryEntry] = {}
"""Entries of shipped plans and scenarios by digest of the region, kind and name: they do not change."""


def list_entry(bench: Workbench, kind: Kind, entry: Entry) -> LibraryEntry:
    """Return a plan or scenario of the library for a list; a shipped one is read once."""
    if entry.is_saved:
        return _read_entry(bench, kind, entry)
    key = (bench.region.digest, kind, entry.name)
    if key not in _SHIPPED:
        _SHIPPED[key] = _read_entry(bench, kind, entry)
    return _SHIPPED[key]


def _read_entry(bench: Workbench, kind: Kind, entry: Entry) -> LibraryEntry:
    checked = open_entry(bench, kind, entry.name)
    record = checked.record
    if isinstance(record, Plan):
        return LibraryEntry(
            name=entry.name, title=record.title, description=record.description, is_saved=entry.is_saved,
            count=len(record.projects),
        )  # fmt: skip
    if isinstance(record, Scenario):
        return LibraryEntry(
            name=entry.name, title=record.title, description=record.description, is_saved=entry.is_saved,
            years=(record.year,), count=len(record.shocks), is_without_shocks=not record.shocks,
        )  # fmt: skip
    return LibraryEntry(
        name=entry.name, title=entry.name, description="", is_saved=entry.is_saved, has_errors=True, count=0
    )


def checked_draft(bench: Workbench, checked: Checked, *, is_saved: bool = False) -> CheckedDraft:
    """Return a checked plan or scenario as an answer."""
    record = checked.record
    return CheckedDraft(
        name=checked.name, yaml=checked.text, content=checked.content, is_saved=is_saved,
        title=record.title if isinstance(record, Plan | Scenario) else checked.name,
        digest=record.digest if record else "", faults=fault_rows(checked.faults),
        projects=_built(bench, record) if isinstance(record, Plan) else (),
    )  # fmt: skip


def _built(bench: Workbench, plan: Plan) -> tuple[BuiltProject, ...]:
    region = region_with(bench, plan)
    projects = region.table("projects")
    rows = []
    for choice in plan.projects:
        row = projects.loc[choice.project]
        opening = project_opening(choice, region).year
        rows.append(
            BuiltProject(
                project=choice.project, name=str(row["name"]), sector=str(row["sector"]),
                iso3=str(row["iso3"]), opening_year=None if opening is None else int(opening),
                cost_musd=finite(project_cost(choice.project, region)),
                partners=tuple(part.partner for part in choice.finance),
                is_in_baseline=choice.project in plan.in_baseline, is_new=choice.new is not None,
            )
        )  # fmt: skip
    return tuple(rows)
