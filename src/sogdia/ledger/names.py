"""How alike names are: the share of a name's telling words found in another, spelling variants allowed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

WORD_ALIKE = 0.9
"""Jaro-Winkler similarity from which two words are one word spelt in two ways."""
_UNHEARD = 0.5
"""Worth of a word of no record, against the rarest that has one."""
_SHORTEST_FUZZY = 5
"""Shorter words must be equal: between them one letter makes another name."""
_TOLD_ELSEWHERE = re.compile(
    r"\d[\d.,]*[\s-]*(?:mw|gw|km|kv|m?usd|bn|mln|%|(?:mega|giga)watts?|kilomet\w+|million|billion)\b|\d{3,}",
    re.IGNORECASE,
)
"""Figures with a unit have fields of their own; a small bare number is part of a name (phase 4)."""
_SMALL = frozenset(
    (
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "its",
        "mw",
        "gw",
        "kv",
        "of",
        "on",
        "or",
        "the",
        "to",
        "via",
        "with",
        "new",
        "project",
        "projects",
        "pj",
        "de",
        "role",
        "company",
        "co",
    )
)


def words_of(text: str, *, numbers: bool = True) -> tuple[str, ...]:
    """Words of a text: lower case, without marks over letters, figures and small words.

    Args:
        text: The text.
        numbers: Whether small bare numbers are words too.

    >>> words_of("The 250 MW Far-Hill solar plant 2 (Île)")
    ('far', 'hill', 'solar', 'plant', '2', 'ile')
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower().replace("_", " ")
    plain = _TOLD_ELSEWHERE.sub(" ", plain.replace("'", "").replace("’", ""))
    words = re.findall(r"[^\W\d_]+|\d+", plain)
    return tuple(word for word in words if word not in _SMALL and (numbers or not word.isdigit()))


@dataclass(frozen=True)
class Vocabulary:
    """How telling each word is, by how few of the records hold it: ``ln((1 + n) / (1 + n_word)) + 0.1``.

    A word that no record holds speaks against them all, but only half as much as the rarest that one does:
    an article has more words for a thing than a table.
    """

    records: int
    holding: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def worth(self, word: str) -> float:
        """Inverse document frequency of a word."""
        held = self.holding.get(word, 0)
        worth = math.log((1 + self.records) / (1 + max(held, 1))) + 0.1
        return worth if held else _UNHEARD * worth


def vocabulary(bags: Iterable[frozenset[str]]) -> Vocabulary:
    """Count in how many records each word stands."""
    listed = list(bags)
    return Vocabulary(len(listed), Counter(word for bag in listed for word in bag))


def containment(name: Iterable[str], bag: frozenset[str], known: Vocabulary) -> float | None:
    """Share of a name's words that a record holds, each weighed by how telling it is.

    Soft TF-IDF (Cohen, Ravikumar and Fienberg, 2003, *A comparison of string metrics for matching names and
    records*) in one direction: a record may say more than the name does. Words that run together in one of
    the two (Far-Hill, Farhill) count as found.

    Args:
        name: Words of the name asked for.
        bag: Words of the record.
        known: How telling words are.

    Returns:
        A share from 0 to 1, or ``None`` where the name has no words.
    """
    asked = tuple(dict.fromkeys(name))
    if not asked:
        return None
    total = found = 0.0
    for place, word in enumerate(asked):
        worth = known.worth(word)
        total += worth
        if word in bag or any(_same_word(word, other) for other in bag) or _runs_together(asked, place, bag):
            found += worth
    return found / total


def _runs_together(asked: tuple[str, ...], place: int, bag: frozenset[str]) -> bool:
    """Whether a word and one beside it are one word of the record."""
    beside = [asked[i : i + 2] for i in (place - 1, place) if i >= 0 and len(asked[i : i + 2]) == 2]
    joined = ["".join(pair) for pair in beside if not any(word.isdigit() for word in pair)]
    near = ((pair, other) for pair in joined for other in bag if abs(len(pair) - len(other)) <= 1)
    return any(_same_word(pair, other) for pair, other in near)


def _same_word(first: str, second: str) -> bool:
    from rapidfuzz.distance import JaroWinkler

    if first == second:
        return True
    if min(len(first), len(second)) < _SHORTEST_FUZZY or first[0] != second[0]:
        return False
    return bool(JaroWinkler.similarity(first, second) >= WORD_ALIKE)
