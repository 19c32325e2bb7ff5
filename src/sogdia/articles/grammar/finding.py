"""Which claims a sentence makes: by its sums, its other figures, and its verbs."""

from __future__ import annotations

import re
from dataclasses import replace

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar import words as w
from sogdia.articles.grammar.drafts import Draft
from sogdia.articles.grammar.events import event_drafts
from sogdia.articles.grammar.marks import Marks, insiders, outsiders, parties_of
from sogdia.articles.grammar.money import is_secondary, sort_of_money
from sogdia.articles.grammar.stages import is_about_signing
from sogdia.articles.grammar.works import Work, linked

_DIFFERENCE = re.compile(r"\bby (?:about |some |up to )?$", re.IGNORECASE)
_SAME = re.compile(
    r"\b(?:the same (?:amount|sum)|as much again|an equal (?:amount|sum)|a like (?:amount|sum))\b",
    re.IGNORECASE,
)
_LOAN_FOR = re.compile(
    r"\b(?:loans?|credit|grants?|guarantees?|financing)\s(?:to\s[\w\s]{3,25}\s)?for\s(?:the\s|a\s)?(?:[\d.,]+\s\w+\s)?$",
    re.IGNORECASE,
)
_NO_WORK: frozenset[ClaimType] = frozenset(("debt", "trade", "remittances", "aggregate_investment"))


def find_drafts(marks: Marks, gazetteer: Gazetteer, sort_before: ClaimType | None = None) -> list[Draft]:
    """Every claim of a sentence, in order, with what stands near it.

    Args:
        marks: The sentence.
        gazetteer: Names of the pack.
        sort_before: Type of the last claim of the paragraph.
    """
    works = _with_rows(marks, gazetteer)
    marks = replace(marks, works=tuple(works))
    drafts = _money_drafts(marks, works, sort_before)
    _add_measures(marks, works, drafts)
    drafts += event_drafts(marks, works, drafts, gazetteer)
    return _merged(sorted(drafts, key=lambda draft: draft.place))


def _is_apposition(text: str, work: Work, works: list[Work]) -> bool:
    """Whether a nameless work only explains the one right before it: "TAPI, a 1,821-kilometre pipeline"."""
    if work.row or re.search(r"[A-Z]", re.sub(r"CHPs?|MW|GW", "", work.label)):
        return False
    return any(
        re.fullmatch(r",?\s(?:is |was )?(?:a|an|the)\s(?:\w+\s)?", text[other.end : work.start])
        for other in works
    )


def _with_rows(marks: Marks, gazetteer: Gazetteer) -> list[Work]:
    """The works, unknown ones set against the pack by size and partner; places that stand for works."""
    works: list[Work] = []
    partners = parties_of(outsiders(marks, gazetteer.home))
    homes = parties_of(insiders(marks, gazetteer.home))
    for work in marks.works:
        if _is_apposition(marks.text, work, works):
            continue
        if work.row or work.bare:
            works.append(work)
            continue
        sizes = [q for q in marks.quantities if abs(q.start - work.start) < 120]
        around = work if work.parties else replace(work, parties=homes)
        works.append(linked(around, sizes, gazetteer, partners))
    if any(not work.bare for work in works) or not any(q.kind == "power" for q in marks.quantities):
        return works
    for item in marks.mentions:
        if item.kind == "place" and set(item.parties) <= set(gazetteer.home):
            sizes = [q for q in marks.quantities if q.kind == "power"]
            work = linked(
                Work(item.text, "", item.start, item.end, parties=item.parties), sizes, gazetteer, partners
            )
            if work.row:
                return [*works, work]
    return works


def _money_drafts(marks: Marks, works: list[Work], sort_before: ClaimType | None) -> list[Draft]:
    drafts: list[Draft] = []
    sums = [item for item in marks.quantities if item.kind == "money"]
    earlier: Quantity | None = None
    before: ClaimType | None = None
    for money in sums:
        if is_secondary(marks, money, earlier):
            if drafts:
                _take_in(drafts[-1], money)
            continue
        sort = sort_of_money(marks, money, before) or (sort_before if sort_before in _NO_WORK else None)
        if sort is None:
            earlier = money
            continue
        near = marks.words(money.start)
        work = None if sort in _NO_WORK else _work_for(marks, works, money.start, money.end)
        if sort == "project" and work is not None and is_about_signing(near) and not w.COST.search(near):
            sort = "deal"
        if sort == "project" and work is not None and w.DEAL.search(marks.text) and w.SIGN.search(near):
            sort = "deal"
        drafts.append(
            Draft(
                sort,
                money.start,
                money.end,
                money,
                work,
                aggregate=sort == "aggregate_investment",
                superseded=bool(w.ONCE.search(near)),
            )
        )
        earlier, before = money, sort
    drafts += _same_again(marks, drafts, works)
    return drafts


