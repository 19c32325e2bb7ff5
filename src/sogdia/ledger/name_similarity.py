"""Compare names: the share of a name's words found in another, weighted by rarity, with spelling variants."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SAME_WORD = 0.9
"""Jaro-Winkler similarity from which two words are spelling variants of one word."""
_UNSEEN = 0.5
"""Weight of a word that no record holds, relative to that of a word in one record."""
_MIN_FUZZY_LENGTH = 5
"""Shorter words must be equal: one letter makes another name."""
_FIGURES = re.compile(
    r"\d[\d.,]*[\s-]*(?:mw|gw|km|kv|m?usd|bn|mln|%|(?:mega|giga)watts?|kilomet\w+|million|billion)\b|\d{3,}",
    re.IGNORECASE,
)
"""Figures with a unit are compared in fields of their own; a small number is part of a name (phase 4)."""
_STOP_WORDS = frozenset(
    (
        *("an", "and", "at", "by", "for", "from", "in", "into", "its", "of", "on", "or", "the", "to", "via"),
        *("with", "mw", "gw", "kv", "new", "project", "projects", "pj", "de", "role", "company", "co"),
    )
)


def name_words(text: str, *, numbers: bool = True) -> tuple[str, ...]:
    """Return the words of a text in lower case, without accents, figures with units and stop words.

    Args:
        text: The text.
        numbers: Whether small numbers are words too.

    >>> name_words("The 250 MW Far-Hill solar plant 2 (Île)")
    ('far', 'hill', 'solar', 'plant', '2', 'ile')
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower().replace("_", " ")
    plain = _FIGURES.sub(" ", plain.replace("'", "").replace("’", ""))
    words = re.findall(r"[^\W\d_]+|\d+", plain)
    return tuple(word for word in words if word not in _STOP_WORDS and (numbers or not word.isdigit()))


@dataclass(frozen=True)
class Vocabulary:
    """Inverse document frequency of words over records: ``ln((1 + n) / (1 + n_word)) + 0.1``.

    A word that no record holds counts against all of them, but only half as much as a word of one record: an
    article has more words for a project than a table.

    Attributes:
        records: Number of records ``n``.
        counts: Number of records that hold each word, ``n_word``.
    """

    records: int
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def weight(self, word: str) -> float:
        """Return the inverse document frequency of a word."""
        count = self.counts.get(word, 0)
        weight = math.log((1 + self.records) / (1 + max(count, 1))) + 0.1
        return weight if count else _UNSEEN * weight


def build_vocabulary(records: Iterable[frozenset[str]]) -> Vocabulary:
    """Count in how many records each word occurs.

    Args:
        records: Words of each record.
    """
    listed = list(records)
    return Vocabulary(len(listed), Counter(word for words in listed for word in words))


def containment(name: Iterable[str], record: frozenset[str], vocabulary: Vocabulary) -> float | None:
    """Return the share of a name's words that a record holds, weighted by inverse document frequency.

    Soft TF-IDF (Cohen, Ravikumar and Fienberg, 2003, *A comparison of string metrics for matching names and
    records*) in one direction: a record may hold more words than the name. Words that one of the two writes
    together (Far-Hill, Farhill) count as found.

    Args:
        name: Words of the name.
        record: Words of the record.
        vocabulary: Weights of words.

    Returns:
        A share from 0 to 1, or ``None`` if the name has no words.
    """
    words = tuple(dict.fromkeys(name))
    if not words:
        return None
    total = found = 0.0
    for place, word in enumerate(words):
        weight = vocabulary.weight(word)
        total += weight
        if (
            word in record
            or any(is_same_word(word, other) for other in record)
            or _is_in_compound(words, place, record)
        ):
            found += weight
    return found / total


def _is_in_compound(words: tuple[str, ...], place: int, record: frozenset[str]) -> bool:
    """Return whether a word and its neighbour are one word of the record."""
    return any(is_compound(pair, other) for pair in joined_neighbours(words, place) for other in record)


def joined_neighbours(words: tuple[str, ...], place: int) -> list[str]:
    """Return a word of a name joined with the word before it, and with the one after it.

    >>> joined_neighbours(("ak", "tau", "port"), 1)
    ['aktau', 'tauport']
    """
    pairs = [words[i : i + 2] for i in (place - 1, place) if i >= 0 and len(words[i : i + 2]) == 2]
    return ["".join(pair) for pair in pairs if not any(word.isdigit() for word in pair)]


def is_compound(pair: str, word: str) -> bool:
    """Return whether two joined words are a word, or a spelling variant of it of nearly the same length."""
    return abs(len(pair) - len(word)) <= 1 and is_same_word(pair, word)


def is_same_word(first: str, second: str) -> bool:
    """Return whether two words are equal, or spelling variants of one word with the same first letter."""
    from rapidfuzz.distance import JaroWinkler

    if first == second:
        return True
    if min(len(first), len(second)) < _MIN_FUZZY_LENGTH or first[0] != second[0]:
        return False
    return bool(JaroWinkler.similarity(first, second) >= SAME_WORD)
