"""Origins of the fields of a claim, and the confidence of its reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sogdia.articles import Claim
from sogdia.articles.claim import Origin
from sogdia.articles.origins import RELIABILITY, confidence_of
from sogdia.articles.tables import origins_text

Read = Callable[[str], tuple[Claim, ...]]


def kinds(claim: Claim) -> dict[str, tuple[str, int]]:
    return {item.field: (item.kind, item.sentence) for item in claim.origins}


def test_fields_of_one_sentence_are_stated(claims_of: Read) -> None:
    (claim,) = claims_of("In 2018 ADB lent Tajikistan $90 million for the Dushanbe-Bokhtar road.")
    fields = ("partners", "recipients", "project", "amount", "date", "status")
    assert kinds(claim) == dict.fromkeys(fields, ("stated", 2))


def test_project_and_parties_of_the_sentence_before_are_resolved(claims_of: Read) -> None:
    claim = claims_of(
        "Masdar is to build the Qizilcha wind farm in Uzbekistan. The plant will cost $280 million."
    )[-1]
    found = kinds(claim)
    assert {field: found[field] for field in ("partners", "recipients", "project", "amount")} == {
        "partners": ("resolved", 2),
        "recipients": ("resolved", 2),
        "project": ("resolved", 2),
        "amount": ("stated", 3),
    }
    assert "project resolved (sentence 2)" in origins_text(claim)


def test_country_known_by_the_pack_alone_is_of_the_pack(claims_of: Read) -> None:
    (claim,) = claims_of("The World Bank approved $350 million for Rogun.")
    assert (claim.recipients, claim.origin("recipients")) == (("TJK",), "pack")
    assert not claim.is_safe("recipients")


@pytest.mark.parametrize("field", ["partners", "recipients", "project"])
def test_confidence_falls_with_an_inferred_field(field: str) -> None:
    def claim(kind: str) -> Claim:
        origins = tuple(Origin(name, kind if name == field else "stated", 1) for name in RELIABILITY)  # type: ignore[arg-type]
        return Claim(1, "finance", ("ADB",), ("TJK",), origins=origins)

    assert confidence_of(claim("stated")) >= confidence_of(claim("resolved"))
    assert confidence_of(claim("resolved")) >= confidence_of(claim("inferred"))
    if field != "project":  # Their shares are pooled.
        assert confidence_of(claim("resolved")) > confidence_of(claim("inferred"))


def test_no_reading_is_certain() -> None:
    best = Claim(
        1, "finance", ("ADB",), ("TJK",), origins=tuple(Origin(name, "stated", 1) for name in RELIABILITY)
    )
    assert 0.5 < confidence_of(best) < 0.9
