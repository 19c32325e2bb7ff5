"""Detect the claims of a sentence: the frames of its amounts, of its other figures and of its acts."""

from __future__ import annotations

import re
from dataclasses import replace

from sogdia.articles.claim import ClaimType, Quantity
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar.acts import act_frames, is_under_document, work_of
from sogdia.articles.grammar.amount_types import WITHOUT_PROJECT
from sogdia.articles.grammar.amounts import amount_frames
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.events import is_traded_power
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.lexicon import is_denied
from sogdia.articles.grammar.predicates import Predicate, find_predicates
from sogdia.articles.grammar.project_mentions import ProjectMention, link_to_pack
from sogdia.articles.grammar.view import SentenceView

_DIFFERENCE = re.compile(r"\bby (?:about |some |up to )?$", re.IGNORECASE)
_DISTANCE = re.compile(
    r"^\s(?:(?:to\sthe\s)?(?:north|south|east|west)\w*(?:[\s-](?:east|west))?\s(?:of|from)|from|away|off|inland|upstream|"
    r"downstream|outside)\b",
    re.IGNORECASE,
)
"""Words after a distance from a place, which is the length of no project."""
_FROM_TO = re.compile(r"\sfrom\s(?:the\s)?[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?\sto\s")
_PAYING = ("spend", "pay", "invest", "give", "cost", "amount", "measure")
_MAKING = ("build", "open", "start", "progress", "operate", "cancel", "suspend")
_DOCUMENTED = ("sign", "agree", "contract", "accord", "award")


def view_of(
    annotated: AnnotatedSentence, gazetteer: Gazetteer, previous_type: ClaimType | None = None
) -> SentenceView:
    """Return a sentence with its predicates and its projects linked to the pack.

    Args:
        annotated: The annotated sentence.
        gazetteer: Names of the region pack.
        previous_type: Type of the last claim of the paragraph.
    """
    projects = _linked_projects(annotated, gazetteer)
    annotated = replace(annotated, projects=tuple(projects))
    return SentenceView(annotated, find_predicates(annotated), projects, gazetteer, previous_type)


def find_frames(view: SentenceView) -> list[Frame]:
    """Return the frames of a sentence in order, with the slots that the sentence itself fills.

    Args:
        view: The sentence.
    """
    frames = amount_frames(view)
    for frame in frames:
        if frame.claim_type == "project" and (frame.act is None or frame.act.frame.name in _PAYING):
            frame.act = _making(view, frame) or frame.act
    _add_sizes(view, frames)
    frames += act_frames(view, frames)
    stated = [frame for frame in frames if not is_denied(view.text, frame.position)]
    return _merged(sorted(stated, key=lambda frame: frame.position))


def _making(view: SentenceView, frame: Frame) -> Predicate | None:
    """Return the act that makes the work of an amount, if another verb pays it."""
    if frame.project is None:
        return None
    acts = [
        item for item in view.predicates if item.frame.name in _MAKING and item.part != "noun"
        and (work := work_of(view, item)) and work.start == frame.project.start
    ]  # fmt: skip
    return max(acts, key=_rank) if acts else None


def _is_apposition(text: str, project: ProjectMention, projects: list[ProjectMention]) -> bool:
    """Return whether an unnamed project explains the one just before it: "TAPI, a 1,821-km pipeline"."""
    if project.row or re.search(r"[A-Z]", re.sub(r"CHPs?|MW|GW", "", project.label)):
        return False
    return any(
        re.fullmatch(
            r",?\s(?:is |was )?(?:a|an|the)\s(?:[\w$€£.,-]+\s){0,3}", text[other.end : project.start]
        )
        for other in projects
    )


def _holds_part(text: str, project: ProjectMention, projects: list[ProjectMention]) -> bool:
    """Return whether a project is what the named work before it is a part of: "Line D of the pipeline"."""
    before = projects[-1] if projects else None
    return bool(
        before and not before.is_anaphoric and re.search(r"[A-Z]", before.label)
        and re.fullmatch(r"\sof\s(?:the\s)?", text[before.end : project.start])
        and not re.match(r",\s(?:an?|the)\s", text[project.end :])
    )  # fmt: skip


