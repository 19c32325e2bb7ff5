"""The vocabulary: words that code, messages, help and documents do not use, and the words they use instead.

``words.csv`` lists them. Scope ``any``: names and prose; ``prose``: docstrings, comments, messages and
documents; ``name``: parts of names of code (``whole`` in ``whole_plan``). Language data is exempt: the
grammar that reads articles matches the words that articles use.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
LIST = Path(__file__).with_name("words.csv")
PLACES = sorted(
    [
        *(path for path in (ROOT / "src" / "sogdia").iterdir() if path.is_dir() and path.name != "regions"),
        *(
            path
            for path in (ROOT / "tests").iterdir()
            if path.is_dir() and path.name not in ("packs", "golden")
        ),
        ROOT / "benchmarks",
        ROOT / "docs",
    ]
)
EXEMPT = {
    "tests/articles/articles": "articles",
}
LANGUAGE_DATA = {
    "src/sogdia/articles/grammar": "patterns of the words that articles use",
    "src/sogdia/articles/quantities.py": "patterns of the words that articles use",
    "tests/articles/test_grammar.py": "sentences of articles",
}
"""Modules whose strings are data: only their docstrings, comments and names are checked."""
ALLOWED = {
    ("made", "made_up"),
}
"""Word and name it may stand in."""
NAME = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def rules(scope: str) -> list[tuple[re.Pattern[str], str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["scope"] in ("any", scope)]
    flags = re.IGNORECASE if scope == "name" else re.IGNORECASE | re.MULTILINE
    return [(re.compile(row["pattern"], flags), row["use"]) for row in rows]


PROSE, NAMES = rules("prose"), rules("name")


def is_in(path: Path, places: Iterable[str]) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name.startswith(place) for place in places)


def names_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that a module defines: functions, classes, arguments, variables, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def texts_of(source: str, *, docstrings_only: bool = False) -> Iterator[tuple[int, str]]:
    """Docstrings, messages and comments of a module."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if docstrings_only and id(node) not in docstrings:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")


def found_in(path: Path) -> list[str]:
    source, place = path.read_text("utf-8"), path.relative_to(ROOT).as_posix()
    if path.suffix != ".py":
        return [f"{place}:{line} {word}" for line, word in prose_faults(enumerate(source.split("\n"), 1))]
    texts = texts_of(source, docstrings_only=is_in(path, LANGUAGE_DATA))
    found = [f"{place}:{line} {word}" for line, word in prose_faults(texts)]
    for line, name in names_of(ast.parse(source)):
        for part in map(str.lower, NAME.findall(name)):
            found += [
                f"{place}:{line} {name}: not {part}, but {use}"
                for pattern, use in NAMES
                if pattern.fullmatch(part) and (part, name) not in ALLOWED
            ]
    return found


def prose_faults(texts: Iterator[tuple[int, str]] | enumerate[str]) -> Iterator[tuple[int, str]]:
    for line, text in texts:
        for pattern, use in PROSE:
            for match in pattern.finditer(text):
                yield line + text[: match.start()].count("\n"), f"{match[0]!r}: {use}"


def files_of(place: Path) -> list[Path]:
    kinds = ("*.py", "*.md", "*.j2", "*.html")
    return sorted(
        path
        for kind in kinds
        for path in place.rglob(kind)
        if "_build" not in path.parts and "_generated" not in path.parts
    )


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.relative_to(ROOT).as_posix())
def test_words_are_standard(place: Path) -> None:
    found = [line for path in files_of(place) if not is_in(path, EXEMPT) for line in found_in(path)]
    assert not found, f"{len(found)} in all:\n" + "\n".join(found[:200])


def descriptions_in(part: object, key: str = "") -> Iterator[str]:
    """Texts of a schema, a plan or a scenario that readers see."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from descriptions_in(value, str(name))
    elif isinstance(part, list):
        for value in part:
            yield from descriptions_in(value, key)
    elif isinstance(part, str) and key in ("title", "description", "reason", "note"):
        yield part


def test_words_of_schemas_plans_and_scenarios_are_standard() -> None:
    package = ROOT / "src" / "sogdia"
    files = [*(package / "tables" / "schemas").glob("*.json"), *(package / "regions").rglob("*.yaml")]
    assert len(files) > 50
    found = [
        f"{path.name}: {word} in {text!r}"
        for path in files
        for text in descriptions_in(yaml.safe_load(path.read_text("utf-8")))
        for _, word in prose_faults(enumerate([text]))
    ]
    assert not found, "\n".join(found)


def test_words_of_the_project_itself_are_standard() -> None:
    files = [
        *ROOT.glob("*.md"),
        *ROOT.glob("*.py"),
        *(ROOT / "src" / "sogdia").glob("*.py"),
        *(ROOT / "tests").glob("*.py"),
    ]
    found = [line for path in files if path != Path(__file__) for line in found_in(path)]
    assert not found, "\n".join(found)
