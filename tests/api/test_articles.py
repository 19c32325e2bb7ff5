"""``read_article``: a path or a text to claims and their matches."""

from __future__ import annotations

from pathlib import Path

import pytest

import sogdia
from sogdia.errors import CannotRunError
from sogdia.region import Region

ANNOUNCEMENT = Path(__file__).parents[2] / "examples" / "announcement.txt"


def test_article_has_claims_and_matches(shipped: Region) -> None:
    article = sogdia.read_article(ANNOUNCEMENT, shipped)
    assert len(article.claims) == len(article.records) == len(article.matches) > 0
    assert article.claims["amount_musd"].dtype.kind == "f"
    assert set(article.matches["relation"]) <= {"same", "update", "conflict", "new", "statistic"}
    assert article.summary()["value"].iloc[0] == len(article.records)
    assert "claims" in repr(article) or "tables" in repr(article)


def test_path_and_text_give_the_same_claims(shipped: Region) -> None:
    by_path = sogdia.read_article(str(ANNOUNCEMENT), shipped)
    by_text = sogdia.read_article(ANNOUNCEMENT.read_text("utf-8"), shipped)
    assert by_text.claims.equals(by_path.claims)


def test_draft_plan_names_projects_of_the_region(shipped: Region) -> None:
    draft = sogdia.read_article(ANNOUNCEMENT, shipped).draft_plan(opening_year=2030)
    assert {choice.project for choice in draft.plan.projects} <= set(shipped.table("projects").index)


def test_missing_file_raises() -> None:
    with pytest.raises(CannotRunError, match=r"no_such_article\.txt"):
        sogdia.read_article("no_such_article.txt")
