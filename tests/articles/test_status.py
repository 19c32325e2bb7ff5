"""Status by tense and modality: an act that is future, possible or denied is not completed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.articles.claim import ClaimType, Status
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
    "will",
    "would",
    "may",
    "might",
    "could",
    "should",
    "is to",
    "is expected to",
    "is yet to",
    "is about to",
)
DENIALS = ("was not", "has not been", "was never", "has not yet been", "is no longer")


@pytest.mark.parametrize("deed", DEEDS)
def test_act_in_the_past_is_completed(deed: str) -> None:
    kind, status, participle, _, subject = DEEDS[deed]
    text = f"{subject} was {participle} in May."
    assert status_of(kind, text, text) == status


@given(st.sampled_from(sorted(DEEDS)), st.sampled_from(MODALS), st.sampled_from(ADVERBS))
def test_future_or_possible_act_is_not_completed(deed: str, modal: str, adverb: str) -> None:
    kind, status, participle, verb, subject = DEEDS[deed]
    for text in (
        f"{subject} {modal}{adverb} be {participle}.",
        f"The bank {modal}{adverb} {verb} the scheme.",
    ):
        assert status_of(kind, text, text) != status


@given(st.sampled_from(sorted(DEEDS)), st.sampled_from(DENIALS))
def test_denied_act_is_not_completed(deed: str, denial: str) -> None:
    kind, status, participle, _, subject = DEEDS[deed]
    text = f"{subject} {denial} {participle}."
    assert status_of(kind, text, text) != status


@pytest.mark.parametrize("before", ["Talks to", "The bank plans to", "It hopes to", "The sides are ready to"])
def test_infinitive_is_a_plan(before: str) -> None:
    for verb, kind in (("sign the contract", "deal"), ("approve the loan", "finance")):
        assert status_of(kind, f"{before} {verb}.", f"{before} {verb}.") == "planned"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tail", "status"), [("began in May", "construction"), ("will begin in May", "planned")]
)
def test_noun_takes_the_tense_of_its_verb(tail: str, status: str) -> None:
    text = f"Construction of the plant {tail}."
    assert status_of("project", text, text) == status
