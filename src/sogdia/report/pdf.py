"""Write the brief as PDF by WeasyPrint, or else by a headless browser, each in a process of its own."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess  # noqa: S404 (see S603 below)
import sys
from pathlib import Path

from sogdia.files import scratch_folder
from sogdia.report import pdf_process

LOG = logging.getLogger(__name__)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
TIMEOUT_S = 120
NO_PDF = "no PDF was written: {weasyprint}, and {browser}; open brief.html and print it to PDF"
NO_LIBRARIES = "WeasyPrint lacks its libraries (on Debian and Ubuntu: libpango-1.0-0 and libpangoft2-1.0-0)"
NO_FONTS = "WeasyPrint ended by {signal}, usually because no font is installed (on Debian: fonts-dejavu-core)"


def write_pdf(page: str, path: Path) -> str:
    """Write a page as PDF.

    Args:
        page: HTML of the page.
        path: File to write.

    Returns:
        Empty if the file was written; otherwise the reason why it was not, with a suggested fix.
    """
    with scratch_folder() as scratch:
        source = scratch / "brief.html"
        source.write_text(page, encoding="utf-8")
        reason = _write_by_weasyprint(source, path)
        if not reason:
            return ""
        path.unlink(missing_ok=True)
        browser = _write_by_browser(source, path)
        return NO_PDF.format(weasyprint=reason, browser=browser) if browser else ""


def _write_by_weasyprint(source: Path, path: Path) -> str:
    """Write the PDF by WeasyPrint; return the reason if that failed, else empty."""
    command = [sys.executable, "-P", str(pdf_process.__file__), str(source), str(path.absolute())]
    try:
        finished = subprocess.run(  # noqa: S603 (own arguments)
            command, check=False, capture_output=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return f"WeasyPrint did not finish within {TIMEOUT_S} seconds"
    except OSError as error:
        return f"Python did not start ({error.strerror or error})"
    messages = finished.stderr.decode("utf-8", "replace").strip()
    if messages:
        LOG.info("WeasyPrint: %s", messages)
    if finished.returncode == pdf_process.MISSING:
        return NO_LIBRARIES
    if finished.returncode < 0:
        return NO_FONTS.format(signal=_signal_name(-finished.returncode))
    if finished.returncode or not path.is_file():
        last = messages.rpartition("\n")[2] or f"exit code {finished.returncode}"
        return f"WeasyPrint failed ({last})"
    return ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _write_by_browser(source: Path, path: Path) -> str:
    """Print a page by a headless browser; return the reason if that failed, else empty."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return "no Chromium or Chrome is on the path"
    command = [
        browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={source.parent / 'profile'}",
        "--no-pdf-header-footer", f"--print-to-pdf={path.absolute()}", source.as_uri(),
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")
    return _run_browser(command, path)


def _run_browser(command: list[str], path: Path) -> str:
    """Run a browser that prints to a file; return the reason if it failed, else empty."""
    try:
        finished = subprocess.run(command, check=False, capture_output=True, timeout=TIMEOUT_S)  # noqa: S603 (own arguments)
    except subprocess.TimeoutExpired:
        path.unlink(missing_ok=True)
        return f"{command[0]} did not print within {TIMEOUT_S} seconds"
    except OSError as error:
        return f"{command[0]} did not start ({error.strerror or error})"
    if finished.returncode == 0 and path.is_file():
        return ""
    path.unlink(missing_ok=True)
    return f"{command[0]} did not print the page (exit code {finished.returncode})"
