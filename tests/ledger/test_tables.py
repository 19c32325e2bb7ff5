"""Declared result tables of the ledger agree with those it returns."""

from __future__ import annotations

import datetime as dt

import pytest

import sogdia.ledger
from sogdia.articles.article import Article
from sogdia.ledger.diplomatic_calendar import calendar
from sogdia.ledger.proposal import propose
from sogdia.ledger.quality import SCORED_TABLES, record_quality
from sogdia.ledger.tables import TABLES
from sogdia.region import Region

from .gold import claim


def test_every_public_name_exists() -> None:
    for name in sogdia.ledger.__all__:
        assert getattr(sogdia.ledger, name) is not None


def test_tables_for_review_have_the_declared_columns(shipped: Region) -> None:
    article = Article("a.txt", "Title", "Press", dt.date(2026, 9, 1), "", "", "text", ())
    review = propose(article, [claim(partners=("IND",), recipients=("KGZ",))], shipped).review()
    for name, table in review.items():
        assert tuple(table.columns) == TABLES[name].column_names


def test_calendar_has_the_declared_columns(shipped: Region) -> None:
    assert tuple(calendar(shipped).columns) == TABLES["calendar"].column_names


@pytest.mark.parametrize("table", SCORED_TABLES)
def test_quality_has_the_declared_columns(shipped: Region, table: str) -> None:
    scored = record_quality(shipped, table).reset_index(names="id")
    assert tuple(scored.columns) == TABLES["quality"].column_names
