"""Determine the parties of a claim: the partners that lend, build or visit, and the recipients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    is_location_only,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.grammar.roles import (
    Case,
    actors_of,
    case_of,
    coordinated,
    is_speaker,
    lender_of_amount,
    parties_in,
)
from sogdia.articles.grammar.view import SentenceView

_REVERSE = re.compile(
    r"\b(?:invest\w*|buy|bought|purchase\w*|spend|put|lend|lent)\b[^.;]{0,40}\bin(?:to)?\s(?:the\s)?$",
    re.IGNORECASE,
)
_ORDER: dict[str, tuple[Case, ...]] = {
    "partner": ("by", "from", "with", "source", "between"),
    "recipient": ("from", "by", "with", "source", "to", "between"),
    "either": ("with", "between", "by", "from", "source", "to", "owner"),
}
"""Cases in which the partner is sought after the agent, by the side of the agent."""
_FLOWS = ("trade", "gas_supply", "transit_stat", "remittances")
_OF_WHICH = re.compile(r",\s(?:of which|including)\s")
_OWN_CLAIM = re.compile(r"(?:although\s|though\s)?(?:its|their)\s", re.IGNORECASE)
"""Opening of a clause about the claim of the creditor before it."""
_STRICT = ("finance", "finance_terms", "project", "deal", "debt")
"""Types whose partner is never a party that the sentence only places or mentions."""


def partners_of(frame: Frame, view: SentenceView) -> tuple[str, ...]:
    """Return the outside parties that the sentence of a claim gives as its partners.

    Args:
        frame: The frame; its project is already resolved.
        view: Its sentence.
    """
    if frame.partners is not None:
        return frame.partners
    if frame.is_own_money:
        return ()
    found = parties_in(view, view.gazetteer)
    low, high = view.annotated.clause_span(frame.position)
    if frame.claim_type == "policy_threat":
        acting = actors_of(view, _main(frame.act, view), found) if frame.act else []
        return party_codes(acting[:1])
    if frame.claim_type == "finance" and is_bond(frame, view):
        return view.gazetteer.markets
    if frame.claim_type in ("finance", "finance_terms"):
        return party_codes(_lenders(frame, view, found))
    if frame.claim_type == "debt":
        return party_codes(_creditors(frame, view, found))
    if frame.claim_type in ("project", "deal"):
        return party_codes(_builders(frame, view, found))
    inside = [item for item in found if low <= item.start < high]
    sums = sum(item.kind == "money" for item in view.annotated.quantities)
    chosen = inside if frame.claim_type == "remittances" and sums > 1 else inside or found
    if frame.claim_type in _FLOWS:
        chosen = [item for item in chosen if item.kind != "lender"]
    if frame.claim_type == "transit_stat":
        chosen = [item for item in chosen if case_of(view, item, found) in ("from", "to", "between", "bare")]
    if frame.claim_type == "visit_summit":
        met = outside_mentions(view.annotated, view.gazetteer.home)
        chosen = [item for item in met if item.start < frame.end + 70] or met[:1]
    if frame.claim_type == "aggregate_investment":
        acting = _by_role(frame, view, chosen)
        chosen = acting or [item for item in chosen if not is_location_only(view.text, item)] or chosen
    return party_codes(chosen)


def is_bond(frame: Frame, view: SentenceView) -> bool:
    """Return whether the noun of an amount is a bond sold abroad, whose buyers are of no one country.

    Args:
        frame: The frame.
        view: Its sentence.
    """
    head = frame.head
    if head is None or head.lemma not in ("eurobond", "bond", "sukuk"):
        return False
    is_abroad = re.search(r"\b(?:international|sovereign|dollar|foreign|euro)\s$", view.text[: head.start], re.IGNORECASE)
    return head.lemma == "eurobond" or bool(is_abroad)


def home_sides(frame: Frame, view: SentenceView) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return partner and recipient of a claim between two home parties, by their roles; empty for none.

    Args:
        frame: The frame.
        view: Its sentence.
    """
    act = frame.act
    items = [
        item for item in home_mentions(view.annotated, view.gazetteer.home)
        if item.kind in ("country", "demonym", "seat", "home_company") and not is_speaker(view, item)
    ]  # fmt: skip
    if act is None or not items or frame.is_own_money:
        return (), ()
    acting = party_codes(actors_of(view, _main(act, view), items))
    cases = [(case_of(view, item, items), item) for item in items]
    if frame.head is not None and frame.head.lemma in ("export", "import"):
        return _traders(frame.head, cases)
    sources = party_codes([item for case, item in cases if case in ("from", "source", "by")])
    goals = party_codes([item for case, item in cases if case in ("to", "in", "with")])
    if act.frame.agent == "recipient" or act.lemma == "import":
        if not set(sources) - set(acting):
            return (), ()
        return sources, tuple(code for code in acting if code not in sources)
    if act.frame.agent == "partner" or act.lemma in ("export", "ship"):
        objects = party_codes([item for case, item in cases if case == "bare" and item.start >= act.end])
        gained = tuple(code for code in (goals or objects) if code not in acting)
        return (acting, gained) if gained else ((), ())
    return (), ()


