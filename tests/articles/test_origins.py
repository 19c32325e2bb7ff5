"""Origins of the fields of a claim, and the confidence of its reading."""

from __future__ import annotations

from collections.abc import Callable

from sogdia.articles import Claim
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
