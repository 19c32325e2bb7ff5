"""Table of claims."""

from __future__ import annotations

from sogdia.articles.reading import read_article, read_claims
from sogdia.articles.scoring import GOLD_FIELDS
from sogdia.articles.tables import CLAIMS, claims_table
from sogdia.region import Region

from .conftest import OWN


def test_table_has_the_declared_columns_and_a_row_per_claim(region: Region) -> None:
    claims = read_claims(read_article(OWN / "a01_wire.txt"), region)
    table = claims_table(claims)
    assert tuple(table.columns) == CLAIMS.column_names
    assert CLAIMS.column_names[: len(GOLD_FIELDS)] == GOLD_FIELDS
    assert table["quote"].tolist() == [claim.quote for claim in claims]
    assert table["amount_musd"].dtype.kind == "f"


def test_article_without_claims_gives_an_empty_table() -> None:
    assert tuple(claims_table([]).columns) == CLAIMS.column_names
