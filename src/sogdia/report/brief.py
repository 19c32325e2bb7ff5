"""Writing a brief: the page, its PDF and its workbook, each whole or not at all."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sogdia.errors import CannotRunError
from sogdia.report.figures import Figures
from sogdia.report.inputs import BriefInputs
from sogdia.report.page import page_of, sections_of, title_of
from sogdia.report.pdf import write_pdf
from sogdia.report.workbook import write_workbook


@dataclass(frozen=True, eq=False)
class Brief:
    """A written brief.

    Attributes:
        title: Its headline.
        figures: Its figures: ``figure``, ``value``, ``unit``, ``text``, ``how``, ``runs``, ``rows``.
        files: What was written.
        remarks: What could not be, and why.
    """

    title: str
    figures: pd.DataFrame
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def write_brief(inputs: BriefInputs, folder: Path) -> Brief:
    """Write ``brief.html``, ``brief.pdf`` and ``brief.xlsx``.

    Args:
        inputs: What it is written from.
        folder: Where to; made where it is not there.

    Raises:
        CannotRunError: If the folder cannot be written.
    """
    figures = Figures()
    sections = sections_of(inputs, figures)
    page, last = page_of(inputs, figures, sections)
    made, remarks = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            part = Path(scratch)
            (part / "brief.html").write_text(page, encoding="utf-8")
            write_workbook(part / "brief.xlsx", title_of(inputs), [*sections, last], figures)
            if why := write_pdf(page, part / "brief.pdf"):
                remarks.append(why)
            for name in ("brief.html", "brief.pdf", "brief.xlsx"):
                if (part / name).is_file():
                    (part / name).replace(folder / name)
                    made.append(folder / name)
                elif (folder / name).is_file():
                    # One of an earlier brief would be sent on beside the new page.
                    (folder / name).unlink()
                    remarks.append(f"{folder / name} was of an earlier brief and is taken away")
    except OSError as error:
        raise CannotRunError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return Brief(title_of(inputs), figures.table(), tuple(made), tuple(remarks))
