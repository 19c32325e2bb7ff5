"""Detect the claims of a sentence: by its amounts, its other figures and its verbs."""

from __future__ import annotations

import re
from dataclasses import replace

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.amounts import claim_type_of_amount, is_secondary
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.event_frames import event_frames
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.project_mentions import ProjectMention, link_to_pack
from sogdia.articles.grammar.status import is_about_signing

_DIFFERENCE = re.compile(r"\bby (?:about |some |up to )?$", re.IGNORECASE)
_DISTANCE = re.compile(
    r"^\s(?:(?:to\sthe\s)?(?:north|south|east|west)\w*(?:[\s-](?:east|west))?\s(?:of|from)|from|away|off|inland|upstream|"
    r"downstream|outside)\b",
    re.IGNORECASE,
)
"""Words after a distance from a place, which is the length of no project."""
_SAME = re.compile(
    r"\b(?:the same (?:amount|sum)|as much again|an equal (?:amount|sum)|a like (?:amount|sum))\b",
    re.IGNORECASE,
)
_LOAN_FOR = re.compile(
    r"\b(?:loans?|credit|grants?|guarantees?|financing)\s(?:to\s[\w\s]{3,25}\s)?for\s(?:the\s|a\s)?(?:[\d.,]+\s\w+\s)?$",
    re.IGNORECASE,
)
_WITHOUT_PROJECT: frozenset[ClaimType] = frozenset(("debt", "trade", "remittances", "aggregate_investment"))


def find_frames(
    annotated: AnnotatedSentence, gazetteer: Gazetteer, previous_type: ClaimType | None = None
) -> list[Frame]:
    """Return the frames of a sentence in order, with the slots that the sentence itself fills.

    Args:
        annotated: The annotated sentence.
        gazetteer: Names of the region pack.
        previous_type: Type of the last claim of the paragraph.
    """
    projects = _linked_projects(annotated, gazetteer)
    annotated = replace(annotated, projects=tuple(projects))
    frames = _amount_frames(annotated, projects, previous_type, gazetteer)
    _add_sizes(annotated, projects, frames)
    frames += event_frames(annotated, projects, frames, gazetteer)
    return _merged(sorted(frames, key=lambda frame: frame.position))


def _is_apposition(text: str, project: ProjectMention, projects: list[ProjectMention]) -> bool:
    """Return whether an unnamed project explains the one just before it: "TAPI, a 1,821-km pipeline"."""
    if project.row or re.search(r"[A-Z]", re.sub(r"CHPs?|MW|GW", "", project.label)):
        return False
    return any(
        re.fullmatch(r",?\s(?:is |was )?(?:a|an|the)\s(?:\w+\s)?", text[other.end : project.start])
        for other in projects
    )


def _linked_projects(annotated: AnnotatedSentence, gazetteer: Gazetteer) -> list[ProjectMention]:
    """Return project mentions, linked to the pack by size and partner, and places that denote projects."""
    projects: list[ProjectMention] = []
    partners = party_codes(outside_mentions(annotated, gazetteer.home))
    homes = party_codes(home_mentions(annotated, gazetteer.home))
    for project in annotated.projects:
        if _is_apposition(annotated.text, project, projects):
            continue
        if project.row or project.is_anaphoric:
            projects.append(project)
            continue
        sizes = [q for q in annotated.quantities if abs(q.start - project.start) < 120]
        context = project if project.parties else replace(project, parties=homes)
        projects.append(link_to_pack(context, sizes, gazetteer, partners))
    if any(not project.is_anaphoric for project in projects) or not any(
        q.kind == "power" for q in annotated.quantities
    ):
        return projects
    for item in annotated.mentions:
        if item.kind == "place" and set(item.parties) <= set(gazetteer.home):
            sizes = [q for q in annotated.quantities if q.kind == "power"]
            project = link_to_pack(
                ProjectMention(item.text, "", item.start, item.end, parties=item.parties),
                sizes,
                gazetteer,
                partners,
            )
            if project.row:
                return [*projects, project]
    return projects


