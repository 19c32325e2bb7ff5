"""Frames of flows, visits, measures and terms: acts that are about no work and no document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sogdia.articles.claim import Quantity
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import home_mentions, outside_mentions, party_codes
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.project_mentions import is_generic
from sogdia.articles.grammar.topics import event_name, gas_topic
from sogdia.articles.grammar.view import SentenceView

_LEADERS = re.compile(
    r"\b(?:president|minister|premier|chancellor|leaders?|secretary|envoy|commissioner|king|delegation|"
    r"heads? of state|foreign ministers|presidents|crown prince|emir|summit)\b",
    re.IGNORECASE,
)
_CAPACITY = re.compile(
    r"\b(?:capacity|design|designed|able to|up to .* once|expected?|could|would|will)\b", re.IGNORECASE
)
_CLOSING = re.compile(r"\bclos(?:e|ed|ing) (?:the|its) borders?\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:countries|anyone|any country|nations|states|whoever|buyers|firms)\b")
_MEASURE = re.compile(
    r"\b(?:secondary )?(?:sanctions?|tariffs?|duties|embargo|"
    r"clos(?:e|ed|ing) (?:the|its) borders?|export ban|import ban|bans?|banned|banning|"
    r"blacklist\w*|designat\w+|(?:on|to) (?:its|the) (?:\w+ )?list|stop\w* processing)\b",
    re.IGNORECASE,
)
_DIRECT = re.compile(r"\s(?:up to\s|about\s|over\s|another\s|an extra\s|more than\s)?(?:[A-Z]\w+\s)?")
"""Words between a verb and a figure that is its object: "imports about 200 MW", "sells it 200 MW"."""
_DATE_GAP = 12
"""Characters between a figure and its own date."""
_FLUIDS = ("supply", "trade", "turnover", "buy", "sell", "carry", "give", "borrow")
_BY_ROUTE = re.compile(
    r"(?:\sof\s(?:[\w-]+\s){1,3}?(?=through|via|along|over))?\s?(?:through|via|along|over)\s"
)
"""Words after a noun of shipment that name a route."""
_RECEIVED = re.compile(
    r"\b(?:discuss\w*|talked|spoke|negotiated|dined)\b[^.;]{0,60}?\swith\s(?:the\s|his\s|her\s)?(?:[\w’']+\s){0,3}?"
    r"(?:[Mm]inister|[Pp]resident|counterpart|[Cc]hancellor|[Pp]remier|[Kk]ing|[Ee]mir)\b(?=[^.;]*\bin\s[A-Z])|\b(?:received|hosted|welcomed)\s(?:the\s|his\s|her\s|a\s|an\s)?[\w\s'’-]{0,40}?"
    r"(?:minister|president|counterpart|delegation|chancellor|premier|envoy|king|emir|crown prince)\b"
)
"""Words that a leader receives another with."""
_LENGTHENED = re.compile(
    r"\b(?:extend|lengthen|prolong|stretch|postpone|defer|reschedule)(?:s|ed|ing)?\s(?:out\s)?(?:the\s|its\s|their\s)?"
    r"(?:repayment|maturity|maturities|tenor|term|payments?|grace period)s?\b"
)
"""A change of the years of a loan."""
_AUTHORITY = re.compile(r"\b(?:sanctions?|Treasury|OFAC|Office of Foreign Assets Control|export controls?)\b")
"""Words of a sentence in which to designate a firm is to put it under sanctions."""
_AWAITED = re.compile(
    r"\b(?:is|are)\s(?:also\s)?(?:(?:due|expected|awaited)\sin|to\s(?:depart|leave|head|fly)\s(?:for|to))\s(?:the\s)?"
)
"""Words between a person of state and the place of a coming visit."""
_MEASURE_VERBS = (
    "exempt", "pause", "pledge", "plan", "give", "consider", "suspend", "start", "invest", "join", "approve",
)  # fmt: skip


def flows(view: SentenceView) -> Iterator[Frame]:
    """Yield goods transported and gas supplied.

    Args:
        view: The sentence.
    """
    annotated = view.annotated
    gas = [item for item in annotated.quantities if item.kind == "gas"]
    if gas:
        act = next((item for item in view.predicates if item.frame.name in _FLUIDS), None)
        is_capacity = act is not None and act.frame.name == "carry" and act.stage in ("ahead", "infinitive")
        if (
            act is not None
            and not is_capacity
            and not re.search(r"\bcapacity\b", annotated.clause_text(gas[0].start))
        ):
            if act.part == "noun":
                verb = view.verb_of(act.start)
                act = replace(act, stage=verb.stage) if verb and verb.stage != "noun" else act
            for group in _dated_apart(view, gas):
                yield Frame(
                    "gas_supply", group[0].start, group[0].end, topic=gas_topic(annotated), others=group,
                    act=act if group[0] is gas[0] else view.verb_of(group[0].start) or act,
                )  # fmt: skip
            return
        named = [item for item in view.projects if item.end <= gas[0].start and not is_generic(item)]
        work = next((item for item in reversed(named) if not item.is_anaphoric), None)
        if work is not None and not any(
            item.part == "verb" and item.frame.name in ("suspend", "cancel") for item in view.predicates
        ):
            yield Frame(
                "project", gas[0].start, gas[0].end, project=work, others=gas, act=view.verb_of(gas[0].start)
            )
        return
    if supply := _supply_of_gas(view):
        yield supply
        return
    goods = [item for item in annotated.quantities if _is_goods(item)]
    on_route = any(item.sector == "corridor" for item in view.projects)
    carried = on_route or any(item.frame.name == "carry" for item in view.predicates) or _is_shipped(view)
    if goods and carried and not _CAPACITY.search(annotated.clause_text(goods[0].start)):
        work = next((item for item in view.projects if item.row or not item.is_anaphoric), None) or next(
            (item for item in view.projects if item.is_anaphoric), None
        )
        route = re.search(r"\b(?:through|via)\s(?:the\s)?(?P<name>[A-Z][\w-]+)", view.text)
        place = next((item.text for item in annotated.mentions if item.kind == "place"), "")
        place = place or (route["name"] if route else "transit")
        topic = place if work is None else ""
        for group in _dated_apart(view, goods):
            yield Frame("transit_stat", group[0].start, group[0].end, project=work, topic=topic, others=group)


def _dated_apart(view: SentenceView, items: list[Quantity]) -> list[list[Quantity]]:
    """Return figures in groups, those of different dates apart: "7 bcm this year, 11 bcm in 2026"."""
    groups: list[list[Quantity]] = [[items[0]]]
    for item in items[1:]:
        between = any(groups[-1][0].end <= date.start < item.start for date in view.annotated.dates)
        after = any(0 <= date.start - item.end < _DATE_GAP for date in view.annotated.dates)
        if between and after:
            groups.append([item])
        else:
            groups[-1].append(item)
    return groups


def _supply_of_gas(view: SentenceView) -> Frame | None:
    """Return gas delivered to or from an outside party, without a figure; ``None`` for none."""
    nouns = [item for item in view.predicates if item.lemma in ("supply", "delivery") and item.part == "noun"]
    gas = next((item for item in nouns if re.search(r"\bgas\s$", view.text[: item.start])), None)
    if gas is None or not outside_mentions(view.annotated, view.gazetteer.home):
        return None
    act = view.verb_of(gas.start)
    if act is None or act.frame.amount == "finance":
        return None
    return Frame("gas_supply", gas.start, gas.end, topic=gas_topic(view.annotated), act=act, head=gas)


def _is_shipped(view: SentenceView) -> bool:
    """Return whether goods are shipped by a route: "oil shipments through the pipeline"."""
    nouns = [item for item in view.predicates if item.lemma in ("shipment", "delivery", "export", "supply")]
    return any(_BY_ROUTE.match(view.text[item.end :]) for item in nouns)


def trade_flows(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield goods that one country sells to another, measured in tonnes or energy: "exported 2 Mt of oil".

    Args:
        view: The sentence.
        frames: Frames of its amounts and sizes.
    """
    if any(frame.claim_type in ("trade", "gas_supply", "deal") for frame in frames):
        return
    used = {frame.power.start for frame in frames if frame.power}
    goods = [
        item for item in view.annotated.quantities
        if item.kind in ("mass", "energy") or (item.kind == "power" and item.start not in used)
    ]  # fmt: skip
    acts = [
        item
        for item in view.predicates
        if item.frame.name in ("trade", "turnover", "buy", "sell") and item.stage != "denied"
    ]
    sold = [item for item in acts if item.part == "verb" or item.lemma in ("export", "import")]
    if not goods or not sold:
        return
    seen = 0
    for item in goods:
        low, high = view.annotated.clause_span(item.start)
        own = [act for act in sold if low <= act.start < high]
        is_abroad = is_traded_power(view, item) or _goes_abroad(view, item.start)
        if not is_abroad or (seen and not own):
            continue
        seen += 1
        yield Frame("trade", item.start, item.end, others=[item], act=own[0] if own else sold[0])


