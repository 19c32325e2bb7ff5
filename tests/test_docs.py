"""Documents name pages, files, tests and names of the code that exist."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from sogdia import Region, load_plan, load_scenario

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = ("region-pack", "plans-and-scenarios", "trade", "portfolio")
"""Pages whose Python examples run in seconds and without other files."""
BLOCK = re.MULTILINE | re.DOTALL
ENGINES = ("freight", "trade", "power", "dependence", "coupling", "portfolio")
WRITTEN = {
    "finance.csv",
    "changes.csv",
    "rules.csv",
    "hourly.json",
    "mine.yaml",
    "quarrel.yaml",
    "run.json",
    "study.yaml",
}
"""Files that a command or the reader writes."""
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
FILE = re.compile(r"`([\w./-]+\.(?:py|csv|yaml|toml|json|md|txt|ipynb))(?:[: ]+\w+)?`")
TEST = re.compile(r"`(test_\w+)`")
IN_FILE = re.compile(r"`([\w/]+\.py)(?:`((?:,? `_?[a-zA-Z]\w*`)+)|: (\w+)`)")
DOTTED = re.compile(r"`(sogdia(?:\.\w+)+)`")


@cache
def files() -> tuple[str, ...]:
    """Return every file of the project as a path from its root, without folders of tools."""
    folders = ("src", "tests", "docs", "benchmarks")
    found = [path for part in folders for path in (ROOT / part).rglob("*") if "__pycache__" not in path.parts]
    return tuple(path.relative_to(ROOT).as_posix() for path in (*found, *ROOT.iterdir()) if path.is_file())


@cache
def names_of_tests() -> frozenset[str]:
    """Return the names of all tests and of their files."""
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"^\s*def (test_\w+)", text, re.MULTILINE)}
    return frozenset(named | {path.stem for path in (ROOT / "tests").rglob("test_*.py")})


def places(path_in_text: str) -> list[str]:
    """Return the files that a path in a document may refer to."""
    return [name for name in files() if name == path_in_text or name.endswith(f"/{path_in_text}")]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_have_targets(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text("utf-8")):
        target = page.parent / path if path else page
        assert target.exists(), path
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{path}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_tests_and_names_of_the_code_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    missing = [file for file in FILE.findall(text) if file not in WRITTEN and not places(file)]
    missing += [test for test in TEST.findall(text) if test not in names_of_tests()]
    for file, listed, one in IN_FILE.findall(text):
        content = "\n".join((ROOT / name).read_text("utf-8") for name in places(file))
        for name in [*re.findall(r"`(\w+)`", listed), *([one] if one else [])]:
            if not re.search(rf"(?:def|class) {name}\b|^\s*{name}\b.*[=:]", content, re.MULTILINE):
                missing.append(f"{file} {name}")
    for dotted in DOTTED.findall(text):
        try:
            importlib.import_module(dotted)
        except ImportError:
            module, _, name = dotted.rpartition(".")
            if not hasattr(importlib.import_module(module), name):
                missing.append(dotted)
    assert not missing


@pytest.mark.parametrize("name", ENGINES)
def test_page_of_an_engine_has_equations_tests_and_limits(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    heads = " ".join(re.findall(r"^## (.+)$", text, re.MULTILINE)).lower()
    assert re.search(r"\| test|\| held by", text), "a table of symbols says which test holds each"
    assert re.search(r"limit|weak|believe", heads), f"no limits among: {heads}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_python_examples_of_a_page_run(name: str) -> None:
    names: dict[str, object] = {}
    for block in re.findall(
        r"^```python\n(.*?)^```", (ROOT / "docs" / f"{name}.md").read_text("utf-8"), BLOCK
    ):
        exec(compile(block, f"{name}.md", "exec"), names)  # noqa: S102  (our own examples)


def test_yaml_examples_of_plans_and_of_a_scenario_load(tmp_path: Path, shipped: Region) -> None:
    text = (ROOT / "docs" / "plans-and-scenarios.md").read_text("utf-8")
    paths = []
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", text, BLOCK)):
        path = tmp_path / f"example_{number}.yaml"
        path.write_text(block, encoding="utf-8")
        paths.append(path)
    *plans, scenario = paths
    first, own = (load_plan(path, shipped) for path in plans)
    assert [choice.project for choice in load_scenario(scenario, shipped).projects] == ["their_road"]
    assert first.excludes == ("pj_balkhash1",)
    assert "pj_cku" in {choice.project for choice in first.projects}
    assert [choice.project for choice in own.projects] == ["my_road"]
