"""The language of a text, by its script and its function words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.articles.languages.annotation import language_remarks
from sogdia.articles.languages.detection import language_name, language_of

TEXTS = {
    "en": "The bank said that it will lend the country a further sum for the road in the north.",
    "ru": "Банк сообщил, что выделит стране ещё один кредит на строительство дороги на севере.",
    "uk": "Банк повідомив, що він надасть країні ще один кредит для будівництва дороги на півночі та заході.",
    "kk": "Банк елге тағы бір несие береді және бұл жол үшін маңызды деп хабарлады.",
    "ky": "Банк өлкөгө дагы бир насыя берет жана бул жол үчүн маанилүү деп билдирди.",
    "tg": "Бонк ба кишвар қарзи дигар медиҳад ва ин барои роҳ муҳим аст, ки аз шимол мегузарад.",
    "uz": "Bank mamlakatga yana bir kredit beradi va bu yoʻl uchun muhim ekani bilan birga aytildi.",
    "tr": "Banka ülkeye bir kredi daha verecek ve bu yol için önemli olarak görülüyor.",
    "az": "Bank ölkəyə daha bir kredit verəcək və bu yol üçün vacib olan addımdır, ki bu ilə bağlıdır.",
    "zh": "银行表示将向该国提供另一笔贷款，用于修建北部的公路。",
    "ja": "銀行は北部の道路のために、その国にさらに融資すると発表した。",
    "ko": "은행은 북부 도로를 위해 그 나라에 추가로 대출할 것이라고 밝혔다.",
    "fa": "بانک اعلام کرد که وام دیگری را برای راه شمال به این کشور می دهد و این مهم است",
    "ar": "قال البنك إن القرض الجديد من أجل الطريق في الشمال هو جزء من هذا البرنامج مع الدولة التي",
    "de": "Die Bank wird dem Staat einen weiteren Kredit für die Straße im Norden geben, wie sich zeigt.",
    "fr": "La banque va accorder au pays un nouveau prêt pour la route dans le nord, qui est la seule.",
    "es": "El banco va a dar al país un nuevo préstamo para la carretera en el norte, que es la única.",
    "ka": "ბანკი ქვეყანას კიდევ ერთ სესხს მისცემს ჩრდილოეთის გზისთვის.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_language_of_a_sentence_is_found(language: str) -> None:
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize("language", TEXTS)
def test_numbers_names_and_case_change_no_language(language: str) -> None:
    text = TEXTS[language]
    assert language_of(f"{text} 250 MW, 47 (ADB). {text.upper()}") == language


@pytest.mark.parametrize("text", ["", "250 MW\n", "ADB lent Kazakhstan", "1,000 — 2,000"])
def test_fragment_counts_as_english(text: str) -> None:
    assert language_of(text) == "en"


def test_language_that_is_not_known_is_named_so() -> None:
    swahili = "Benki imesema itatoa mkopo mwingine kwa serikali kwa ajili ya barabara ya kaskazini mwaka huu."
    assert language_of(swahili) == ""
    assert language_name("") == "a language that is not known"


@pytest.mark.parametrize("language", ["zh", "tr", "kk", "uz", "de", "ka", "", "xx"])
def test_language_that_is_not_read_is_remarked_by_name(language: str) -> None:
    (remark,) = language_remarks(language)
    assert "not read beyond figures" in remark
    assert language_name(language) in remark


def test_read_languages_are_remarked_only_if_fewer_rules_read_them() -> None:
    assert language_remarks("en") == ()
    assert "fewer rules" in language_remarks("ru")[0]


@given(st.text(max_size=200))
def test_any_text_has_a_language_or_none(text: str) -> None:
    code = language_of(text)
    assert code == "" or code.islower()
