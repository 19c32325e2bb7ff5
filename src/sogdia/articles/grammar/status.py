"""Determine the status of a claim from the act that it rests on: its tense, its modality and its governor."""

from __future__ import annotations

from collections.abc import Sequence

from sogdia.articles.article import Sentence
from sogdia.articles.claim import ClaimType, Modality, Status
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.predicates import Predicate, find_predicates

_MODALITY: dict[Status, Modality] = {
    "": "says", "interest": "plans", "planned": "plans", "announced": "says", "unconfirmed": "says",
    "approved": "agrees", "signed": "signs", "construction": "builds", "operating": "operates",
    "disbursed": "finances", "delivered": "operates", "outstanding": "says", "reported": "says",
    "held": "says",
    "threatened": "threatens", "suspended": "cancels", "cancelled": "cancels",
}  # fmt: skip
_FIXED: dict[ClaimType, Status] = {
    "debt": "outstanding", "trade": "reported", "transit_stat": "reported", "remittances": "reported",
}  # fmt: skip
_TRANSLATED: dict[ClaimType, dict[Status, Status]] = {
    "finance": {
        "operating": "disbursed", "construction": "", "reported": "disbursed", "delivered": "disbursed",
    },
    "finance_terms": {"operating": "", "construction": "", "reported": ""},
    "project": {"disbursed": "", "reported": "", "delivered": "operating", "outstanding": "", "held": ""},
    "deal": {"operating": "signed", "construction": "signed", "disbursed": "signed", "reported": "signed"},
    "agreement": {"operating": "", "construction": "", "disbursed": ""},
    "aggregate_investment": {"disbursed": "reported", "operating": "reported", "construction": "reported"},
}  # fmt: skip
"""Status of an act as that of a claim of another type: a road built with a loan has the loan disbursed."""
_FLOWS = ("gas_supply",)
_MUTE = ("amount", "cost", "measure", "join")
"""Frames whose verb gives no status of its own, except of an act that lies ahead."""
_TENTATIVE = ("memorandum", "mou", "letter of intent")
_TAKING = (
    "put",
    "place",
    "add",
    "adopt",
    "approve",
    "introduce",
    "start",
    "begin",
    "give",
    "designate",
    "name",
    "list",
)
"""Other verbs by which a measure comes into force."""
_WARNING = ("threaten", "warn")
"""Verbs of the frame of measures that take none."""
_ENDINGS: tuple[Status, ...] = ("cancelled", "suspended")


def modality_of(status: Status, claim_type: ClaimType) -> Modality:
    """Return the modality that goes with a status.

    Args:
        status: Status of the claim.
        claim_type: Type of the claim.
    """
    if claim_type == "finance" and status in ("approved", "disbursed"):
        return "finances"
    return _MODALITY[status]


def status_of(frame: Frame, predicates: Sequence[Predicate], text: str) -> Status:
    """Return the status of a claim; empty if no act gives one.

    Args:
        frame: The frame of the claim.
        predicates: Predicates of its sentence.
        text: The sentence.
    """
    if frame.claim_type in _FIXED:
        return _FIXED[frame.claim_type]
    if frame.claim_type == "policy_threat":
        return _status_of_measure(frame)
    if frame.claim_type == "visit_summit":
        if frame.act is not None and frame.act.part == "verb" and frame.act.stage == "now":
            return "planned"  # the simple present of a journey is that of a timetable
        status = status_of_act(frame.act, predicates) if frame.act else ""
        return status if status in ("planned", *_ENDINGS) else "held"
    if lexicon.UNCONFIRMED.search(text):
        return "unconfirmed"
    if frame.claim_type == "finance" and any(
        item.frame.name == "arrive" and item.stage == "denied" for item in predicates
    ):
        return "cancelled"
    if frame.act is None or frame.act.frame.name in _MUTE:
        status = _status_of_others(frame, _of_segment(predicates, text, frame.position), predicates)
    else:
        status = _translated(status_of_act(frame.act, predicates), frame.claim_type)
    if not status and frame.head is not None and not frame.is_own_money:
        status = _translated(frame.head.frame.now, frame.claim_type)
    if (
        frame.claim_type == "finance"
        and status == "signed"
        and any(item.lemma in _TENTATIVE for item in predicates)
    ):
        return "announced"
    return status


