"""Figures, dates and states in Chinese, Turkish, Kazakh and Uzbek, and the table that shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sogdia
from sogdia.articles import Article, Claim
from sogdia.articles.reading import annotate_article, read_article, region_remarks
from sogdia.cli.main import app
from sogdia.region import Region

CHINESE = (
    "2025年6月14日，中国国家开发银行向哈萨克斯坦提供3.5亿美元贷款，用于建设250兆瓦风电站。"
    "铁路全长523公里，货运1.5万吨。"
)
TURKISH = (
    "14 Haziran 2025 tarihinde Çin, Kazakistan'a 1,5 milyar dolar kredi verdi. Santralin kapasitesi "
    "250 megavat olacak ve hattın uzunluğu 120 kilometre olarak açıklandı."
)
KAZAKH = (
    "2025 жылғы 14 маусымда Қытай Қазақстанға 500 миллион доллар несие берді. Электр станциясының қуаты 250 "
    "мегаватт, ал жолдың ұзындығы 120 шақырым деп хабарланды."
)
UZBEK = (
    "2025-yil 14-iyun kuni Xitoy Qozogʻistonga 500 million dollar kredit berdi. Stansiyaning quvvati "
    "250 megavatt va yo'lning uzunligi 120 kilometr boʻladi."
)
UZBEK_CYRILLIC = (
    "2025 йил 14 июнь куни Хитой Қозоғистонга 500 миллион доллар кредит берди. Станциянинг қуввати "
    "250 мегаватт ва йўлнинг узунлиги 120 километр бўлади."
)
FIGURES = {
    CHINESE: {("money", 350e6, "USD"), ("power", 250, "MW"), ("length", 523, "km"), ("mass", 15_000, "t")},
    TURKISH: {("money", 1.5e9, "USD"), ("power", 250, "MW"), ("length", 120, "km")},
    KAZAKH: {("money", 500e6, "USD"), ("power", 250, "MW"), ("length", 120, "km")},
    UZBEK: {("money", 500e6, "USD"), ("power", 250, "MW"), ("length", 120, "km")},
    UZBEK_CYRILLIC: {("money", 500e6, "USD"), ("power", 250, "MW"), ("length", 120, "km")},
}
NAMES = ["Chinese", "Turkish", "Kazakh", "Uzbek", "Uzbek"]


@pytest.mark.parametrize("text", FIGURES, ids=["zh", "tr", "kk", "uz", "uz-cyrillic"])
def test_figures_dates_and_states_are_found(region: Region, text: str) -> None:
    _, sentences = annotate_article(read_article(f"\n{text}\n"), region)
    assert {(item.kind, item.value, item.unit) for one in sentences for item in one.quantities} == FIGURES[
        text
    ]
    assert [str(item.period) for one in sentences for item in one.dates] == ["2025-06-14"]
    assert {code for item in sentences[0].mentions for code in item.parties} == {"CHN", "KAZ"}


@pytest.mark.parametrize(
    ("text", "name"), list(zip(FIGURES, NAMES, strict=True)), ids=[*NAMES[:4], "Cyrillic"]
)
def test_unread_language_gives_a_remark_and_no_claim(
    claims_in: Callable[[str], tuple[Article, tuple[Claim, ...]]], region: Region, text: str, name: str
) -> None:
    article, claims = claims_in(f"\n{text}\n")
    assert claims == ()
    assert region_remarks(article, region) == (
        f"in {name}: not read beyond figures, dates and names of states",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("投资4.7亿元", 470e6),
        ("投资12亿欧元", 1.2e9),
        ("投资500万美元", 5e6),
        ("投资2万亿坚戈", 2e12),
        ("共$30", 30.0),
    ],
)
def test_chinese_scales_multiply(region: Region, text: str, value: float) -> None:
    _, (sentence,) = annotate_article(read_article(f"\n{text}，用于铁路和公路建设。\n"), region)
    assert [item.value for item in sentence.quantities] == [value]


def test_table_of_figures_has_states_and_dates(region: Region) -> None:
    reading = sogdia.read_article(f"\n{TURKISH}\n", region)
    assert not reading.is_read
    first = reading.figures.iloc[0]
    assert (first["value"], first["unit"], first["dates"]) == (1.5e9, "USD", "2025-06-14")
    assert set(first["parties"].split(";")) == {"CHN", "KAZ"}


def test_command_shows_figures_of_a_language_that_it_does_not_read(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(f"\n{CHINESE}\n", encoding="utf-8")
    shown = CliRunner().invoke(app, ["read", str(file)], catch_exceptions=False).output
    assert "in Chinese: not read beyond figures" in shown
    assert "350,000,000 USD" in shown
    found = json.loads(CliRunner().invoke(app, ["read", str(file), "--format", "json"]).output)
    assert (found["claims"], [row["unit"] for row in found["figures"]]) == ([], ["USD", "MW", "km", "t"])
