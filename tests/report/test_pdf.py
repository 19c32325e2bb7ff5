"""A PDF by WeasyPrint, else by a browser, else a hint that is true; never one of an earlier brief."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sogdia.report.brief import write_brief
from sogdia.report.pdf import write_pdf

from .conftest import Written

PAGE = "<!DOCTYPE html><title>A page</title><p>Words.</p>"


@pytest.fixture
def no_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)


def browser_of(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    """A browser on the path whose run is ``answer``."""
    monkeypatch.setattr("sogdia.report.pdf.shutil.which", lambda name: f"/opt/{name}")
    monkeypatch.setattr("sogdia.report.pdf.subprocess.run", answer)


@pytest.mark.usefixtures("no_weasyprint")
def test_a_browser_prints_where_weasyprint_cannot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def printing(words: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        (told,) = [word for word in words if word.startswith("--print-to-pdf=")]
        Path(told.partition("=")[2]).write_bytes(b"%PDF-1.4")
        return subprocess.CompletedProcess(words, 0)

    browser_of(monkeypatch, printing)
    assert write_pdf(PAGE, tmp_path / "a.pdf") == ""
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1.4"


@pytest.mark.usefixtures("no_weasyprint")
def test_why_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def failing(words: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(words, 3)

    def hanging(words: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        (tmp_path / "a.pdf").write_bytes(b"%PDF, half of it")
        raise subprocess.TimeoutExpired(words, 120)

    def absent(_: list[str], **__: object) -> subprocess.CompletedProcess[bytes]:
        raise PermissionError(13, "Permission denied")

    for answer, told in (
        (failing, "chromium did not print it (it ended with 3)"),
        (hanging, "chromium did not print within 120 seconds"),
        (absent, "chromium did not start (Permission denied)"),
    ):
        browser_of(monkeypatch, answer)
        assert told in write_pdf(PAGE, tmp_path / "a.pdf")
        assert not (tmp_path / "a.pdf").exists()
    monkeypatch.setattr("sogdia.report.pdf.shutil.which", lambda _: None)
    assert "no Chromium or Chrome is on the path; open brief.html" in write_pdf(PAGE, tmp_path / "a.pdf")


def test_no_pdf_of_an_earlier_brief_stays(
    written: Written, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "brief.pdf").write_bytes(b"%PDF of last week")
    monkeypatch.setattr("sogdia.report.brief.write_pdf", lambda *_: "no PDF was made")
    made = write_brief(written.inputs, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.html", "brief.xlsx"]
    assert made.remarks == (
        "no PDF was made",
        f"{tmp_path / 'brief.pdf'} was of an earlier brief and is taken away",
    )