def _status_of_measure(frame: Frame) -> Status:
    """Return the status of a sanction, tariff or ban: approved once it is in force, else threatened."""
    act = frame.act
    if act is None:
        return "threatened"
    if act.frame.completed in _ENDINGS:
        return act.frame.completed
    is_taken = act.stage in ("done", "going") or (act.stage == "now" and act.is_passive)
    is_measure = act.lemma not in _WARNING and (act.frame.name == "threaten" or act.lemma in _TAKING)
    return "approved" if is_taken and is_measure else "threatened"


def _of_segment(predicates: Sequence[Predicate], text: str, position: int) -> list[Predicate]:
    """Return the predicates between the semicolons around a position."""
    low, high = text.rfind(";", 0, position), text.find(";", position)
    return [item for item in predicates if item.start > low and (high < 0 or item.start < high)]


def _status_of_others(frame: Frame, near: Sequence[Predicate], predicates: Sequence[Predicate]) -> Status:
    """Return the status of the nearest act that has one, for a claim whose own verb says nothing of it."""
    verbs = [
        item for item in near
        if item.part != "noun" and item.frame.name not in ("say", *_MUTE)
        and (frame.claim_type != "project" or item.frame.work == "project")
    ]  # fmt: skip
    mute = frame.act is not None and status_of_act(frame.act, predicates) == "planned"
    if mute or not verbs:
        return "planned" if mute else ""
    nearest = min(verbs, key=lambda item: abs(item.start - frame.position))
    return _translated(status_of_act(nearest, predicates), frame.claim_type)


def stated_statuses(claim_type: ClaimType, sentence: Sentence) -> frozenset[Status]:
    """Return the statuses that the acts of a sentence state for a claim of a type.

    Args:
        claim_type: Type of the claim.
        sentence: The sentence.
    """
    predicates = find_predicates(AnnotatedSentence(sentence, (), (), (), (), (0,)))
    frames = [Frame(claim_type, item.start, item.end, act=item) for item in predicates]
    return frozenset(status_of(frame, predicates, sentence.text) for frame in frames) - {""}


def status_of_act(act: Predicate, predicates: Sequence[Predicate]) -> Status:
    """Return the status that an act states by itself, as its tense, modality and governor have it.

    Args:
        act: The predicate.
        predicates: Predicates of its sentence, which its governor is a number of.
    """
    if act.stage == "denied":
        return _denied(act)
    if act.stage == "ahead":
        return "planned"
    if act.stage in ("infinitive", "gerund"):
        if act.governor < 0:
            is_running = act.stage == "gerund" and act.frame.name == "operate"
            return "planned" if act.stage == "infinitive" else "operating" if is_running else ""
        return _status_under(predicates[act.governor], predicates) or "planned"
    if act.stage == "noun":
        return _status_of_noun(act, predicates)
    return {"done": act.frame.completed, "now": act.frame.now, "going": act.frame.going}[act.stage]


def _denied(act: Predicate) -> Status:
    if act.is_refused:
        return "cancelled"
    return "planned" if act.frame.completed in ("construction", "operating", "signed", "approved") else ""


def _status_under(governor: Predicate, predicates: Sequence[Predicate]) -> Status:
    """Return the status of an act under the word that governs it; empty if that says nothing of it."""
    if governor.stage in ("ahead", "denied"):
        return "planned"
    if governor.part == "noun" and not governor.frame.complement:
        return _status_of_noun(governor, predicates) or governor.frame.now
    if governor.stage in ("infinitive", "gerund") and governor.governor >= 0:
        return _status_under(predicates[governor.governor], predicates)
    return governor.frame.complement


def _status_of_noun(noun: Predicate, predicates: Sequence[Predicate]) -> Status:
    """Return the status of the verb that a noun belongs to: as its object, or else as its subject."""
    number = next((index for index, item in enumerate(predicates) if item.start == noun.start), -1)
    if number < 0:
        return ""
    before = predicates[number - 1] if number else None
    if before is not None and before.part == "verb" and not before.is_passive and before.frame.name != "say":
        return status_of_act(before, predicates)
    after = next((item for item in predicates[number + 1 :] if item.part != "noun"), None)
    if after is not None and after.stage not in ("infinitive", "gerund") and after.frame.name != "say":
        return status_of_act(after, predicates)
    return ""


def _translated(status: Status, claim_type: ClaimType) -> Status:
    if status in _ENDINGS:
        return status
    if claim_type in _FLOWS:
        return "delivered" if status in ("", "reported", "disbursed", "operating", "construction") else status
    if status == "held" or status == "threatened":
        return ""
    return _TRANSLATED.get(claim_type, {}).get(status, status)
