"""The head of an article told from its body, and a page from its menus."""

from __future__ import annotations

import datetime as dt

from sogdia.articles.reading import read_article

from .conftest import OWN

HEADED = """Opinion > Latest >
A port and its lenders
Source: steppe.example | 2025-11-25
A port and its lenders
By Anna Testwriter
Lead: Ports cost money.
The port cost $1 billion.
Anna Testwriter is a freelance journalist and analyst.
8013950 8014031
"""


def test_banner_source_line_headline_twice_byline_lead_and_author_note() -> None:
    article = read_article(HEADED)
    assert (article.title, article.source, article.author) == (
        "A port and its lenders", "steppe.example", "Anna Testwriter",
    )  # fmt: skip
    assert article.date == dt.date(2025, 11, 25)
    assert article.lead == "Ports cost money."
    parts = [sentence.part for sentence in article.sentences]
    assert parts == [
        "banner", "title", "source", "title", "byline", "lead", "body", "notice", "banner",
    ]  # fmt: skip


def test_a_year_left_out_of_the_dateline_is_the_latest_told() -> None:
    text = "Debt grows\nBISHKEK, Dec. 16 - It owed $1 billion at the end of 2025.\nWork is due in 2027.\n"
    assert read_article(text).date == dt.date(2025, 12, 16)


def test_no_date_is_said_so() -> None:
    article = read_article("A headline of sorts\nThe port cost $1 billion, they say.\n")
    assert article.date is None
    assert any("no date" in remark for remark in article.remarks)


def test_a_page_loses_menu_advertisement_and_footer() -> None:
    article = read_article(OWN / "a09_page.html")
    assert article.title == "Almaty airport to grow"
    assert article.source == "Steppe Test News"
    assert article.date == dt.date(2025, 3, 18)
    for noise in ("lottery", "newsletter", "Peru", "Markets", "Capital $3"):
        assert noise not in article.text


def test_hard_wrapped_text_is_read_by_paragraph() -> None:
    lines = "\n".join(
        f"The bank said on day {n} that it would lend the railway some money\n"
        "if the railway would say by when it can give the money back, which\n"
        "it has never said to any bank in the hundred years since it began\nfor a bridge.\n"
        for n in range(9)
    )
    article = read_article(f"A headline of sorts\n\n{lines}")
    assert {sentence.text.endswith("for a bridge.") for sentence in article.body} == {True}


def test_sentences_lie_where_they_say() -> None:
    article = read_article(HEADED)
    for sentence in article.sentences:
        assert article.text[sentence.start : sentence.end] == sentence.text
