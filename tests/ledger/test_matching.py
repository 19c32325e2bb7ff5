"""Matching of claims with the ledger: the practice articles by hand, and invariances."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from types import MappingProxyType

import pytest

from sogdia.articles.claim import Origin
from sogdia.ledger.matching import Match, conflicts_table, match_claims, matches_table
from sogdia.region import Region

from .gold import ARTICLES, DAYS, claim, dollars, gold_claims, period

EXPECTED: dict[str, dict[int, tuple[str, str]]] = {
    "seed": {
        1: ("same", "de_chn_reg_2025_3"),
        2: ("same", "pe_20251119_1"),
        3: ("same", "pj_dushanbe_chanak"),
        4: ("same", "pj_cku"),
        5: ("same", "pj_kaz_npp2"),
        6: ("same", "de_chn_tkm_2025_2"),
        7: ("same", "pe_20250617_1"),
        8: ("same", "de_chn_kaz_2025_12"),
        9: ("same", "de_chn_kgz_2025_1"),
        10: ("same", "de_chn_kgz_2025_2"),
        11: ("same", "pj_caspian_cable"),
        12: ("same", "middle"),
        13: ("same", "de_chn_kaz_2023_4"),
        14: ("same", "pe_20251106_1"),
        15: ("same", "pe_20251117_1"),
        16: ("statistic", ""),
    },
    "p1_wire": {
        1: ("same", "de_chn_reg_2025_1"),
        2: ("same", "de_chn_reg_2025_1"),
        3: ("same", "pj_cku"),
        4: ("same", "de_chn_reg_2025_2"),
        5: ("same", "pj_cku"),
        6: ("same", "pj_cku"),
        7: ("same", "pj_cku_makmal"),
        8: ("conflict", "pj_cku"),
        9: ("statistic", ""),
        10: ("same", "de_chn_kgz_2025_1"),
    },
    "p2_press": {
        1: ("same", "de_wbg_kaz_2026_1"),
        2: ("new", ""),
        3: ("same", "de_aiib_kaz_2026_1"),
        4: ("same", "pj_moyinty_kyzylzhar"),
        5: ("same", "de_wbg_kaz_2024_1"),
        6: ("same", "pj_trace"),
        7: ("same", "de_aiib_kaz_2024_1"),
        8: ("same", "de_aiib_kaz_2026_2"),
        9: ("same", "pj_dostyk_moyinty"),
        10: ("statistic", ""),
    },
    "p3_opinion": {
        1: ("same", "de_euu_reg_2025_1"),
        2: ("same", "de_euu_reg_2025_2"),
        3: ("same", "de_euu_reg_2025_3"),
        4: ("same", "de_chn_reg_2025_5"),
        5: ("same", "de_chn_reg_2025_6"),
        6: ("same", "de_usa_kaz_2025_1"),
        7: ("same", "de_usa_kaz_2025_3"),
        8: ("same", "de_usa_kaz_2025_5"),
        9: ("same", "de_usa_uzb_2025_2"),
        10: ("same", "de_jpn_reg_2025_1"),
        11: ("same", "de_rus_kaz_2024_1"),
        12: ("same", "pj_balkhash1"),
    },
    "p4_market": {
        1: ("same", "de_sau_uzb_2024_1"),
        2: ("same", "de_sau_uzb_2024_2"),
        3: ("same", "pj_bash;pj_dzhankeldy"),
        4: ("same", "de_adb_uzb_2023_1"),
        5: ("same", "pj_nukus1"),
        6: ("same", "pj_zarafshan"),
        7: ("same", "de_euu_uzb_2022_3"),
        8: ("same", "pj_sherabad"),
        9: ("conflict", "de_tur_uzb_2023_1"),
        10: ("same", "pj_datang_boka"),
        11: ("same", "de_sau_kaz_2023_1"),
        12: ("same", "pj_mirny"),
    },
    "p5_russianstyle": {
        1: ("same", "pj_rogun"),
        2: ("same", "de_wbg_tjk_2024_1;de_wbg_tjk_2025_1"),
        3: ("same", "de_wbg_tjk_2024_1"),
        4: ("same", "de_aiib_tjk_2024_1;de_aiib_tjk_2025_1"),
        5: ("same", "de_isdb_tjk_2024_1"),
        6: ("same", "de_qat_tjk_2025_1"),
        7: ("same", "pj_rogun"),
        8: ("statistic", ""),
        9: ("statistic", ""),
        10: ("same", "pj_dushanbe_chp2"),
        11: ("same", "pj_dushanbe_chanak"),
        12: ("same", "de_chn_tjk_2006_1"),
        13: ("statistic", ""),
        14: ("same", "de_euu_tjk_2025_1"),
    },
    "p6_page": {
        1: ("update", "de_tur_tkm_2025_1"),
        2: ("same", "de_tur_tkm_2025_1"),
        3: ("same", "pj_cagp"),
        4: ("statistic", ""),
        5: ("same", "de_chn_tkm_2009_1"),
        6: ("same", "de_chn_tkm_2025_1"),
        7: ("same", "pj_cagp_d"),
        8: ("same", "pj_tapi_herat"),
        9: ("update", "pj_tapi"),
        10: ("same", "pj_tm_port"),
        11: ("same", "de_adb_tkm_2018_1"),
    },
}
"""Relation and row of each claim, as found by hand."""
MIN_CORRECT = 0.95


def matches_of(article: str, region: Region) -> tuple[Match, ...]:
    return match_claims(gold_claims(article), region, published=DAYS.get(article))


def test_practice_claims_match_as_found_by_hand(shipped: Region) -> None:
    correct, wrong = 0, []
    for article in ARTICLES:
        for match in matches_of(article, shipped):
            found, expected = (match.relation, match.row), EXPECTED[article][match.claim]
            if found == expected:
                correct += 1
            else:
                wrong.append(f"{article} {match.claim}: {found}, not {expected}")
    assert correct >= MIN_CORRECT * (correct + len(wrong)), wrong


def test_conflict_shows_both_sides(shipped: Region) -> None:
    claims = gold_claims("p1_wire")
    table = conflicts_table(claims, match_claims(claims, shipped, published=DAYS["p1_wire"]))
    (row,) = table.to_dict("records")
    assert (row["row"], row["field"]) == ("pj_cku", "amount")
    assert "4,700" in row["recorded"]
    assert "8,000" in row["claimed"]


@pytest.mark.parametrize("article", ARTICLES)
def test_order_of_claims_and_rows_changes_no_match(shipped: Region, article: str) -> None:
    claims = list(gold_claims(article))
    expected = {match.claim: match for match in match_claims(claims, shipped)}
    chance = random.Random(7)
    chance.shuffle(claims)
    tables = dict(shipped.tables)
    for name in ("projects", "deals", "policy_events"):
        table = tables[name]
        order = list(range(len(table.frame)))
        chance.shuffle(order)
        tables[name] = replace(table, frame=table.frame.iloc[order], lines=table.lines[order])
    shuffled = replace(shipped, tables=MappingProxyType(tables))
    assert {match.claim: match for match in match_claims(claims, shuffled)} == expected


def test_unknown_project_or_event_is_new(shipped: Region) -> None:
    claims = (
        claim(
            number=1,
            type="deal",
            partners=("IND",),
            recipients=("KGZ",),
            project="Toktogul data centre",
            amount=dollars(75),
            status="signed",
        ),
        claim(
            number=2,
            type="visit_summit",
            partners=("FRA",),
            recipients=("MNG",),
            project="state visit",
            date=period("2024-03-02"),
        ),
        claim(number=3, type="project", recipients=("TJK",), project="Zeravshan cable car", length_km=12.0),
    )
    for match in match_claims(claims, shipped):
        assert (match.relation, match.row) == ("new", "")
        assert match.score < 0.1


def match_ak_turpak(region: Region, **fields: object) -> Match:
    deal = claim(
        type="deal", partners=("CHN",), recipients=("KGZ",), project="Ak-Turpak solar plant", **fields
    )
    (match,) = match_claims((deal,), region, published=dt.date(2026, 6, 1))
    return match


def test_other_amount_conflicts_and_later_stage_updates(shipped: Region) -> None:
    assert match_ak_turpak(shipped, amount=dollars(230), status="signed").relation == "same"
    other = match_ak_turpak(shipped, amount=dollars(310), status="signed")
    assert (other.relation, other.row) == ("conflict", "de_chn_kgz_2025_1")
    assert "310" in other.reason
    assert "230" in other.reason
    later = match_ak_turpak(shipped, amount=dollars(230), status="disbursed")
    assert (later.relation, later.reason) == ("update", "status disbursed, in the ledger signed")
    earlier = match_ak_turpak(shipped, amount=dollars(230), status="announced")
    assert earlier.relation == "same", "it was announced before"


def test_loan_of_another_lender_is_another_deal(shipped: Region) -> None:
    road = {"type": "finance", "recipients": ("KAZ",), "project": "Jezkazgan-Karagandy road"}
    lenders = ("WBG", "AIIB", "ADB")
    claims = [
        claim(number=i, partners=(code,), amount=dollars(650), **road)
        for i, code in enumerate(lenders, start=1)
    ]
    rows = [match.row for match in match_claims(claims, shipped)]
    assert rows == ["de_wbg_kaz_2024_1", "de_aiib_kaz_2024_1", ""]


def test_section_in_one_country_is_a_part(shipped: Region) -> None:
    section = claim(
        partners=("CHN",), recipients=("KGZ",), project="CKU railway", project_id="pj_cku", length_km=304.0
    )
    (match,) = match_claims((section,), shipped)
    assert match.relation == "same"
    assert next(item.verdict for item in match.fields if item.field == "length") == "part"


def test_table_has_a_row_per_claim(shipped: Region) -> None:
    claims = gold_claims("seed")
    table = matches_table(claims, match_claims(claims, shipped))
    assert table["claim"].tolist() == [item.number for item in claims]
    assert Counter(table["relation"])["same"] >= 13
    assert (table.loc[table["relation"] == "same", "decided_by"] != "").all()


@pytest.mark.parametrize(
    "kind", ["finance", "project", "deal", "aggregate_investment", "agreement", "policy_threat"]
)
def test_parties_that_the_ledger_lacks_match_no_row(shipped: Region, kind: str) -> None:
    strange = claim(
        type=kind, partners=("AFDB",), recipients=("KEN",), project="Isiolo railway", amount=dollars(120.0),
        date=period("2025"), status="signed", aggregate=kind == "aggregate_investment",
    )  # fmt: skip
    (match,) = match_claims([strange], shipped, published=dt.date(2025, 12, 1))
    assert (match.relation, match.row) == ("new", "")
    assert len(matches_table([strange], [match])) == 1
    assert len(conflicts_table([strange], [match])) == 0


ROGUN = {
    "type": "finance",
    "partners": ("WBG",),
    "project": "Rogun",
    "project_id": "pj_rogun",
    "status": "approved",
}


def test_recipient_that_the_text_states_vetoes_a_match(shipped: Region) -> None:
    own, other = (
        claim(**ROGUN, recipients=(code,), amount=dollars(350.0), date=period("2024"), instrument="grant")
        for code in ("TJK", "UZB")
    )
    first, second = match_claims([own, other], shipped, published=dt.date(2025, 12, 1))
    assert first.row != ""
    assert (second.relation, second.row) == ("new", "")
    assert "recipient UZB, in the ledger TJK" in second.reason or second.score < 0.5


def test_recipient_of_the_pack_is_no_evidence(shipped: Region) -> None:
    stated = claim(**ROGUN, recipients=("TJK",), amount=dollars(350.0), date=period("2024"))
    packed = replace(stated, origins=(Origin("recipients", "pack"),))
    (match,) = match_claims([packed], shipped)
    assert "recipient" not in {item.field for item in match.fields}


@pytest.mark.parametrize(("kind", "text"), [("deal", "CKU railway"), ("project", "CKU railway second phase")])
def test_figure_of_another_object_is_no_contradiction(shipped: Region, kind: str, text: str) -> None:
    all_of_it = claim(type="project", recipients=("KGZ", "UZB"), partners=("CHN",), project="CKU railway",
                  project_id="pj_cku", amount=dollars(9000.0), status="construction")  # fmt: skip
    part = replace(all_of_it, type=kind, project=text)  # type: ignore[arg-type]
    found = match_claims([all_of_it, part], shipped, published=dt.date(2025, 12, 1))
    assert found[0].relation == "conflict"
    assert found[1].relation != "conflict"
