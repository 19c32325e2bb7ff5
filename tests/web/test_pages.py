"""Pages of the workbench: unit tests, types and style by Node; text checks without it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = ROOT / "src" / "sogdia" / "web" / "pages"
UNIT_TESTS = Path(__file__).parent / "pages"
TOOLS = ROOT / "node_modules" / ".bin"
MAX_FILE_LINES = 400
MARKUP = re.compile(r"\.(innerHTML|outerHTML)\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(")
NEEDS_NODE = "Node is not installed: the unit tests of the pages did not run; install Node 20 or later"
NEEDS_TOOLS = "ESLint and TypeScript are not installed: run npm ci"


def sources() -> list[Path]:
    found = sorted(PAGES.rglob("*.js"))
    assert len(found) > 5
    return found


def run(*words: str | Path) -> None:
    finished = subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_unit_tests_of_pages_pass() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip(NEEDS_NODE)
    run(node, "--test", *sorted(UNIT_TESTS.glob("*.test.mjs")))


@pytest.mark.parametrize(
    "words",
    [("tsc", "-p", "jsconfig.json"), ("eslint", "--max-warnings=0", PAGES, UNIT_TESTS)],
    ids=["types", "style"],
)
def test_types_and_style_of_pages_hold(words: tuple[str | Path, ...]) -> None:
    tool = TOOLS / str(words[0])
    if not tool.exists() or shutil.which("node") is None:
        pytest.skip(NEEDS_TOOLS)
    run(tool, *words[1:])


def test_modules_are_type_checked_and_short() -> None:
    for path in sources():
        lines = path.read_text("utf-8").splitlines()
        assert lines[0] == "// @ts-check", path.name
        assert len(lines) <= MAX_FILE_LINES, path.name


def test_no_module_interprets_text_as_markup_or_code() -> None:
    found = [
        f"{path.name}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MARKUP.search(line)
    ]
    assert found == []


def test_no_page_refers_to_another_host_or_has_inline_script_or_style() -> None:
    for path in [*sources(), *PAGES.glob("*.html"), *PAGES.glob("*.css")]:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|[\"'(]//\w", text), path.name
    page = (PAGES / "index.html").read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=|\bstyle=|<style", page)
