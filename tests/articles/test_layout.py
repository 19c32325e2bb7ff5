"""Layout of an article: metadata, parts and paragraphs."""

from __future__ import annotations

import datetime as dt

from sogdia.articles import read_article

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


def test_parts_of_a_page_with_full_metadata_are_identified() -> None:
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


def test_dateline_without_year_takes_the_latest_year_of_the_text() -> None:
    text = "Debt grows\nBISHKEK, Dec. 16 - It owed $1 billion at the end of 2025.\nWork is due in 2027.\n"
    assert read_article(text).date == dt.date(2025, 12, 16)


def test_missing_date_is_remarked() -> None:
    article = read_article("A headline of sorts\nThe port cost $1 billion, they say.\n")
    assert article.date is None
    assert any("no date" in remark for remark in article.remarks)


def test_hard_wrapped_text_is_joined_to_paragraphs() -> None:
    lines = "\n".join(
        f"The bank said on day {n} that it would lend the railway some money\n"
        "if the railway would say by when it can give the money back, which\n"
        "it has never said to any bank in the hundred years since it began\nfor a bridge.\n"
        for n in range(9)
    )
    article = read_article(f"A headline of sorts\n\n{lines}")
    assert {sentence.text.endswith("for a bridge.") for sentence in article.body} == {True}


def test_sentence_spans_are_positions_in_the_text() -> None:
    article = read_article(HEADED)
    for sentence in article.sentences:
        assert article.text[sentence.start : sentence.end] == sentence.text
