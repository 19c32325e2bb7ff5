"""Confidence of reading: features, shipped weights, fit and cross-validation by article."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.reading_confidence import (
    PENALTY,
    SEEN_TEXTS,
    UNSEEN_TEXTS,
    ScoredClaim,
    cross_validate,
    fit,
    predict,
    scored_claims,
)
from sogdia.articles import Claim, Gazetteer
from sogdia.articles.claim import Origin
from sogdia.articles.confidence import (
    CONSTANT,
    claim_features,
    confidence_of,
    probability,
    shipped_weights,
)
from sogdia.region import Region

Read = Callable[[str], tuple[Claim, ...]]
FIELDS = ("partners", "recipients", "project")
LOAN = Claim(1, "finance", ("ADB",), ("TJK",), project="Rogun", status="signed")


def case(article: str, *features: str, is_correct: bool = True) -> ScoredClaim:
    return ScoredClaim(article, frozenset(features), frozenset({"long"}), is_correct)


def with_origins_of(*fields: str) -> Claim:
    return replace(LOAN, origins=tuple(Origin(name, "stated", 1) for name in fields))


def test_features_name_type_origins_and_empty_fields() -> None:
    claim = replace(LOAN, project="", status="", origins=(Origin("recipients", "pack"),))
    assert claim_features(claim) == {
        "type finance", "partners empty", "recipients pack", "project empty", "unnamed work", "no status",
    }  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_confidence_falls_with_an_empty_field(field: str) -> None:
    others = [name for name in FIELDS if name != field]
    assert confidence_of(with_origins_of(*others)) < confidence_of(with_origins_of(*FIELDS)) < 0.9


def test_claim_of_many_parties_is_less_sure_than_a_plain_one(claims_of: Read) -> None:
    (plain,) = claims_of("In 2018 ADB lent Tajikistan $90 million for the Dushanbe-Bokhtar road.")
    mixed = claims_of(
        "ADB, the World Bank and China lent Tajikistan $90 million for the Dushanbe-Bokhtar road and "
        "$20 million for the Boom tunnel, while Kazakhstan, Iran and Japan still talk about the Rogun plant."
    )
    assert plain.confidence > 0.05 + max(claim.confidence for claim in mixed)


def test_fit_of_the_constant_alone_is_the_share_of_correct_claims() -> None:
    claims = [case("a"), case("a"), case("b"), case("b", is_correct=False)]
    weights = fit(claims, with_sentence=False)
    assert set(weights) == {CONSTANT}
    assert predict(claims[0], weights) == pytest.approx(0.75, abs=1e-4)


def test_fit_of_one_feature_is_stationary() -> None:
    claims = [case("a", "amount", is_correct=number < 8) for number in range(10)]
    claims += [case("a", is_correct=number < 2) for number in range(10)]
    weights = fit(claims, with_sentence=False)
    # Gradient of the penalised likelihood: the sum of (truth - p) over its claims is penalty x weight.
    error = 8 - 10 * predict(claims[0], weights, with_sentence=False)
    assert error == pytest.approx(PENALTY * weights["amount"], abs=1e-3)
    assert weights["amount"] > 0


def test_truth_of_an_article_changes_no_prediction_of_its_own() -> None:
    others = [case("a", "amount"), case("a", is_correct=False), case("b"), case("b", "amount")]
    predicted = predict(case("c"), fit(others))
    for truth in (True, False):
        result = cross_validate([*others, case("c", is_correct=truth)])
        assert any(value == pytest.approx(predicted) for value, _ in result.predictions)


def test_brier_score_of_two_articles_by_hand() -> None:
    # No feature has claims enough for a weight: by b alone the share of correct ones is 1/2, by a alone 3/4.
    claims = [case("a"), case("a"), case("a"), case("a", is_correct=False)]
    claims += [case("b"), case("b", is_correct=False)]
    result = cross_validate(claims)
    assert result.brier == pytest.approx((4 * 0.25 + 0.25**2 + 0.75**2) / 6, abs=1e-4)
    assert result.brier == pytest.approx(result.constant, abs=1e-4)
    assert result.above(0.6) == (2, 0.5, 0.25)


def test_level_is_that_of_unseen_texts() -> None:
    seen = [replace(case("a"), is_seen=True) for _ in range(9)]
    unseen = [case("b"), case("c", is_correct=False)]
    assert predict(case("d"), fit([*seen, *unseen], with_sentence=False)) == pytest.approx(0.5, abs=1e-3)
    result = cross_validate([*seen, *unseen])
    assert len(result.predictions) == 2, "seen texts are not predicted"


@pytest.fixture(scope="module")
def found(region: Region, gazetteer: Gazetteer) -> list[ScoredClaim]:
    return scored_claims([SEEN_TEXTS, UNSEEN_TEXTS], region, gazetteer)


def test_confidence_of_unseen_texts_is_calibrated(found: list[ScoredClaim]) -> None:
    files = [*SEEN_TEXTS.glob("*.gold.csv"), *UNSEEN_TEXTS.glob("*.gold.csv")]
    assert len({each.article for each in found}) == len(files)
    result = cross_validate(found)
    assert result.brier < result.constant
    for value, truth in result.quarters:
        assert abs(value - truth) < 0.15


def test_shipped_weights_are_those_of_the_fit(found: list[ScoredClaim]) -> None:
    for weights, with_sentence in zip(shipped_weights(), (True, False), strict=True):
        fitted = fit(found, with_sentence=with_sentence)
        assert set(fitted) == set(weights)
        assert all(math.isclose(value, weights[name], abs_tol=0.15) for name, value in fitted.items())
    every = {name for weights in shipped_weights() for name in weights if not name.startswith("type ")}
    for weights in shipped_weights():
        best = frozenset(name for name in every if weights.get(name, 0) > 0 and name != CONSTANT)
        assert probability(best | {"type finance"}, weights) < 1
