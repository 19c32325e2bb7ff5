"""Write a portfolio brief: page and workbook, both or none, and then the PDF."""

from __future__ import annotations

from pathlib import Path

from sogdia.files import output_folder
from sogdia.report.brief import Brief
from sogdia.report.figures import Figures
from sogdia.report.page import Heading, render
from sogdia.report.pdf import write_pdf
from sogdia.report.portfolio_inputs import PortfolioInputs
from sogdia.report.portfolio_sections import SECTIONS
from sogdia.report.workbook import write_workbook

PAGE, PDF, BOOK = FILES = ("portfolio.html", "portfolio.pdf", "portfolio.xlsx")


def write_portfolio_brief(inputs: PortfolioInputs, folder: Path) -> Brief:
    """Write ``portfolio.html``, ``portfolio.pdf`` and ``portfolio.xlsx``.

    Args:
        inputs: Stored tables of a search, and its region.
        folder: Output folder, created if it does not exist.

    Raises:
        CannotRunError: If the folder cannot be written, or has files of the user with these names.
    """
    figures = Figures()
    sections = [build(inputs, figures) for build in SECTIONS]
    subtitle = (
        f"{inputs.region.title}, {inputs.year}. Baseline: “{inputs.baseline}”. "
        f"Scenario, unless another is named: “{next(iter(inputs.scenarios.values()))}”."
    )
    heading = Heading(inputs.title, subtitle, "portfolio_headline.html.j2", inputs.label("front"))
    page, sources = render(inputs, heading, figures, sections)
    with output_folder(folder, obsolete=(PDF,)) as draft:
        (draft / PAGE).write_text(page, encoding="utf-8")
        write_workbook(draft / BOOK, inputs.title, [*sections, sources], figures)
    with output_folder(folder) as draft:
        reason = write_pdf(page, draft / PDF)
    written = tuple(folder / name for name in FILES if (folder / name).is_file())
    return Brief(inputs.title, figures.table(), written, (reason,) if reason else ())
