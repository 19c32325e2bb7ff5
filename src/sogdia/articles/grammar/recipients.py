"""Determine the recipients of a claim: the home parties that receive, host or are targeted."""

from __future__ import annotations

import re

from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    is_location_only,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.project_mentions import ProjectMention

_REVERSE = re.compile(
    r"\b(?:invest\w*|buy|bought|purchase\w*|spend|put|lend|lent)\b[^.;]{0,40}\bin(?:to)?\s(?:the\s)?$",
    re.IGNORECASE,
)


def recipients_of(
    frame: Frame, annotated: AnnotatedSentence, context: Context, gazetteer: Gazetteer
) -> tuple[str, ...]:
    """Return the recipients of a claim: the home parties it is about.

    Args:
        frame: The frame; its project and partners are already resolved.
        annotated: Its annotated sentence.
        context: What the preceding sentences establish.
        gazetteer: Names of the region pack.
    """
    if frame.recipients is not None:
        return frame.recipients
    home = gazetteer.home
    project = frame.project
    found = home_mentions(annotated, home)
    if context.headed and not (project is not None and project.row):
        return context.headed
    if (
        project is not None
        and project.parties
        and frame.claim_type not in ("agreement", "visit_summit", "gas_supply")
    ):
        return _states_of_project(project, annotated, home, context)
    if frame.claim_type == "aggregate_investment":
        return _recipients_of_aggregate(frame, annotated, context, home)
    if frame.claim_type in ("visit_summit", "agreement"):
        return _hosts(frame, annotated, context, gazetteer, found)
    low, high = annotated.clause_span(frame.position)
    in_clause = home_mentions(annotated, home, low, high)
    if frame.claim_type == "trade":
        in_clause = [item for item in in_clause if not is_location_only(annotated.text, item)]
        with_region = re.search(r"\bwith (?:the|this) region\b", annotated.text[low:high])
        if not in_clause and context.is_regional and with_region:
            return home
    chosen = in_clause or found
    if chosen:
        return party_codes([item for item in chosen if item.kind == "group"]) or party_codes(chosen)
    return context.recipients or context.default


def _recipients_of_aggregate(
    frame: Frame, annotated: AnnotatedSentence, context: Context, home: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the recipients of an aggregate amount; a flow out of the region reverses the two sides."""
    found = home_mentions(annotated, home)
    is_along_corridor = any(item.sector == "corridor" for item in annotated.projects)
    if is_along_corridor and not any(item.kind in ("country", "demonym") for item in found):
        return home if context.is_regional else ()
    abroad = [
        item
        for item in outside_mentions(annotated, home, frame.position)
        if _REVERSE.search(annotated.text[: item.start])
    ]
    if abroad and party_codes(found):
        frame.partners = party_codes(found)
        return party_codes(abroad)
    low, high = annotated.clause_span(frame.position)
    in_clause = home_mentions(annotated, home, low, high)
    chosen = _without_locations(annotated, in_clause) or _without_locations(annotated, found)
    if chosen:
        return party_codes([item for item in chosen if item.kind == "group"]) or party_codes(chosen)
    if context.is_regional and re.search(r"\b(?:the|this) region\b|\bregional\b", annotated.text):
        return home
    return context.default


def _without_locations(annotated: AnnotatedSentence, mentions: list[Mention]) -> list[Mention]:
    """Drop places and seats of government that only locate a project."""
    return [
        item
        for item in mentions
        if not (item.kind in ("seat", "place") and is_location_only(annotated.text, item))
    ]


def _hosts(
    frame: Frame,
    annotated: AnnotatedSentence,
    context: Context,
    gazetteer: Gazetteer,
    found: list[Mention],
) -> tuple[str, ...]:
    """Return the home parties of a visit, summit or agreement."""
    wide = [item for item in found if item.kind == "group"]
    wide += [item for item in gazetteer.find(frame.topic) if item.kind == "group"]
    listed = [
        item
        for item in found
        if item.kind == "country"
        and re.search(r"\b(?:visit\w*|trip|tour)\b[^.;]{0,60}$", annotated.text[: item.start])
    ]
    if listed and not set(party_codes(wide[:1])) & set(party_codes(gazetteer.find(frame.topic))):
        return party_codes(listed)
    return party_codes(wide) or _states_or_places(found) or context.recipients


def _states_or_places(found: list[Mention]) -> tuple[str, ...]:
    states = [item for item in found if item.kind in ("country", "demonym", "person", "home_company")]
    return party_codes(states) or party_codes([item for item in found if item.kind in ("seat", "place")][:1])


def _states_of_project(
    project: ProjectMention, annotated: AnnotatedSentence, home: tuple[str, ...], context: Context
) -> tuple[str, ...]:
    """Return the countries of a project; of a section of it, the country of the section."""
    inside = tuple(code for code in project.parties if code in home)
    for item in annotated.mentions:
        part = re.match(
            r"(?:['’]s)?\s(?:section|stretch|part|leg|side|portion)\b", annotated.text[item.end :]
        )
        if item.kind in ("demonym", "country") and part and set(item.parties) <= set(inside):
            return item.parties
    beyond = tuple(
        code
        for code in project.parties
        if code not in home
        and any(
            code in item.parties and item.kind in ("country", "demonym", "place")
            for item in annotated.mentions
        )
    )
    if not inside:
        return tuple(code for code in project.parties)
    spoken = tuple(code for code in context.titled if code in inside)
    if spoken and not set(party_codes(home_mentions(annotated, home))) - set(spoken):
        inside = spoken
    return (*inside, *(code for code in beyond if code not in project.partners))