def is_traded_power(view: SentenceView, item: Quantity) -> bool:
    """Return whether a power is that of electricity bought or sold abroad: "imports 200 MW from a neighbour".

    Args:
        view: The sentence.
        item: The power.
    """
    act = view.verb_of(item.start)
    is_sale = act is not None and act.frame.name in ("trade", "buy", "sell") and act.end <= item.start
    is_object = is_sale and act is not None and _DIRECT.fullmatch(view.text, act.end, item.start)
    is_work = any(0 <= work.start - item.end < 4 for work in view.projects)
    is_import = act is not None and act.lemma in ("import", "export") and bool(
        outside_mentions(view.annotated, view.gazetteer.home)
    )  # fmt: skip
    is_abroad = is_import or _goes_abroad(view, item.start)
    return item.kind == "power" and bool(is_object) and not is_work and is_abroad


def _goes_abroad(view: SentenceView, position: int) -> bool:
    """Return whether the clause of goods says which country they go to or come from, or names two."""
    low, high = view.annotated.clause_span(position)
    states = [
        item for item in view.annotated.mentions
        if low <= item.start < high and item.kind in ("country", "company", "seat")
    ]  # fmt: skip
    before = {code for item in states if item.start < position for code in item.parties}
    return len(before) > 1 or any(
        re.search(r"\b(?:to|from)\s(?:the\s)?$", view.text[low : item.start]) for item in states
    )


