"""PDF by WeasyPrint, else by a browser, else a reason with a suggested fix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from report.conftest import WrittenBrief
from sogdia.report.pdf import write_pdf

PAGE = "<!DOCTYPE html><title>A page</title><p>Words.</p>"


FAKE = """\
import os, sys
{first}
class HTML:
    def __init__(self, string): self.string = string
    def write_pdf(self, path):
        {write}
"""


def put_weasyprint(
    monkeypatch: pytest.MonkeyPatch, folder: Path, write: str = "raise OSError", first: str = ""
) -> None:
    """Put a WeasyPrint on the path of other processes."""
    (folder / "fake").mkdir()
    text = FAKE.format(first=first, write=write)
    (folder / "fake" / "weasyprint.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder / "fake"))


@pytest.fixture
def no_weasyprint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put_weasyprint(monkeypatch, tmp_path, first="raise OSError('cannot load library libpango')")


def install_browser(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    """Put a browser on the path that is run by ``run``."""
    real = subprocess.run
    monkeypatch.setattr("sogdia.report.pdf.shutil.which", lambda name: f"/opt/{name}")

    def choose(command: list[str], **options: Any) -> Any:
        return run(command) if command[0].startswith("/opt/") else real(command, **options)

    monkeypatch.setattr("sogdia.report.pdf.subprocess.run", choose)


@pytest.mark.usefixtures("no_weasyprint")
def test_missing_weasyprint_prints_by_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def printing(command: list[str]) -> subprocess.CompletedProcess[bytes]:
        (argument,) = [word for word in command if word.startswith("--print-to-pdf=")]
        Path(argument.partition("=")[2]).write_bytes(b"%PDF-1.4")
        return subprocess.CompletedProcess(command, 0)

    install_browser(monkeypatch, printing)
    assert write_pdf(PAGE, tmp_path / "a.pdf") == ""
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1.4"


@pytest.mark.usefixtures("no_weasyprint")
def test_failing_browser_gives_reason_and_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def failing(command: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 3)

    def hanging(command: list[str]) -> subprocess.CompletedProcess[bytes]:
        (tmp_path / "a.pdf").write_bytes(b"%PDF, half of it")
        raise subprocess.TimeoutExpired(command, 120)

    def absent(_: list[str]) -> subprocess.CompletedProcess[bytes]:
        raise PermissionError(13, "Permission denied")

    for run, reason in (
        (failing, "chromium did not print the page (exit code 3)"),
        (hanging, "chromium did not print within 120 seconds"),
        (absent, "chromium did not start (Permission denied)"),
    ):
        with monkeypatch.context() as patch:
            install_browser(patch, run)
            message = write_pdf(PAGE, tmp_path / "a.pdf")
        assert reason in message
        assert "libpango-1.0-0" in message
        assert not (tmp_path / "a.pdf").exists()
    monkeypatch.setattr("sogdia.report.pdf.shutil.which", lambda _: None)
    assert "no Chromium or Chrome is on the path; open brief.html" in write_pdf(PAGE, tmp_path / "a.pdf")


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        ("open(path, 'w').write('%PDF half'); os.kill(os.getpid(), 11)", "SIGSEGV, usually because no font"),
        ("raise ValueError('no such colour')", "WeasyPrint failed (ValueError: no such colour)"),
        ("pass", "WeasyPrint failed (exit code 0)"),
    ],
    ids=["no fonts", "exception", "no file"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="ends a process by a signal")
def test_failing_weasyprint_gives_reason_and_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write: str, reason: str
) -> None:
    put_weasyprint(monkeypatch, tmp_path, write)
    monkeypatch.setattr("sogdia.report.pdf.shutil.which", lambda _: None)
    assert reason in write_pdf(PAGE, tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_pdf_libraries_print_no_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    chatter = (
        "import warnings; warnings.warn('HarfBuzz', DeprecationWarning); print('pruned', file=sys.stderr)"
    )
    put_weasyprint(monkeypatch, tmp_path, "open(path, 'w').write(self.string)", chatter)
    assert write_pdf(PAGE, tmp_path / "a.pdf") == ""
    assert (tmp_path / "a.pdf").read_text("utf-8") == PAGE
    assert capfd.readouterr() == ("", "")


def test_pdf_is_written_on_this_machine_without_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pydyf")
    if not write_pdf(PAGE, tmp_path / "a.pdf"):
        assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert capfd.readouterr() == ("", "")


def test_pdf_of_a_brief_has_text_on_every_page(written: WrittenBrief) -> None:
    pages = pypdf.PdfReader(written.folder / "brief.pdf").pages
    assert 5 <= len(pages) <= 30
    assert all(len(page.extract_text().strip()) > 40 for page in pages)
