"""Claims of single sentences: type, partners, recipients and amount."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sogdia.articles import Claim

Read = Callable[[str], tuple[Claim, ...]]


def summary(claim: Claim) -> tuple[str, str, str, float | None]:
    return (
        claim.type,
        ";".join(claim.partners),
        ";".join(claim.recipients),
        claim.amount.musd if claim.amount else None,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Asian Development Bank lent Tajikistan $90 million for the Dushanbe-Bokhtar road in 2018.",
            ("finance", "ADB", "TJK", 90.0),
        ),
        (
            "A loan of $90 million for the Dushanbe-Bokhtar road was approved by the Asian Development Bank.",
            ("finance", "ADB", "TJK", 90.0),
        ),
        ("Kyrgyzstan owed China Eximbank $1.7 billion at the end of 2023.", ("debt", "CHN", "KGZ", 1700.0)),
        (
            "Trade between Kazakhstan and Italy amounted to $16 billion in 2023.",
            ("trade", "EUU", "KAZ", 16000.0),
        ),
        (
            "In five years China has invested more than $3 billion in Kazakhstan's renewable energy.",
            ("aggregate_investment", "CHN", "KAZ", 3000.0),
        ),
        ("Remittances to Tajikistan were $5.8 billion in 2024.", ("remittances", "", "TJK", 5800.0)),
        (
            "Masdar built the 457 MW Sherabad solar plant in Uzbekistan.",
            ("project", "ARE", "UZB", None),
        ),
        (
            "Japan's prime minister visited Uzbekistan in August 2024.",
            ("visit_summit", "JPN", "UZB", None),
        ),
    ],
)
def test_sentence_gives_its_claim(
    claims_of: Read, text: str, expected: tuple[str, str, str, float | None]
) -> None:
    assert [summary(claim) for claim in claims_of(text)] == [expected]


def test_two_lenders_in_a_sentence_give_two_claims(claims_of: Read) -> None:
    claims = claims_of(
        "The World Bank approved $350 million for Rogun and the Islamic Development Bank gives $150 million."
    )
    assert [summary(claim)[:2] for claim in claims] == [("finance", "WBG"), ("finance", "ISDB")]
    assert {claim.project_id for claim in claims} == {"pj_rogun"}


def test_spelling_variant_links_to_the_same_row(claims_of: Read) -> None:
    for name in ("Kambarata-1", "Kambar-Ata-1"):
        (claim,) = claims_of(f"The {name} hydropower plant in Kyrgyzstan is to cost $4.2 billion.")
        assert claim.project_id == "pj_kambarata1"


def test_lower_bound_over_years_is_an_aggregate(claims_of: Read) -> None:
    (claim,) = claims_of("China has poured over $30 billion into Central Asia in recent years.")
    assert claim.aggregate
    assert claim.amount is not None
    assert claim.amount.bound == "at_least"
    assert len(claim.recipients) == 5


def test_foreign_currency_is_converted_at_the_rate_of_its_year(claims_of: Read) -> None:
    (claim,) = claims_of("In 2024 the EBRD lent Kazakhstan 913 million euros for roads.")
    amount = claim.amount
    assert amount is not None
    assert (amount.currency, amount.rate, amount.rate_year) == ("EUR", 1.082, 2024)
    assert amount.musd == pytest.approx(913 * 1.082)


def test_amount_in_two_currencies_is_one_claim(claims_of: Read) -> None:
    (claim,) = claims_of(
        "Japan promised Central Asia a package of 3 trillion yen, more than $19 billion, for projects."
    )
    assert claim.amount is not None
    assert (claim.amount.currency, claim.amount.musd) == ("USD", 19000.0)
    assert [item.unit for item in claim.others] == ["JPY"]


def test_loan_not_disbursed_is_cancelled(claims_of: Read) -> None:
    (claim,) = claims_of(
        "Russia was to lend Kazakhstan $2.7 billion for the Semey CHP but the loan had not come."
    )
    assert claim.status == "cancelled"


def test_anaphoric_project_resolves_to_the_sentence_before(claims_of: Read) -> None:
    claims = claims_of(
        "China Eximbank lent Kyrgyzstan $389.8 million for the Datka-Kemin line in 2012. "
        "The line measures 405 km."
    )
    assert [(claim.project_id, claim.length_km) for claim in claims] == [
        ("pj_datka_kemin", None), ("pj_datka_kemin", 405.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The delegates drank tea and admired the mountains.",
        "A meal in Tashkent costs $12 these days.",
        "Advertisement: invest $500 million in your future with GreatFund.",
        "Subscribe for $4 a month.",
        "© 2025 Steppe Ledger. Share capital $2 million. All rights reserved.",
    ],
)
def test_irrelevant_sentence_gives_no_claim_with_a_partner(claims_of: Read, text: str) -> None:
    assert [claim for claim in claims_of(text) if claim.partners] == []


def test_claim_span_is_its_quotation(claims_of: Read) -> None:
    text = "ADB lent Uzbekistan $233.1 million for roads.\nIn 2024 AIIB lent Uzbekistan $250 million."
    for claim in claims_of(text):
        assert f"Headline without a name\n{text}\n"[claim.start : claim.end] == claim.quote


def test_earlier_project_is_not_assigned_to_another_country_or_a_package(claims_of: Read) -> None:
    before = "Kazakhstan chose Rosatom of Russia to build the Balkhash nuclear power plant.\n"
    grant = claims_of(f"{before}China will give Kyrgyzstan a grant of $20 million.")[-1]
    assert (grant.project_id, grant.recipients) == ("", ("KGZ",))
    package, grant = claims_of(
        f"{before}China and the five states signed 58 agreements worth near $25 billion, and China promised "
        "a grant of $20 million."
    )[-2:]
    assert (package.type, package.project_id, package.amount and package.amount.bound) == (
        "aggregate_investment", "", "about",
    )  # fmt: skip
    assert (grant.type, grant.project_id, len(grant.recipients)) == ("finance", "", 5)


@pytest.mark.parametrize(
    "words",
    [
        "from Khujand",
        "from Khujand and close to the border",
        "north of Khujand",
        "away from the city",
        "to the south-east of Osh",
    ],
)
def test_distance_is_no_length(claims_of: Read, words: str) -> None:
    (claim,) = claims_of(
        f"The Tashkul hydropower plant in Tajikistan, 85 kilometres {words}, will have 190 MW."
    )
    assert (claim.length_km, claim.capacity_mw) == (None, 190.0)


def test_length_from_one_place_to_another_is_a_length(claims_of: Read) -> None:
    (claim,) = claims_of("The Tashkul road in Tajikistan, 85 km from Khujand to Osh, will cost $20 million.")
    assert claim.length_km == 85.0
