"""Write a brief: page, PDF and workbook, all files or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sogdia.files import os_errors, output_folder
from sogdia.report.figures import Figures
from sogdia.report.inputs import BriefInputs
from sogdia.report.page import build_sections, render_page, title_of
from sogdia.report.pdf import write_pdf
from sogdia.report.workbook import write_workbook

FILES = ("brief.html", "brief.pdf", "brief.xlsx")


@dataclass(frozen=True, eq=False)
class Brief:
    """A written brief.

    Attributes:
        title: Title of the page.
        figures: Figures, with the columns of :data:`sogdia.report.figures.COLUMNS`.
        files: Files written.
        remarks: Files that could not be written, each with the reason, and files removed.
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
        CannotRunError: If the folder cannot be written.
    """
    figures = Figures()
    sections = build_sections(inputs, figures)
    page, sources = render_page(inputs, figures, sections)
    with output_folder(folder) as draft:
        (draft / "brief.html").write_text(page, encoding="utf-8")
        write_workbook(draft / "brief.xlsx", title_of(inputs), [*sections, sources], figures)
        reason = write_pdf(page, draft / "brief.pdf")
        written = tuple(folder / name for name in FILES if (draft / name).is_file())
    remarks = (reason, *_remove_earlier(folder / "brief.pdf")) if reason else ()
    return Brief(title_of(inputs), figures.table(), written, remarks)


def _remove_earlier(path: Path) -> tuple[str, ...]:
    """Remove a file of an earlier brief, as it does not belong to the new page; return a remark if so."""
    if not path.is_file():
        return ()
    with os_errors(path, "cannot be removed"):
        path.unlink()
    return (f"{path} was of an earlier brief and is removed",)
