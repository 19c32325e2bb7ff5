"""The brief as PDF: by WeasyPrint, else by a browser without a window, else a hint."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
LONGEST_S = 120
NOT_MADE = (
    "no PDF was made: WeasyPrint lacks its libraries here (on Debian and Ubuntu: libpango-1.0-0 and "
    "libpangoft2-1.0-0) and {browser}; open brief.html and print it to PDF"
)


def write_pdf(page: str, path: Path) -> str:
    """Write the page as PDF.

    Args:
        page: The page's HTML.
        path: Where to.

    Returns:
        Nothing where it was made; why not where neither WeasyPrint nor a browser could, and what helps.
    """
    if _by_weasyprint(page, path):
        return ""
    why = _by_browser(page, path)
    return NOT_MADE.format(browser=why) if why else ""


def _by_weasyprint(page: str, path: Path) -> bool:
    # It tells of its steps, from its import on, and of every property of drawings that it draws its own way.
    for name in ("weasyprint", "weasyprint.progress"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
    except (ImportError, OSError):
        return False
    HTML(string=page).write_pdf(path)
    return True


def _by_browser(page: str, path: Path) -> str:
    """Print the page by a browser; why that could not be, or nothing."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return "no Chromium or Chrome is on the path"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        source = Path(scratch) / "brief.html"
        source.write_text(page, encoding="utf-8")
        words = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", f"--user-data-dir={scratch}/profile",
            "--no-pdf-header-footer", f"--print-to-pdf={path.resolve()}", source.as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            words.insert(1, "--no-sandbox")
        return _printed(words, path)


def _printed(words: list[str], path: Path) -> str:
    """Run a browser that prints; why it did not, or nothing."""
    try:
        done = subprocess.run(words, check=False, capture_output=True, timeout=LONGEST_S)  # noqa: S603 (our own words)
    except subprocess.TimeoutExpired:
        path.unlink(missing_ok=True)
        return f"{words[0]} did not print within {LONGEST_S} seconds"
    except OSError as error:
        return f"{words[0]} did not start ({error.strerror or error})"
    if done.returncode == 0 and path.is_file():
        return ""
    path.unlink(missing_ok=True)
    return f"{words[0]} did not print it (it ended with {done.returncode})"
