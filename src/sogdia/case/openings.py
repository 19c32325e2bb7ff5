"""Opening years of a plan's projects and of the rows that they open.

The year that the plan gives holds for all rows of a project. Without one, a row that does not operate yet
keeps its own opening year (units of a plant open one after another), and the project's completion year
serves the other rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from sogdia.case.plan import ProjectChoice
from sogdia.codes import OPERATING
from sogdia.region import Region
from sogdia.tables import cell


class Opening(NamedTuple):
    """Opening year of a project.

    Attributes:
        year: Year in which all of the project is open; ``None`` if it is not known.
        source: ``plan`` (the plan gives it), ``project`` (completion year of the project), ``rows`` (the
            latest opening year of a row that the project opens); empty if the year is not known.
    """

    year: int | None
    source: str


def project_opening(choice: ProjectChoice, region: Region) -> Opening:
    """Return the year in which all of a project is open: its own, or the latest of the rows it opens."""
    stated = _stated_year(choice, region)
    effects = region.table("project_effects")
    own = effects[(effects["project"] == choice.project) & (effects["action"] == "open")]
    years = [row_opening_year(effect, choice, region) for effect in own.to_dict("records")]
    known = [year for year in (stated, *years) if year is not None]
    if not known:
        return Opening(None, "")
    if max(known) != stated:
        return Opening(max(known), "rows")
    return Opening(stated, "project" if choice.opening_year is None else "plan")


def row_opening_year(effect: Mapping[Any, Any], choice: ProjectChoice, region: Region) -> int | None:
    """Return the year in which one row of a project opens, ``None`` if it is not known.

    Args:
        effect: Row of ``project_effects``.
        choice: Project with the plan's year.
        region: Region without edits.
    """
    table, row = region.table(str(effect["table"])), str(effect["row"])
    if choice.opening_year is None and "opening_year" in table.columns:
        own = _year(cell(table, row, "opening_year"))
        if own is not None and cell(table, row, "status") != OPERATING:
            return own
    return _stated_year(choice, region)


def has_opening_year(choice: ProjectChoice, region: Region) -> bool:
    """Return whether the opening year of a project, or of all rows that it edits, is known."""
    if _stated_year(choice, region) is not None:
        return True
    effects = region.table("project_effects")
    own = effects[effects["project"] == choice.project]
    years = [row_opening_year(effect, choice, region) for effect in own.to_dict("records")]
    return bool(years) and None not in years


def _stated_year(choice: ProjectChoice, region: Region) -> int | None:
    if choice.opening_year is not None:
        return choice.opening_year
    return _year(cell(region.table("projects"), choice.project, "completion_year"))


def _year(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
