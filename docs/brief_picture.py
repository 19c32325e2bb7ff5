"""Make ``docs/pictures/brief.png``: the head of a brief as a browser shows it.

Run as ``python docs/brief_picture.py BRIEF.html`` with the page that ``make brief`` wrote; needs Chromium
or Chrome.
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
    """Draw the page's head."""
    page = Path(sys.argv[1] if len(sys.argv) > 1 else "brief/brief.html").resolve()
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None or not page.is_file():
        sys.exit(f"wants a browser ({', '.join(BROWSERS)}) and {page}")
    with tempfile.TemporaryDirectory() as scratch:
        words = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={scratch}", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={PICTURE}",
            page.as_uri(),
        ]  # fmt: skip
        subprocess.run(words, check=True, capture_output=True)


if __name__ == "__main__":
    main()
