"""Claims against the ledger: what the practice articles tell, what may not matter, tolerances by hand."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.articles.claim import Amount
from sogdia.ledger.evidence import (
    AGREE,
    CHANCES,
    CHANCES_OF,
    DIFFER,
    NEAR,
    money_level,
    money_range,
    size_level,
)
from sogdia.ledger.matching import Match, match_claims, matches_table, side_by_side
from sogdia.ledger.names import containment, vocabulary, words_of
from sogdia.region import Region

from .gold import ARTICLES, DAYS, claim, dollars, gold_claims, period

KNOWN_AS: dict[str, dict[int, tuple[str, str]]] = {
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
        8: ("contradiction", "pj_cku"),
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
        9: ("contradiction", "de_tur_uzb_2023_1"),
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
"""What a reader of article and ledger finds: relation and row of each claim."""
LEAST_RIGHT = 0.95


def matches_of(article: str, region: Region) -> tuple[Match, ...]:
    return match_claims(gold_claims(article), region, told=DAYS.get(article))


def test_practice_claims_are_known_as_a_reader_knows_them(shipped: Region) -> None:
    right, wrong = 0, []
    for article in ARTICLES:
        for match in matches_of(article, shipped):
            found, wanted = (match.relation, match.row), KNOWN_AS[article][match.claim]
            if found == wanted:
                right += 1
            else:
                wrong.append(f"{article} {match.claim}: {found}, not {wanted}")
    assert right >= LEAST_RIGHT * (right + len(wrong)), wrong


def test_a_contradiction_keeps_both_sides(shipped: Region) -> None:
    claims = gold_claims("p1_wire")
    table = side_by_side(claims, match_claims(claims, shipped, told=DAYS["p1_wire"]))
    (row,) = table.to_dict("records")
    assert (row["row"], row["field"]) == ("pj_cku", "amount")
    assert "4,700" in row["recorded"]
    assert "8,000" in row["claimed"]


@pytest.mark.parametrize("article", ARTICLES)
def test_the_order_of_claims_and_rows_says_nothing(shipped: Region, article: str) -> None:
    claims = list(gold_claims(article))
    wanted = {match.claim: match for match in match_claims(claims, shipped)}
    chance = random.Random(7)
    chance.shuffle(claims)
    tables = dict(shipped.tables)
    for name in ("projects", "deals", "policy_events"):
        table = tables[name]
        order = list(range(len(table.frame)))
        chance.shuffle(order)
        tables[name] = replace(table, frame=table.frame.iloc[order], lines=table.lines[order])
    shuffled = replace(shipped, tables=MappingProxyType(tables))
    assert {match.claim: match for match in match_claims(claims, shuffled)} == wanted


def test_what_nobody_has_heard_of_is_new(shipped: Region) -> None:
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


def ak_turpak(region: Region, **told: object) -> Match:
    made = claim(type="deal", partners=("CHN",), recipients=("KGZ",), project="Ak-Turpak solar plant", **told)
    (match,) = match_claims((made,), region, told=dt.date(2026, 6, 1))
    return match


def test_another_sum_contradicts_a_later_stage_updates_and_the_rest_is_the_same(shipped: Region) -> None:
    assert ak_turpak(shipped, amount=dollars(230), status="signed").relation == "same"
    other = ak_turpak(shipped, amount=dollars(310), status="signed")
    assert (other.relation, other.row) == ("contradiction", "de_chn_kgz_2025_1")
    assert "310" in other.why
    assert "230" in other.why
    later = ak_turpak(shipped, amount=dollars(230), status="disbursed")
    assert (later.relation, later.why) == ("update", "status disbursed, in the ledger signed")
    earlier = ak_turpak(shipped, amount=dollars(230), status="announced")
    assert earlier.relation == "same", "it was announced before"


def test_a_loan_of_another_lender_is_another_loan(shipped: Region) -> None:
    road = {"type": "finance", "recipients": ("KAZ",), "project": "Jezkazgan-Karagandy road"}
    lenders = ("WBG", "AIIB", "ADB")
    claims = [
        claim(number=i, partners=(code,), amount=dollars(650), **road)
        for i, code in enumerate(lenders, start=1)
    ]
    rows = [match.row for match in match_claims(claims, shipped)]
    assert rows == ["de_wbg_kaz_2024_1", "de_aiib_kaz_2024_1", ""]


def test_the_section_in_one_country_is_part_of_the_whole(shipped: Region) -> None:
    section = claim(
        partners=("CHN",), recipients=("KGZ",), project="CKU railway", project_id="pj_cku", length_km=304.0
    )
    (match,) = match_claims((section,), shipped)
    assert match.relation == "same"
    assert next(item.verdict for item in match.fields if item.field == "length") == "part"


def test_chances_are_chances() -> None:
    for chances in (*CHANCES.values(), *CHANCES_OF.values()):
        assert sum(chances.values()) == pytest.approx(1.0)
        assert chances[AGREE] == max(chances.values())


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        (dollars(2300), 2250, 2350),
        (dollars(4850), 4825.75, 4874.25),
        (dollars(3000, "at_least"), 2850, 3750),
        (dollars(100, "about"), 90, 110),
        (dollars(900, "at_most"), 675, 945),
        (Amount("3 to 5 billion", 3e9, "USD", "between", 3000.0, upper=5e9), 2850, 5250),
        (Amount("1.5 billion yuan", 1.5e9, "CNY", "exact", 208.0, 0.139, 2025), 190.666667, 225.333333),
    ],
)
def test_what_a_sum_as_told_may_mean(amount: Amount, low: float, high: float) -> None:
    assert money_range(amount) == pytest.approx((low, high))


@settings(max_examples=80)
@given(
    st.floats(0.001, 1e6), st.floats(0.001, 1e6), st.sampled_from(["exact", "about", "at_least", "at_most"])
)
def test_levels_of_money_hang_on_the_ratio_alone(told: float, recorded: float, bound: str) -> None:
    """Powers of ten leave the digits told, and so the rounding, as they are."""
    level = money_level(dollars(told, bound), recorded)
    assert level in (AGREE, NEAR, DIFFER)
    low, high = money_range(dollars(told, bound)) or (0.0, 0.0)
    assert low <= told <= high
    assert money_level(dollars(told, bound), told) == AGREE


def test_sizes() -> None:
    assert [size_level(100.0, size) for size in (100.0, 102.0, 110.0, 130.0)] == [AGREE, AGREE, NEAR, DIFFER]
    assert size_level(None, 1.0) == size_level(1.0, None) == ""


def test_names() -> None:
    bags = [
        frozenset(words_of(name))
        for name in (
            "Kambarata-1 hydropower plant",
            "Dostyk-Moyinty second track",
            "Galkynysh gas field phase 1",
            "Galkynysh gas field phase 4",
            "Rogun hydropower plant",
        )
    ]
    known = vocabulary(bags)
    assert containment(words_of("Kambar-Ata-1"), bags[0], known) == 1.0
    assert containment(words_of("Dostyq-Moyynty"), bags[1], known) == 1.0
    assert containment(words_of("Galkynysh phase 4"), bags[3], known) == 1.0
    assert containment(words_of("Galkynysh phase 4"), bags[2], known) < 0.75  # type: ignore[operator]
    assert containment(words_of("Rogun"), bags[0], known) == 0.0
    assert containment(words_of("250 MW"), bags[0], known) is None


def test_the_table_has_a_row_for_every_claim(shipped: Region) -> None:
    claims = gold_claims("seed")
    table = matches_table(claims, match_claims(claims, shipped))
    assert table["claim"].tolist() == [item.number for item in claims]
    assert Counter(table["relation"])["same"] >= 13
    assert (table.loc[table["relation"] == "same", "decided_by"] != "").all()
