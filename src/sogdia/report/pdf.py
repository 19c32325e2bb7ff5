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
HINT = (
    "no PDF was made: WeasyPrint lacks its libraries here (on Debian and Ubuntu: libpango-1.0-0 and "
    "libpangoft2-1.0-0) and no Chromium or Chrome is on the path; open brief.html and print it to PDF"
)


def write_pdf(page: str, path: Path) -> str:
    """Write the page as PDF.

    Args:
        page: The page's HTML.
        path: Where to.

    Returns:
        What made it, or nothing where neither WeasyPrint nor a browser is there.
    """
    if _by_weasyprint(page, path):
        return "WeasyPrint"
    return _by_browser(page, path)


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
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return ""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "brief.html"
        source.write_text(page, encoding="utf-8")
        words = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", f"--user-data-dir={scratch}/profile",
            "--no-pdf-header-footer", f"--print-to-pdf={path}", source.as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            words.insert(1, "--no-sandbox")
        subprocess.run(words, check=False, capture_output=True, timeout=LONGEST_S)  # noqa: S603 (our own words)
    return Path(browser).name if path.is_file() else ""
