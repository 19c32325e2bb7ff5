"""Extraction of the article from a saved page."""

from __future__ import annotations

import datetime as dt

from sogdia.articles import read_article

from .conftest import OWN


def test_page_loses_menu_advertisement_and_footer() -> None:
    article = read_article(OWN / "a09_page.html")
    assert article.title == "Almaty airport to grow"
    assert article.source == "Steppe Test News"
    assert article.date == dt.date(2025, 3, 18)
    for noise in ("lottery", "newsletter", "Peru", "Markets", "Capital $3"):
        assert noise not in article.text
