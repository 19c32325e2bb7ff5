"""Install the built wheel into an empty environment, outside the checkout, and write a brief with it.

The environment has the distributions of requirements.lock and no other. ``make setup`` installs them by their
hashes; where the tests run with these versions, their files are linked, which takes seconds, and otherwise
pip installs them. The brief is on a small region; the shipped pack, its plans and its scenarios are checked
where they were installed. Kernels run uncompiled: their compilation is that of the checkout, which all other
tests use.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from runs.powered import write_powered

ROOT = Path(__file__).parent.parent
PLAN = "title: A better road\nprojects:\n- {project: pj_road, opening_year: 2024}\n"
OFFLINE = ("No matching distribution found", "Could not find a version", "Connection", "Temporary failure")


def run(*words: object, folder: Path, may_be_offline: bool = False) -> str:
    """Run a command in a folder, without the checkout on the path; return its output."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "SOGDIA_STORE")
    } | {"NUMBA_DISABLE_JIT": "1"}
    finished = subprocess.run(
        [str(word) for word in words], cwd=folder, env=environment, capture_output=True, encoding="utf-8"
    )
    if may_be_offline and finished.returncode and any(sign in finished.stderr for sign in OFFLINE):
        pytest.skip("no package index can be reached")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def locked_distributions() -> list[Distribution] | None:
    """Return the distributions of the lock, installed here; ``None`` if one is not, or in another version."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    found = []
    for line in lines:
        if not re.match(r"\w", line):
            continue
        requirement = Requirement(line.rstrip(" \\"))
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            installed = distribution(requirement.name)
        except PackageNotFoundError:
            return None
        if installed.version not in requirement.specifier:
            return None
        found.append(installed)
    return found


def link_files(installed: list[Distribution], target: Path) -> None:
    """Link the files of distributions into another folder of packages; commands are left out."""
    folders = set[Path]()
    for file in (file for each in installed for file in each.files or ()):
        source = Path(str(file.locate()))
        if file.parts[0] == ".." or not source.exists():
            continue
        place = target / file
        if place.parent not in folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            folders.add(place.parent)
        try:
            place.symlink_to(source)
        except OSError:  # Windows allows it to administrators
            shutil.copy2(source, place)


def test_lock_names_what_this_environment_runs_with() -> None:
    found = locked_distributions()
    if found is None:
        pytest.skip("this environment has other versions than requirements.lock")
    names = {each.name.lower() for each in found}
    assert {"numpy", "pandas", "numba", "pypsa", "weasyprint"} <= names
    assert not {"pytest", "mypy", "openpyxl"} & names


def test_wheel_in_an_empty_environment_writes_a_brief(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", folder=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", folder=tmp_path)
    binaries = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python = binaries / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile")
    if installed := locked_distributions():
        packages = run(
            python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=tmp_path
        )
        link_files(installed, Path(packages.strip()))
    else:
        run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", folder=tmp_path, may_be_offline=True)
    run(*pip, "--no-deps", "--no-index", wheel, folder=tmp_path)
    assert "central_asia: no errors" in run(binaries / "sogdia", "check", folder=tmp_path)
    write_powered(tmp_path / "region")
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    brief = (
        "brief", "--plan", "plan.yaml", "--region", "region", "--scenarios", "reference", "--no-dependence",
        "--assumptions", "0", "--workers", "1", "--store", "store", "--out", "brief", "--quiet",
    )  # fmt: skip
    run(binaries / "sogdia", *brief, folder=tmp_path)
    assert {path.name for path in (tmp_path / "brief").glob("b*")} == {
        "brief.html",
        "brief.pdf",
        "brief.xlsx",
    }
