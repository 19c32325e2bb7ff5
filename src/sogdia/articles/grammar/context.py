"""Keep the context of an article from sentence to sentence: headings, list items, breaks, opening dates."""

from __future__ import annotations

import re
from dataclasses import replace

from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import AnnotatedSentence, outside_mentions, party_codes
from sogdia.articles.grammar.frames import Context
from sogdia.articles.grammar.view import SentenceView

_OPENING_MARK = re.compile(r"(?:[-•*–]\s)?\(?")
_DATE_HEADING = re.compile(r"\)?(?:\s?[:.–—-](?:\s|$)|$)")
"""Sign after a date that comes alone before its event, as in a timeline."""
_LIST_ITEM = re.compile(r"^[-•*–]\s")
_HEADING = re.compile(r"(?:[-•*–]\s)?(?P<name>[A-Z][\w .'’-]{2,30}):\s")


def context_for(context: Context, annotated: AnnotatedSentence, gazetteer: Gazetteer) -> Context:
    """Return the context as far as it holds for a sentence: a list item or a topic break resets it.

    Args:
        context: What the sentences before it establish.
        annotated: The sentence.
        gazetteer: Names of the region pack.
    """
    paragraph = annotated.sentence.paragraph
    if headed := _heading_country(annotated, gazetteer):
        return replace(
            context, project=None, partners=(), subject=(), recipients=headed, default=headed, headed=headed,
            paragraph=paragraph, date="", listed=(), claim_type=None, heading=None,
        )  # fmt: skip
    listed = context.listed if paragraph == context.paragraph else ()
    if _LIST_ITEM.match(annotated.text):
        head = annotated.text.find(":")
        named = outside_mentions(annotated, gazetteer.home, 0, head if 0 < head < 60 else 40)
        return replace(
            context, project=None, partners=(), recipients=context.default, paragraph=paragraph, date="",
            listed=party_codes(named[:1]), headed=(),
        )  # fmt: skip
    if lexicon.TOPIC_BREAK.match(annotated.text):
        return replace(context, project=None, partners=(), paragraph=paragraph, listed=())
    context = replace(context, heading=None)
    if paragraph != context.paragraph and len(context.titled) == 1 and context.default:
        context = replace(context, recipients=context.default)
    date = context.date if paragraph == context.paragraph else ""
    claim_type = context.claim_type if paragraph == context.paragraph else None
    return replace(context, paragraph=paragraph, listed=listed, date=date, claim_type=claim_type)


def _heading_country(annotated: AnnotatedSentence, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the country whose name opens a sentence before a colon, as a heading; empty for none."""
    found = _HEADING.match(annotated.text)
    if found is None:
        return ()
    name = found["name"].title() if found["name"].isupper() else found["name"]
    items = gazetteer.find(name)
    is_country = len(items) == 1 and items[0].kind == "country" and items[0].text == name
    return items[0].parties if is_country else ()


def with_heading(context: Context, view: SentenceView) -> Context:
    """Return the context with the type of claim that the heading of a list names, by its noun.

    Args:
        context: The context.
        view: The sentence.
    """
    if not view.text.rstrip().endswith(":"):
        return context
    nouns = [item.frame for item in view.predicates if item.part == "noun" and item.frame.amount]
    return replace(context, heading=nouns[-1].amount) if nouns else context


def with_opening_date(context: Context, annotated: AnnotatedSentence) -> Context:
    """Return the context with the date that opens the sentence, which holds for those after it.

    Args:
        context: The context.
        annotated: The sentence.
    """
    opening = [item for item in annotated.dates if item.start < 25 and item.cue == "on"]
    opening += [
        item
        for item in annotated.dates
        if _OPENING_MARK.fullmatch(annotated.text, 0, item.start)
        and _DATE_HEADING.match(annotated.text, item.end)
    ]
    return replace(context, date=str(opening[0].period)) if opening else context
