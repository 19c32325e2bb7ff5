"""A sentence in the language ru with its annotations, and the classes of its words and expressions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sogdia.articles.article import Sentence
from sogdia.articles.dates import Anchor, find_dates
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.languages.ru.lexicon import Word, expressions_in, words_of
from sogdia.articles.languages.ru.names import LocalNames
from sogdia.articles.languages.ru.works import find_works
from sogdia.articles.quantities import find_quantities

_CUT = re.compile(
    r";\s|,\s(?=(?:из них|из которых|в том числе|а|но|при этом|причём|причем|его|её|ее|их|что|договор|"
    r"которы\w+|и)\b)"
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_INTO = re.compile(r"\b(?:во?|экономик[уи]|пообещал\w*|обещал\w*)\s(?:всей\s)?([А-ЯЁ][\w-]+)")
"""A state after "into", "economy of" or "promised"."""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence with its annotations and words."""

    annotated: AnnotatedSentence
    words: tuple[Word, ...]

    def classes(self, start: int, end: int) -> frozenset[str]:
        """Return the classes of the words of a span."""
        found = {
            name
            for word in self.words
            if start <= word.start < end and word.tense != "denied"
            for name in word.classes
        } | expressions_in(self.annotated.text[start:end])
        if {"sign", "contract"} <= found:
            found.add("signed_contract")
        if "supply" in found and found & {"commodity", "gas", "trade"}:
            found.add("goods")
        if found & {"aggregate", "invest", "promise"} and not self.annotated.projects:
            into = _INTO.findall(self.annotated.text[start:end])
            states = [item.text for item in self.annotated.mentions if item.kind in ("country", "group")]
            if any(name in state for name in into for state in states):
                found.add("state_investment")
        return frozenset(found)


def annotate_ru(
    sentence: Sentence, anchor: Anchor, gazetteer: Gazetteer, names: LocalNames
) -> tuple[AnnotatedSentence, tuple[Word, ...]]:
    """Annotate a sentence: names, works, quantities, dates and clauses, and its words with classes.

    Args:
        sentence: The sentence.
        anchor: Reference date for dates without a year.
        gazetteer: Names of the region pack, for names in Latin letters.
        names: Names in the language ru.
    """
    text = sentence.text
    words = tuple(words_of(text))
    latin = [item for item in gazetteer.find(_CYRILLIC.sub(" ", text)) if item.kind != "project"]
    mentions = sorted([*names.find(words), *latin], key=lambda item: item.start)
    quantities = tuple(find_quantities(text))
    works = find_works(text, words, mentions, gazetteer)
    dates = tuple(
        item for item in find_dates(text, anchor)
        if not any(q.start <= item.start < q.end and q.kind != "count" for q in quantities)
    )  # fmt: skip
    cuts = (0, *(match.end() for match in _CUT.finditer(text)))
    inside = [item for item in mentions if not _is_in_work(item, works)]
    return AnnotatedSentence(sentence, tuple(inside), tuple(works), quantities, dates, cuts), words


def _is_in_work(item: Mention, works: Sequence[ProjectMention]) -> bool:
    return item.kind == "place" and any(work.start <= item.start < work.end for work in works)