def _linked_projects(annotated: AnnotatedSentence, gazetteer: Gazetteer) -> list[ProjectMention]:
    """Return project mentions, linked to the pack by size and partner, and places that denote projects."""
    projects: list[ProjectMention] = []
    partners = party_codes(outside_mentions(annotated, gazetteer.home))
    homes = party_codes(home_mentions(annotated, gazetteer.home))
    for project in annotated.projects:
        if _is_apposition(annotated.text, project, projects) or _holds_part(
            annotated.text, project, projects
        ):
            continue
        if project.row or (project.is_anaphoric and not re.search(r"\d", project.label)):
            projects.append(project)
            continue
        sizes = [q for q in annotated.quantities if abs(q.start - project.start) < 120]
        context = project if project.parties else replace(project, parties=homes)
        projects.append(link_to_pack(context, sizes, gazetteer, partners))
    if any(not project.is_anaphoric for project in projects):
        return projects
    placed = _project_of_place(annotated, gazetteer, partners)
    return [*projects, placed] if placed else projects


def _project_of_place(
    annotated: AnnotatedSentence, gazetteer: Gazetteer, partners: tuple[str, ...]
) -> ProjectMention | None:
    """Return the project of the pack that a place and a power denote: "Nukus, 100 MW"."""
    sizes = [q for q in annotated.quantities if q.kind == "power"]
    if not sizes:
        return None
    for item in annotated.mentions:
        if item.kind == "place" and set(item.parties) <= set(gazetteer.home):
            mention = ProjectMention(item.text, "", item.start, item.end, parties=item.parties)
            project = link_to_pack(mention, sizes, gazetteer, partners)
            if project.row:
                return project
    return None


def _owner_of_size(view: SentenceView, item: Quantity) -> ProjectMention | None:
    """Return the project that a size belongs to: the one that follows it, else the last before it."""
    for project in view.projects:
        gap = view.text[item.end : project.start]
        if 0 <= project.start - item.end < 45 and not re.search(r"[,;.]|\b(?:of|between|and)\b", gap):
            return project
        if project.start <= item.start and item.end <= project.end:
            return project
    earlier = [project for project in view.projects if project.end <= item.start]
    if earlier:
        return earlier[-1]
    return view.projects[0] if view.projects else None


def _is_distance(view: SentenceView, item: Quantity) -> bool:
    tail = view.text[item.end :]
    is_away = _DISTANCE.match(tail) and not _FROM_TO.match(tail)
    return item.kind == "length" and bool(is_away or _DIFFERENCE.search(view.text[: item.start]))


def _is_former_size(view: SentenceView, item: Quantity) -> bool:
    """Return whether a size is the former value of the next one: "from 7 MW to 10 MW"."""
    following = [other for other in view.annotated.quantities if other.kind == item.kind]
    after = next((other for other in following if other.start >= item.end), None)
    is_from = re.search(r"\bfrom\s(?:about\s)?$", view.text[: item.start])
    return bool(is_from and after and re.fullmatch(r"\sto\s(?:about\s)?", view.text[item.end : after.start]))


def _add_sizes(view: SentenceView, frames: list[Frame]) -> None:
    """Assign power and length to the frame of their project, or add a frame for them."""
    for item in view.annotated.quantities:
        if _is_former_size(view, item) or is_traded_power(view, item):
            continue
        if item.kind not in ("power", "length") or _is_distance(view, item):
            if item.kind != "money" and frames:
                _nearest(frames, item.start).others.append(item)
            continue
        project = _owner_of_size(view, item)
        mine = [
            frame for frame in frames
            if frame.claim_type not in WITHOUT_PROJECT
            and (frame.project is None or project is None or frame.project.start == project.start)
        ]  # fmt: skip
        target = _nearest(mine, item.start) if mine else _frame_of_size(view, item, project)
        if target is None:
            continue
        if not mine:
            frames.append(target)
        if target.project is None:
            target.project = project
        _set_size(view.annotated, target, item)


