"""Fill the open slots of a frame from its sentence: date, speaker, topic."""

from __future__ import annotations

import re

from sogdia.articles.claim import Period
from sogdia.articles.dates import DateMention
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.topics import goods_of, object_of, purpose_of, topic_of
from sogdia.articles.grammar.view import SentenceView

_SPEAKERS = re.compile(
    r"\baccording to (?P<a>[^,.;]{3,60})|\b(?P<b>(?:[A-Z][\w.'’-]*\s?){1,5}|"
    r"officials in [A-Z]\w+|the [\w\s]{3,40}?)\s(?:said|says|told|stated|noted|"
    r"announced|reported|emphasi[sz]ed|stressed|added)\b|\bsaid (?P<c>(?:Mr\.?\s|Mrs\.?\s|"
    r"Ms\.?\s|the\s)?[A-Z]?[\w .'’-]{2,40}?)(?:,|\.|$)"
)


def resolve_date(frame: Frame, view: SentenceView) -> Period | None:
    """Return the date of a frame: the one in its clause, else the one that opens the sentence.

    Args:
        frame: The frame.
        view: Its sentence.
    """
    annotated = view.annotated
    low, high = annotated.clause_span(frame.position)
    in_clause = [item for item in annotated.dates if low <= item.start < high]
    if in_clause:
        return min(
            in_clause, key=lambda item: (_future_of(item, frame), abs(item.start - frame.position))
        ).period
    opening = [item for item in annotated.dates if item.start < 25]
    rest = opening or list(annotated.dates)
    if not rest:
        return None
    is_only = len(annotated.dates) == 1 and not _has_act(view, rest[0])
    if len(annotated.clause_starts) == 1 or opening or is_only:
        return rest[0].period
    return None


def _has_act(view: SentenceView, date: DateMention) -> bool:
    """Return whether the clause of a date has a finite verb of its own."""
    low, high = view.annotated.clause_span(date.start)
    return any(
        item.part == "verb" and low <= item.start < high and item.stage not in ("infinitive", "gerund")
        for item in view.predicates
    )


def _future_of(item: DateMention, frame: Frame) -> bool:
    return item.cue == "by" and frame.claim_type in ("deal", "finance", "agreement")


def find_speaker(annotated: AnnotatedSentence) -> str:
    """Return the speaker as the article names them; empty for the article's own voice.

    Args:
        annotated: The annotated sentence.
    """
    match = _SPEAKERS.search(annotated.text)
    if match is None:
        return ""
    return next(group for group in match.groups() if group).strip()


def choose_topic(frame: Frame, annotated: AnnotatedSentence, context: Context) -> str:
    """Return the topic of a frame without a project; empty if no word gives one.

    Args:
        frame: The frame.
        annotated: Its annotated sentence.
        context: What the preceding sentences establish.
    """
    if frame.claim_type == "gas_supply":
        return (
            context.topic if frame.topic == "gas supply" and context.topic.startswith("gas") else frame.topic
        )
    if frame.claim_type == "trade":
        return frame.topic or goods_of(
            annotated, next((one.lemma for one in (frame.head, frame.act) if one), "")
        )
    if frame.claim_type == "agreement" and re.match(
        r"The (?:contract|agreement|deal|pact|memorandum|treaty)\b", annotated.text
    ):
        return context.topic
    if frame.claim_type == "aggregate_investment" and re.search(
        r"\b(?:portfolio|group total)\b", annotated.text, re.IGNORECASE
    ):
        firm = next((item.text for item in annotated.mentions if item.kind == "company"), context.actor)
        is_lender = re.search(r"\b(?:Bank|Fund|Agency|Corporation)\b", firm)
        return "portfolio" if is_lender else f"{firm.split()[0]} portfolio" if firm else ""
    if frame.claim_type == "deal":
        firm = next((item.text for item in annotated.mentions if item.kind == "company"), "")
        field = topic_of(annotated, frame.end)
        return object_of(annotated) or (f"{firm} {field}" if firm and field else field)
    if frame.claim_type == "aggregate_investment":
        low, high = annotated.clause_span(frame.position)
        corridor = next(
            (
                item.label
                for item in annotated.projects
                if item.sector == "corridor" and low <= item.start < high
            ),
            "",
        )
        if corridor:
            return corridor
    is_next = re.match(r"\s(?:(?:is|are|goes|will go)\s)?(?:for|to)\s", annotated.text[frame.end :])
    if is_next and frame.money is not None and (purpose := purpose_of(annotated, frame.end)):
        return purpose
    topic = topic_of(annotated, frame.end)
    return topic or (
        purpose_of(annotated, frame.end) if frame.claim_type in ("finance", "aggregate_investment") else ""
    )
