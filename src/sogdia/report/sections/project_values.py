"""Show what each project of the plan adds: bars, and a table of its values."""

from __future__ import annotations

import pandas as pd

from sogdia.report.charts import draw_bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Table
from sogdia.report.style import Picture
from sogdia.report.wording import MUSD_A, format_number
from sogdia.runs.measures import HEADLINE
from sogdia.uncertainty.project_values import MEASURE_TITLES

ORIGIN = Origin("runs of the plan with some of its projects only")
SHAPLEY, PINT = "shapley", "pint"


def add_project_values(inputs: BriefInputs, figures: Figures) -> str:
    """Add the sum of the values of the projects; return which values these are, empty for none."""
    table = _gains(inputs)
    if table.empty:
        return ""
    figures.add("projects_sum", float(table[_value(table)].sum()), "USD million", ORIGIN, sign=True)
    return _value(table)


def project_tables(inputs: BriefInputs) -> dict[str, Table]:
    """Return the values of each project by measure; none if the store has none."""
    values = inputs.project_values
    if values is None:
        return {}
    frame = values[values["measure"].isin(list(MEASURE_TITLES))]
    frame = frame.assign(
        name=[inputs.with_names(str(name)) for name in frame["project"]],
        title=[MEASURE_TITLES[str(name)] for name in frame["measure"]],
        part=[inputs.part_names.get(str(code), str(code)) for code in frame["of"]],
        order=frame["measure"].map({name: n for n, name in enumerate(MEASURE_TITLES)}),
    ).sort_values(["order", "of"], kind="stable")
    columns = (
        Column("name", "Project"), Column("title", "Measure"), Column("part", "Of"), Column("unit", "Unit"),
        Column("pint", "Put in alone", "", "effect"), Column("toot", "Taken out last", "", "effect"),
        Column("shapley", "Shapley value", "", "effect"),
    )  # fmt: skip
    note = (
        "Put in alone: the plan with this project only, less the baseline. Taken out last: the plan less the "
        "plan without it. The Shapley value is the mean over all orders of building; its sum over projects "
        "is the effect of the plan."
    )
    return {
        "projects_values": Table(
            "projects_values", "Value of each project", columns, frame, ORIGIN, note, max_rows=12
        )
    }


def draw_project_values(inputs: BriefInputs) -> dict[str, Picture]:
    """Draw the gain of the home countries by project as bars; none if the store has no values."""
    table = _gains(inputs)
    if table.empty:
        return {}
    value = _value(table)
    frame = table.assign(name=[inputs.with_names(str(name)) for name in table["project"]])
    frame = frame.sort_values(value, ascending=False, kind="stable")
    gains = zip(frame["name"], frame[value], strict=True)
    texts = "; ".join(f"{name} {format_number(float(gain), sign=True)}" for name, gain in gains)
    meaning = "mean over all orders of building (Shapley value)"
    if value == PINT:
        meaning = "each project put in alone"
    return {
        "project_values": draw_bars(
            frame,
            "project_values",
            label="name",
            series=((value, "gain"),),
            unit=f"{MUSD_A}",
            alt=f"Gain of the home countries by project: {texts}.",
            caption=f"Gain of the home countries by project, {meaning}, {inputs.year}.",
            sign=True,
        )
    }


def _gains(inputs: BriefInputs) -> pd.DataFrame:
    values = inputs.project_values
    if values is None:
        return pd.DataFrame()
    return values[values["measure"] == HEADLINE]


def _value(table: pd.DataFrame) -> str:
    return SHAPLEY if table[SHAPLEY].notna().all() else PINT