def _frame_of_size(view: SentenceView, item: Quantity, project: ProjectMention | None) -> Frame | None:
    """Return a frame for a size without a claim: a deal if its act is one of signing, else a project."""
    if project is None and not re.search(
        r"\b(?:capacity|measures|length|long|stretch|rated|has|have)\b", view.text
    ):
        return None
    act = act_of_work(view, project, item.start)
    if act is None:
        return Frame("project", item.start, item.end, None, project)
    chain, number = [act], act.governor
    while number >= 0:
        chain.append(view.predicates[number])
        number = view.predicates[number].governor
    if any(one.frame.work == "finance" and one.frame.name != "pay" for one in chain):
        return Frame("finance", item.start, item.end, None, project, act=act)
    low, high = view.annotated.clause_span(item.start)
    noun = any(
        one.frame.name in ("contract", "accord") and low <= one.start < high for one in view.predicates
    )
    is_deal = any(one.frame.name in _DOCUMENTED for one in chain) or (
        noun and any(one.frame.name in _DOCUMENTED for one in view.predicates if one.part == "verb")
    )
    if is_under_document(view, act):
        return Frame("deal", item.start, item.end, None, project, act=act, status="signed")
    signed = next(
        (one for one in view.predicates if one.part == "verb" and one.frame.name in _DOCUMENTED), act
    )
    return Frame(
        "deal" if is_deal else "project", item.start, item.end, None, project, act=signed if is_deal else act
    )


def _rank(act: Predicate) -> int:
    """Return the rank of an act for the stage of a work: ends before facts, facts before plans."""
    is_fact = act.stage in ("done", "now", "going", "denied")
    return 2 if is_fact and act.frame.name in ("cancel", "suspend") else 1 if is_fact else 0


def act_of_work(view: SentenceView, project: ProjectMention | None, position: int) -> Predicate | None:
    """Return the act that is about a work, else the verb that governs a position.

    Args:
        view: The sentence.
        project: The work, or ``None``.
        position: Position in the sentence.
    """
    acts = [item for item in view.predicates if item.frame.work and item.part != "noun"]
    if project is not None:
        own = [item for item in acts if (work := work_of(view, item)) and work.start == project.start]
        if own:
            low, high = view.annotated.clause_span(position)
            return max(own, key=lambda item: (_rank(item), low <= item.start < high, item.start))
    return view.verb_of(position)


def _set_size(annotated: AnnotatedSentence, frame: Frame, item: Quantity) -> None:
    slot = "power" if item.kind == "power" else "length"
    known = getattr(frame, slot)
    tail = annotated.text[item.end : item.end + 12]
    if known is not None:
        if re.match(r"\s(?:in (?:all|total)|altogether|together)\b", tail):
            frame.others.append(known)
            setattr(frame, slot, item)
        else:
            frame.others.append(item)
        return
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
        twin.act, twin.head = twin.act or frame.act, twin.head or frame.head
        twin.claim_type = (
            "deal"
            if "deal" in (twin.claim_type, frame.claim_type) and frame.claim_type != twin.claim_type
            else twin.claim_type
        )
        twin.status = twin.status or frame.status
    return out


def _is_cost_of_its_own(one: Frame, other: Frame) -> bool:
    """Return whether the cost of a work has a verb of its own, apart from that of the deal on the work."""
    cost, deal = (one, other) if one.claim_type == "project" else (other, one)
    acts = cost.act is not None and deal.act is not None and cost.act.start != deal.act.start
    is_price = cost.head is not None and cost.head.frame.name == "price"
    is_costing = cost.act is not None and cost.act.frame.name == "cost"
    return cost.money is not None and acts and (is_costing or is_price)


def _same_claim(one: Frame, other: Frame) -> bool:
    kinds = {one.claim_type, other.claim_type}
    if not (one.claim_type == other.claim_type or kinds == {"deal", "project"}):
        return False
    if one.money and other.money:
        return False
    if one.claim_type != other.claim_type and _is_cost_of_its_own(one, other):
        return False
    if one.claim_type in WITHOUT_PROJECT:
        return one.topic == other.topic
    if one.project is None or other.project is None:
        return True
    return one.project.start == other.project.start or (
        one.project.row == other.project.row and bool(one.project.row)
    )
