"""Annotate articles in languages other than English, and remark on what is not read of them."""

from __future__ import annotations

from sogdia.articles.article import Article, Sentence
from sogdia.articles.dates import Anchor
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.languages.detection import ENGLISH, RU, language_name
from sogdia.articles.languages.other import find_figures, find_other_dates, find_states
from sogdia.articles.languages.ru.lexicon import words_of
from sogdia.articles.languages.ru.names import names_of
from sogdia.articles.languages.ru.sentence import annotate_ru
from sogdia.region import Region


def annotate_language(
    article: Article, region: Region, gazetteer: Gazetteer, anchor: Anchor, language: str
) -> list[AnnotatedSentence]:
    """Annotate the sentences of an article in another language than English.

    Args:
        article: The article.
        region: The region.
        gazetteer: Names of the region pack.
        anchor: Reference date for dates without a year.
        language: Code of the language; empty if it is not known.
    """
    if language == RU:
        names = names_of(region, gazetteer)
        return [annotate_ru(sentence, anchor, gazetteer, names)[0] for sentence in article.body]
    return [_annotate_other(sentence, language, gazetteer) for sentence in article.body]


def _annotate_other(sentence: Sentence, language: str, gazetteer: Gazetteer) -> AnnotatedSentence:
    text = sentence.text
    states = list(find_states(text, language, gazetteer))
    taken = [(item.start, item.end) for item in states]
    others = [
        item
        for item in gazetteer.find(text)
        if item.parties and not any(low < item.end and item.start < high for low, high in taken)
    ]
    figures = tuple(find_figures(text, language))
    dates = tuple(
        item
        for item in find_other_dates(text, language)
        if not any(figure.start <= item.start < figure.end for figure in figures)
    )
    mentions = sorted([*states, *others], key=lambda item: item.start)
    return AnnotatedSentence(sentence, tuple(mentions), (), figures, dates, (0,))


def foreign_mentions(text: str, language: str, region: Region, gazetteer: Gazetteer) -> list[Mention]:
    """Return the names of states in a text of another language than English.

    Args:
        text: The text.
        language: Code of its language; empty if it is not known.
        region: The region.
        gazetteer: Names of the region pack.
    """
    if language == ENGLISH:
        return []
    if language == RU:
        return names_of(region, gazetteer).find(words_of(text))
    return list(find_states(text, language, gazetteer))


def language_remarks(language: str) -> tuple[str, ...]:
    """Return the remarks on an article in a language.

    Args:
        language: Its code; empty if it is not known.
    """
    if language == ENGLISH:
        return ()
    if language == RU:
        return (f"in {language_name(language)}: read by fewer rules than English",)
    return (f"in {language_name(language)}: not read beyond figures, dates and names of states",)
