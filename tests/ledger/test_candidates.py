"""Match weights of all records at once agree with a comparison one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.articles.claim import Claim
from sogdia.ledger.candidates import LEVELS, UNKNOWN, Candidates
from sogdia.ledger.match_weights import (
    AGREE,
    COMPARISONS,
    DIFFER,
    M_PROBABILITIES,
    M_PROBABILITIES_BY_KIND,
    NAME_AGREES,
    NAME_NEAR,
    NEAR,
    MatchContext,
    distinctive_words,
    is_part,
    money_level,
)
from sogdia.ledger.name_similarity import build_vocabulary, containment
from sogdia.ledger.records import Record, deal_records
from sogdia.region import Region

from .gold import dollars


@pytest.fixture(scope="module")
def candidates(shipped: Region) -> Candidates:
    records = deal_records(shipped)
    vocabulary = build_vocabulary([record.words for record in records])
    sectors = dict(shipped.table("projects")["sector"])
    return Candidates(records, MatchContext(vocabulary, {"EBRD": "EUU"}, sectors))


def level_of(name: str, claim: Claim, record: Record, context: MatchContext) -> str:
    if name == "name":
        if claim.project_id in context.project_sectors and record.project:
            return ""
        share = containment(distinctive_words(claim.project), record.words, context.vocabulary)
        return (
            "" if share is None else AGREE if share >= NAME_AGREES else NEAR if share >= NAME_NEAR else DIFFER
        )
    if name == "amount":
        level = money_level(claim.amount, record.amount_musd)
        is_smaller = bool(level) and claim.amount.musd < record.amount_musd  # type: ignore[union-attr,operator]
        return "" if is_smaller and level != AGREE and is_part(claim, record, context) else level
    return COMPARISONS[name](claim, record, context)


NAMES = ["", "CKU railway", "Rogun hydropower plant", "Kambar Ata 1", "Kambarata-1 HPP", "Jizzakh solar", "x"]
CLAIMS = st.builds(
    Claim,
    number=st.just(1),
    type=st.sampled_from(["finance", "deal", "agreement"]),
    partners=st.sampled_from([("CHN",), ("EBRD",), ("ADB", "WBG"), ()]),
    recipients=st.sampled_from([("KGZ",), ("UZB", "KAZ"), ()]),
    project=st.sampled_from(NAMES),
    project_id=st.sampled_from(["", "pj_cku"]),
    amount=st.sampled_from([None, dollars(2300), dollars(500, "about"), dollars(40, "at_least")]),
    instrument=st.sampled_from(["", "loan"]),
    aggregate=st.booleans(),
)


@settings(max_examples=12)
@given(CLAIMS)
def test_weights_at_once_agree_with_weights_one_by_one(candidates: Candidates, claim: Claim) -> None:
    found = candidates.levels(claim)
    context = candidates.context
    for name, (column, bits) in found.items():
        levels = [level_of(name, claim, record, context) for record in candidates.records]
        assert [LEVELS[name][place] if place != UNKNOWN else "" for place in column] == levels
        known = sum(level != "" for level in levels)
        for record, level, weight in zip(candidates.records, levels, bits, strict=True):
            if not level:
                assert weight == 0.0
                continue
            m = M_PROBABILITIES_BY_KIND.get((record.row_kind, name), M_PROBABILITIES[name])
            u = (levels.count(level) + 0.5) / (known + 0.5 * len(M_PROBABILITIES[name]))
            assert weight == pytest.approx(math.log2(m[level] / u), abs=1e-12)
    shares = candidates.name_shares(claim)
    words = distinctive_words(claim.project)
    slow = [containment(words, record.words, context.vocabulary) or 0.0 for record in candidates.records]
    assert np.array_equal(shares, slow)
