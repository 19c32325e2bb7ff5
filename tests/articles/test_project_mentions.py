"""Names of projects: at edges of words, and without sums of money in them. Generated sentences."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar.project_mentions import find_project_mentions
from sogdia.articles.quantities import find_quantities

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
