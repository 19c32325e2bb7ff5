"""What the documents name is there: pages, files, tests, and names of the code."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
ENGINES = ("freight", "trade", "power", "dependence", "coupling")
WRITTEN = {"finance.csv", "changes.csv", "rules.csv", "mine.yaml", "quarrel.yaml", "run.json", "study.yaml"}
"""Files that a command or the reader writes."""
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
FILE = re.compile(r"`([\w./-]+\.(?:py|csv|yaml|toml|json|md|txt|ipynb))(?:[: ]+\w+)?`")
TEST = re.compile(r"`(test_\w+)`")
IN_FILE = re.compile(r"`([\w/]+\.py)(?:`((?:,? `_?[a-zA-Z]\w*`)+)|: (\w+)`)")
DOTTED = re.compile(r"`(sogdia(?:\.\w+)+)`")


@cache
def files() -> tuple[str, ...]:
    """Every file of the project, as a path from its root, places of tools left out."""
    kept = ("src", "tests", "docs", "benchmarks", "examples")
    found = [path for part in kept for path in (ROOT / part).rglob("*") if "__pycache__" not in path.parts]
    return tuple(path.relative_to(ROOT).as_posix() for path in (*found, *ROOT.iterdir()) if path.is_file())


@cache
def names_of_tests() -> frozenset[str]:
    """Names of all tests and of their files."""
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"^\s*def (test_\w+)", text, re.MULTILINE)}
    return frozenset(named | {path.stem for path in (ROOT / "tests").rglob("test_*.py")})


def places(told: str) -> list[str]:
    """Files that a path in a document may mean."""
    return [name for name in files() if name == told or name.endswith(f"/{told}")]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text("utf-8")):
        there = page.parent / path if path else page
        assert there.exists(), path
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{path}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_tests_and_names_of_the_code_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    missing = [told for told in FILE.findall(text) if told not in WRITTEN and not places(told)]
    missing += [told for told in TEST.findall(text) if told not in names_of_tests()]
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
def test_an_engines_page_has_equations_tests_and_limits(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    heads = " ".join(re.findall(r"^## (.+)$", text, re.MULTILINE)).lower()
    assert re.search(r"\| test|\| held by", text), "a table of symbols says which test holds each"
    assert re.search(r"limit|weak|believe", heads), f"no limits among: {heads}"
