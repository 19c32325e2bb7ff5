"""Any text, in any language and notation of Unicode, gives a result; blanks and wrapping change no claim."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.articles import Article, Claim
from sogdia.articles.reading import annotate_article, read_article, read_claims, region_remarks
from sogdia.articles.tables import claims_table, figures_table
from sogdia.region import Region

from .test_wrapping import facts

Reading = Callable[[str], tuple[Article, tuple[Claim, ...]]]

ENGLISH = (
    "In June 2024 the Asian Development Bank approved a loan of $109.5 million for the 64 km "
    "Barskoon-Karakol road in Kyrgyzstan. Türkiye’s exports to Kazakhstan reached €2.5 billion in 2023."
)
RUSSIAN = (
    "Всемирный банк выделил Таджикистану кредит в 120 млн долларов на ремонт моста в 2024 году. Китай "
    "приступил к строительству тоннеля длиной 12 км в Кыргызстане."
)
TEXTS = [ENGLISH, RUSSIAN]
INVISIBLE = ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\u200e", "\u202a"]
FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
BLANKS = [" ", "  ", "\t", "\u00a0", "\u2009", "\u202f", " \u3000"]

WORDS = st.sampled_from(
    [
        *ENGLISH.split(), *RUSSIAN.split(), "не", "будет", "«", "»", "—", "-", "(", ")", "$", "€", "1,5",
        "млн", "1.000.000", "bn", "亿美元", "2025年", "Çin", "Қазақстан", "<p>", "</p>", "\n", "\n\n",
        "\u202e", "\ud7ff", "№", "1/2", "２０２５", "Ⅳ", "﷽", "👍🏽", "e\u0301", "ﬁ", "İ", "ß",
    ]
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=["en", "ru"])
@settings(max_examples=25)
@given(data=st.data(), width=st.integers(20, 120), form=st.sampled_from(FORMS))
def test_notation_of_unicode_and_wrapping_change_no_claim(
    claims_in: Reading, text: str, data: st.DataObject, width: int, form: Literal["NFC", "NFD"]
) -> None:
    _, plain = claims_in(f"A headline of sorts\n\n{text}\n")
    blank, sign = data.draw(st.sampled_from(BLANKS)), data.draw(st.sampled_from(INVISIBLE))
    place = data.draw(st.integers(0, len(text)))
    changed = unicodedata.normalize(form, f"{text[:place]}{sign}{text[place:]}")
    wrapped = textwrap.fill(changed, width, break_long_words=False, break_on_hyphens=False)
    _, found = claims_in(f"A headline of sorts\n\n{wrapped.replace(' ', blank)}\n")
    assert len(plain) >= 2
    assert facts(found) == facts(plain)


@settings(max_examples=150)
@given(words=st.lists(WORDS, max_size=60), glue=st.sampled_from([" ", "", "\n"]))
def test_any_mixture_of_words_gives_valid_claims(region: Region, words: list[str], glue: str) -> None:
    article = read_article(glue.join(words) + "\n")
    claims = read_claims(article, region)
    region_remarks(article, region)
    claims_table(claims)
    _, sentences = annotate_article(article, region)
    figures_table(sentences)
    by_number = {sentence.number: sentence for sentence in article.sentences}
    assert [claim.number for claim in claims] == list(range(1, len(claims) + 1))
    for claim in claims:
        assert claim.quote == by_number[claim.sentence].text
        assert not set(claim.partners) & set(claim.recipients)
        assert 0 < claim.confidence < 1
    for one in sentences:
        spans = [
            *((item.start, item.end) for item in one.quantities),
            *((item.start, item.end) for item in one.dates),
            *((item.start, item.end) for item in one.mentions),
            *((item.start, item.end) for item in one.projects),
        ]
        assert all(0 <= start < end <= len(one.text) for start, end in spans)


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_gives_a_result(region: Region, text: str) -> None:
    article = read_article(f"{text}\n")
    assert read_claims(article, region) == read_claims(read_article(f"{text}\n"), region)
    annotate_article(article, region)


@pytest.mark.parametrize(
    "text",
    [
        "<html><p>" + "<b>" * 30_000 + RUSSIAN,
        "<html><body><p title='" + "a" * 2_000_000 + f"'>{ENGLISH}</p></body></html>",
        "<html><body>" + f"<p>{RUSSIAN}</p>" * 300,
        "дорога А — Б — " * 20_000 + "\n",
        "не будет " * 50_000 + "\n",
        "1 млн 2 млн до " * 30_000 + "\n",
        "1万2亿3" * 50_000 + "\n",
        "«" * 100_000 + "\n",
        "Казахстан Китай ГЭС " * 20_000 + "\n",
        "2025年6月" * 30_000 + "。\n",
        "электростанция мощностью 1" * 10_000 + "\n",
    ],
    ids=[
        *("nested", "attribute", "page", "chain", "denied", "ranges"),
        *("chinese", "quotes", "names", "dates", "sizes"),
    ],
)
def test_hostile_text_of_another_language_gives_a_result(region: Region, text: str) -> None:
    article = read_article(text)
    read_claims(article, region)
    _, sentences = annotate_article(article, region)
    figures_table(sentences)
    assert len(article.sentences) <= 4_000
