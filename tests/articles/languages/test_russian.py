"""Claims from Russian: verbs in their forms, parties in their cases, works and what refers to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sogdia.articles import Article, Claim, Gazetteer, read_gold, score
from sogdia.articles.languages.ru.lexicon import rows_of, words_of
from sogdia.articles.languages.ru.names import names_of, skeleton
from sogdia.articles.reading import read_article, read_claims, region_remarks
from sogdia.articles.scoring import FRAME, Score
from sogdia.articles.sentences import sentence_spans
from sogdia.region import Region

Read = Callable[[str], tuple[Claim, ...]]
TEXTS = Path(__file__).parents[1] / "russian"

LENDERS = {"Всемирный банк": "WBG", "АБР": "ADB", "Исламский банк развития": "ISDB", "Китай": "CHN"}
ACTS = {
    "выделил": "disbursed", "предоставил": "disbursed", "выделит": "planned", "предоставит": "planned",
    "одобрил": "approved", "пообещал": "announced", "намерен предоставить": "planned",
    "планирует выделить": "planned", "может предоставить": "planned",
}  # fmt: skip
STATES = {"Таджикистану": "TJK", "Казахстану": "KAZ", "Кыргызстану": "KGZ", "Узбекистану": "UZB"}


@pytest.mark.parametrize("lender", LENDERS)
@pytest.mark.parametrize("act", ACTS)
def test_loan_has_lender_recipient_amount_and_status(claims_of: Read, lender: str, act: str) -> None:
    for state, code in STATES.items():
        (claim,) = claims_of(f"{lender} {act} {state} кредит в 120 млн долларов на ремонт моста.")
        assert (claim.type, claim.partners, claim.recipients) == ("finance", (LENDERS[lender],), (code,))
        assert claim.amount is not None
        assert (claim.amount.musd, claim.status) == (120.0, ACTS[act])


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Китай построил в Казахстане тоннель длиной 12 км.", "operating"),
        ("Китай строит в Казахстане тоннель длиной 12 км.", "construction"),
        ("Китай построит в Казахстане тоннель длиной 12 км.", "planned"),
        ("Китай начал строительство тоннеля длиной 12 км в Казахстане.", "construction"),
        ("Китай приостановил строительство тоннеля длиной 12 км в Казахстане.", "suspended"),
        ("Китай отказался от строительства тоннеля длиной 12 км в Казахстане.", "cancelled"),
        ("Китай изучает строительство тоннеля длиной 12 км в Казахстане.", "interest"),
        ("Китай не построил в Казахстане тоннель длиной 12 км.", ""),
    ],
)
def test_tense_and_verb_give_the_status_of_a_work(claims_of: Read, sentence: str, status: str) -> None:
    (claim,) = claims_of(sentence)
    assert (claim.type, claim.partners, claim.recipients) == ("project", ("CHN",), ("KAZ",))
    assert (claim.length_km, claim.status) == (12.0, status)


@pytest.mark.parametrize(
    ("sentence", "claim_type", "partner", "recipient", "status"),
    [
        ("Внешний долг Таджикистана составляет 3,2 млрд долларов.", "debt", "", "TJK", "outstanding"),
        ("Товарооборот Казахстана с Турцией достиг 7 млрд долларов.", "trade", "TUR", "KAZ", "reported"),
        ("Переводы мигрантов из России в Кыргызстан составили 2 млрд долларов.", "remittances", "RUS", "KGZ",
         "reported"),
        ("Туркменистан поставил в Китай 33 млрд кубометров газа.", "gas_supply", "CHN", "TKM", "delivered"),
        ("США пригрозили Казахстану санкциями.", "policy_threat", "USA", "KAZ", "threatened"),
        ("Президент Узбекистана посетил Пекин.", "visit_summit", "CHN", "UZB", "held"),
        ("Иран и Узбекистан подписали меморандум о транзите.", "agreement", "IRN", "UZB", "signed"),
        ("Япония договорилась с Казахстаном о поставках урана.", "agreement", "JPN", "KAZ", "signed"),
    ],
)  # fmt: skip
def test_sentence_has_its_type_and_parties(
    claims_of: Read, sentence: str, claim_type: str, partner: str, recipient: str, status: str
) -> None:
    (claim,) = claims_of(sentence)
    parties = ";".join(claim.partners), ";".join(claim.recipients)
    assert (claim.type, *parties) == (claim_type, partner, recipient)
    assert claim.status == status


def test_later_sentences_refer_to_the_work(claims_of: Read) -> None:
    claims = claims_of(
        "Масдар построит в Узбекистане солнечную электростанцию «Карши». Стоимость проекта составит 300 млн "
        "долларов. Мощность станции — 400 МВт."
    )
    assert [claim.project for claim in claims] == ["солнечная электростанция «Карши»"] * 3
    assert {claim.partners for claim in claims} == {("ARE",)}
    assert [claim.origin("project") for claim in claims] == ["stated", "resolved", "resolved"]
    assert (claims[1].amount and claims[1].amount.musd, claims[2].capacity_mw) == (300.0, 400.0)


def test_new_item_ends_the_reference(claims_of: Read) -> None:
    claims = claims_of(
        "Масдар построит в Узбекистане электростанцию «Карши». Кроме того, АБР выделил Таджикистану "
        "5 млн долларов."
    )
    assert (claims[1].project, claims[1].partners, claims[1].recipients) == (
        "",
        ("ADB",),
        ("TJK",),
    )


@pytest.mark.parametrize(
    ("name", "row"),
    [("Рогунской ГЭС", "pj_rogun"), ("Камбаратинской ГЭС-1", "pj_kambarata1"),
     ("железной дороги Китай — Кыргызстан — Узбекистан", "pj_cku")],
)  # fmt: skip
def test_work_of_the_pack_is_found_by_its_name(claims_of: Read, name: str, row: str) -> None:
    (claim,) = claims_of(f"Стоимость {name} достигла 5 млрд долларов.")
    assert claim.project_id == row


@pytest.mark.parametrize(
    ("russian", "latin"),
    [("Жамбыл", "Zhambyl"), ("Хатлон", "Khatlon"), ("Бухара", "Bukhara"), ("Джизак", "Jizzakh"),
     ("Актау", "Aktau"),
     ("Масдар", "Masdar"), ("Шымкент", "Shymkent"), ("Курык", "Kuryk")],
)  # fmt: skip
def test_spellings_of_one_name_sound_alike(russian: str, latin: str) -> None:
    assert skeleton(russian) == skeleton(latin)


def test_names_are_found_in_all_cases(region: Region, gazetteer: Gazetteer) -> None:
    names = names_of(region, gazetteer)
    for text in ("Казахстан", "Казахстана", "Казахстану", "Казахстаном", "Казахстане"):
        assert [item.parties for item in names.find(words_of(text))] == [("KAZ",)]
    for text in ("китайский", "китайского", "китайская", "китайскими", "Китай", "Китаем"):
        assert [item.parties for item in names.find(words_of(text))] == [("CHN",)]
    assert names.find(words_of("Того же мнения и Иранская"))[0].parties == ("IRN",)


def test_every_verb_has_a_past_and_a_future_or_present() -> None:
    for row in rows_of("verbs.csv"):
        past, now = row["past"].split("|")[0], row["present"].split("|")[0]
        (word,) = words_of(past if past.endswith(("л", "к", "г", "с", "з")) else f"{past}а")
        assert (row["class"] in word.classes, word.tense) == (True, "past"), row["lemma"]
        (word,) = words_of(now)
        assert word.tense == ("future" if row["aspect"] == "p" else "present"), row["lemma"]
        (word,) = words_of(row["lemma"])
        assert word.tense == "infinitive", row["lemma"]


def test_article_is_dated_by_its_dateline(
    claims_in: Callable[[str], tuple[Article, tuple[Claim, ...]]], region: Region
) -> None:
    article, (claim,) = claims_in(
        "Кредит на дороги\n\nДушанбе, 14 марта 2025 года. АБР выделил Кыргызстану 5 млн долларов.\n"
    )
    assert (str(article.date), str(claim.date)) == ("2025-03-14", "2025")
    assert region_remarks(article, region) == ("in Russian: read by fewer rules than English",)


def test_practice_texts_are_read(region: Region, gazetteer: Gazetteer) -> None:
    total: Score | None = None
    for gold in sorted(TEXTS.glob("*.gold.csv")):
        article = read_article(TEXTS / gold.name.replace(".gold.csv", ".txt"))
        found = score(read_claims(article, region), read_gold(gold), gazetteer)
        total = found if total is None else total.plus(found)
    assert total is not None
    assert total.fields[FRAME].f1 >= 0.6
    assert min(total.fields[name].f1 for name in ("amount_musd", "partner", "recipient", "status")) >= 0.85


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("строительство солнечной станции мощностью 100 МВт в Бухарской области",
         "солнечная станция в Бухарской области"),
        ("реконструкцию порта Курык", "порт Курык"),
        ("строительство ЛЭП 500 кВ «Датка — Кемин»", "ЛЭП 500 кВ «Датка — Кемин»"),
        ("ремонт моста через Сырдарью", "мост через Сырдарью"),
        ("строительство завода фосфорных удобрений в Туркменабате",
         "завод фосфорных удобрений в Туркменабате"),
        ("строительство дороги от Оша до Баткена", "дорога от Оша до Баткена"),
        ("развитие сельского здравоохранения", "развитие сельского здравоохранения"),
        ("модернизацию малых ГЭС", "малые ГЭС"),
    ],
)  # fmt: skip
def test_label_is_the_noun_phrase_of_the_work_in_the_nominative(
    claims_of: Read, phrase: str, label: str
) -> None:
    (claim, *_) = claims_of(f"АБР выделил Узбекистану кредит в 20 млн долларов на {phrase}.")
    assert (claim.type, claim.project) == ("finance", label)


def test_state_after_the_name_of_a_line_is_no_part_of_it(claims_of: Read) -> None:
    (claim,) = claims_of("На дорогу Куляб — Шурабад Китай выделил Таджикистану 200 млн долларов.")
    assert (claim.project, claim.partners, claim.recipients) == ("дорога Куляб — Шурабад", ("CHN",), ("TJK",))


def test_each_party_of_a_list_has_its_own_amount(claims_of: Read) -> None:
    claims = claims_of(
        "Кредиторами Узбекистана остаются АБР (7 млрд долларов), Всемирный банк (6 млрд долларов) и Китай "
        "(3 млрд долларов)."
    )
    found = [(claim.type, claim.partners, claim.amount and claim.amount.musd) for claim in claims]
    assert found == [
        ("debt", ("ADB",), 7000.0), ("debt", ("WBG",), 6000.0), ("debt", ("CHN",), 3000.0),
    ]  # fmt: skip


def test_heading_of_a_list_gives_type_and_currency_is_no_party(claims_of: Read) -> None:
    claims = claims_of(
        "Узбекистан подписал следующие кредитные соглашения:\n\n— с АБР на 250 млн долларов США для развития "
        "здравоохранения;\n\n— с Исламским банком развития на 30 млн долларов США для ремонта дорог."
    )
    assert [(claim.type, claim.partners) for claim in claims] == [
        ("finance", ("ADB",)),
        ("finance", ("ISDB",)),
    ]


def test_text_on_another_region_has_its_states_as_recipients(claims_of: Read) -> None:
    claims = claims_of(
        "Долг Шри-Ланки перед Китаем составлял 4,7 млрд долларов.\n\nВьетнам\n\nКитай построит "
        "железную дорогу Лаокай — Ханой."
    )
    assert [(claim.partners, claim.recipients) for claim in claims] == [
        (("CHN",), ("LKA",)), (("CHN",), ("VNM",)),
    ]  # fmt: skip


def test_stop_after_a_short_scale_ends_a_sentence() -> None:
    paragraph = "Китай выделил 400 млн. Компания из ОАЭ построит завод за 5 млн. долларов."
    assert [paragraph[low:high] for low, high in sentence_spans(paragraph)] == [
        "Китай выделил 400 млн.", "Компания из ОАЭ построит завод за 5 млн. долларов.",
    ]  # fmt: skip


def test_line_with_author_and_day_dates_the_article(
    claims_in: Callable[[str], tuple[Article, tuple[Claim, ...]]],
) -> None:
    article, _ = claims_in(
        "Медь и деньги\n\nИван Петров, «Вестник», 17 ноября 2025 года\n\nКитай выделил Узбекистану 5 млн "
        "долларов.\n"
    )
    assert str(article.date) == "2025-11-17"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Подрядчиком выступит китайская компания.", ("project", ("CHN",), "порт Курык")),
        ("Его завершат в 2027 году.", ("project", (), "порт Курык")),
        ("На строительство направлено 54 млн долларов.", ("finance", (), "порт Курык")),
        ("Китай поставит Казахстану 200 локомотивов.", ("deal", ("CHN",), "локомотивы")),
    ],
)
def test_sentence_after_a_work_refers_to_it_or_to_goods_of_its_own(
    claims_of: Read, sentence: str, expected: tuple[str, tuple[str, ...], str]
) -> None:
    claim = claims_of(f"Казахстан строит порт Курык за 300 млн долларов. {sentence}")[-1]
    assert (claim.sentence, claim.type, claim.partners, claim.project) == (3, *expected)


def test_trade_between_home_countries_has_the_sender_as_partner(claims_of: Read) -> None:
    (claim,) = claims_of("Кыргызстан импортировал из Казахстана 750 млн кВт·ч электроэнергии.")
    assert (claim.type, claim.partners, claim.recipients) == ("trade", ("KAZ",), ("KGZ",))


def test_deal_that_is_not_signed_is_no_claim(claims_of: Read) -> None:
    assert len(claims_of("Турция построит в Казахстане порт за 30 млн долларов. Сделка не подписана.")) == 1
