"""Determine the parties of a claim: the partners that lend, build or visit, and the recipients."""

from __future__ import annotations

import re

from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    is_actor,
    is_location_only,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.project_mentions import ProjectMention

_JOINT = re.compile(r"^(?:,|,? and|,? as well as|;| &)?\s*(?:the\s|with\s|of\s|\()*$")
_BY = re.compile(r"\b(?:by|from|with|to|of|between)\s(?:the\s|two\s|its\s|a\s)*$", re.IGNORECASE)
_NEXT = re.compile(
    r"\s(?:for|lends|lent|gives|gave|provides|provided|approved|pledged|will\s(?:lend|give|provide)|has\s(?:lent|given))?"
    r"\s?(?:up\sto\s|about\s|over\s|another\s|more\sthan\s|some\s)?",
)
"""Words between a lender and its own amount: "with the Fund for $45 million", "KfW lends $40 million"."""
_REVERSE = re.compile(
    r"\b(?:invest\w*|buy|bought|purchase\w*|spend|put|lend|lent)\b[^.;]{0,40}\bin(?:to)?\s(?:the\s)?$",
    re.IGNORECASE,
)
_MUTUAL = re.compile(
    r"\b(?:the two (?:countries|sides|states|neighbours)|bilateral|mutual|deliveries|in accordance with)\b",
    re.IGNORECASE,
)


def partners_of(
    frame: Frame, annotated: AnnotatedSentence, context: Context, gazetteer: Gazetteer
) -> tuple[str, ...]:
    """Return the outside parties of a claim.

    Args:
        frame: The frame; its project is already resolved.
        annotated: Its annotated sentence.
        context: What the preceding sentences establish.
        gazetteer: Names of the region pack.
    """
    if frame.partners is not None:
        return frame.partners
    home = gazetteer.home
    low, high = annotated.clause_span(frame.position)
    if frame.is_own_money:
        return ()
    if frame.claim_type in ("finance", "finance_terms"):
        chosen = _lender(frame, annotated, gazetteer)
    elif frame.claim_type == "policy_threat":
        chosen = [
            item
            for item in outside_mentions(annotated, home)
            if item.start < frame.end and not is_location_only(annotated.text, item)
        ][:1]
    else:
        in_clause = [
            item
            for item in outside_mentions(annotated, home, low, high)
            if is_actor(annotated.text, item) or item.kind == "demonym"
        ]
        chosen = in_clause or _others_in_sentence(frame, annotated, home)
        if frame.claim_type == "debt":
            return party_codes(in_clause)
        if frame.claim_type in ("trade", "gas_supply") and not chosen and _MUTUAL.search(annotated.text):
            return context.subject
        if frame.claim_type == "visit_summit":
            chosen = [item for item in chosen if item.start < frame.end + 70] or chosen[:1]
        if frame.claim_type not in ("visit_summit", "agreement", "trade", "gas_supply"):
            chosen = [item for item in chosen if not is_location_only(annotated.text, item)] or (
                chosen if frame.claim_type == "aggregate_investment" else []
            )
            if frame.claim_type in ("project", "deal"):
                chosen = [item for item in chosen if item.kind != "lender"] or chosen
    if chosen:
        return party_codes(chosen)
    return _partners_from_context(frame, annotated, context)


def _others_in_sentence(frame: Frame, annotated: AnnotatedSentence, home: tuple[str, ...]) -> list[Mention]:
    found = outside_mentions(annotated, home)
    if frame.claim_type == "project" and frame.project is not None:
        found = [
            item
            for item in found
            if item.kind in ("company", "person", "country", "seat", "lender")
            or is_actor(annotated.text, item)
        ]
    before = [item for item in found if item.start < frame.position]
    return (before[:1] if frame.claim_type not in ("visit_summit",) else found) or found[:1]


