"""The brief as one page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

import sogdia
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Section
from sogdia.report.sections import (
    announced,
    changes,
    dependence,
    diplomacy,
    money,
    pressure,
    sources,
    summary,
    unknowns,
)

SECTIONS = (summary, announced, changes, money, dependence, diplomacy, pressure, unknowns)


def sections_of(inputs: BriefInputs, figures: Figures) -> list[Section]:
    """All sections but the sources, which follow from what the others cite."""
    return [part.make(inputs, figures) for part in SECTIONS]


def page_of(inputs: BriefInputs, figures: Figures, sections: Sequence[Section]) -> tuple[str, Section]:
    """Render the page.

    Args:
        inputs: What the brief is written from.
        figures: Its figures; footnotes are numbered as the page cites them.
        sections: Its sections.

    Returns:
        The page, and the section of sources that was made for it.
    """
    cited = [table.origin for section in sections for table in section.tables.values()]
    for origin in [*(figure.origin for figure in figures.known.values()), *cited]:
        figures.note(origin)
    last = sources.make(inputs, figures)
    figures.cited.clear()
    environment = Environment(
        loader=PackageLoader("sogdia.report"),
        autoescape=select_autoescape(["html", "j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )

    def noted(origin: Origin) -> Markup:
        number = figures.note(origin)
        return Markup('<sup><a href="#note-{0}">{0}</a></sup>').format(number)

    def figure(name: str) -> Markup:
        found = figures.get(name)
        return Markup("<b>{}</b>{}").format(found.text, noted(found.origin))

    rows = last.tables["rows"]
    shown = {row["place"]: f"row-{row['row']}" for row in rows.frame.head(rows.most).to_dict("records")}
    called = dict(zip(rows.frame["place"], rows.frame["called"], strict=True))
    environment.globals.update(
        f=figure,
        note=noted,
        notes=lambda: figures.cited,
        place=shown.get,
        called=lambda row: called.get(row, row),
    )
    page = environment.get_template("brief.html.j2").render(
        title=title_of(inputs),
        subtitle=subtitle_of(inputs),
        made=f"Made with Sogdia {sogdia.__version__} from the region pack {inputs.region.digest[:12]}.",
        css=(files("sogdia.report") / "templates" / "brief.css").read_text("utf-8"),
        version=sogdia.__version__,
        sections=[*sections, last],
        example=inputs.label(inputs.plan, inputs.calm, "economies"),
    )
    return page, last


def title_of(inputs: BriefInputs) -> str:
    """Headline of the page."""
    if inputs.announcement is not None and inputs.announcement.article.title:
        return f"What it would change: {inputs.announcement.article.title}"
    return f"What it would change: {inputs.plan.title}"


def subtitle_of(inputs: BriefInputs) -> str:
    """The line under it."""
    return (
        f"{inputs.region.title}, {inputs.year}. “{inputs.plan.title}” set beside “{inputs.against.title}”, "
        f"under “{inputs.calm.title}” where no other scenario is named."
    )
