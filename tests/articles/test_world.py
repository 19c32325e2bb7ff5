"""Names of the world: an article on another region gives its recipients, and a remark says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sogdia.articles import Article, Claim, read_article
from sogdia.articles.reading import region_remarks
from sogdia.articles.world import world_names
from sogdia.ledger.proposal import propose
from sogdia.region import Region

Read = Callable[[str], tuple[Claim, ...]]

COUNTRIES = {
    "Kenya": "KEN",
    "Zambia": "ZMB",
    "Laos": "LAO",
    "Indonesia": "IDN",
    "Peru": "PER",
    "Ghana": "GHA",
}
LENDERS = {
    "African Development Bank": "AFDB",
    "Inter-American Development Bank": "IADB",
    "New Development Bank": "NDB",
    "World Bank": "WBG",
}


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("lender", LENDERS)
def test_loan_to_another_region_has_its_parties(claims_of: Read, country: str, lender: str) -> None:
    for text in (
        f"The {lender} will lend {country} $120 million for the Isiolo railway.",
        f"In 2024 {country} signed a $120 million loan with the {lender} for the Isiolo railway.",
    ):
        (claim,) = claims_of(text)
        assert (claim.partners, claim.recipients) == ((LENDERS[lender],), (COUNTRIES[country],))


@pytest.mark.parametrize(
    ("name", "code"), [("Kenyan", "KEN"), ("Vietnamese", "VNM"), ("Senegalese", "SEN"), ("Sri Lankan", "LKA")]
)
def test_demonym_belongs_to_its_country(name: str, code: str) -> None:
    assert [found for word, kind, found in world_names() if word == name and kind == "demonym"] == [code]


def test_names_of_the_pack_take_precedence(claims_of: Read) -> None:
    (claim,) = claims_of("The Green Climate Fund lent Tajikistan $25 million in 2024.")
    assert (claim.partners, claim.recipients) == (("ROW",), ("TJK",))


def test_text_on_another_region_proposes_no_row(
    claims_in: Callable[[str], tuple[Article, tuple[Claim, ...]]], region: Region
) -> None:
    text = "A headline\n\nChina Eximbank lent Vietnam $300 million for the Hue railway in 2024.\n"
    article, claims = claims_in(text)
    assert "names none of" in region_remarks(article, region)[0]
    assert propose(article, claims, region).patch.rows == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Всемирный банк выделит Кыргызстану кредит на 60 млн долларов на ремонт дороги.", 0),
        ("Dünya Bankası Kazakistan'a bir kredi verdi. " * 6, 1),
        ("The World Bank lent Kazakhstan $60 million for the repair of a road in the north. " * 3, 0),
    ],
)
def test_text_in_another_language_is_remarked(region: Region, text: str, count: int) -> None:
    remarks = [
        item for item in region_remarks(read_article(text + "\n"), region) if "not read beyond" in item
    ]
    assert len(remarks) == count