def _lender(frame: Frame, annotated: AnnotatedSentence, gazetteer: Gazetteer) -> list[Mention]:
    """Return the lender: in brackets or after "by" or "from" next to the amount, else the last before it."""
    low, high = annotated.clause_span(frame.position)
    found = outside_mentions(annotated, gazetteer.home)
    worldly = [item for item in found if low <= item.start < high and item.parties == gazetteer.world]
    if worldly:
        return worldly[:1]
    found = [
        item
        for item in found
        if item.kind != "demonym" or is_actor(annotated.text, item) or low <= item.start < high
    ]
    found = [
        item
        for item in found
        if not re.search(
            r"\b(?:lend|lent|lends|loaned|gave|give|grant|granted|offered|to)\s(?:the\s)?$",
            annotated.text[: item.start],
        )
        or item.kind == "lender"
    ]
    lenders = [item for item in found if item.kind == "lender"] or found
    if annotated.text[low - 1 : low] == "(" or annotated.text[low : low + 1] == "(":
        inside = [item for item in lenders if item.end <= low + 1]
        if inside:
            return [inside[-1]]
    adjacent = [item for item in lenders if _NEXT.fullmatch(annotated.text, item.end, frame.position)]
    if adjacent:
        return _coordinated(annotated.text, lenders, adjacent[-1])
    after = [
        item for item in lenders
        if frame.end <= item.start < frame.end + 120
        and _is_agent_phrase(annotated.text, frame.end, item)
        and ";" not in annotated.text[frame.end : item.start]
    ]  # fmt: skip
    if after:
        return _coordinated(annotated.text, lenders, after[0])
    in_clause = [
        item
        for item in lenders
        if low <= item.start < frame.position and not is_location_only(annotated.text, item)
    ]
    before = in_clause or [
        item for item in lenders if item.start < frame.position and not is_location_only(annotated.text, item)
    ]
    if before:
        return _coordinated(annotated.text, lenders, before[-1])
    rest = [
        item for item in lenders if low <= item.start < high and not is_location_only(annotated.text, item)
    ]
    return rest[:1]


def _is_agent_phrase(text: str, start: int, item: Mention) -> bool:
    between = text[start : item.start]
    return (
        bool(_BY.search(between))
        and not re.search(r"\band\b.*\b(?:from|by)\b.*\b(?:from|by)\b", between)
        and (not re.search(r"\b(?:\$|million|billion)", between))
    )


def _coordinated(text: str, items: list[Mention], one: Mention) -> list[Mention]:
    """Return the mentions that one is coordinated with ("A, B and C")."""
    index = items.index(one)
    first = last = index
    while first and _JOINT.match(text[items[first - 1].end : items[first].start]):
        first -= 1
    while last + 1 < len(items) and _JOINT.match(text[items[last].end : items[last + 1].start]):
        last += 1
    return items[first : last + 1]


def _partners_from_context(frame: Frame, annotated: AnnotatedSentence, context: Context) -> tuple[str, ...]:
    if frame.claim_type in ("debt", "remittances", "transit_stat") or lexicon.ALONE.search(
        annotated.clause_text(frame.position)
    ):
        return ()
    if context.listed:
        return context.listed
    if frame.claim_type == "finance" and context.bank and re.search(r"\bthe Bank\b", annotated.text):
        return context.bank
    if (
        frame.claim_type == "finance"
        and context.lender
        and re.search(r"\bthe (?:bank|lender|fund)\b", annotated.text, re.IGNORECASE)
    ):
        return context.lender
    if frame.claim_type == "policy_threat" or (
        lexicon.PRONOUN.match(annotated.text) and frame.claim_type in ("finance", "aggregate_investment")
    ):
        return context.subject
    project = frame.project
    own = any(item.kind == "home_company" for item in annotated.mentions)
    if project is None:
        carries = frame.claim_type in ("finance", "aggregate_investment", "deal") and not own
        return context.subject if carries else ()
    same = context.project is not None and (
        context.project.row == project.row or context.project.label == project.label
    )
    if (
        frame.claim_type == "project"
        and same
        and context.partners
        and project.row
        and not set(context.partners) <= set(project.partners)
    ):
        return ()
    if same and context.partners:
        return context.partners
    return ()


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