def _is_goods(item: Quantity) -> bool:
    return item.kind in ("mass", "containers") or (
        item.kind == "count"
        and bool(re.fullmatch(r"(?:\w+ )?(?:containers|trains|wagons|trucks|teus?)", item.unit))
    )


def terms(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield the terms of a loan, or shares of a capital, without an amount.

    Args:
        view: The sentence.
        frames: Frames of its amounts and sizes.
    """
    figures = [item for item in view.annotated.quantities if item.kind in ("years", "share")]
    if figures and (longer := _LENGTHENED.search(view.text)):
        loans = [frame for frame in frames if frame.claim_type == "finance"]
        for frame in loans:
            frame.claim_type = "finance_terms"
        if not loans:
            act = view.verb_of(longer.end())
            work = next((item for item in view.projects if item.start >= longer.end()), None)
            yield Frame("finance_terms", longer.start(), longer.end(), project=work, others=figures, act=act)
        return
    if not figures or any(frame.money for frame in frames):
        return
    lent = next((item for item in view.predicates if item.frame.name in ("instrument", "lend", "give")), None)
    is_terms = any(item.frame.name in ("mature", "repay") for item in view.predicates)
    if is_terms and lent is not None:
        yield Frame("finance_terms", lent.start, lent.end, others=figures, act=lent)
        return
    share = next(
        (
            item for item in view.predicates
            if item.frame.name == "stake" or item.lemma in ("share capital", "equity")
        ),
        None,
    )  # fmt: skip
    if share is not None and any(item.kind == "share" for item in figures):
        act = view.verb_of(share.start)
        if act is not None and act.frame.name in ("operate", "plan", "say"):
            return
        is_deal = act is not None and act.frame.name in ("buy", "sell", "hold_share", "borrow")
        yield Frame(
            "deal" if is_deal else "finance", share.start, share.end, others=figures, act=act, head=share
        )


def trade_partner(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield the rank of a trade partner: "its largest trading partner".

    Args:
        view: The sentence.
        frames: Frames of its amounts and sizes.
    """
    match = lexicon.TRADE_PARTNER.search(view.text)
    outside = outside_mentions(view.annotated, view.gazetteer.home)
    if match and outside and not any(frame.claim_type == "trade" for frame in frames):
        yield Frame("trade", match.start(), match.end(), topic=re.sub(r"^\w+'?s\s", "", match.group()))


def measures(view: SentenceView) -> Iterator[Frame]:
    """Yield sanctions, tariffs and bans that a state threatens with, takes, lifts or holds up.

    Args:
        view: The sentence.
    """
    nouns = [item for item in view.predicates if item.frame.name == "threaten" and item.part == "noun"]
    acts = [
        item for item in view.predicates if item.part == "verb" and (
            item.frame.name == "threaten"
            or (nouns and item.frame.name in _MEASURE_VERBS)
        )
    ]  # fmt: skip
    if _AUTHORITY.search(view.text):
        acts = acts or [item for item in view.predicates if item.lemma in ("designate", "name", "list")]
    acts = acts or [item for item in nouns if item.lemma in ("threat", "ultimatum")]
    if not acts:
        return
    act = acts[0]
    if any(item.stage == "denied" for item in acts) or (
        act.lemma == "warn" and not nouns and not _CLOSING.search(view.text)
    ):
        return
    kind = _MEASURE.search(view.text, act.end) or _MEASURE.search(view.text)
    if kind is None:
        return
    about = re.search(r"\btrad(?:e|ing)(?: ties)? with ([A-Z]\w+)", view.text)
    aim = re.search(
        r"\b(?:on|against|of)\s(?!\d)(?:the\s)?((?:(?!(?:in|and|from|after|over|to|its)\b)[A-Z]?[\w'’-]+\s?){1,4})",
        view.text[kind.end() :],
    )
    name = re.sub(r"^ban(?:s|ned|ning)$", "ban", kind.group().lower())
    name = re.sub(r"^(?:designat\w+|.*\blist)$", "sanctions", name)
    name = re.sub(r"^stop\w* processing$", "payment restrictions", name)
    if name == "ban" and re.search(r"\bexports?\b", view.text):
        name = "export ban"
    tail = f" on trade with {about[1]}" if about else f" on {aim[1].strip()}" if aim else ""
    home = party_codes(home_mentions(view.annotated, view.gazetteer.home))
    wide = bool(_ALL.search(view.text)) or not home
    outside = outside_mentions(view.annotated, view.gazetteer.home, kind.end())
    target = next(
        (item for item in outside if item.start < kind.end() + 50 and item.kind in ("country", "demonym")),
        None,
    )
    if not home and target is not None and target.start > act.end:
        home = target.parties
    yield Frame(
        "policy_threat", act.start, kind.end() if kind.end() > act.start else act.end, topic=f"{name}{tail}",
        recipients=view.gazetteer.world if wide and not home else home, act=act,
    )  # fmt: skip


def _awaited(view: SentenceView) -> Frame | None:
    """Return the visit of a person of state who is due in a place; ``None`` for none."""
    found = _AWAITED.search(view.text)
    if found is None or not _LEADERS.search(view.text[: found.start()]):
        return None
    places = ("country", "seat", "place")
    is_place = any(item.start == found.end() and item.kind in places for item in view.annotated.mentions)
    if not is_place or not outside_mentions(view.annotated, view.gazetteer.home):
        return None
    return Frame(
        "visit_summit", found.start(), found.end(), topic=event_name(view.annotated, found), status="planned"
    )


def visits(view: SentenceView) -> Iterator[Frame]:
    """Yield visits and meetings of persons of state.

    Args:
        view: The sentence.
    """
    act = next((item for item in view.predicates if item.frame.name == "visit"), None)
    if act is None and (awaited := _awaited(view)):
        yield awaited
        return
    received = _RECEIVED.search(view.text)
    if act is None and received and outside_mentions(view.annotated, view.gazetteer.home):
        yield Frame(
            "visit_summit", received.start(), received.end(), topic=event_name(view.annotated, received),
            status="held",
        )  # fmt: skip
        return
    if (
        act is None
        or act.stage == "denied"
        or re.search(r"\bafter (?:talks|meetings|negotiations)\b", view.text, re.IGNORECASE)
    ):
        return
    people = any(item.kind == "person" for item in view.annotated.mentions) or bool(
        _LEADERS.search(view.text) or re.match(r"(?:He|She)\b", view.text)
    )
    outside = outside_mentions(view.annotated, view.gazetteer.home)
    if not people or not (outside or home_mentions(view.annotated, view.gazetteer.home)):
        return
    if not outside and not re.search(r"\bsummit\b", view.text, re.IGNORECASE):
        return
    word = re.compile(re.escape(view.text[act.start : act.end])).match(view.text, act.start)
    name = event_name(view.annotated, word) if word else ""
    if name:
        yield Frame("visit_summit", act.start, act.end, topic=name, act=act)
