"""Fill the open slots of a frame from its sentence or the context: project, date, speaker, topic."""

from __future__ import annotations

import re
from dataclasses import replace

from sogdia.articles.claim import Period
from sogdia.articles.dates import DateMention
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    is_actor,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.project_mentions import ProjectMention, is_generic
from sogdia.articles.grammar.topics import goods_of, object_of, purpose_of, topic_of

_PURPOSE = re.compile(
    r"\b(?:for|to (?:help|build|upgrade|support|finance|fund|improve|modernise|modernize))\s", re.IGNORECASE
)
_SPEAKERS = re.compile(
    r"\baccording to (?P<a>[^,.;]{3,60})|\b(?P<b>(?:[A-Z][\w.'’-]*\s?){1,5}|"
    r"officials in [A-Z]\w+|the [\w\s]{3,40}?)\s(?:said|says|told|stated|noted|"
    r"announced|reported|emphasi[sz]ed|stressed|added)\b|\bsaid (?P<c>(?:Mr\.?\s|Mrs\.?\s|"
    r"Ms\.?\s|the\s)?[A-Z]?[\w .'’-]{2,40}?)(?:,|\.|$)"
)


def resolve_project(frame: Frame, annotated: AnnotatedSentence, context: Context) -> ProjectMention | None:
    """Return the project of a frame, from the context if its sentence only refers back to it.

    Args:
        frame: The frame.
        annotated: Its annotated sentence.
        context: What the preceding sentences establish.
    """
    project = frame.project
    if project is not None and not project.is_anaphoric and not (is_generic(project) and context.project):
        return project
    if frame.claim_type == "transit_stat" and context.corridor is not None:
        return context.corridor
    if frame.topic or frame.claim_type in (
        "debt",
        "trade",
        "remittances",
        "aggregate_investment",
        "visit_summit",
        "policy_threat",
    ):
        return None
    if context.project is None or lexicon.TOPIC_BREAK.match(annotated.text):
        return None
    clause = annotated.clause_text(frame.position)
    rest = annotated.text[frame.position :]
    if frame.claim_type == "project" and frame.money is not None and context.priced is not None:
        return context.priced
    if frame.claim_type == "finance" and (
        (_PURPOSE.search(rest) and topic_of(annotated, frame.end)) or purpose_of(annotated, frame.end)
    ):
        return None
    if frame.claim_type in ("agreement", "gas_supply", "deal") and not lexicon.PRONOUN.match(annotated.text):
        alone = (
            not outside_mentions(annotated, context.home)
            and annotated.sentence.paragraph == context.paragraph
        )
        return (
            context.project
            if frame.claim_type == "agreement" and (annotated.text.startswith("The ") or alone)
            else None
        )
    named = {
        code
        for item in annotated.mentions
        if item.kind in ("country", "demonym") and item.parties
        for code in item.parties
    }
    strange = (named & set(context.home)) - set(context.project.parties)
    if strange and not lexicon.PRONOUN.match(clause) and context.project.parties:
        return None
    return context.project


def resolve_date(frame: Frame, annotated: AnnotatedSentence) -> Period | None:
    """Return the date of a frame: the one in its clause, else the one that opens the sentence.

    Args:
        frame: The frame.
        annotated: Its annotated sentence.
    """
    low, high = annotated.clause_span(frame.position)
    in_clause = [item for item in annotated.dates if low <= item.start < high]
    if in_clause:
        return min(
            in_clause, key=lambda item: (_future_of(item, frame), abs(item.start - frame.position))
        ).period
    opening = [item for item in annotated.dates if item.start < 25]
    rest = opening or list(annotated.dates)
    if rest and (len(annotated.clause_starts) == 1 or opening or len(annotated.dates) == 1):
        return rest[0].period
    return None


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


def update_context(
    context: Context, annotated: AnnotatedSentence, frames: list[Frame], gazetteer: Gazetteer
) -> Context:
    """Return the context for the next sentence.

    Args:
        context: What the sentences before it establish.
        annotated: The annotated sentence.
        frames: Its frames, completed.
        gazetteer: Names of the region pack.
    """
    home = gazetteer.home
    claimed = [frame.project for frame in frames if frame.project and not frame.project.is_anaphoric]
    named = [
        project
        for project in annotated.projects
        if not project.is_anaphoric
        and not project.is_plural
        and not is_generic(project)
        and project.sector != "corridor"
    ]
    project = claimed[0] if claimed else (named[0] if named and named[0].row else context.project)
    outside = [
        item
        for item in outside_mentions(annotated, home)
        if item.kind != "demonym" or is_actor(annotated.text, item)
    ]
    partners = next((frame.partners for frame in frames if frame.partners and frame.project), None)
    if partners is None:
        partners = context.partners if project is context.project else ()
    elif project is context.project and context.partners:
        partners = (
            tuple(dict.fromkeys((*context.partners, *partners)))
            if _all_lend(partners, gazetteer)
            else partners
        )
    recipients = next(
        (frame.recipients for frame in frames if frame.recipients and set(frame.recipients) <= set(home)),
        None,
    )
    if recipients is None:
        found = home_mentions(annotated, home)
        recipients = party_codes(found) or context.recipients
    subject = outside[0].parties if outside else context.subject
    named_lenders = [item for item in outside if item.kind == "lender"]
    firms = [item for item in outside if item.kind in ("company", "lender")]
    priced = next((frame.project for frame in frames if frame.project and frame.money), context.priced)
    corridor = next(
        (item for item in reversed(annotated.projects) if item.sector == "corridor"), context.corridor
    )
    return replace(
        context, project=project, partners=partners or (), recipients=recipients, subject=subject,
        priced=priced,
        bank=context.bank or party_codes([item for item in named_lenders if "Bank" in item.text][:1]),
        lender=named_lenders[-1].parties if named_lenders else context.lender,
        actor=firms[0].text if firms else context.actor,
        topic=next((frame.topic for frame in frames if frame.topic), context.topic),
        claim_type=frames[-1].claim_type if frames else None, corridor=corridor,
    )  # fmt: skip


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
        return frame.topic or goods_of(annotated)
    if frame.claim_type == "agreement" and re.match(
        r"The (?:contract|agreement|deal|pact|memorandum|treaty)\b", annotated.text
    ):
        return context.topic
    if frame.claim_type == "aggregate_investment" and re.search(
        r"\b(?:portfolio|group total)\b", annotated.text, re.IGNORECASE
    ):
        firm = next((item.text for item in annotated.mentions if item.kind == "company"), context.actor)
        return f"{firm.split()[0]} portfolio" if firm else ""
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
    topic = topic_of(annotated, frame.end)
    return topic or (purpose_of(annotated, frame.end) if frame.claim_type == "finance" else "")


def _all_lend(partners: tuple[str, ...], gazetteer: Gazetteer) -> bool:
    return set(partners) <= gazetteer.institutions
