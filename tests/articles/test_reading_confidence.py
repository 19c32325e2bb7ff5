"""Cross-validation of the confidence of reading: an article is never predicted by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.reading_confidence import (
    ScoredClaim,
    cross_validate,
    predict,
    scored_claims,
    shares_of,
)
from sogdia.articles import Gazetteer
from sogdia.region import Region

from .conftest import OWN

ALL = frozenset(("claim_type", "partner", "recipient", "project"))
STATED = {"partners": "stated", "recipients": "stated", "project": "stated"}


def claim(article: str, correct: frozenset[str] = ALL, **origins: str) -> ScoredClaim:
    return ScoredClaim(article, STATED | origins, correct)


def test_share_has_one_correct_and_one_wrong_value_added() -> None:
    shares = shares_of([claim("a"), claim("a"), claim("b", ALL - {"partner"}, recipients="inferred")])
    assert shares["partners"]["stated"] == pytest.approx(3 / 5)
    assert shares["recipients"]["stated"] == pytest.approx(3 / 4)
    assert shares["recipients"]["inferred"] == pytest.approx(2 / 3)
    assert shares["recipients"]["pack"] == 0.5
    assert shares["type"][""] == pytest.approx(4 / 5)


def test_prediction_is_the_product_of_the_shares() -> None:
    shares = {
        "type": {"": 0.9},
        "partners": {"stated": 0.8},
        "recipients": {"": 0.5},
        "project": {"stated": 0.7},
    }
    assert predict(claim("a", recipients=""), shares) == pytest.approx(0.9 * 0.8 * 0.5 * 0.7)


def test_truth_of_an_article_changes_no_prediction_of_its_own() -> None:
    others = [claim("a"), claim("a", frozenset(), partners="inferred"), claim("b")]
    right = cross_validate([*others, claim("c")])
    wrong = cross_validate([*others, claim("c", frozenset())])
    # Each of the claims is one quarter; that of c is predicted by a and b alone.
    predicted = predict(claim("c"), shares_of(others))
    for result in (right, wrong):
        assert any(value == pytest.approx(predicted) for value, _ in result.quarters)
    assert right.mean == 0.75
    assert wrong.mean == 0.5


def test_brier_score_of_two_articles_by_hand() -> None:
    claims = [claim("a"), claim("b", frozenset())]
    # By b alone every share is 1/3, by a alone 2/3.
    result = cross_validate(claims)
    assert result.brier == pytest.approx(((1 / 3) ** 4 - 1) ** 2 / 2 + ((2 / 3) ** 4) ** 2 / 2)
    assert result.constant == pytest.approx(1.0)


def test_claims_of_articles_are_scored_with_their_origins(region: Region, gazetteer: Gazetteer) -> None:
    found = scored_claims([OWN], region, gazetteer)
    assert len({each.article for each in found}) == len(list(OWN.glob("*.gold.csv")))
    result = cross_validate(found)
    assert 0 < result.brier < 0.25
    assert len(result.quarters) == 4
    shuffled = [replace(each, article=each.article[::-1]) for each in reversed(found)]
    assert cross_validate(shuffled).brier == pytest.approx(result.brier)