def _amount_frames(
    annotated: AnnotatedSentence,
    projects: list[ProjectMention],
    previous_type: ClaimType | None,
    gazetteer: Gazetteer,
) -> list[Frame]:
    frames: list[Frame] = []
    sums = [item for item in annotated.quantities if item.kind == "money"]
    earlier: Quantity | None = None
    before: ClaimType | None = None
    for money in sums:
        if is_secondary(annotated, money, earlier):
            if frames:
                _add_amount(frames[-1], money)
            continue
        claim_type = claim_type_of_amount(annotated, money, before) or (
            previous_type if previous_type in _WITHOUT_PROJECT else None
        )
        is_own = _is_own_money(annotated, money, gazetteer)
        if is_own and claim_type in (None, "project", "deal", "aggregate_investment"):
            claim_type = "finance"
        if claim_type is None:
            earlier = money
            continue
        clause = annotated.clause_text(money.start)
        project = (
            None
            if claim_type in _WITHOUT_PROJECT
            else _project_of(annotated, projects, money.start, money.end)
        )
        if (
            claim_type == "project"
            and project is not None
            and is_about_signing(clause)
            and not lexicon.COST.search(clause)
        ):
            claim_type = "deal"
        if (
            claim_type == "project"
            and project is not None
            and lexicon.DEAL.search(annotated.text)
            and lexicon.SIGN.search(clause)
        ):
            claim_type = "deal"
        frames.append(
            Frame(
                claim_type,
                money.start,
                money.end,
                money,
                project,
                aggregate=claim_type == "aggregate_investment",
                superseded=bool(lexicon.SUPERSEDED.search(clause)),
                is_own_money=is_own,
            )
        )
        earlier, before = money, claim_type
    frames += _repeated_amounts(annotated, frames, projects)
    return frames


def _is_own_money(annotated: AnnotatedSentence, money: Quantity, gazetteer: Gazetteer) -> bool:
    """Return whether the country pays an amount itself: a word of its budget is nearest to the amount.

    A lender's "own resources" are the lender's: an outside party before the amount in its clause pays.
    """
    low, high = annotated.clause_span(money.start)
    found = [
        match for match in lexicon.OWN_MONEY.finditer(annotated.text, low, high)
        if not any(
            item.kind == "money" and item.start != money.start
            and min(money.end, match.end()) <= item.start <= max(money.start, match.start())
            for item in annotated.quantities
        )
    ]  # fmt: skip
    if not found:
        return False
    payers = outside_mentions(annotated, gazetteer.home, low, money.start)
    return not any(item.kind in ("lender", "country", "company", "seat") for item in payers)


def _add_amount(frame: Frame, money: Quantity) -> None:
    """Add a secondary amount: the same amount in dollars replaces the first, any other is kept with it."""
    first = frame.money
    if first is not None and first.unit != "USD" and money.unit == "USD" and not money.rate_of:
        frame.others.append(first)
        frame.money = money
    else:
        frame.others.append(money)


def _repeated_amounts(
    annotated: AnnotatedSentence, frames: list[Frame], projects: list[ProjectMention]
) -> list[Frame]:
    match = _SAME.search(annotated.text)
    first = next((frame.money for frame in frames if frame.money), None)
    if match is None or first is None:
        return []
    money = replace(first, text=match.group(), start=match.start(), end=match.end())
    return [
        Frame(
            "finance",
            match.start(),
            match.end(),
            money,
            _project_of(annotated, projects, match.start(), match.end()),
        )
    ]


def _project_of(
    annotated: AnnotatedSentence, projects: list[ProjectMention], start: int, end: int
) -> ProjectMention | None:
    """Return the project of an amount: the next after it in its clause, else the last before it."""
    low, high = annotated.clause_span(start)
    usable = [project for project in projects if not project.is_anaphoric]
    inside = [project for project in usable if low <= project.start < high]
    after = [project for project in inside if project.start >= end]
    before = [project for project in inside if project.end <= start]
    if after and (not before or after[0].start - end < 60):
        return after[0]
    if before:
        return before[-1]
    earlier = [project for project in usable if project.end <= start]
    return earlier[-1] if earlier else (usable[0] if usable else None)


