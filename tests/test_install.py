"""Install the built wheel into an empty environment, outside the checkout, and write a brief with it.

The brief is on a small region; the shipped pack, its plans and its scenarios are checked where they were
installed. Kernels run uncompiled: their compilation is that of the checkout, which all other tests use.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
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


def test_wheel_in_an_empty_environment_writes_a_brief(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", folder=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "env", folder=tmp_path)
    binaries = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (binaries / "python", "-m", "pip", "install", "--quiet", "--no-compile")
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
