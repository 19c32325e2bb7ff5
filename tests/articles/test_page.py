"""Extraction of the article from a saved page."""

from __future__ import annotations

import datetime as dt

import pytest

from sogdia.articles import read_article
from sogdia.articles.page import extract_page

from .conftest import OWN


def test_page_loses_menu_advertisement_and_footer() -> None:
    article = read_article(OWN / "a09_page.html")
    assert article.title == "Almaty airport to grow"
    assert article.source == "Steppe Test News"
    assert article.date == dt.date(2025, 3, 18)
    for noise in ("lottery", "newsletter", "Peru", "Markets", "Capital $3"):
        assert noise not in article.text


@pytest.mark.parametrize("count", [40_000, 400_000])
def test_tag_with_many_attributes_is_read(count: int) -> None:
    attributes = " ".join(f"a{number}=x" for number in range(count))
    page = f"<html><body><p class='text' {attributes}>China lent $5 million.</p><p>End.</p></body></html>"
    text, _ = extract_page(page)
    assert text == "China lent $5 million.\n\nEnd."


def test_first_attributes_of_a_long_tag_count() -> None:
    page = f"<html><body><p id='share' title='{'x' * 9000}'>Share.</p><p>China lent.</p></body></html>"
    assert extract_page(page)[0] == "China lent."
