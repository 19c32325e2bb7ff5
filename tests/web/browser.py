"""A Chromium for tests: where it is, and how it starts without a request of its own."""

from __future__ import annotations

import os
import shutil

VARIABLE = "SOGDIA_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "NO BROWSER: the pages of the workbench were not tested; install Chromium (on Debian: apt-get install "
    f"chromium), or name it in ${VARIABLE}"
)


def chromium() -> str | None:
    """Return the path of Chromium; nothing if there is none."""
    found = (shutil.which(name) for name in (os.environ.get(VARIABLE, ""), *NAMES) if name)
    return next((path for path in found if path), None)
