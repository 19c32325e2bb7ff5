"""Names of projects: at edges of words, and without sums of money in them. Generated sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sogdia.articles import Claim, read_article, read_claims
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar.power_mentions import works_of_power
from sogdia.articles.grammar.project_mentions import find_project_mentions
from sogdia.articles.quantities import find_quantities
from sogdia.region import Region

HEADS = ("port", "line", "road", "plant", "dam", "hub", "mine", "grid", "bridge", "field", "tunnel", "yard")
PLACES = ("Astana", "Osh", "Tashkent")
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@SHARED
@given(
    st.text("abcdefghijklmnoprstu", min_size=1, max_size=5), st.sampled_from(HEADS), st.sampled_from(PLACES)
)
def test_end_of_a_word_is_no_project(gazetteer: Gazetteer, start: str, head: str, place: str) -> None:
    text = f"A deputy minister will {start}{head} in {place} next week."
    expected = (
        [] if f"{start}{head}" not in ("railroad", "airport", "seaport") else [f"{place} {start}{head}"]
    )
    assert [item.label for item in find_project_mentions(text, gazetteer.find(text), gazetteer)] == expected


@pytest.mark.parametrize(
    "amount", ["$0.31bn", "€310 million", "Rs 5,000 crore", "Euro 150 million", "USD 3bn"]
)
@pytest.mark.parametrize(
    "name", ["Nurek-Vose railway", "Suusamyr tunnel", "Garagum bypass", "Tasotkel nuclear plant"]
)
def test_sum_is_no_part_of_a_name(gazetteer: Gazetteer, amount: str, name: str) -> None:
    text = f"The bank lends for the {amount} {name}."
    found = find_project_mentions(text, gazetteer.find(text), gazetteer, find_quantities(text))
    assert [item.label for item in found] == [name]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Masdar plans 1,000 MW of wind power at Mingbulak.", "Mingbulak wind"),
        ("The firm will develop 570 MW near Wangchhu.", "Wangchhu"),
        ("The firm added 50 MW.", "50 MW plant"),
        ("A 300 MW solar plant is under way.", ""),
        ("The country imports 200 MW.", ""),
    ],
)
def test_power_without_the_noun_of_a_work_is_a_work(gazetteer: Gazetteer, text: str, label: str) -> None:
    sizes, names = find_quantities(text), gazetteer.find(text)
    works = find_project_mentions(text, names, gazetteer, sizes)
    found = list(works_of_power(text, works, names, gazetteer, sizes))
    assert [item.label for item in found] == ([label] if label else [])


def test_number_of_works_is_no_part_of_their_name(gazetteer: Gazetteer) -> None:
    text = "All 29 tunnels are ready."
    assert [item.label for item in find_project_mentions(text, gazetteer.find(text), gazetteer)] == [
        "tunnels"
    ]


@pytest.mark.parametrize(
    ("purpose", "topic"),
    [
        ("to improve water supply and sanitation in Kulob", "water supply and sanitation in Kulob"),
        ("to modernise district heating in Bishkek", "district heating in Bishkek"),
        ("to support small businesses", "small businesses"),
    ],
)
def test_infinitive_gives_the_purpose_of_a_loan(
    claims_of: Callable[[str], tuple[Claim, ...]], purpose: str, topic: str
) -> None:
    (claim,) = claims_of(f"The World Bank approved a $25 million loan to Tajikistan {purpose}.")
    assert claim.project == topic


def test_leader_who_receives_another_is_a_meeting(claims_of: Callable[[str], tuple[Claim, ...]]) -> None:
    (claim,) = claims_of("The Kyrgyz president received the prime minister of Pakistan in Bishkek on Friday.")
    assert (claim.type, claim.partners, claim.recipients, claim.status) == (
        "visit_summit", ("PAK",), ("KGZ",), "held",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The railway that will link Termez with Herat is planned.", "Termez-Herat railway"),
        ("A factory on the outskirts of Kostanay will open.", "Kostanay factory"),
        ("At Karuma, meanwhile, the 600 MW dam is running.", "Karuma dam"),
        ("They will build Kostanay's second factory.", "Kostanay factory"),
        ("The contract is for seven night trains.", "night trains"),
        ("It builds the Kungrad 1 wind farm in Karakalpakstan.", "Kungrad 1 wind farm in Karakalpakstan"),
        ("- Mine construction began in May.", "mine"),
        ("The Total Project will cost more.", "project"),
        ("Harbin Airports left the tender.", ""),
        ("It signed a senior secured facility of $95 million.", ""),
    ],
)
def test_label_is_that_of_the_noun_phrase(gazetteer: Gazetteer, text: str, label: str) -> None:
    found = find_project_mentions(text, gazetteer.find(text), gazetteer, find_quantities(text))
    assert [item.label for item in found] == ([label] if label else [])


def test_work_of_the_headline_is_the_first_antecedent(region: Region) -> None:
    text = "The Naryn cascade: a timeline\n\n2022: China Eximbank agreed to lend $120 million.\n"
    (claim,) = read_claims(read_article(text), region)
    assert (claim.project, claim.partners, str(claim.date)) == ("Naryn cascade", ("CHN",), "2022")


def test_date_alone_before_an_event_holds_for_its_paragraph(region: Region) -> None:
    loans = "2022. China approved $12 million for Kyrgyzstan. Russia approved $5 million for it."
    text = f"The Naryn cascade\n\n{loans}\n\nJapan approved $9 million for it.\n"
    dates = [str(claim.date.start) if claim.date else "" for claim in read_claims(read_article(text), region)]
    assert dates == ["2022", "2022", ""]


def test_claim_without_party_work_and_subject_is_none(claims_of: Callable[[str], tuple[Claim, ...]]) -> None:
    assert claims_of("Construction began in May 2024 and the price was put at $30 million.") == ()
