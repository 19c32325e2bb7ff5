"""Who a claim is about: the outside parties that lend, build or visit, and the parties of the region."""

from __future__ import annotations

import re

from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar import words as w
from sogdia.articles.grammar.drafts import Around, Draft
from sogdia.articles.grammar.marks import Marks, acts, insiders, is_placed, outsiders, parties_of
from sogdia.articles.grammar.works import Work

_JOINT = re.compile(r"^(?:,|,? and|,? as well as|;| &)?\s*(?:the\s|with\s|of\s|\()*$")
_BY = re.compile(r"\b(?:by|from|with|to|of|between)\s(?:the\s|two\s|its\s|a\s)*$", re.IGNORECASE)
_REVERSE = re.compile(
    r"\b(?:invest\w*|buy|bought|purchase\w*|spend|put|lend|lent)\b[^.;]{0,40}\bin(?:to)?\s(?:the\s)?$",
    re.IGNORECASE,
)
_MUTUAL = re.compile(
    r"\b(?:the two (?:countries|sides|states|neighbours)|bilateral|mutual|deliveries|in accordance with)\b",
    re.IGNORECASE,
)


def partners_of(draft: Draft, marks: Marks, around: Around, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The outside parties of a claim.

    Args:
        draft: The claim; its work is already found.
        marks: Its sentence.
        around: What was told before.
        gazetteer: Names of the pack.
    """
    if draft.partners is not None:
        return draft.partners
    home = gazetteer.home
    low, high = marks.stretch(draft.place)
    if draft.sort in ("finance", "finance_terms"):
        chosen = _lender(draft, marks, gazetteer)
    elif draft.sort == "policy_threat":
        chosen = [
            item
            for item in outsiders(marks, home)
            if item.start < draft.end and not is_placed(marks.text, item)
        ][:1]
    else:
        near = [
            item
            for item in outsiders(marks, home, low, high)
            if acts(marks.text, item) or item.kind == "demonym"
        ]
        chosen = near or _others_in(draft, marks, home)
        if draft.sort == "debt":
            return parties_of(near)
        if draft.sort in ("trade", "gas_supply") and not chosen and _MUTUAL.search(marks.text):
            return around.subject
        if draft.sort == "visit_summit":
            chosen = [item for item in chosen if item.start < draft.end + 70] or chosen[:1]
        if draft.sort == "trade" and not chosen:
            return tuple(code for item in marks.works for code in item.partners if code not in home)[:1]
        if draft.sort not in ("visit_summit", "agreement", "trade", "gas_supply"):
            chosen = [item for item in chosen if not is_placed(marks.text, item)] or (
                chosen if draft.sort == "aggregate_investment" else []
            )
            if draft.sort in ("project", "deal"):
                chosen = [item for item in chosen if item.kind != "lender"] or chosen
    if chosen:
        return parties_of(chosen)
    return _partners_before(draft, marks, around, gazetteer)


def _others_in(draft: Draft, marks: Marks, home: tuple[str, ...]) -> list[Mention]:
    found = outsiders(marks, home)
    if draft.sort == "project" and draft.work is not None:
        found = [
            item
            for item in found
            if item.kind in ("company", "person", "country", "seat", "lender") or acts(marks.text, item)
        ]
    before = [item for item in found if item.start < draft.place]
    return (before[:1] if draft.sort not in ("visit_summit",) else found) or found[:1]


def _lender(draft: Draft, marks: Marks, gazetteer: Gazetteer) -> list[Mention]:
    """Who lends: in brackets or after "by" and "from" next to the sum, else the last one before it."""
    low, high = marks.stretch(draft.place)
    found = outsiders(marks, gazetteer.home)
    worldly = [item for item in found if low <= item.start < high and item.parties == gazetteer.world]
    if worldly:
        return worldly[:1]
    found = [
        item for item in found if item.kind != "demonym" or acts(marks.text, item) or low <= item.start < high
    ]
    found = [
        item
        for item in found
        if not re.search(
            r"\b(?:lend|lent|lends|loaned|gave|give|grant|granted|offered|to)\s(?:the\s)?$",
            marks.text[: item.start],
        )
        or item.kind == "lender"
    ]
    lenders = [item for item in found if item.kind == "lender"] or found
    if marks.text[low - 1 : low] == "(" or marks.text[low : low + 1] == "(":
        inside = [item for item in lenders if item.end <= low + 1]
        if inside:
            return [inside[-1]]
    after = [
        item for item in lenders
        if draft.end <= item.start < draft.end + 120
        and _by_it(marks.text, draft.end, item)
        and ";" not in marks.text[draft.end : item.start]
    ]  # fmt: skip
    if after:
        return _coordinated(marks.text, lenders, after[0])
    near = [item for item in lenders if low <= item.start < draft.place and not is_placed(marks.text, item)]
    before = near or [
        item for item in lenders if item.start < draft.place and not is_placed(marks.text, item)
    ]
    if before:
        return _coordinated(marks.text, lenders, before[-1])
    rest = [item for item in lenders if low <= item.start < high and not is_placed(marks.text, item)]
    return rest[:1]


def _by_it(text: str, start: int, item: Mention) -> bool:
    between = text[start : item.start]
    return (
        bool(_BY.search(between))
        and not re.search(r"\band\b.*\b(?:from|by)\b.*\b(?:from|by)\b", between)
        and (not re.search(r"\b(?:\$|million|billion)", between))
    )


def _coordinated(text: str, items: list[Mention], one: Mention) -> list[Mention]:
    """The names that one is listed together with."""
    index = items.index(one)
    first = last = index
    while first and _JOINT.match(text[items[first - 1].end : items[first].start]):
        first -= 1
    while last + 1 < len(items) and _JOINT.match(text[items[last].end : items[last + 1].start]):
        last += 1
    return items[first : last + 1]


def _partners_before(draft: Draft, marks: Marks, around: Around, gazetteer: Gazetteer) -> tuple[str, ...]:
    home = gazetteer.home
    if draft.sort in ("debt", "remittances", "transit_stat"):
        return ()
    if around.listed:
        return around.listed
    if draft.sort == "finance" and around.bank and re.search(r"\bthe Bank\b", marks.text):
        return around.bank
    if (
        draft.sort == "finance"
        and around.lender
        and re.search(r"\bthe (?:bank|lender|fund)\b", marks.text, re.IGNORECASE)
    ):
        return around.lender
    if draft.sort == "policy_threat" or (
        w.PRONOUN.match(marks.text) and draft.sort in ("finance", "aggregate_investment")
    ):
        return around.subject
    work = draft.work
    own = next((item for item in marks.mentions if item.kind == "home_company"), None)
    if work is None:
        return around.subject if draft.sort in ("finance", "aggregate_investment", "deal") and not own else ()
    outside = tuple(code for code in work.partners if code not in home)
    same = around.work is not None and (around.work.row == work.row or around.work.label == work.label)
    if (
        draft.sort == "project"
        and same
        and around.partners
        and work.row
        and not set(around.partners) <= set(work.partners)
    ):
        return ()
    if same and around.partners:
        return around.partners
    if own is not None or w.BREAK.match(marks.text):
        return ()
    if len(outside) == 1 and outside[0] not in _lenders(gazetteer):
        return outside if set(outside) & set(around.partners) or not around.partners else ()
    return ()


def _lenders(gazetteer: Gazetteer) -> frozenset[str]:
    return gazetteer.institutions


def recipients_of(draft: Draft, marks: Marks, around: Around, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The parties of the region that a claim is about.

    Args:
        draft: The claim; its work and partners are already found.
        marks: Its sentence.
        around: What was told before.
        gazetteer: Names of the pack.
    """
    if draft.recipients is not None:
        return draft.recipients
    home = gazetteer.home
    work = draft.work
    found = insiders(marks, home)
    if work is not None and work.parties and draft.sort not in ("agreement", "visit_summit", "gas_supply"):
        return _where(work, marks, home, around)
    low, high = marks.stretch(draft.place)
    near = insiders(marks, home, low, high)
    along = draft.sort == "aggregate_investment" and any(item.sector == "corridor" for item in marks.works)
    if along and not any(item.kind in ("country", "demonym") for item in found):
        return home
    if draft.sort == "aggregate_investment":
        away = [
            item for item in outsiders(marks, home, draft.place) if _REVERSE.search(marks.text[: item.start])
        ]
        if away and parties_of(found):
            draft.partners = parties_of(found)
            return parties_of(away)
        near = [item for item in near if not (item.kind in ("seat", "place") and is_placed(marks.text, item))]
        found = [
            item for item in found if not (item.kind in ("seat", "place") and is_placed(marks.text, item))
        ]
    if draft.sort in ("visit_summit", "agreement"):
        wide = [item for item in found if item.kind == "group"]
        wide += [item for item in gazetteer.find(draft.topic) if item.kind == "group"]
        listed = [
            item
            for item in found
            if item.kind == "country"
            and re.search(r"\b(?:visit\w*|trip|tour)\b[^.;]{0,60}$", marks.text[: item.start])
        ]
        if listed and not set(parties_of(wide[:1])) & set(parties_of(gazetteer.find(draft.topic))):
            return parties_of(listed)
        return _group(wide) or _people(found) or around.recipients
    if draft.sort == "trade":
        near = [item for item in near if not is_placed(marks.text, item)]
        if not near and re.search(r"\bwith (?:the|this) region\b", marks.text[low:high]):
            return home
    chosen = near or found
    if chosen:
        return _group([item for item in chosen if item.kind == "group"]) or parties_of(chosen)
    if (
        re.search(r"\b(?:the|this) region\b|\bregional\b", marks.text)
        and draft.sort == "aggregate_investment"
    ):
        return home
    if draft.sort == "aggregate_investment" and not around.default:
        return home
    return around.default if draft.sort == "aggregate_investment" else around.recipients or around.default


def _group(items: list[Mention]) -> tuple[str, ...]:
    return parties_of(items)


def _people(found: list[Mention]) -> tuple[str, ...]:
    states = [item for item in found if item.kind in ("country", "demonym", "person", "home_company")]
    return parties_of(states) or parties_of([item for item in found if item.kind in ("seat", "place")][:1])


def _where(work: Work, marks: Marks, home: tuple[str, ...], around: Around) -> tuple[str, ...]:
    """The states of a work; of a stretch of it the one that the stretch is said to be in."""
    inside = tuple(code for code in work.parties if code in home)
    for item in marks.mentions:
        part = re.match(r"(?:['’]s)?\s(?:section|stretch|part|leg|side|portion)\b", marks.text[item.end :])
        if item.kind in ("demonym", "country") and part and set(item.parties) <= set(inside):
            return item.parties
    beyond = tuple(
        code
        for code in work.parties
        if code not in home
        and any(
            code in item.parties and item.kind in ("country", "demonym", "place") for item in marks.mentions
        )
    )
    if not inside:
        return tuple(code for code in work.parties)
    spoken = tuple(code for code in around.titled if code in inside)
    if spoken and not set(parties_of(insiders(marks, home))) - set(spoken):
        inside = spoken
    return (*inside, *(code for code in beyond if code not in work.partners))
