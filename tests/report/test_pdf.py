"""PDF by WeasyPrint, else by a browser, else a reason with a suggested fix."""

from __future__ import annotations

import logging
import subprocess
import sys
import types
import warnings
from pathlib import Path
from typing import Any

import pypdf
import pytest

from report.conftest import WrittenBrief
from sogdia.report.pdf import VERBOSE_LOGGERS, write_pdf

PAGE = "<!DOCTYPE html><title>A page</title><p>Words.</p>"


@pytest.fixture
def no_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)


def install_browser(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    """Put a browser on the path that is run by ``run``."""
    monkeypatch.setattr("sogdia.report.pdf.shutil.which", lambda name: f"/opt/{name}")
    monkeypatch.setattr("sogdia.report.pdf.subprocess.run", run)


@pytest.mark.usefixtures("no_weasyprint")
def test_missing_weasyprint_prints_by_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def printing(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        (argument,) = [word for word in command if word.startswith("--print-to-pdf=")]
        Path(argument.partition("=")[2]).write_bytes(b"%PDF-1.4")
        return subprocess.CompletedProcess(command, 0)

    install_browser(monkeypatch, printing)
    assert write_pdf(PAGE, tmp_path / "a.pdf") == ""
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1.4"


@pytest.mark.usefixtures("no_weasyprint")
def test_failing_browser_gives_reason_and_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def failing(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 3)

    def hanging(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        (tmp_path / "a.pdf").write_bytes(b"%PDF, half of it")
        raise subprocess.TimeoutExpired(command, 120)

    def absent(_: list[str], **__: object) -> subprocess.CompletedProcess[bytes]:
        raise PermissionError(13, "Permission denied")

    for run, reason in (
        (failing, "chromium did not print the page (exit code 3)"),
        (hanging, "chromium did not print within 120 seconds"),
        (absent, "chromium did not start (Permission denied)"),
    ):
        install_browser(monkeypatch, run)
        assert reason in write_pdf(PAGE, tmp_path / "a.pdf")
        assert not (tmp_path / "a.pdf").exists()
    monkeypatch.setattr("sogdia.report.pdf.shutil.which", lambda _: None)
    assert "no Chromium or Chrome is on the path; open brief.html" in write_pdf(PAGE, tmp_path / "a.pdf")


def install_weasyprint(monkeypatch: pytest.MonkeyPatch, write: Any) -> None:
    """Put a WeasyPrint on the path whose ``HTML(...).write_pdf(path)`` is ``write(path)``."""
    module: Any = types.ModuleType("weasyprint")
    module.HTML = lambda **_: types.SimpleNamespace(write_pdf=write)
    monkeypatch.setitem(sys.modules, "weasyprint", module)


def test_pdf_libraries_log_only_errors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def write(path: Path) -> None:
        logging.getLogger("fontTools.subset").info("glyf pruned")
        logging.getLogger("weasyprint").warning("Ignored `gap: 1px`")
        logging.getLogger("weasyprint").error("no such image")
        path.write_bytes(b"%PDF-1.4")

    install_weasyprint(monkeypatch, write)
    # A library may have set the root logger to INFO, as PyPSA does.
    caplog.set_level(logging.INFO)
    before = [logging.getLogger(name).level for name in VERBOSE_LOGGERS]
    assert write_pdf(PAGE, tmp_path / "a.pdf") == ""
    assert caplog.messages == ["no such image"]
    assert [logging.getLogger(name).level for name in VERBOSE_LOGGERS] == before
    assert logging.getLogger().level == logging.INFO


def import_warning(monkeypatch: pytest.MonkeyPatch, folder: Path, message: str) -> None:
    """Put a WeasyPrint on the path that raises a DeprecationWarning on import."""
    (folder / "weasyprint.py").write_text(
        "import warnings\n"
        f"warnings.warn({message!r}, DeprecationWarning)\n"
        "class HTML:\n"
        "    def __init__(self, string): pass\n"
        "    def write_pdf(self, path): path.write_bytes(b'%PDF-1.4')\n",
        encoding="utf-8",
    )
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.syspath_prepend(folder)
    # The module of the path must not outlive the test.
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    del sys.modules["weasyprint"]


def test_missing_harfbuzz_subset_neither_warns_nor_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import_warning(
        monkeypatch, tmp_path, "HarfBuzz-Subset will be required by future versions of WeasyPrint. Please"
    )
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        assert write_pdf(PAGE, tmp_path / "a.pdf") == ""
    assert raised == []
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1.4"


def test_other_import_warning_is_raised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import_warning(monkeypatch, tmp_path, "Pango 1.44 will be required")
    with pytest.warns(DeprecationWarning, match="Pango"):
        write_pdf(PAGE, tmp_path / "a.pdf")


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
