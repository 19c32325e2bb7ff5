"""Articles that deny, suppose, ask, invent or instruct: nothing of them becomes a row that counts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sogdia.articles import read_article, read_claims
from sogdia.articles.doubts import doubt_of
from sogdia.ledger import propose
from sogdia.region import Region, load_region

with (Path(__file__).parent / "hostile_articles.csv").open(encoding="utf-8", newline="") as stream:
    ARTICLES = list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("central_asia")


@pytest.mark.parametrize("row", ARTICLES, ids=lambda row: row["name"])
def test_hostile_article_proposes_no_row_that_counts(region: Region, row: dict[str, str]) -> None:
    article = read_article(row["text"].replace("|", "\n") + "\n")
    patch = propose(article, read_claims(article, region), region).patch
    rows = [item for name, items in patch.rows.items() if name != "sources" for item in items]
    assert {item["status"] for item in rows} <= {row["rows"]} - {""}


def test_plain_report_of_a_loan_proposes_its_deal(region: Region) -> None:
    article = read_article(
        "Loan for Osh\n\nBISHKEK, 3 March 2025 - Japan lent Kyrgyzstan $87 million for the Kerben airport.\n"
    )
    deals = propose(article, read_claims(article, region), region).patch.rows["deals"]
    assert [(item["partner"], item["amount_musd"], item["status"]) for item in deals] == [
        ("JPN", "87", "disbursed")
    ]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Will the bank lend $3 billion?", "asks a question"),
        ("It hasn't signed the contract.", "holds a negation"),
        ("The parliament rejected the loan.", "reports a refusal or a failure"),
        ("If the bank lends, work begins.", "states a condition or a possibility"),
        ("The work may begin.", "states a condition or a possibility"),
        ("The work began in May 2025.", ""),
        ("The bank allegedly lent $5m.", "reports hearsay"),
        ("The minister asked for $5m.", "states a wish"),
        ("In the novel the bank lends $5m.", "speaks of fiction"),
        ("The bank lent $5m.", ""),
    ],
)
def test_sentence_gives_its_reason_for_doubt(sentence: str, reason: str) -> None:
    assert doubt_of(sentence) == reason
