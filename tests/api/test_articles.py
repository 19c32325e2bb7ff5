"""``read_article``: a path or a text to claims and their matches."""

from __future__ import annotations

from pathlib import Path

import pytest

import sogdia
from sogdia.api.brief_request import BriefRequest, resolve_request
from sogdia.errors import CannotRunError, InputError, UnknownNameError
from sogdia.region import Region

ANNOUNCEMENT = Path(__file__).parents[2] / "src" / "sogdia" / "examples" / "announcement.txt"


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


def test_brief_and_plan_from_take_the_same_plan(shipped: Region) -> None:
    request = BriefRequest(ANNOUNCEMENT, None, None, (), (), None, shipped)
    announcement = resolve_request(request).announcement
    assert announcement is not None
    draft = sogdia.read_article(ANNOUNCEMENT, shipped).draft_plan()
    assert draft.plan.projects == announcement.draft.plan.projects != ()
    assert draft.text == announcement.draft.text


def test_published_only_assumes_no_year_and_no_payer(shipped: Region) -> None:
    plan = sogdia.read_article(ANNOUNCEMENT, shipped).draft_plan(published_only=True).plan
    assert not [choice for choice in plan.projects if "assumed" in choice.note]


def test_option_of_a_model_for_the_rules_is_refused() -> None:
    with pytest.raises(InputError, match="--reader model"):
        sogdia.read_article(ANNOUNCEMENT, endpoint="http://localhost:1/v1")
    with pytest.raises(UnknownNameError, match="did you mean model"):
        sogdia.read_article(ANNOUNCEMENT, reader="modle")  # type: ignore[arg-type]


def test_rules_read_although_the_environment_names_a_model(
    shipped: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOGDIA_MODEL_ENDPOINT", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("SOGDIA_MODEL", "mock")
    reading = sogdia.read_article(ANNOUNCEMENT, shipped)
    assert {claim.reader for claim in reading.records} == {"rules"}
