"""Commands of each extra work with the libraries that it declares, and those that these need, alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cli.extras_at_work import AT_WORK, Extras, write_inputs

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def own_requirements(extras: Extras) -> list[Requirement]:
    """Return what pyproject.toml declares for the core and extras, with the extras that these carry."""
    lines = list(PROJECT["dependencies"])
    waiting = list(extras)
    while waiting:
        for line in PROJECT["optional-dependencies"][waiting.pop()]:
            requirement = Requirement(line)
            if requirement.name == PROJECT["name"]:
                waiting += requirement.extras
            else:
                lines.append(line)
    return [Requirement(line) for line in lines]


def closure(extras: Extras) -> set[str]:
    """Return all distributions that an installation with the extras has."""
    found: set[tuple[str, str]] = set()
    waiting = own_requirements(extras)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) in found or (requirement.marker and not requirement.marker.evaluate()):
                continue
            found.add((name, extra))
            try:
                lines = requires(name) or []
            except PackageNotFoundError:  # of another platform
                continue
            for each in map(Requirement, lines):
                if each.marker is None or each.marker.evaluate({"extra": extra}):
                    each.marker = None
                    waiting.append(each)
    return {name for name, _ in found}


def undeclared(extras: Extras) -> list[str]:
    """Return the installed modules that an installation with the extras lacks."""
    present = closure(extras)
    return sorted(
        module
        for module, owners in packages_distributions().items()
        if module not in sys.stdlib_module_names
        and module != PROJECT["name"]
        and re.fullmatch(r"\w+", module)
        and not present & {canonicalize_name(owner) for owner in owners}
    )


def test_closure_has_libraries_of_libraries_and_of_carried_extras() -> None:
    assert {"numpy", "python-dateutil", "marko"} <= closure(())
    assert not {"numba", "lxml", "pytest", "highspy"} & closure(())
    assert {"numba", "llvmlite", "duckdb", "highspy"} <= closure(("study",))
    assert {"lxml", "duckdb", "weasyprint", "pydyf"} <= closure(("report",))


@pytest.mark.parametrize("extras", list(AT_WORK), ids=lambda extras: "+".join(extras) or "core")
def test_commands_of_an_extra_work_with_what_it_declares_alone(
    extras: Extras, isles_home: Path, tmp_path: Path
) -> None:
    write_inputs(tmp_path, isles_home)
    finished = subprocess.run(
        [sys.executable, HERE / "without_libraries.py", ",".join(undeclared(extras)),
         json.dumps(AT_WORK[extras])],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "SOGDIA_STORE": str(tmp_path / "store")},
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    failed = [(each["words"], each["err"]) for each in json.loads(finished.stdout) if each["code"] != 0]
    assert not failed
