"""Noun phrases of the language ru: a head with its adjectives, complements and place, in the nominative.

A phrase is read by the endings of its words. ``closed.csv`` lists words that no phrase goes on with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from sogdia.articles.languages.ru.lexicon import Word, plain, rows_of

Gender = Literal["m", "f", "n", "p"]
_ADJECTIVE = re.compile(r"(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ых|их|ыми|ими|ей)$")
_SOFT = re.compile(r"н(?:ий|яя|ее|его|ему|ем|юю|ей)$")
_GENITIVE_ADJECTIVE = re.compile(r"(?:ого|его|ой|ей|ых|их)$")
_GENITIVE_NOUN = re.compile(r"(?:[аяыи]|ов|ев|ей|ий|[бвгджзклмнпрстфхцчшщ])$")
_VERB = re.compile(r"(?:[аеиыуя]л[аио]?|лось|лись|лся|лась|ут|ют|ит|ет|ся|ят|ат|сь)$")
_NOUN_IN_IE = re.compile(r"(?:[аеяу]ни|ити|стви|аци|рти)(?:е|я|ю|ем|й|и)$")
_AFTER_K = "гкхжшщч"
_ENDINGS: dict[Gender, tuple[str, str]] = {
    "m": ("ый", "ий"), "f": ("ая", "яя"), "n": ("ое", "ее"), "p": ("ые", "ие"),
}  # fmt: skip
_MOST_COMPLEMENTS = 3
_SHORTEST = 4


@cache
def closed_words() -> frozenset[str]:
    """Return the words that neither begin nor continue the name of a work."""
    return frozenset(plain(row["word"]) for row in rows_of("closed.csv"))


def is_adjective(text: str) -> bool:
    """Return whether a word has the ending of an adjective.

    >>> is_adjective("солнечной"), is_adjective("станции")
    (True, False)
    """
    form = plain(text)
    found = _ADJECTIVE.search(form)
    return found is not None and found.start() > 2 and not _NOUN_IN_IE.search(form)


def nominative_adjective(text: str, gender: Gender) -> str:
    """Return an adjective in the nominative of a gender, ``p`` for the plural.

    >>> nominative_adjective("Джизакской", "f"), nominative_adjective("верхнего", "m")
    ('Джизакская', 'верхний')
    """
    found = _ADJECTIVE.search(plain(text))
    if found is None:
        return text
    stem = text[: found.start()]
    is_soft = bool(_SOFT.search(plain(text)))
    hard, soft = _ENDINGS[gender]
    if plain(stem)[-1:] in _AFTER_K:
        ending = {"m": "ий", "f": "ая", "n": "ое", "p": "ие"}[gender]
    else:
        ending = soft if is_soft else hard
    if gender == "m" and plain(text).endswith("ой") and plain(text) in _STRESSED:
        ending = "ой"
    return stem + ending


_STRESSED = frozenset(("большой", "морской", "речной", "городской", "второй", "шестой", "седьмой", "восьмой"))


def plural(lemma: str) -> str:
    """Return the nominative plural of a noun.

    >>> plural("станция"), plural("завод"), plural("дорога"), plural("месторождение")
    ('станции', 'заводы', 'дороги', 'месторождения')
    """
    if lemma.isupper():
        return lemma
    if lemma == "участок":
        return "участки"
    last, stem = lemma[-1], lemma[:-1]
    if last in "яь":
        return f"{stem}и"
    if last == "е":
        return f"{stem}{'я' if stem.endswith('и') else 'а'}"
    if last == "а":
        return f"{stem}{'и' if stem[-1] in _AFTER_K else 'ы'}"
    return f"{lemma}{'и' if last in _AFTER_K else 'ы'}"


def is_plural(form: str, lemma: str, gender: Gender) -> bool:
    """Return whether a form of a noun can only be plural.

    Args:
        form: The form in the text.
        lemma: Its nominative singular.
        gender: Its gender.
    """
    word = plain(form)
    if lemma.isupper():
        return False
    if re.search(r"(?:ами|ями|ах|ях|ам|ям)$", word):
        return True
    if gender == "m":
        return bool(re.search(r"(?:ы|и|ов|ев|ей)$", word)) and word != plain(lemma)
    if gender == "f":
        return bool(re.search(r"(?:[^иеьуюя]й|ий|[бвгджзклмнпрстфхцчшщ])$", word)) and not word.endswith(
            ("ой", "ей")
        )
    return False


def complement_end(words: Sequence[Word], index: int, text: str) -> int:
    """Return the index after the genitive complements of a noun, such as "of phosphate fertilisers".

    Args:
        words: Words of the sentence.
        index: Index of the first word after the noun.
        text: The sentence.
    """
    last, count = index, 0
    while count < _MOST_COMPLEMENTS:
        at = last
        while at < len(words) and _follows(words, at, text) and _is_genitive_adjective(words[at]):
            at += 1
        if at >= len(words) or not _follows(words, at, text) or not _is_genitive_noun(words[at]):
            # A genitive plural such as "предпринимателей" has the ending of an adjective.
            return at if at > last and plain(words[at - 1].text).endswith("ей") else last
        last, count = at + 1, count + 1
    return last


def _follows(words: Sequence[Word], at: int, text: str) -> bool:
    return at > 0 and text[words[at - 1].end : words[at].start] == " "


def _is_open(word: Word) -> bool:
    form = plain(word.text)
    return word.text[0].islower() and not word.tense and len(form) >= _SHORTEST and form not in closed_words()


def _is_genitive_adjective(word: Word) -> bool:
    return (
        _is_open(word) and bool(_GENITIVE_ADJECTIVE.search(plain(word.text))) and len(word.text) > _SHORTEST
    )


def _is_genitive_noun(word: Word) -> bool:
    form = plain(word.text)
    return _is_open(word) and bool(_GENITIVE_NOUN.search(form)) and not _VERB.search(form)
