"""Write a brief: page and workbook, both or none, and then the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sogdia.files import output_folder
from sogdia.report.figures import Figures
from sogdia.report.inputs import BriefInputs
from sogdia.report.page import build_sections, render_page, title_of
from sogdia.report.pdf import write_pdf
from sogdia.report.workbook import write_workbook

PDF = "brief.pdf"
FILES = ("brief.html", PDF, "brief.xlsx")


@dataclass(frozen=True, eq=False)
class Brief:
    """A written brief.

    Attributes:
        title: Title of the page.
        figures: Figures, with the columns of :data:`sogdia.report.figures.COLUMNS`.
        files: Files written.
        remarks: Parts of the plan that change nothing; files that could not be written, each with the reason,
            and files removed.
    """

    title: str
    figures: pd.DataFrame
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def write_brief(inputs: BriefInputs, folder: Path) -> Brief:
    """Write ``brief.html``, ``brief.pdf`` and ``brief.xlsx``.

    Args:
        inputs: Stored results and data.
        folder: Output folder, created if it does not exist.

    Raises:
        CannotRunError: If the folder cannot be written, or has files of the user with these names.
    """
    figures = Figures()
    sections = build_sections(inputs, figures)
    page, sources = render_page(inputs, figures, sections)
    had_pdf = (folder / PDF).is_file()
    with output_folder(folder, obsolete=(PDF,)) as draft:
        (draft / "brief.html").write_text(page, encoding="utf-8")
        write_workbook(draft / "brief.xlsx", title_of(inputs), [*sections, sources], figures)
    # The other files are in place by now: a PDF that fails, or is interrupted, takes none of them away.
    with output_folder(folder) as draft:
        reason = write_pdf(page, draft / PDF)
    written = tuple(folder / name for name in FILES if (folder / name).is_file())
    earlier = (f"{folder / PDF} was of an earlier brief and is removed",) if had_pdf else ()
    return Brief(title_of(inputs), figures.table(), written, (reason, *earlier) if reason else ())
