"""Dates in text, resolved against the date of the article."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.articles.dates import Anchor, find_dates, past_years

TUESDAY = Anchor(dt.date(2025, 12, 16))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("last month", "2025-11"),
        ("on Tuesday", "2025-12-16"),
        ("In April,", "2025-04"),
        ("on December 27, 2024", "2024-12-27"),
        ("from Nov. 19 to 22", "2025-11-19/2025-11-22"),
        ("at the end of 2023", "2023-12"),
        ("over the past five years", "2020/2025"),
        ("in the first half of 2026", "2026-01/2026-06"),
        ("14 июня 2025 года", "2025-06-14"),
        ("on 9 November 2023", "2023-11-09"),
        ("back in 2023", "2023"),
    ],
)
def test_date_is_resolved_against_the_article(text: str, period: str) -> None:
    assert [str(item.period) for item in find_dates(text, TUESDAY)] == [period]


@given(st.text(max_size=300))
def test_any_text_gives_dates_within_its_length(text: str) -> None:
    for date in find_dates(text, TUESDAY):
        assert 0 <= date.start < date.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "under resolution 2015 of the Security Council",
        "resolutions 1929 and 2015",
        "Resolution 1973 (2011)",
        "Decree No. 2020",
        "S/RES/2015",
        "UNSCR 1973",
        "№ 2020",
        "постановление № 2020",
        "a deal for 2000 workers",
        "some 2000 hectares",
        "1960 wagons",
    ],
)
def test_number_that_is_no_year_is_no_date(text: str) -> None:
    years = [str(item.period) for item in find_dates(text, TUESDAY)]
    assert years == (["2011"] if "(2011)" in text else [])


@pytest.mark.parametrize(
    "text", ["the law of 2020", "resolution 2231 of 2015", "the 2024 floods", "in 2020, No. 7"]
)
def test_year_near_a_number_is_a_date(text: str) -> None:
    assert len(find_dates(text, TUESDAY)) == 1


AHEAD = (
    "The plant will open in {year}.",
    "It is to be ready between {low} and {year}.",
    "Work is due to end in {year}, the minister said.",
    "The line may run through {year}.",
    "Completion is scheduled for {year}.",
    "The plan of the ministry is for {year}.",
    "A first unit in {year} is the goal.",
)
BEHIND = (
    "The plant opened in {year}.",
    "It has run since {year}.",
    "The two sides signed in {year}.",
    "Trade was smaller in {year}.",
)


@given(st.sampled_from(AHEAD), st.sampled_from(BEHIND), st.integers(1990, 2024), st.integers(2025, 2060))
def test_only_years_of_completed_acts_are_past(ahead: str, behind: str, past: int, future: int) -> None:
    text = f"{ahead.format(year=future, low=future - 1)} {behind.format(year=past)}"
    assert [year for one in text.split(". ") for year in past_years(one)] == [past]
