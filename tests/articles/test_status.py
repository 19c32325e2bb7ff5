"""Status by tense and modality: an act that is future, possible or denied is not completed."""

from __future__ import annotations

import itertools

import pytest

from sogdia.articles.article import Sentence
from sogdia.articles.claim import ClaimType, Status
from sogdia.articles.dates import Anchor
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar.annotations import annotate
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.predicates import find_predicates
from sogdia.articles.grammar.status import status_of

DEEDS: dict[str, tuple[ClaimType, Status, str, str, str]] = {
    "approve": ("finance", "approved", "approved", "approve", "The loan"),
    "sign": ("deal", "signed", "signed", "sign", "The contract"),
    "disburse": ("finance", "disbursed", "disbursed", "disburse", "The credit"),
    "provide": ("finance", "disbursed", "provided", "provide", "The loan"),
    "complete": ("project", "operating", "completed", "complete", "The road"),
    "inaugurate": ("project", "operating", "inaugurated", "inaugurate", "The plant"),
    "cancel": ("project", "cancelled", "cancelled", "cancel", "The plant"),
    "suspend": ("project", "suspended", "suspended", "suspend", "The plant"),
}
ADVERBS = ("", " soon", " jointly", " formally", " also")
MODALS = (
    "will", "would", "may", "might", "could", "should", "is to", "is expected to", "is yet to", "is about to",
)  # fmt: skip
DENIALS = ("was not", "has not been", "was never", "has not yet been", "is no longer")


def status_in(gazetteer: Gazetteer, text: str, claim_type: ClaimType) -> Status:
    """Return the status of a claim whose act is the last verb of a sentence."""
    annotated = annotate(Sentence(1, text, 0, len(text), 1, "body"), Anchor(None, 2025), gazetteer)
    predicates = find_predicates(annotated)
    act = next(item for item in reversed(predicates) if item.part == "verb")
    return status_of(Frame(claim_type, act.start, act.end, act=act), predicates, text)


@pytest.mark.parametrize("deed", DEEDS)
def test_act_in_the_past_is_completed(gazetteer: Gazetteer, deed: str) -> None:
    kind, status, participle, _, subject = DEEDS[deed]
    for form in ("was", "has been", "had already been", "were jointly"):
        assert status_in(gazetteer, f"{subject} {form} {participle} in May.", kind) == status


@pytest.mark.parametrize("deed", DEEDS)
def test_future_or_possible_act_is_planned(gazetteer: Gazetteer, deed: str) -> None:
    kind, _, participle, verb, subject = DEEDS[deed]
    for modal, adverb in itertools.product(MODALS, ADVERBS):
        expected = {"planned"} if modal != "is yet to" else {"planned", ""}
        for text in (
            f"{subject} {modal}{adverb} be {participle}.",
            f"The bank {modal}{adverb} {verb} the scheme.",
        ):
            assert status_in(gazetteer, text, kind) in expected


@pytest.mark.parametrize("deed", DEEDS)
def test_denied_act_is_not_completed(gazetteer: Gazetteer, deed: str) -> None:
    kind, _, participle, _, subject = DEEDS[deed]
    for denial in DENIALS:
        assert status_in(gazetteer, f"{subject} {denial} {participle}.", kind) in ("planned", "")


@pytest.mark.parametrize(
    ("before", "status"),
    [
        ("Talks to", "planned"), ("The bank plans to", "planned"), ("It hopes to", "planned"),
        ("The sides are ready to", "planned"), ("The bank has agreed to", "signed"),
        ("The bank promised to", "announced"), ("The bank refused to", "cancelled"),
        ("The bank will agree to", "planned"),
    ],
)  # fmt: skip
def test_infinitive_has_the_status_of_its_governor(gazetteer: Gazetteer, before: str, status: Status) -> None:
    assert status_in(gazetteer, f"{before} lend the money.", "finance") == status


@pytest.mark.parametrize(
    ("tail", "status"), [("began in May", "construction"), ("will begin in May", "planned")]
)
def test_noun_takes_the_tense_of_its_verb(gazetteer: Gazetteer, tail: str, status: Status) -> None:
    assert status_in(gazetteer, f"Construction of the plant {tail}.", "project") == status


def test_month_is_no_modal_verb(gazetteer: Gazetteer) -> None:
    assert status_in(gazetteer, "The contract agreed in May was cancelled.", "deal") == "cancelled"