def _take_in(draft: Draft, money: Quantity) -> None:
    """A sum told beside another: the same in dollars takes its place, any other is kept beside it."""
    told = draft.money
    if told is not None and told.unit != "USD" and money.unit == "USD" and not money.rate_of:
        draft.others.append(told)
        draft.money = money
    else:
        draft.others.append(money)


def _same_again(marks: Marks, drafts: list[Draft], works: list[Work]) -> list[Draft]:
    match = _SAME.search(marks.text)
    first = next((draft.money for draft in drafts if draft.money), None)
    if match is None or first is None:
        return []
    money = replace(first, text=match.group(), start=match.start(), end=match.end())
    return [
        Draft(
            "finance", match.start(), match.end(), money, _work_for(marks, works, match.start(), match.end())
        )
    ]


def _work_for(marks: Marks, works: list[Work], start: int, end: int) -> Work | None:
    """The work that something is about: in its stretch the next after it, else the last before it."""
    low, high = marks.stretch(start)
    usable = [work for work in works if not work.bare]
    inside = [work for work in usable if low <= work.start < high]
    after = [work for work in inside if work.start >= end]
    before = [work for work in inside if work.end <= start]
    if after and (not before or after[0].start - end < 60):
        return after[0]
    if before:
        return before[-1]
    earlier = [work for work in usable if work.end <= start]
    return earlier[-1] if earlier else (usable[0] if usable else None)


def _owner(marks: Marks, works: list[Work], item: Quantity) -> Work | None:
    """The work that a size belongs to: the one it stands right before, else the last before it."""
    for work in works:
        gap = marks.text[item.end : work.start]
        if 0 <= work.start - item.end < 45 and not re.search(r"[,;.]|\b(?:of|between|and)\b", gap):
            return work
        if work.start <= item.start and item.end <= work.end:
            return work
    earlier = [work for work in works if work.end <= item.start]
    if earlier:
        return earlier[-1]
    return works[0] if works else None


def _add_measures(marks: Marks, works: list[Work], drafts: list[Draft]) -> None:
    """Power and length go to the claim on their work, or make one."""
    for item in marks.quantities:
        if item.kind not in ("power", "length"):
            if item.kind != "money" and drafts:
                _nearest(drafts, item.start).others.append(item)
            continue
        if item.kind == "length" and _DIFFERENCE.search(marks.text[: item.start]):
            if drafts:
                _nearest(drafts, item.start).others.append(item)
            continue
        work = _owner(marks, works, item)
        mine = [
            draft for draft in drafts
            if draft.sort not in _NO_WORK
            and (draft.work is None or work is None or draft.work.start == work.start)
        ]  # fmt: skip
        target = _nearest(mine, item.start) if mine else None
        if target is None:
            if work is None and not re.search(
                r"\b(?:capacity|measures|length|long|stretch|rated)\b", marks.text
            ):
                continue
            near = marks.words(item.start)
            sort: ClaimType = "deal" if is_about_signing(near) or is_about_signing(marks.text) else "project"
            if work is not None and _LOAN_FOR.search(marks.text[: work.start]):
                sort = "finance"
            target = Draft(sort, item.start, item.end, None, work)
            drafts.append(target)
        if target.work is None:
            target.work = work
        _measure(marks, target, item)


def _measure(marks: Marks, draft: Draft, item: Quantity) -> None:
    slot = "power" if item.kind == "power" else "length"
    if getattr(draft, slot) is not None:
        draft.others.append(item)
        return
    tail = marks.text[item.end : item.end + 12]
    count = (draft.work.row.count(";") + 1) if draft.work else 1
    if re.match(r"\s+each\b", tail) and count > 1:
        item = replace(item, value=item.value * count)
    setattr(draft, slot, item)


def _nearest(drafts: list[Draft], place: int) -> Draft:
    return min(drafts, key=lambda draft: abs(draft.place - place))


def _merged(drafts: list[Draft]) -> list[Draft]:
    """Claims of one sentence on one work become one, unless each has its own sum."""
    out: list[Draft] = []
    for draft in drafts:
        twin = next((item for item in out if _same_claim(item, draft)), None)
        if twin is None:
            out.append(draft)
            continue
        if twin.money is None:
            twin.money, twin.place, twin.end = draft.money, draft.place, draft.end
        twin.power, twin.length = twin.power or draft.power, twin.length or draft.length
        twin.work, twin.others = twin.work or draft.work, [*twin.others, *draft.others]
        twin.sort = "deal" if "deal" in (twin.sort, draft.sort) and draft.sort != twin.sort else twin.sort
        twin.status = twin.status or draft.status
    return out


def _same_claim(one: Draft, other: Draft) -> bool:
    kinds = {one.sort, other.sort}
    if not (one.sort == other.sort or kinds == {"deal", "project"}):
        return False
    if one.money and other.money:
        return False
    if one.sort in _NO_WORK:
        return one.topic == other.topic
    if one.work is None or other.work is None:
        return True
    return one.work.start == other.work.start or (one.work.row == other.work.row and bool(one.work.row))
