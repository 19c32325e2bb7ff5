"""Words of a sentence with their classes: acts with their tense, nouns, heads of works.

Verbs are listed with their stems; the forms are derived: past tense by gender and number, present or future
by aspect, participles in all cases. A noun is a stem with an ending of up to four letters.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

Tense = Literal["", "past", "present", "future", "infinitive", "denied"]
LONGEST_ENDING = 4
_TOKEN = re.compile(r"[^\W\d_]+(?:[-–][^\W_]+)*")
_REFLEXIVE = ("", "ся", "сь")
_GENDERS = ("", "а", "о", "и")
_SHORT_FORMS = ("", "а", "о", "ы")
_CASES = ("ый", "ая", "ое", "ые", "ого", "ой", "ому", "ым", "ом", "ых", "ыми", "ую")
_FUTURE = frozenset(("будет", "будут"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence.

    Attributes:
        text: Text, with its case.
        start: Start in the sentence.
        end: End in the sentence.
        classes: Classes of the tables; empty for a word that they do not hold.
        tense: Tense of an act; empty for nouns.
        sector: Sector of a work whose head it is; empty otherwise.
    """

    text: str
    start: int
    end: int
    classes: frozenset[str] = frozenset()
    tense: Tense = ""
    sector: str = ""


def rows_of(name: str) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a table of this package.

    Args:
        name: File name.
    """
    text = files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Return a text in lower case, with one spelling of ё and of dashes; its length is unchanged.

    >>> plain("Заём–ГЭС")
    'заем-гэс'
    """
    return text.lower().replace("ё", "е").replace("–", "-")


@cache
def _verb_forms() -> Mapping[str, tuple[str, Tense]]:
    """Return class and tense by form."""
    forms: dict[str, tuple[str, Tense]] = {}
    for row in rows_of("verbs.csv"):
        name = row["class"]
        past = [stem for stem in row["past"].split("|") if stem]
        passive = [stem for stem in row["passive"].split("|") if stem]
        now: Tense = "future" if row["aspect"] == "p" else "present"
        found: list[tuple[str, Tense]] = [(row["lemma"], "infinitive")]
        found += [
            (f"{stem}{end}{own}", "past")
            for stem in past
            for end in ("", "а", "о", "и")
            for own in _REFLEXIVE
        ]
        found += [(f"{form}{own}", now) for form in row["present"].split("|") for own in ("", "ся")]
        found += [(f"{stem}{end}", "past") for stem in passive for end in _SHORT_FORMS]
        found += [(f"{stem}{mid}{end}", "past") for stem in passive for mid in ("н", "") for end in _CASES]
        for form, tense in found:
            forms.setdefault(plain(form), (name, tense))
    return forms


@cache
def _noun_classes() -> Mapping[str, str]:
    return {plain(row["stem"]): row["class"] for row in rows_of("nouns.csv")}


@cache
def _sectors() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the sectors of heads of works, and of adjectives, by stem."""
    return tuple(
        {plain(row["stem"]): row["sector"] for row in rows_of(name)} for name in ("works.csv", "sectors.csv")
    )  # type: ignore[return-value]


def stem_in(word: str, stems: Mapping[str, str], longest: int = LONGEST_ENDING) -> str:
    """Return the value of the longest stem that a word begins with; empty if none fits.

    Args:
        word: The word, as :func:`plain` writes it.
        stems: Values by stem.
        longest: Letters that an ending may have.
    """
    for size in range(len(word), max(1, len(word) - longest - 1), -1):
        if word[:size] in stems:
            return stems[word[:size]]
    return ""


@lru_cache(maxsize=20_000)
def _tagged(word: str) -> tuple[frozenset[str], Tense, str]:
    classes: set[str] = set()
    tense: Tense = ""
    if word in _verb_forms():
        name, tense = _verb_forms()[word]
        classes.add(name)
    elif word in _FUTURE:
        classes.add("prospect")
    classes.update(stem_in(word, _noun_classes()).split())
    head = stem_in(word.partition("-")[0], _sectors()[0], 3)
    return frozenset(classes), tense, head


@cache
def _expressions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["class"], re.compile(rf"\b{row['expression']}\b", re.IGNORECASE))
        for row in rows_of("expressions.csv")
    )


def expressions_in(text: str) -> frozenset[str]:
    """Return the classes of the expressions of several words in a text.

    >>> sorted(expressions_in("Денежные переводы выросли"))
    ['remittance']
    """
    return frozenset(name for name, pattern in _expressions() if pattern.search(text))


def sector_of_adjective(word: str) -> str:
    """Return the sector that an adjective names; empty for none.

    Args:
        word: The adjective.
    """
    return stem_in(plain(word), _sectors()[1])


def words_of(text: str) -> list[Word]:
    """Return the words of a sentence; an act after "не" is denied, one after "будет" is future.

    >>> [(word.text, word.tense) for word in words_of("Кредит не выдан") if word.classes]
    [('Кредит', ''), ('выдан', 'denied')]
    """
    found: list[Word] = []
    before = form = ""
    for match in _TOKEN.finditer(text):
        before, form = form, plain(match.group())
        classes, tense, sector = _tagged(form)
        word = Word(match.group(), match.start(), match.end(), classes, tense, sector)
        if tense and before == "не":
            word = replace(word, tense="denied")
        elif tense in ("past", "infinitive") and before in _FUTURE:
            word = replace(word, tense="future")
        found.append(word)
    return found