def _traders(
    noun: Predicate, cases: Sequence[tuple[Case, Mention]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return seller and buyer of "the exports of A to B" or "A's imports from B"; empty if one is missing."""
    is_sale = noun.lemma == "export"
    owners = [
        item for case, item in cases if case in ("owner", "source", "of") and abs(item.start - noun.end) < 40
    ]
    others = [
        item for case, item in cases if case == ("to" if is_sale else "from") and item.start >= noun.end
    ]
    if not owners or not others:
        return (), ()
    seller, buyer = (owners[:1], others) if is_sale else (others, owners[:1])
    return party_codes(seller), party_codes(buyer)


def _by_role(frame: Frame, view: SentenceView, items: Sequence[Mention]) -> list[Mention]:
    """Return the partner by its role: the agent if that is its side, else the first case of the order."""
    act = frame.act
    side = act.frame.agent if act is not None else "either"
    if act is not None and side in ("partner", "either"):
        acting = actors_of(view, _main(act, view), items)
        if acting:
            return acting
    cases = {id(item): case_of(view, item, items) for item in items}
    is_sale = act is not None and act.frame.name == "sell"
    for case in ("to", *_ORDER[side]) if is_sale else _ORDER[side]:
        fitting = [item for item in items if cases[id(item)] == case]
        if fitting:
            return coordinated(view.text, items, _nearest(fitting, frame.position))
    if act is not None and side == "recipient":
        objects = [item for item in items if cases[id(item)] == "bare" and item.start >= act.end]
        return coordinated(view.text, items, objects[0]) if objects else []
    return []


def _main(act: Predicate, view: SentenceView) -> Predicate:
    """Return the finite verb whose subject an infinitive or gerund has; it is the act itself otherwise."""
    while act.governor >= 0 and view.predicates[act.governor].part != "noun":
        act = view.predicates[act.governor]
    if act.governor >= 0:
        before = [item for item in view.predicates[: act.governor] if item.part == "verb"]
        return before[-1] if before else act
    return act


def _nearest(items: Sequence[Mention], position: int) -> Mention:
    return min(items, key=lambda item: abs(item.start - position))


def _lenders(frame: Frame, view: SentenceView, found: Sequence[Mention]) -> list[Mention]:
    """Return the lenders of an amount: next to it, else by role, else the last lender before it."""
    pool = [item for item in found if item.kind == "lender"] or list(found)
    if frame.money is not None:
        several = sum(item.kind == "money" for item in view.annotated.quantities) > 1
        near = lender_of_amount(view, frame, found if several else pool)
        if near:
            return near
        if not any(item.end <= frame.position for item in pool) and (acting := _givers(frame, view, found)):
            return acting
    low, high = view.annotated.clause_span(frame.position)
    worldly = [item for item in found if low <= item.start < high and item.parties == view.gazetteer.world]
    if worldly:
        return worldly[:1]
    chosen = _by_role(frame, view, pool)
    if chosen:
        return coordinated(view.text, found, chosen[0]) if len(chosen) == 1 else chosen
    placed = {"to", "in", "via", "near", "owner", "against", "for"}
    usable = [item for item in pool if item.kind == "lender" or case_of(view, item, pool) not in placed]
    before = [
        item for item in usable if item.start < frame.position and not is_location_only(view.text, item)
    ]
    inside = [item for item in before if item.start >= low]
    if inside or before:
        return coordinated(view.text, usable, (inside or before)[-1])
    return [item for item in usable if low <= item.start < high and not is_location_only(view.text, item)][:1]


def per_lender(frame: Frame, view: SentenceView) -> list[Frame]:
    """Return one frame for each lender of "A and B are each lending $55 million", else the frame itself.

    Args:
        frame: The frame, with its partners.
        view: Its sentence.
    """
    several = frame.claim_type == "finance" and frame.money is not None and len(frame.partners or ()) > 1
    low, high = view.annotated.clause_span(frame.position)
    if not several or not re.search(r"\beach\b", view.text[low : min(high, frame.end + 8)]):
        return [frame]
    return [replace(frame, partners=(code,)) for code in frame.partners or ()]


def _givers(frame: Frame, view: SentenceView, found: Sequence[Mention]) -> list[Mention]:
    """Return the parties that give an amount as the subject of an active verb."""
    act = frame.act
    if act is None or act.frame.agent != "partner" or act.is_passive or act.part == "noun":
        return []
    return actors_of(view, _main(act, view), found)


def _creditors(frame: Frame, view: SentenceView, found: Sequence[Mention]) -> list[Mention]:
    low, high = view.annotated.clause_span(frame.position)
    if part := _OF_WHICH.search(view.text, frame.end):
        # The creditor of a part is none of the total before it.
        found = [item for item in found if item.end <= part.start()]
    if not any(low <= item.start < high for item in found) and _OWN_CLAIM.match(view.text, low):
        return [item for item in found if item.end <= low][-1:]
    owed = next(
        (item for item in found if frame.act and re.fullmatch(r"\s", view.text[frame.act.end : item.start])),
        None,
    )
    if owed is not None and frame.act is not None and frame.act.frame.name == "owe":
        return [owed]
    if frame.money is not None and (near := lender_of_amount(view, frame, found)):
        return near
    if frame.act is not None and frame.act.frame.agent == "partner":
        return actors_of(view, frame.act, found)
    debtors = actors_of(view, _main(frame.act, view), found) if frame.act is not None else []
    inside = [
        item for item in found
        if low <= item.start < high and case_of(view, item, found) not in ("in", "near", "via")
        and item not in debtors
    ]  # fmt: skip
    return inside or (_by_role(frame, view, found) if frame.act is not None else [])


def _builders(frame: Frame, view: SentenceView, found: Sequence[Mention]) -> list[Mention]:
    """Return the firms or states that build, supply or sign; a lender only if no other party acts."""
    low, high = view.annotated.clause_span(frame.position)
    others = [item for item in found if item.kind != "lender"] or list(found)
    chosen = _by_role(frame, view, others)
    if chosen:
        return chosen
    placed = {"to", "in", "via", "near", "on", "against", "for", "owner"}
    inside = [
        item for item in others
        if low <= item.start < high and (item.kind == "company" or case_of(view, item, others) not in placed)
    ]  # fmt: skip
    if inside:
        return inside
    for act in view.predicates:
        if (
            act.frame.name in ("build", "open", "invest", "spend")
            and act.part == "verb"
            and (acting := actors_of(view, act, others))
        ):
            return acting
    firms = [item for item in others if item.kind in ("company", "person") and item.start < frame.position]
    return firms[:1] or _reporting_firm(frame, view)


def _reporting_firm(frame: Frame, view: SentenceView) -> list[Mention]:
    """Return the firm that reports its own work: "Sinohydro says that the dam has been built"."""
    act = frame.act
    is_own = act is not None and act.is_passive and act.frame.name in ("build", "progress", "start", "open")
    outside = outside_mentions(view.annotated, view.gazetteer.home)
    return [item for item in outside if is_own and item.kind == "company" and is_speaker(view, item)][:1]


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
