"""Roles of parties in a sentence, by the preposition before a name, the noun after it and the verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from sogdia.articles.claim import Quantity
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.annotations import is_people, outside_mentions
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.lexicon import ACTOR_NOUN
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.view import SentenceView

Case = Literal[
    "bare", "by", "from", "with", "to", "for", "in", "of", "between", "on", "against", "via", "near",
    "source", "owner", "speaker",
]  # fmt: skip
"""Case of a party: preposition or ``bare``; ``source`` for "a Chinese loan", ``owner`` for "its road"."""

_JOINT = re.compile(
    r"^(?:['’]s(?:\s[A-Z][\w&.-]+){1,3})?(?:\s?\([^)]{1,20}\))?"
    r"(?:,|,? and|,? as well as|;| &)?\s*(?:the\s|with\s|from\s|of\s|\()*$"
)
_MODIFIERS = re.compile(
    r"(?:\b(?:the|a|an|two|three|four|several|some|its|their|state|state-owned|state-run|private|local|new|"
    r"other|another|both|national|former|neighbouring|neighboring|fellow|company|firm|group|contractor|builder|"
    r"developer|bank|lender|president|minister|leader|[a-z]+-based|[a-z]+-owned)\s)*$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?P<word>by|from|with|to|for|in|into|of|between|on|against|at|via|through|near|under|inside|among|across|than|"
    r"without|before|after|over|outside|behind)\s$",
    re.IGNORECASE,
)
_CASES: dict[str, Case] = {
    "by": "by", "from": "from", "with": "with", "to": "to", "for": "for", "in": "in", "of": "of", "on": "on",
    "between": "between", "among": "between", "against": "against", "via": "via", "near": "near",
    "into": "in", "at": "in", "inside": "in", "across": "in", "through": "via", "than": "via",
    "without": "via", "under": "via", "before": "via", "after": "via", "over": "via", "outside": "via",
    "behind": "via",
}  # fmt: skip
_ORGANISATION = re.compile(
    r"(?:[A-Z][\w&.'’-]*|\b(?:government|ministry|state|bank|company|firm|group|republic|president|leader|minister))\s$"
)
_MONEY_NOUN = re.compile(
    r"^\s*(?:[\w-]+\s){0,2}?(?:loans?|credits?|grants?|guarantees?|financing|funding|funds?|money|capital|aid|"
    r"investments?|support|backing|goods|fuel|gas|oil|imports|exports|debt)\b",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(r"\b(?P<verb>said|told|noted|reported)\s(?:the\s)?(?:(?!that\b)[\w.-]+\s){0,2}$")
"""A verb of speech before its subject: "said the ministry"."""
_QUOTED = re.compile(r"(?:^|[,.;?!\"”’']\s?|\bas\s)$")
"""Text before a verb of speech whose subject follows it."""
_NEXT = re.compile(
    r"\s(?:for|with|lends|lent|gives|gave|provides|provided|approved|pledged|adds|added|will\s(?:lend|give|provide|add)|"
    r"has\s(?:lent|given))?"
    r"\s?(?:up\sto\s|about\s|over\s|another\s|more\sthan\s|some\s)?",
)
"""Words between a lender and its own amount: "with the Fund for $45 million", "KfW lends $40 million"."""


_GEOGRAPHIC = re.compile(
    r"\s(?:border|frontier|coast|shore|bank of|side of|city|town|village|capital|port|province|section|"
    r"stretch|territory|market|steppe|desert|mountains|soil|language|stock exchange)\b"
)
"""Words after an adjective of a country that only say where something is."""
_PEOPLE = re.compile(
    r"(?:\b(?:the|our|their|its|his)\s)?\b(?:friends|partners|colleagues|counterparts|people|team|specialists|experts)\s$",
    re.IGNORECASE,
)
"""Persons who act for the party that "at" or "in" comes before."""
_LENT_NOUN = (
    r"(?:loans?|credits?|grants?|financing|facility|guarantees?|funding|money|tranches?|contribution|equity|"
    r"investment|package|line|support|aid|assistance|funds|lending)"
)
_BEFORE_NOUN = re.compile(
    rf"(?:['’]s?)?\s(?:(?!and\b|a\b|an\b|the\b|with\b|for\b|from\b|of\b|its\b|to\b|by\b)[a-z][\w-]*\s){{0,4}}?{_LENT_NOUN}\s(?:of|worth|for|totall?ing)\s"
    r"(?:up\sto\s|about\s|around\s|over\s|some\s|almost\s|nearly\s|more\sthan\s)?"
)
"""Words between a lender and the amount of its own loan: "a Bank loan of $80 million"."""
_AFTER_NOUN = re.compile(
    rf"(?:\s(?!and\b|for\b|to\b|in\b|which\b)[a-z][\w-]*){{0,4}}?\s(?:{_LENT_NOUN}\s)?(?:from|by)\s(?:the\s|both\sthe\s)?"
    r"(?:[A-Z]\w+['’]s\s)?"
)
"""Words between an amount and its lender: "$60 million parallel loan from the Bank"."""


def joint(text: str, one: Mention, other: Mention) -> bool:
    """Return whether two mentions, the first before the second, are coordinated ("A, B and C").

    Args:
        text: The sentence.
        one: The first.
        other: The second.
    """
    return bool(_JOINT.match(text[one.end : other.start]))


def coordinated(text: str, items: Sequence[Mention], one: Mention) -> list[Mention]:
    """Return the mentions that one is coordinated with.

    Args:
        text: The sentence.
        items: Mentions in order.
        one: One of them.
    """
    index = list(items).index(one)
    first = last = index
    while first and joint(text, items[first - 1], items[first]):
        first -= 1
    while last + 1 < len(items) and joint(text, items[last], items[last + 1]):
        last += 1
    return list(items[first : last + 1])


def case_of(view: SentenceView, item: Mention, items: Sequence[Mention]) -> Case:
    """Return the case of a party in a sentence.

    Args:
        view: The sentence.
        item: Its mention.
        items: All mentions of parties of the sentence, in order.
    """
    text = view.text
    rest = text[item.end : item.end + 70]
    if re.match(r"['’]s?\s", rest) or (item.kind == "demonym" and not is_people(item)):
        tail = re.sub(r"^['’]s?\s?", "", rest)
        follows = next((other for other in items if 0 <= other.start - item.end <= 25), None)
        is_actor = ACTOR_NOUN.match(tail) or (
            follows is not None and follows.kind in ("company", "lender", "home_company", "person", "seat")
        )
        work = any(one.start <= item.end + 3 <= one.end for one in view.projects)
        is_firm = (
            bool(re.match(r"[A-Z][\w&]+(?:\s[A-Z]\w+)*\b", tail)) and item.kind != "demonym" and not work
        )
        if not (is_actor or is_firm) and not re.match(
            r"(?:[\w-]+\s){0,3}(?:ministry|ministers?|presidents?|cabinet|parliament|premier|railways?|central)\b",
            tail,
            re.I,
        ):
            return "source" if _MONEY_NOUN.match(tail) else "owner"
    position = coordinated(text, items, item)[0].start
    return _case_at(text, position)


def _case_at(text: str, position: int) -> Case:
    before = text[:position]
    before = before[: _modifiers_start(before)]
    found = _PREPOSITION.search(before)
    if found is None:
        return "bare"
    case = _CASES[found["word"].lower()]
    if found["word"].lower() in ("at", "in") and (people := _PEOPLE.search(before[: found.start()])):
        return _case_at(text, people.start())
    if case == "of":
        ahead = before[: found.start()]
        named = _ORGANISATION.search(ahead)
        if named is None:
            return "of"
        start = named.start()
        while earlier := re.search(r"(?:[A-Z][\w&.'’-]*|&|of|and)\s$", ahead[:start]):
            start = earlier.start()
        return _case_at(text, start)
    return case


def _modifiers_start(before: str) -> int:
    found = _MODIFIERS.search(before[-60:])
    return len(before) - (len(before[-60:]) - found.start()) if found else len(before)


def is_speaker(view: SentenceView, item: Mention) -> bool:
    """Return whether a party only reports: "the Fund said", "according to the Bank".

    Args:
        view: The sentence.
        item: Mention of the party.
    """
    text = view.text
    if re.search(r"\baccording to (?:the\s)?(?:[\w-]+\s){0,3}$", text[: item.start]):
        return True
    verbs = [one for one in view.predicates if one.part == "verb" and one.start >= item.end]
    said = verbs[0] if verbs else None
    if said is None or said.frame.name != "say" or said.lemma == "claim" or said.is_passive:
        reported = _SAID_BEFORE.search(text[: item.start])
        is_inverted = reported is not None and _QUOTED.search(text[: reported.start("verb")])
        return (
            reported is not None
            and bool(is_inverted)
            and not any(
                one.part == "verb" and reported.end("verb") <= one.start < item.start
                for one in view.predicates
            )
        )
    if re.match(r"(?:\s\w+){0,3}?\s(?:that\s)?(?:it|they|he|she)\b", text[said.end :]):
        return False
    return said.start - item.end < 40 and not re.search(r"[,;.]", text[item.end : said.start])


def actors_of(view: SentenceView, act: Predicate, items: Sequence[Mention]) -> list[Mention]:
    """Return the agents of an act: the subject of an active verb, or the phrase with "by" of a passive one.

    Args:
        view: The sentence.
        act: The predicate.
        items: Mentions of parties that may be agents, in order.
    """
    text = view.text
    low, _ = view.annotated.clause_span(act.start)
    if act.is_passive or act.part == "noun":
        after = [item for item in items if item.start >= act.end and case_of(view, item, items) == "by"]
        if after:
            return coordinated(text, items, after[0])
        if act.is_passive:
            return []
    before = [item for item in items if item.end <= act.group_start and case_of(view, item, items) == "bare"]
    inside = [item for item in before if item.start >= low]
    if inside:
        return coordinated(text, items, inside[-1])
    if before and not _has_subject(view, act, low):
        return coordinated(text, items, before[0])
    return []


def _has_subject(view: SentenceView, act: Predicate, low: int) -> bool:
    """Return whether the clause of an act has a subject of its own before the verb."""
    zone = view.text[low : act.group_start]
    words = re.findall(r"[\w'’-]+", zone)
    return any(
        word.lower() not in ("and", "but", "also", "then", "which", "who", "that", "to") for word in words
    )


def lender_of_amount(view: SentenceView, frame: Frame, items: Sequence[Mention]) -> list[Mention]:
    """Return the lender next to an amount: after "from", "by" or "with", or directly before it.

    Args:
        view: The sentence.
        frame: Frame with an amount.
        items: Outside mentions in order.
    """
    text = view.text
    sums = [item for item in view.annotated.quantities if item.kind == "money"]

    def is_free(start: int, end: int) -> bool:
        return not any(start <= item.start < end for item in sums) and ";" not in text[start:end]

    paired = _respective(view, frame, items)
    if paired is not None:
        return [paired]
    if own := _of_noun_phrase(view, frame, items):
        return coordinated(text, items, own)
    low, _ = view.annotated.clause_span(frame.position)
    if relative := _antecedent(text, low, items):
        return coordinated(text, items, relative)
    if text[low - 1 : low] == "(" or text[low : low + 1] == "(":
        inside = [item for item in items if item.end <= low + 1]
        if inside:
            return [inside[-1]]
    close = [
        item
        for item in items
        if not _is_indirect_object(view, item) and _NEXT.fullmatch(text, item.end, frame.position)
    ]
    if close and case_of(view, close[-1], items) not in ("to", "in"):
        return coordinated(text, items, close[-1])
    cases = {"by", "from", "with"}
    after = [
        item for item in items
        if frame.end <= item.start < frame.end + 120 and case_of(view, item, items) in cases
        and is_free(frame.end, item.start)
    ]  # fmt: skip
    if after and re.search(r",\s(?:and|but)\s", text[frame.end : after[0].start]):
        # A party of the next clause gives the amount only if none before it does.
        earlier = [
            item for item in items
            if low <= item.start and item.end <= frame.position and case_of(view, item, items) in cases
            and is_free(item.end, frame.position)
        ]  # fmt: skip
        after = earlier[-1:] or after
    return coordinated(text, items, after[0]) if after else []


def _of_noun_phrase(view: SentenceView, frame: Frame, items: Sequence[Mention]) -> Mention | None:
    """Return the party in the noun phrase of an amount: before the noun of the loan, or after "from"."""
    text = view.text
    for item in reversed(items):
        if item.end <= frame.position and _BEFORE_NOUN.fullmatch(text, item.end, frame.position):
            return item
    for item in items:
        if item.start >= frame.end and _AFTER_NOUN.fullmatch(text, frame.end, item.start):
            return item
    return None


def _antecedent(text: str, low: int, items: Sequence[Mention]) -> Mention | None:
    """Return the party that a relative clause is about: "the Bank, which will lend $60 million"."""
    opening = re.search(r"(?:\s\([^)]{1,20}\))?,\s(?:which|who)\s$", text[:low])
    return next((item for item in items if opening and item.end == opening.start()), None)


def _is_indirect_object(view: SentenceView, item: Mention) -> bool:
    """Return whether a party follows its verb directly: "lent the railway $5 million"."""
    verbs = [one for one in view.predicates if one.part == "verb" and one.end <= item.start]
    if not verbs or verbs[-1].is_passive or verbs[-1].frame.amount is None:
        return False
    return bool(re.fullmatch(r"\s(?:the\s)?", view.text[verbs[-1].end : item.start]))


def _respective(view: SentenceView, frame: Frame, items: Sequence[Mention]) -> Mention | None:
    """Return the lender of an amount in "A and B gave $1m and $2m": the first of the first, and so on."""
    text = view.text
    sums = [item for item in view.annotated.quantities if item.kind == "money"]
    group = [frame.money] if frame.money else []
    for item in sums:
        if (
            group
            and item.start > group[-1].end
            and re.fullmatch(r",?\s(?:and\s)?(?:about\s|some\s)?|,\s", text[group[-1].end : item.start])
        ):
            group.append(item)
    for item in reversed(sums):
        if (
            group
            and item.end < group[0].start
            and re.fullmatch(r",?\s(?:and\s)?(?:about\s|some\s)?|,\s", text[item.end : group[0].start])
        ):
            group.insert(0, item)
    before = [item for item in items if group and item.end <= group[0].start]
    if len(group) < 2 or not before:
        return None
    lenders = coordinated(text, before, before[-1])
    return lenders[group.index(frame.money)] if len(lenders) == len(group) and frame.money in group else None


def parties_in(view: SentenceView, gazetteer: Gazetteer) -> list[Mention]:
    """Return the outside parties of a sentence that may act in it, without speakers.

    Args:
        view: The sentence.
        gazetteer: Names of the region pack.
    """
    return [
        item
        for item in outside_mentions(view.annotated, gazetteer.home)
        if not is_speaker(view, item)
        and not (item.kind == "demonym" and _GEOGRAPHIC.match(view.text, item.end))
    ]


def is_own_money(view: SentenceView, money: Quantity) -> bool:
    """Return whether the country pays an amount itself: a noun of its budget is nearest to the amount.

    A lender's "own resources" are the lender's: an outside party before the amount in its clause pays.

    Args:
        view: The sentence.
        money: The amount.
    """
    low, high = view.annotated.clause_span(money.start)
    found = [
        item for item in view.predicates
        if item.frame.name == "own_money" and low <= item.start < high
        and not any(
            other.kind == "money" and other.start != money.start
            and min(money.end, item.end) <= other.start <= max(money.start, item.start)
            for other in view.annotated.quantities
        )
    ]  # fmt: skip
    if not found:
        return False
    payers = outside_mentions(view.annotated, view.gazetteer.home, low, money.start)
    if any(item.kind == "lender" for item in payers):
        return False
    if any(
        re.fullmatch(r"\sof\s(?:its\s|their\s|the\s)?", view.text[money.end : item.start]) for item in found
    ):
        return True
    return not any(item.kind in ("country", "company", "seat") for item in payers)
