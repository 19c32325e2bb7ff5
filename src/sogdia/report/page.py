"""Render a brief as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

import sogdia
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Section
from sogdia.report.sections import (
    announcement,
    dependence,
    diplomacy,
    effects,
    finance,
    scenarios,
    sources,
    summary,
    uncertainty,
)

SECTIONS = (summary, announcement, effects, finance, dependence, diplomacy, scenarios, uncertainty)


def build_sections(inputs: BriefInputs, figures: Figures) -> list[Section]:
    """Build all sections except the sources, which depend on what the others cite."""
    return [module.build(inputs, figures) for module in SECTIONS]


@dataclass(frozen=True)
class Heading:
    """Heading of a page.

    Attributes:
        title: Title.
        subtitle: Line below the headline.
        headline: Template of the headline.
        example: Label of a stored run, to explain footnotes.
    """

    title: str
    subtitle: str
    headline: str
    example: str


def render_page(inputs: BriefInputs, figures: Figures, sections: Sequence[Section]) -> tuple[str, Section]:
    """Render the page of a brief (:func:`render`)."""
    example = inputs.run_label(inputs.plan, inputs.reference, "economies")
    heading = Heading(title_of(inputs), subtitle_of(inputs), "headline.html.j2", example)
    return render(inputs, heading, figures, sections)


def render(
    inputs: sources.Named, heading: Heading, figures: Figures, sections: Sequence[Section]
) -> tuple[str, Section]:
    """Render a page.

    Args:
        inputs: Region and names that sources are written with.
        heading: Its heading.
        figures: Figures; footnotes are numbered in the order in which the page cites them.
        sections: Sections without the sources.

    Returns:
        The page as HTML, and the section of sources.
    """
    cited = [table.origin for section in sections for table in section.tables.values()]
    for origin in [*(figure.origin for figure in figures.known.values()), *cited]:
        figures.note(origin)
    last = sources.build(inputs, figures)
    figures.cited.clear()
    environment = Environment(
        loader=PackageLoader("sogdia.report"),
        autoescape=select_autoescape(["html", "j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )

    def note(origin: Origin) -> Markup:
        number = figures.note(origin)
        return Markup('<sup><a href="#note-{0}">{0}</a></sup>').format(number)

    def figure(name: str) -> Markup:
        cited_figure = figures.get(name)
        return Markup("<b>{}</b>{}").format(cited_figure.text, note(cited_figure.origin))

    rows = last.tables["rows"]
    anchors = {
        row["reference"]: f"row-{row['row']}" for row in rows.frame.head(rows.max_rows).to_dict("records")
    }
    titles = dict(zip(rows.frame["reference"], rows.frame["title"], strict=True))
    environment.globals.update(
        f=figure,
        note=note,
        notes=lambda: figures.cited,
        anchor_of=anchors.get,
        title_of=lambda row: titles.get(row, row),
    )
    page = environment.get_template("brief.html.j2").render(
        title=heading.title,
        subtitle=heading.subtitle,
        headline=heading.headline,
        written_by=f"Sogdia {sogdia.__version__}, region pack {inputs.region.digest[:12]}.",
        css=(files("sogdia.report") / "templates" / "brief.css").read_text("utf-8"),
        version=sogdia.__version__,
        sections=[*sections, last],
        example=heading.example,
    )
    return page, last


def title_of(inputs: BriefInputs) -> str:
    """Return the title of the page."""
    if inputs.announcement is not None and inputs.announcement.article.title:
        return f"Effects of “{inputs.announcement.article.title}”"
    return f"Effects of the plan “{inputs.plan.title}”"


def subtitle_of(inputs: BriefInputs) -> str:
    """Return the line below the headline."""
    return (
        f"{inputs.region.title}, {inputs.year}. Plan: “{inputs.plan.title}”. "
        f"Baseline: “{inputs.baseline.title}”. "
        f"Scenario, unless another is named: “{inputs.reference.title}”."
    )
