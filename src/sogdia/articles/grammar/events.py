"""Claims without a sum: visits, threats, papers signed, works begun, goods carried, gas supplied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sogdia.articles.claim import Quantity, Status
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar import words as w
from sogdia.articles.grammar.drafts import Draft
from sogdia.articles.grammar.marks import Marks, insiders, outsiders, parties_of
from sogdia.articles.grammar.topics import event_name, gas_topic, topic_of
from sogdia.articles.grammar.works import Work, is_generic

_WEAK = re.compile(r"\b(?:may|might|could|perhaps|likely|would like|should|if)\b", re.IGNORECASE)
_PAST_TALK = re.compile(r"\bafter (?:talks|meetings|negotiations)\b", re.IGNORECASE)
_LEADERS = re.compile(
    r"\b(?:president|minister|premier|chancellor|leaders?|secretary|envoy|commissioner|king|"
    r"delegation|heads? of state|"
    r"foreign ministers|presidents|crown prince|emir|summit)\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:summits?|state visits?|visits?|visited|visiting|meetings?|met|hosted|hosts|toured|"
    r"tour of|trip to)\b",
    re.IGNORECASE,
)
_CAPACITY = re.compile(
    r"\b(?:capacity|design|designed|able to|up to .* once|expected?|could|would|will)\b", re.IGNORECASE
)
PHASES = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "first": "1",
    "second": "2",
    "third": "3",
    "fourth": "4",
}
_ALL = re.compile(r"\b(?:countries|anyone|any country|nations|states|whoever|buyers|firms)\b")


_KIND = re.compile(
    r"\b(?:secondary )?(?:sanctions?|tariffs?|duties|embargo|export ban|blacklist\w*)\b", re.IGNORECASE
)


def event_drafts(marks: Marks, works: list[Work], drafts: list[Draft], gazetteer: Gazetteer) -> list[Draft]:
    """Claims that no sum, power or length makes.

    Args:
        marks: The sentence.
        works: Its works.
        drafts: The claims that its figures make.
        gazetteer: Names of the pack.
    """
    made: list[Draft] = []
    made += _flows(marks, works)
    made += _terms(marks, drafts)
    made += _trade(marks, drafts, gazetteer)
    made += _threats(marks, gazetteer)
    made += _tenders(marks, works)
    if not drafts and not made:
        made += _papers(marks, works, gazetteer)
    if not drafts and not any(item.sort in ("agreement", "deal", "policy_threat") for item in made):
        meetings = list(_meetings(marks, gazetteer))
        if meetings:
            return [*made, *meetings]
    told = {draft.work.start for draft in (*drafts, *made) if draft.work}
    made += _works(marks, works, told, bool(drafts or made), gazetteer)
    return made


def _flows(marks: Marks, works: list[Work]) -> Iterator[Draft]:
    """Goods carried and gas supplied."""
    gas = [item for item in marks.quantities if item.kind == "gas"]
    if gas:
        near = marks.words(gas[0].start)
        if not re.search(r"\bcapacity\b", near) and w.SUPPLY.search(marks.text):
            yield Draft("gas_supply", gas[0].start, gas[0].end, topic=gas_topic(marks), others=gas)
            return
        work = next(
            (
                item
                for item in reversed(works)
                if item.end <= gas[0].start and not is_generic(item) and not item.bare
            ),
            None,
        )
        if work is not None:
            yield Draft("project", gas[0].start, gas[0].end, work=work, others=gas)
        return
    goods = [item for item in marks.quantities if _is_goods(item)]
    if goods and w.CARRY.search(marks.text) and not _CAPACITY.search(marks.words(goods[0].start)):
        work = next((item for item in works if item.row), next((item for item in works if item.bare), None))
        yield Draft(
            "transit_stat",
            goods[0].start,
            goods[0].end,
            work=work,
            topic=_port(marks) if work is None else "",
            others=goods,
        )


def _port(marks: Marks) -> str:
    """The place that handled the goods, or "transit"."""
    return next((item.text for item in marks.mentions if item.kind == "place"), "transit")


def _is_goods(item: Quantity) -> bool:
    return item.kind in ("mass", "boxes") or (
        item.kind == "count"
        and bool(re.fullmatch(r"(?:\w+ )?(?:containers|trains|wagons|trucks|teus?)", item.unit))
    )


def _terms(marks: Marks, drafts: list[Draft]) -> Iterator[Draft]:
    """The terms of a loan, or shares of its capital, without a sum."""
    if any(draft.money for draft in drafts):
        return
    figures = [item for item in marks.quantities if item.kind in ("years", "share")]
    match = w.LEND.search(marks.text)
    if not figures or match is None or w.DEBT_STRONG.search(marks.text):
        return
    shares = [item for item in figures if item.kind == "share"]
    if w.TERMS.search(marks.text):
        yield Draft("finance_terms", match.start(), match.end(), others=figures)
    elif shares and re.search(r"\b(?:share capital|equity|stake|shares)\b", marks.text):
        yield Draft("finance", match.start(), match.end(), others=figures)


def _trade(marks: Marks, drafts: list[Draft], gazetteer: Gazetteer) -> Iterator[Draft]:
    match = w.TRADE_PARTNER.search(marks.text)
    if match and not any(draft.sort == "trade" for draft in drafts) and outsiders(marks, gazetteer.home):
        name = re.sub(r"^\w+'?s\s", "", match.group())
        yield Draft("trade", match.start(), match.end(), topic=name)


def _threats(marks: Marks, gazetteer: Gazetteer) -> Iterator[Draft]:
    match = w.THREAT.search(marks.text)
    if match is None or re.search(
        r"\b(?:under|despite|because of|amid|since|evad\w+|avoid\w*|circumvent\w*)\s(?:\w+\s)?$",
        marks.text[: match.start()],
    ):
        return
    if not re.search(
        r"\b(?:threaten\w*|warn\w*|impos\w+|announc\w+|list(?:s|ed)|adopt\w+|slap\w*|put|set|"
        r"sanctioned|blacklisted|rais\w+|hit|"
        r"propos\w+|draft|brought|introduc\w+|levied|levy|extend\w*|named|placed)\b",
        marks.text,
        re.IGNORECASE,
    ):
        return
    verb = re.search(r"\b(?:threaten\w*|warn\w*)\b", marks.text, re.IGNORECASE)
    kind = _KIND.search(marks.text, verb.end() if verb else 0) or _KIND.search(marks.text)
    rest = marks.text[match.start() :]
    about = re.search(r"\btrad(?:e|ing)(?: ties)? with ([A-Z]\w+)", marks.text)
    aim = re.search(r"\b(?:on|against)\s(?:the\s)?((?:[A-Z]?[\w'’-]+\s?){1,4})", rest)
    topic = (kind.group().lower() if kind else "threat") + (
        f" on trade with {about[1]}" if about else f" on {aim[1].strip()}" if aim else ""
    )
    home = parties_of(insiders(marks, gazetteer.home))
    wide = bool(_ALL.search(marks.text)) or not home
    yield Draft(
        "policy_threat",
        match.start(),
        match.end(),
        topic=topic,
        recipients=gazetteer.world if wide and not home else home,
    )


def _papers(marks: Marks, works: list[Work], gazetteer: Gazetteer) -> Iterator[Draft]:
    """A paper signed, without a figure."""
    paper, verb = w.PAPER.search(marks.text), w.SIGNED.search(marks.text)
    if paper is not None and verb is None and marks.text.startswith("- "):
        verb = paper
    if paper is None or verb is None or _WEAK.search(marks.text[: verb.start()]):
        return
    outside = outsiders(marks, gazetteer.home)
    if not outside and not insiders(marks, gazetteer.home):
        return
    named = [
        item
        for item in works
        if not item.bare and not is_generic(item) and not item.plural and item.sector != "corridor"
    ]
    if w.STOPPED.search(marks.text) and named:
        return
    if named:
        yield Draft("deal", verb.start(), verb.end(), work=named[0])
        return
    corridor = next((item for item in works if item.sector == "corridor"), None)
    topic = "" if corridor else topic_of(marks, paper.end())
    if not corridor and not topic and re.search(r"\bgas\b", marks.text):
        topic = gas_topic(marks)
    yield Draft("agreement", verb.start(), verb.end(), work=corridor, topic=topic)


def _tenders(marks: Marks, works: list[Work]) -> Iterator[Draft]:
    match = re.search(
        r"\b(?:(?:won|awarded|given) (?:the |a )?(?:tender|contract)|"
        r"(?:was |were )?(?:chosen|selected|picked))\b",
        marks.text,
    )
    low, high = marks.stretch(match.start()) if match else (0, 0)
    if match is None or any(low <= item.start < high and item.kind == "money" for item in marks.quantities):
        return
    work = next((item for item in works if low <= item.start < high and not item.bare), None)
    phase = re.search(r"\bphase (\w+)|\b(\w+) phase\b", marks.text[match.end() : high])
    before = next((item for item in works if item.end <= match.start() and "phase" in item.label), None)
    status: Status = "announced"
    if work is None and phase and before:
        number = PHASES.get((phase[1] or phase[2]).lower(), phase[1] or phase[2])
        label = re.sub(r"phase \w+", f"phase {number}", before.label)
        work = replace(before, label=label, row="")
    yield Draft("deal", match.start(), match.end(), work=work, status=status)


def _works(
    marks: Marks, works: list[Work], told: set[int], has_claims: bool, gazetteer: Gazetteer
) -> Iterator[Draft]:
    """A work begun, opened, planned or wished for."""
    outside = outsiders(marks, gazetteer.home)
    firms = [item for item in marks.mentions if item.kind == "company"]
    rows = {work.row for work in works if work.start in told and work.row}
    for work in works:
        if work.start in told or (work.row and work.row in rows) or is_generic(work):
            continue
        near = marks.words(work.start)
        verb = w.BUILD.search(near) or w.BUILD.search(marks.text) or w.INTEREST.search(near)
        if verb is None or (has_claims and not _own_stretch(marks, work, works, told)):
            continue
        if work.bare or (work.sector == "corridor" and not (w.BUILD.search(near) or w.INTEREST.search(near))):
            continue
        if (
            work.plural
            and not firms
            and not (outside and re.search(r"\b(?:newly )?(?:planned|proposed)\b", near))
        ):
            continue
        if not work.row and not (outside or firms or insiders(marks, gazetteer.home)):
            continue
        if not work.row and not work.plural and not re.search(r"[A-Z]", work.label):
            continue
        told.add(work.start)
        rows.add(work.row)
        yield Draft("project", work.start, work.end, work=work)
    if not has_claims and not any(not item.bare for item in works):
        yield from _works_pointed_at(marks, works)


def _works_pointed_at(marks: Marks, works: list[Work]) -> Iterator[Draft]:
    """Work begun or done on what was spoken of before: "Work began on 27 December"."""
    begun = re.search(
        r"\b(?:works?|construction|building|operations?|"
        r"commercial service)\s(?:\w+\s){0,2}?(?:began|started|starts|begins|resumed|stopped|"
        r"is due|"
        r"is to start|will (?:start|begin)|has (?:begun|started))\b|\b(?:broke ground|ground was broken)\b",
        marks.text,
        re.IGNORECASE,
    )
    done = (
        works
        and marks.dates
        and (w.BUILD.search(marks.text) or w.STOPPED.search(marks.text) or w.OFF.search(marks.text))
    )
    if begun or done:
        match = begun or w.BUILD.search(marks.text)
        place = (match.start(), match.end()) if match else (0, len(marks.text))
        yield Draft("project", *place, work=None, others=[])


def _own_stretch(marks: Marks, work: Work, works: list[Work], told: set[int]) -> bool:
    """Whether a work stands in a stretch of its own, away from those that claims were made on."""
    low, high = marks.stretch(work.start)
    return (
        not any(low <= item.start < high for item in works if item.start in told)
        and bool(w.BUILD.search(marks.text[low:high]) or low > 0)
        and not any(low <= q.start < high for q in marks.quantities if q.kind == "money")
    )


def _meetings(marks: Marks, gazetteer: Gazetteer) -> Iterator[Draft]:
    match = _MEETING.search(marks.text)
    if match is None or _PAST_TALK.search(marks.text):
        return
    outside = outsiders(marks, gazetteer.home)
    homes: list[Mention] = insiders(marks, gazetteer.home)
    people = any(item.kind == "person" for item in marks.mentions) or bool(_LEADERS.search(marks.text))
    if not people or not (outside or homes):
        return
    if not outside and not re.search(r"\bsummit\b", marks.text, re.IGNORECASE):
        return
    name = event_name(marks, match)
    if name:
        yield Draft("visit_summit", match.start(), match.end(), topic=name)
