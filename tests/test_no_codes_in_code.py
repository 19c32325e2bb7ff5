"""No country, partner or place of the shipped region is named in the code: they are rows of tables."""

from __future__ import annotations

import csv
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import sogdia
from sogdia.region import shipped_regions

SOURCE = Path(sogdia.__file__).parent
FIELDS = SOURCE / "tables" / "schemas"
REGION = "central_asia"
SHORTEST_PLACE = 6
NO_NAME = {"world", "domestic", "market"}
"""Kinds of party with names that are common words."""
COMMON_PARTNERS = {"bond_market", "development_banks"}
"""Partners with names that are common words."""
EXAMPLE = re.compile(r'^ *>>> .*\n(?:(?! *""").*\S.*\n)*', re.MULTILINE)
"""Examples of docstrings with their output, which may name the shipped region."""
DEFAULT_REGION = {("api/defaults.py", f'DEFAULT_REGION = "{REGION}"')}
"""The constant with the default region."""


def table(name: str) -> list[dict[str, str]]:
    with (shipped_regions()[REGION] / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CODES = {row["code"] for row in table("parties")}
OWN_CODES = {row["code"] for row in table("parties") if row["kind"] not in NO_NAME}
NAMES = {
    *(row["name"] for row in table("parties") if row["kind"] not in NO_NAME),
    *(row["name"] for row in table("partners") if row["id"] not in COMMON_PARTNERS),
}
PARTNERS = {row["id"] for row in table("partners")} - COMMON_PARTNERS
PLACES = {row["id"] for row in table("places") if len(row["id"]) >= SHORTEST_PLACE}

_SHORT = {"GEO", "PER"}
"""Codes that also are or shorten a common word, here per and geography."""
_OWN = "|".join(sorted(OWN_CODES - _SHORT))
_COMMON = "|".join(sorted(CODES - OWN_CODES | _SHORT))
_CODE = re.compile(rf"(?<![A-Za-z0-9])({_OWN})(?![A-Za-z0-9])|\b({_COMMON})\b")
"""Codes, also between underscores; codes that are common words only as separate words."""
_NAME = re.compile(r"\b(" + "|".join(re.escape(name) for name in sorted(NAMES)) + ")", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9_]+")


def known_words(text: str) -> Iterator[str]:
    """Yield codes, names and ids of the shipped region in a text."""
    yield from (match.group() for match in _CODE.finditer(text))
    yield from (match.group() for match in _NAME.finditer(text))
    words = set(_WORD.findall(text.lower()))
    yield from sorted(words & (PLACES | PARTNERS))
    if text.strip("\"'").upper() in OWN_CODES - _SHORT:
        yield text


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield every name, text and comment of a Python file, with its line, without examples."""
    skipped = {
        tokenize.ENCODING,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.OP,
    }
    source = EXAMPLE.sub(lambda example: "\n" * example[0].count("\n"), path.read_text("utf-8"))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in skipped:
            continue
        yield from enumerate(token.string.split("\n"), start=token.start[0])


def test_shipped_region_has_codes_names_and_places() -> None:
    assert len(CODES) >= 50
    assert len(NAMES) >= 40
    assert len(PLACES) >= 200


@pytest.mark.parametrize(
    "text",
    [
        "if partner == 'CHN':",
        '"chn"',
        "# as Russia does",
        "the Russian gauge",
        "KAZ_CODE = 1",
        "origin = 'almaty'",
        "european_union",
        "exporter == 'ROW'",
        "exporter == 'GEO'",
    ],
)
def test_text_with_a_code_or_name_is_found(text: str) -> None:
    assert list(known_words(text))


@pytest.mark.parametrize(
    "text",
    [
        "prices in USD",
        "LARGEST_ROW",
        "NO_GEO",
        "these are all",
        "ARENA",
        "random.shuffle",
        "a domain of words",
    ],
)
def test_other_text_is_not_found(text: str) -> None:
    assert list(known_words(text)) == []


def test_code_names_no_party_or_place() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {word!r} in {text.strip()[:80]!r}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line, text in texts_of(path)
        for word in known_words(text)
    ]
    assert found == []


def test_declarations_name_no_party_or_place() -> None:
    found = [
        f"{path.name}:{number}: {word!r}"
        for path in sorted(FIELDS.glob("*.json"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        for word in known_words(line)
    ]
    assert found == []


def test_code_names_the_shipped_region_only_as_default() -> None:
    lines = {
        (path.relative_to(SOURCE).as_posix(), line.strip())
        for path in sorted(SOURCE.rglob("*.py"))
        for line in EXAMPLE.sub("", path.read_text("utf-8")).splitlines()
        if re.search(REGION.replace("_", "[ _-]"), line, re.IGNORECASE)
    }
    assert lines == DEFAULT_REGION
