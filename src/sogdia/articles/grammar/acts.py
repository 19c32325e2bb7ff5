"""Frames of a sentence that rest on an act, not on an amount: works built and documents signed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sogdia.articles.claim import ClaimType
from sogdia.articles.grammar.amount_words import UNDER
from sogdia.articles.grammar.annotations import home_mentions, outside_mentions
from sogdia.articles.grammar.events import flows, measures, terms, trade_flows, trade_partner, visits
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.loans import loans
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.project_mentions import ProjectMention, is_generic
from sogdia.articles.grammar.topics import gas_topic, topic_of
from sogdia.articles.grammar.view import SentenceView

_MEMORANDA = ("memorandum", "mou", "letter of intent", "declaration", "charter", "protocol", "treaty")
_OTHER_VERBS = ("build", "open", "start", "borrow", "secure")
_TELLING = ("interest", "consider", "build", "plan", "award", "appoint")
_PRICED = ("deal", "finance", "aggregate_investment", "project")
_STAGE = re.compile(
    r"(?:The\s|Its\s)?(?:commissioning|completion|construction|works?)\s(?:is|are|will|should|was|were|has)\b",
    re.IGNORECASE,
)
"""Opening of a sentence about a stage of the work before it: "Commissioning is scheduled for 2026"."""
_SUBJECT_FIRST = (
    "start",
    "open",
    "operate",
    "plan",
    "progress",
    "cancel",
    "suspend",
    "consider",
    "interest",
    "cost",
)


def act_frames(view: SentenceView, frames: list[Frame]) -> list[Frame]:
    """Return the frames of a sentence that rest on an act.

    Args:
        view: The sentence.
        frames: Frames of its amounts and sizes.
    """
    found: list[Frame] = [
        *flows(view),
        *trade_flows(view, frames),
        *terms(view, frames),
        *trade_partner(view, frames),
        *measures(view),
    ]
    found += loans(view, frames)
    found += _documents(view, [*frames, *found])
    if not any(item.claim_type in ("agreement", "deal", "policy_threat") for item in found):
        found += visits(view)
    return [*found, *_works(view, [*frames, *found])]


def _works(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield works built, opened, planned, cancelled and so on, each work once."""
    claimed = {frame.project.start for frame in frames if frame.project and frame.claim_type != "finance"}
    rows = {view_work.row for view_work in view.projects if view_work.start in claimed and view_work.row}
    financed = {frame.project.start for frame in frames if frame.project and frame.claim_type == "finance"}
    is_taken = any(frame.claim_type in ("visit_summit", "transit_stat", "policy_threat") for frame in frames)
    for act in view.predicates:
        if act.frame.work is None or _governs_work(view, act) or is_taken:
            continue
        is_of_trade = act.frame.name == "pay" or any(frame.act == act for frame in frames)
        if is_of_trade and any(frame.claim_type == "trade" for frame in frames):
            continue
        work = work_of(view, act)
        if work is None:
            if not frames and not view.projects and _is_about_construction(view, act):
                yield Frame("project", act.start, act.end, act=act)
                return
            continue
        is_pointed = work.is_anaphoric and bool(frames) and not _is_built_by(view, act)
        if work.start in claimed or (work.row and work.row in rows) or is_pointed:
            continue
        if work.start in financed and (not _is_own_act(act) or _is_of_money(view, act, work)):
            continue
        if act.part == "noun" and act.frame.name not in ("works", "contract", "interest"):
            continue
        if _is_vague(view, work, act):
            continue
        claimed.add(work.start)
        rows.add(work.row)
        under = is_under_document(view, act)
        for one in (work, *_coordinated_works(view, act, work)):
            claimed.add(one.start)
            yield Frame(
                "deal" if under else _type_of_work(view, act), one.start, one.end, project=one, act=act,
                status="signed" if under else None,
            )  # fmt: skip
    for frame in frames:
        if frame.claim_type == "project" and frame.act is not None and frame.project is not None:
            for one in _coordinated_works(view, frame.act, frame.project):
                if one.start not in claimed:
                    yield Frame("project", one.start, one.end, project=one, act=frame.act)


def _coordinated_works(view: SentenceView, act: Predicate, work: ProjectMention) -> Iterator[ProjectMention]:
    """Yield the further objects of an act of making: "built the road, and the bridge"."""
    if act.frame.name not in ("build", "open") or act.is_passive or act.part == "noun":
        return
    last = work
    for item in view.projects:
        gap = view.text[last.end : item.start] if item.start > last.end else ""
        is_next = re.fullmatch(
            r"[^;.]{0,60}?(?:,|,?\sand|,?\sas well as)\s(?:the|a|an)\s(?:\w+\s)?|,?\sand\s", gap
        )
        verbs = any(one.part == "verb" and last.end <= one.start < item.start for one in view.predicates)
        if is_next and not verbs and not item.is_anaphoric and item.start > act.start:
            yield item
            last = item


