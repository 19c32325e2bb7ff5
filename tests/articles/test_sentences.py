"""Sentences of the kinds on which readers fail: word edges, modal forms, denials, currencies, sums."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sogdia.articles import Claim, dates
from sogdia.articles.dates import Anchor
from sogdia.articles.grammar.annotations import dateline_end

with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8", newline="") as stream:
    SENTENCES = list(csv.DictReader(stream))


def summary(claim: Claim) -> str:
    amount = f"{claim.amount.musd:.8g}" if claim.amount and claim.amount.musd else ""
    cells = (claim.type, ";".join(claim.partners), ";".join(claim.recipients), amount, claim.status)
    return " ".join(cell or "-" for cell in cells)


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: f"{row['kind']}: {row['sentence'][:40]}")
def test_sentence_gives_its_claims(
    claims_of: Callable[[str], tuple[Claim, ...]], row: dict[str, str]
) -> None:
    found = [summary(claim) for claim in claims_of(row["sentence"])]
    assert found == [text for text in row["claims"].split("|") if text]


def test_dateline_gives_no_party_and_no_date(claims_of: Callable[[str], tuple[Claim, ...]]) -> None:
    (claim,) = claims_of("ASTANA, 5 May 2025 - In 2023 Japan lent Uzbekistan $90 million.")
    assert (claim.partners, claim.recipients) == (("JPN",), ("UZB",))
    assert str(claim.date) == "2023"
    assert dateline_end("Astana - a city - signed.") == 0


def test_amount_without_a_currency_takes_that_before_it(
    claims_of: Callable[[str], tuple[Claim, ...]],
) -> None:
    first, second = claims_of(
        "Japan lent Tajikistan 90 million euros for the Boom road. China lent 500 million for it."
    )
    assert [item.amount and item.amount.currency for item in (first, second)] == ["EUR", "EUR"]


def test_round_up_gives_each_claim_the_country_of_its_paragraph(
    claims_of: Callable[[str], tuple[Claim, ...]],
) -> None:
    found = claims_of(
        "LAOS: Thailand will buy electricity of the 100 MW Nam dam.\n\nVIETNAM: Japan lent $40 million."
    )
    assert [item.recipients for item in found] == [("LAO",), ("VNM",)]


def test_month_after_an_act_ahead_is_of_the_next_months() -> None:
    import datetime as dt

    (found,) = dates.find_dates("He will visit Tokyo in December.", Anchor(dt.date(2025, 3, 1)))
    assert str(found.period) == "2025-12"
