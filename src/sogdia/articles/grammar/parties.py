"""Determine the parties of a claim: the partners that lend, build or visit, and the recipients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sogdia.articles.gazetteer import Mention
from sogdia.articles.grammar.annotations import (
    home_mentions,
    is_location_only,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.predicates import Predicate
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
        if frame.act is not None and frame.act.part == "noun":
            acting = acting or [item for item in found if item.end <= frame.position]
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
    is_abroad = re.search(
        r"\b(?:international|sovereign|dollar|foreign|euro)\s$", view.text[: head.start], re.IGNORECASE
    )
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