def is_under_document(view: SentenceView, act: Predicate) -> bool:
    """Return whether an act of making is done under a contract or agreement."""
    if act.frame.name not in ("build", "supply", "open"):
        return False
    return any(
        item.frame.name in ("contract", "accord") and UNDER.search(view.text[: item.start])
        for item in view.predicates
    )


def _is_built_by(view: SentenceView, act: Predicate) -> bool:
    """Return whether a passive verb of building names its builder: "the line was built by two firms"."""
    is_passive = act.frame.name == "build" and act.part == "verb" and act.is_passive
    return (
        is_passive
        and view.text.startswith(" by ", act.end)
        and not re.match(r"\sby\s(?:19|20)\d\d", view.text[act.end :])
    )


def _is_of_money(view: SentenceView, act: Predicate, work: ProjectMention) -> bool:
    """Return whether the object of an act is money for a work: "stopped its loan for the road"."""
    return any(
        item.frame.name == "instrument" and item.part == "noun" and act.end <= item.start < work.start
        for item in view.predicates
    )


def _is_own_act(act: Predicate) -> bool:
    """Return whether an act of making is reported for itself, not as the purpose of money."""
    is_making = act.frame.name in ("build", "open", "start", "progress", "operate", "cancel", "suspend")
    return is_making and act.part != "noun" and act.stage in ("done", "now", "going", "ahead")


def _is_vague(view: SentenceView, work: ProjectMention, act: Predicate) -> bool:
    """Return whether a work is named too vaguely for a claim without an amount or size."""
    if work.is_anaphoric:
        is_stated = act.frame.name in ("cancel", "suspend", "start", "open") or _is_built_by(view, act)
        if view.annotated.dates or is_stated:
            return False
        if act.frame.name == "progress" and any(item.kind == "share" for item in view.annotated.quantities):
            return False
        is_reported = outside_mentions(view.annotated, view.gazetteer.home) and act.frame.name in _TELLING
        return is_generic(work) or not is_reported
    if is_generic(work):
        return True
    if work.is_plural and not any(item.kind == "company" for item in view.annotated.mentions):
        is_planned = act.frame.name == "plan" and act.is_passive
        return not (outside_mentions(view.annotated, view.gazetteer.home) and is_planned)
    if not work.row and not work.is_plural and not re.search(r"[A-Z]", work.label):
        at_home = home_mentions(view.annotated, view.gazetteer.home)
        is_weighed = act.frame.name in ("consider", "interest", "plan", "negotiate") and bool(
            outside_mentions(view.annotated, view.gazetteer.home)
        )
        return not (at_home and (is_weighed or act.frame.name in ("build", "open", "start")))
    return work.sector == "corridor" and act.frame.name not in (
        "build",
        "open",
        "start",
        "consider",
        "interest",
    )


def _governs_work(view: SentenceView, act: Predicate) -> bool:
    number = view.predicates.index(act)
    return any(item.governor == number and item.frame.work for item in view.predicates)


def _is_about_construction(view: SentenceView, act: Predicate) -> bool:
    """Return whether an act is about work as such, on the project before: "Work began in May"."""
    if act.frame.name in ("plan", "open", "start") and view.annotated.dates and _STAGE.match(view.text):
        return True
    if act.frame.name not in ("start", "progress", "suspend", "cancel"):
        return False
    low, _ = view.annotated.clause_span(act.start)
    return any(item.frame.name == "works" and low <= item.start < act.end + 12 for item in view.predicates)


def work_of(view: SentenceView, act: Predicate) -> ProjectMention | None:
    """Return the work that an act is about: its object, or the subject of a passive and of "begin" or "open".

    Args:
        view: The sentence.
        act: The predicate.
    """
    low, high = view.annotated.clause_span(act.start)
    works = [item for item in view.projects if not item.is_anaphoric] or list(view.projects)
    after = [item for item in works if act.end <= item.start < high]
    before = [item for item in works if low <= item.start and item.end <= act.start]
    if act.frame.name == "progress":
        return before[-1] if before else after[0] if after and act.part == "verb" else None
    if act.part == "noun":
        return after[0] if after and after[0].start - act.end < 60 else None
    if act.is_passive:
        order = [*reversed(before), *after]
    elif act.frame.name in _SUBJECT_FIRST:
        near = [item for item in after if item.start - act.end < 25]
        order = [*near, *reversed(before), *after]
    else:
        order = [*after, *reversed(before)]
    if order:
        return order[0]
    earlier = [item for item in works if item.end <= act.start]
    return earlier[-1] if earlier and view.text[earlier[-1].end : act.start].count(",") <= 2 else None


