"""Scores: cases by hand, and lower bounds on the test suite's articles and on the practice articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import bench_path

from sogdia.articles import (
    Gazetteer,
    GoldClaim,
    Score,
    gold_row,
    read_article,
    read_claims,
    read_gold,
    score,
)
from sogdia.articles.claim import CLAIM_TYPES
from sogdia.articles.scoring import FRAME, GOLD_FIELDS, TYPE_NAMES
from sogdia.errors import FaultsError
from sogdia.region import Region

from .conftest import OWN

TEXT = "A headline of sorts\nIn 2018 ADB lent Tajikistan $90 million for the Dushanbe-Bokhtar road.\n"


def score_folder(folder: Path, region: Region, gazetteer: Gazetteer) -> Score:
    total: Score | None = None
    for gold in sorted(folder.glob("*.gold.csv")):
        stem = gold.name.removesuffix(".gold.csv")
        page = folder / f"{stem}.html"
        article = read_article(page if page.is_file() else folder / f"{stem}.txt")
        result = score(read_claims(article, region), read_gold(gold), gazetteer)
        total = result if total is None else total.plus(result)
    assert total is not None
    return total


def test_own_articles_score_above_the_floor(region: Region, gazetteer: Gazetteer) -> None:
    fields = score_folder(OWN, region, gazetteer).fields
    assert fields[FRAME].f1 >= 0.7
    assert fields["amount_musd"].f1 >= 0.95


def test_practice_articles_score_above_the_floor(region: Region, gazetteer: Gazetteer) -> None:
    fields = score_folder(bench_path("articles"), region, gazetteer).fields
    assert fields[FRAME].f1 >= 0.7  # The gold rows hold parties that no sentence names.
    for name in ("amount_musd", "capacity_mw", "length_km"):
        assert fields[name].f1 >= 0.95


def test_claims_scored_against_themselves_are_all_correct(region: Region, gazetteer: Gazetteer) -> None:
    claims = read_claims(read_article(TEXT), region)
    gold = [GoldClaim(gold_row(claim), claim.sentence) for claim in claims]
    result = score(claims, gold, gazetteer)
    assert {count.f1 for count in result.fields.values()} == {1.0}
    assert not result.missed


def test_wrong_partner_lowers_partner_and_frame_only(region: Region, gazetteer: Gazetteer) -> None:
    claims = read_claims(read_article(TEXT), region)
    gold = [GoldClaim(gold_row(claim) | {"partner": "WBG"}, claim.sentence) for claim in claims]
    result = score(claims, gold, gazetteer)
    assert result.fields["partner"].correct == 0
    assert result.fields["recipient"].correct == 1
    assert result.fields[FRAME].f1 == 0.0
    assert len(result.missed) == len(result.spurious) == 1


def test_spurious_claim_lowers_precision_and_missed_claim_recall(
    region: Region, gazetteer: Gazetteer
) -> None:
    claims = read_claims(read_article(TEXT), region)
    assert score(claims, [], gazetteer).fields["claim_type"].precision == 0.0
    gold = [GoldClaim(gold_row(claims[0]), claims[0].sentence)]
    assert score([], gold, gazetteer).fields["claim_type"].recall == 0.0


def test_invalid_gold_file_reports_every_error(tmp_path: Path) -> None:
    file = tmp_path / "x.gold.csv"
    file.write_text("claim_type,partner,sentence\nnonsense,CHN,one\n", encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        read_gold(file)
    fields = {fault.field for fault in caught.value.faults}
    assert {"claim_type", "sentence", "recipient", "project", "amount_musd"} <= fields


def test_every_name_of_a_type_is_scored_as_its_type(tmp_path: Path) -> None:
    types: dict[str, str] = {str(kind): str(kind) for kind in CLAIM_TYPES}
    names: dict[str, str] = dict(TYPE_NAMES) | types | {"Policy threat": "policy_threat"}
    file = tmp_path / "x.gold.csv"
    rows = [",".join([name, *[""] * (len(GOLD_FIELDS) - 3), "1", ""]) for name in names]
    file.write_text("\n".join([",".join(GOLD_FIELDS), *rows]) + "\n", encoding="utf-8")
    assert [row.cells["claim_type"] for row in read_gold(file)] == list(names.values())
