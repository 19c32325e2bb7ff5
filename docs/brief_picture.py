"""Draw ``docs/pictures/brief.png``: the top of a brief as a browser shows it.

Run as ``python docs/brief_picture.py BRIEF.html`` with the page that ``make brief`` wrote. It needs
Chromium or Chrome.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sogdia.report.pdf import BROWSERS

PICTURE = Path(__file__).parent / "pictures" / "brief.png"
WIDTH, HEIGHT = 1100, 1150


def main() -> None:
    """Draw the top of the page."""
    page = Path(sys.argv[1] if len(sys.argv) > 1 else "brief/brief.html").resolve()
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit(f"no browser is on the path; install one of {', '.join(BROWSERS)}")
    if not page.is_file():
        sys.exit(f"{page}: no such file; write it by `make brief`")
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={scratch}", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={PICTURE}",
            page.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