def _owner_of_size(
    annotated: AnnotatedSentence, projects: list[ProjectMention], item: Quantity
) -> ProjectMention | None:
    """Return the project that a size belongs to: the one that follows it, else the last before it."""
    for project in projects:
        gap = annotated.text[item.end : project.start]
        if 0 <= project.start - item.end < 45 and not re.search(r"[,;.]|\b(?:of|between|and)\b", gap):
            return project
        if project.start <= item.start and item.end <= project.end:
            return project
    earlier = [project for project in projects if project.end <= item.start]
    if earlier:
        return earlier[-1]
    return projects[0] if projects else None


def _add_sizes(annotated: AnnotatedSentence, projects: list[ProjectMention], frames: list[Frame]) -> None:
    """Assign power and length to the frame of their project, or add a frame for them."""
    for item in annotated.quantities:
        if item.kind not in ("power", "length"):
            if item.kind != "money" and frames:
                _nearest(frames, item.start).others.append(item)
            continue
        is_distance = _DISTANCE.match(annotated.text[item.end :]) and not re.match(
            r"\sfrom\s(?:the\s)?[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?\sto\s", annotated.text[item.end :]
        )
        if item.kind == "length" and (is_distance or _DIFFERENCE.search(annotated.text[: item.start])):
            if frames:
                _nearest(frames, item.start).others.append(item)
            continue
        project = _owner_of_size(annotated, projects, item)
        mine = [
            frame for frame in frames
            if frame.claim_type not in _WITHOUT_PROJECT
            and (frame.project is None or project is None or frame.project.start == project.start)
        ]  # fmt: skip
        target = _nearest(mine, item.start) if mine else None
        if target is None:
            if project is None and not re.search(
                r"\b(?:capacity|measures|length|long|stretch|rated)\b", annotated.text
            ):
                continue
            clause = annotated.clause_text(item.start)
            claim_type: ClaimType = (
                "deal" if is_about_signing(clause) or is_about_signing(annotated.text) else "project"
            )
            if project is not None and _LOAN_FOR.search(annotated.text[: project.start]):
                claim_type = "finance"
            target = Frame(claim_type, item.start, item.end, None, project)
            frames.append(target)
        if target.project is None:
            target.project = project
        _set_size(annotated, target, item)


def _set_size(annotated: AnnotatedSentence, frame: Frame, item: Quantity) -> None:
    slot = "power" if item.kind == "power" else "length"
    if getattr(frame, slot) is not None:
        frame.others.append(item)
        return
    tail = annotated.text[item.end : item.end + 12]
    count = (frame.project.row.count(";") + 1) if frame.project else 1
    if re.match(r"\s+each\b", tail) and count > 1:
        item = replace(item, value=item.value * count)
    setattr(frame, slot, item)


def _nearest(frames: list[Frame], position: int) -> Frame:
    return min(frames, key=lambda frame: abs(frame.position - position))


def _merged(frames: list[Frame]) -> list[Frame]:
    """Merge the frames of one sentence on one project, unless each has its own amount."""
    out: list[Frame] = []
    for frame in frames:
        twin = next((item for item in out if _same_claim(item, frame)), None)
        if twin is None:
            out.append(frame)
            continue
        if twin.money is None:
            twin.money, twin.position, twin.end = frame.money, frame.position, frame.end
        twin.power, twin.length = twin.power or frame.power, twin.length or frame.length
        twin.project, twin.others = twin.project or frame.project, [*twin.others, *frame.others]
        twin.claim_type = (
            "deal"
            if "deal" in (twin.claim_type, frame.claim_type) and frame.claim_type != twin.claim_type
            else twin.claim_type
        )
        twin.status = twin.status or frame.status
    return out


def _same_claim(one: Frame, other: Frame) -> bool:
    kinds = {one.claim_type, other.claim_type}
    if not (one.claim_type == other.claim_type or kinds == {"deal", "project"}):
        return False
    if one.money and other.money:
        return False
    if one.claim_type in _WITHOUT_PROJECT:
        return one.topic == other.topic
    if one.project is None or other.project is None:
        return True
    return one.project.start == other.project.start or (
        one.project.row == other.project.row and bool(one.project.row)
    )
