"""The countries that an article is about, by its headline and the names that predominate in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from sogdia.articles.article import Article
from sogdia.articles.gazetteer import Gazetteer, Mention, MentionKind
from sogdia.articles.grammar.annotations import AnnotatedSentence, dateline_end


def default_recipients(
    article: Article, sentences: Sequence[AnnotatedSentence], gazetteer: Gazetteer
) -> tuple[str, ...]:
    """Return the home countries an article is about: those of its headline, or the predominant one."""
    if titled := home_in_title(article, gazetteer, ("country", "demonym", "group", "seat")):
        return titled
    kinds: tuple[MentionKind, ...] = (
        *("country", "demonym", "group", "seat", "place", "home_company", "person"),
    )
    counts = Counter(
        code for item in sentences for code in set(_home_codes(item.mentions, kinds, gazetteer.home))
    )
    if not counts:
        return ()
    code, count = counts.most_common(1)[0]
    if count > 0.6 * sum(counts.values()):
        return (code,)
    opening = next((item.text[: dateline_end(item.text)] for item in article.body), "")
    place = tuple(dict.fromkeys(_home_codes(gazetteer.find(opening), kinds, gazetteer.home)))
    return place if set(place) <= set(counts) else ()


def names_region(article: Article, sentences: Sequence[AnnotatedSentence], gazetteer: Gazetteer) -> bool:
    """Return whether an article is about all home parties together.

    It names them by the name of the region, or names most of them and speaks of "the region".
    """
    mentions = [*gazetteer.find(article.title), *(item for one in sentences for item in one.mentions)]
    home = set(gazetteer.home)
    if any(item.kind == "group" and set(item.parties) == home for item in mentions):
        return True
    named = {code for item in mentions for code in item.parties if code in home}
    speaks = any(re.search(r"\b(?:the|this) region\b", one.text) for one in sentences)
    return speaks and 2 * len(named) > len(home)


def home_in_title(article: Article, gazetteer: Gazetteer, kinds: tuple[MentionKind, ...]) -> tuple[str, ...]:
    """Return the home countries that the headline names."""
    title = next((sentence.text for sentence in article.sentences if sentence.part == "title"), article.title)
    return tuple(dict.fromkeys(_home_codes(gazetteer.find(title), kinds, gazetteer.home)))


def _home_codes(
    mentions: Iterable[Mention], kinds: tuple[MentionKind, ...], home: tuple[str, ...]
) -> list[str]:
    return [code for item in mentions if item.kind in kinds for code in item.parties if code in home]
