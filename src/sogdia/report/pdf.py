"""Write the brief as PDF by WeasyPrint, or else by a headless browser."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
TIMEOUT_S = 120
NO_PDF = (
    "no PDF was written: WeasyPrint lacks its libraries (on Debian and Ubuntu: libpango-1.0-0 and "
    "libpangoft2-1.0-0) and {reason}; open brief.html and print it to PDF"
)
VERBOSE_LOGGERS = ("weasyprint", "weasyprint.progress", "fontTools", "fontTools.subset")
"""They log each rendering step, each font table and each SVG property that they ignore."""
OPTIONAL_LIBRARY = "HarfBuzz-Subset will be required"
"""Beginning of a warning that WeasyPrint raises on import where it subsets fonts by fontTools instead."""


def write_pdf(page: str, path: Path) -> str:
    """Write a page as PDF.

    Args:
        page: HTML of the page.
        path: File to write.

    Returns:
        Empty if the file was written; otherwise the reason why it was not, with a suggested fix.
    """
    if _write_by_weasyprint(page, path):
        return ""
    reason = _write_by_browser(page, path)
    return NO_PDF.format(reason=reason) if reason else ""


def _write_by_weasyprint(page: str, path: Path) -> bool:
    with _only_errors_logged(VERBOSE_LOGGERS):
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", OPTIONAL_LIBRARY, DeprecationWarning)
                from weasyprint import HTML  # type: ignore[import-untyped]
        except (ImportError, OSError):
            return False
        HTML(string=page).write_pdf(path)
    return True


@contextlib.contextmanager
def _only_errors_logged(names: tuple[str, ...]) -> Iterator[None]:
    """Set named loggers to errors alone, and back to their level afterwards.

    Where the caller's root logger is at level INFO, these would print a line per step.
    """
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _write_by_browser(page: str, path: Path) -> str:
    """Print the page by a headless browser; return the reason if that failed, else empty."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return "no Chromium or Chrome is on the path"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        source = Path(scratch) / "brief.html"
        source.write_text(page, encoding="utf-8")
        command = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", f"--user-data-dir={scratch}/profile",
            "--no-pdf-header-footer", f"--print-to-pdf={path.resolve()}", source.as_uri(),
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