def _chain(view: SentenceView, act: Predicate) -> Iterator[Predicate]:
    """Yield an act, and the predicates that govern it."""
    while True:
        yield act
        if act.governor < 0:
            return
        act = view.predicates[act.governor]


def _type_of_work(view: SentenceView, act: Predicate) -> ClaimType:
    names = {item.frame.name for item in _chain(view, act)}
    if act.frame.work == "project" and names & {"sign", "agree", "contract", "accord", "award"}:
        return "deal"
    return act.frame.work or "project"


def _documents(view: SentenceView, frames: list[Frame]) -> Iterator[Frame]:
    """Yield agreements and contracts, and verbs of signing with a work as their object."""
    priced = [frame for frame in frames if frame.money and frame.claim_type in _PRICED]
    for noun in view.predicates:
        if any(frame.head and frame.head.start == noun.start for frame in priced):
            return
        is_lent = any(frame.claim_type == "finance" for frame in frames)
        if (priced or is_lent) and _is_of_loans(view, noun):
            continue
        if (
            noun.part != "noun"
            or noun.frame.name not in ("accord", "contract", "negotiate", "documents")
            or not noun.frame.document
        ):
            continue
        act = None if UNDER.search(view.text[: noun.start]) else _verb_of_document(view, noun)
        if act is None or any(frame.act is act and frame.claim_type != "project" for frame in priced):
            continue
        yield _document(view, noun, act)
        return
    signed = next(
        (item for item in view.predicates if item.frame.name in ("sign", "award") and item.part == "verb"),
        None,
    )
    if signed is None or any(frame.act is signed for frame in priced):
        return
    if any(frame.act == signed and frame.claim_type == "finance" for frame in frames):
        return
    work = work_of(view, signed)
    task = any(item.frame.name == "works" and 0 <= item.start - signed.end < 12 for item in view.predicates)
    if work is None and signed.frame.name == "award" and task:
        yield Frame("deal", signed.start, signed.end, act=signed)
    if work is not None and not (work.is_anaphoric and not view.annotated.dates):
        yield Frame("deal", signed.start, signed.end, project=None if work.is_anaphoric else work, act=signed)


def _is_of_loans(view: SentenceView, noun: Predicate) -> bool:
    """Return whether a document is that of a loan, whose amount is a claim of its own."""
    return any(
        item.frame.name == "instrument"
        and (0 <= item.start - noun.end < 20 or 0 <= noun.start - item.end < 3)
        for item in view.predicates
    )


def _verb_of_document(view: SentenceView, noun: Predicate) -> Predicate | None:
    """Return the verb of signing, cancelling or planning that a document goes with."""
    low, high = view.annotated.clause_span(noun.start)
    verbs = [
        item for item in view.predicates
        if item.part == "verb" and (item.frame.document or item.frame.name in _OTHER_VERBS)
        and item.frame.name not in ("negotiate",)
    ]  # fmt: skip
    before = [item for item in verbs if low <= item.start < noun.start]
    after = [item for item in verbs if noun.end <= item.start < high and item.governor < 0]
    chosen = before[-1] if before else after[0] if after else None
    return chosen if chosen is not None and chosen.frame.document else None


def _document(view: SentenceView, noun: Predicate, act: Predicate) -> Frame:
    low, high = view.annotated.clause_span(noun.start)
    named = [item for item in view.projects if not item.is_anaphoric]
    work = next((item for item in named if noun.end <= item.start < high + 80), None) or next(
        (item for item in named if low <= item.start < high), None
    )
    is_deal = noun.frame.name == "contract" or (
        work is not None and work.sector != "corridor" and not work.is_plural
        and noun.frame.name == "accord" and noun.lemma not in _MEMORANDA
        and not _is_between_states(view, act)
    )  # fmt: skip
    topic = "" if work else topic_of(view.annotated, noun.end)
    if not work and not topic and re.search(r"\bgas\b", view.text):
        topic = gas_topic(view.annotated)
    return Frame(
        "deal" if is_deal else "agreement", act.start, act.end, project=work, topic=topic, act=act, head=noun
    )


def _is_between_states(view: SentenceView, act: Predicate) -> bool:
    """Return whether two countries and no firm or lender are named before the verb of a document."""
    before = [item for item in view.annotated.mentions if item.end <= act.start]
    firms = any(item.kind in ("company", "lender", "home_company") for item in view.annotated.mentions)
    states = {code for item in before if item.kind == "country" for code in item.parties}
    return len(states) > 1 and not firms
