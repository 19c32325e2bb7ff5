"""The same article gives the same claims at any width of its lines and with any blanks and line ends."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.articles.article import Article
from sogdia.articles.claim import Claim
from sogdia.articles.layout import parse_layout
from sogdia.articles.page import extract_page
from sogdia.articles.reading import read_article
from sogdia.errors import InputError

Reading = Callable[[str], tuple[Article, tuple[Claim, ...]]]

SIGNED = (
    "On 29 October 2025 China and Kyrgyzstan signed an agreement to build the 250 MW Ak-Turpak solar plant "
    "for $230 million."
)
LENT = (
    "The Asian Development Bank approved a loan of US$ 109.5 million for the Barskoon-Karakol road in "
    "June 2024. President Sadyr Japarov said that the work would take 3 years. It will cost "
    "12 500 jobs, Mr. Lee added."
)
PACKAGE = (
    "Under resolution 2231 of the Security Council no sanction applied to the 25 billion euros package. "
    "Kazakhstan exported 68.6 million tonnes of oil in 2024, of which 8.9 million tonnes went to "
    "Germany and China."
)
PARAGRAPHS = (SIGNED, LENT, PACKAGE)
WEATHER = "The weather was fine in Bishkek on that day."
HEADLINE = "A plant and a road in the mountains"


def facts(claims: tuple[Claim, ...]) -> list[tuple[object, ...]]:
    """Return claims without their positions."""
    return [
        (
            item.type, item.partners, item.recipients, item.project, item.amount and item.amount.musd,
            item.capacity_mw, item.length_km, str(item.date), item.status, item.sentence, item.quote,
        )
        for item in claims
    ]  # fmt: skip


BLANKS = ["{}", " {}", "{} ", "\t{}", "\u00a0{}", " \u2009{}"]
BREAKS = ["\n", "\r\n", "\r", " \n", "\n\t", "\u2028", "\x0b", "\n\u00a0\u00a0"]


@settings(max_examples=40)
@given(
    width=st.integers(1, 110),
    line_break=st.sampled_from(BREAKS),
    blank=st.sampled_from(BLANKS),
    headed=st.booleans(),
)
def test_width_blanks_and_line_ends_change_no_claim(
    claims_in: Reading, width: int, line_break: str, blank: str, headed: bool
) -> None:
    head = f"{HEADLINE}\n\n" if headed else ""
    _, plain = claims_in(head + "\n\n".join(PARAGRAPHS) + "\n")
    wrapped = [
        line_break.join(
            textwrap.fill(line, width, break_long_words=False).replace(" ", blank.format(" ")).split("\n")
        )
        for line in PARAGRAPHS
    ]
    gap = "\n\n" if "\n" in line_break or line_break == "\r" else line_break * 2
    _, found = claims_in(head + gap.join(wrapped) + line_break)
    assert facts(found) == facts(plain)
    assert len(plain) >= 3


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
@pytest.mark.parametrize("width", [12, 30, 47, 60, 72, 95])
def test_one_wrapped_paragraph_reads_as_one_line(claims_in: Reading, paragraph: str, width: int) -> None:
    _, plain = claims_in(f"{paragraph}\n")
    _, found = claims_in(textwrap.fill(paragraph, width, break_long_words=False))
    assert facts(found) == facts(plain)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (f"{SIGNED}\n{WEATHER}\n", "", [SIGNED, WEATHER]),
        (f"{HEADLINE}\n{SIGNED}\n", HEADLINE, [SIGNED]),
        (f"{HEADLINE}\nBy Anna Testwriter\n29 October 2025, 10:15 EET\n{SIGNED}\n", HEADLINE, [SIGNED]),
        (f"{HEADLINE}\nby Anna Testwriter\n\n{SIGNED}\n", HEADLINE, [SIGNED]),
        (f"Will it be built?\n{WEATHER}\n", "Will it be built?", [WEATHER]),
        (
            f"The ministry published the terms.\n{WEATHER}\n",
            "",
            ["The ministry published the terms.", WEATHER],
        ),
        (
            f"{HEADLINE}\n\nThe deals:\n- solar\n- wind farm near\nIssyk-Kul\n- road\n\n{WEATHER}\n",
            HEADLINE,
            ["The deals:", "- solar", "- wind farm near Issyk-Kul", "- road", WEATHER],
        ),
    ],
)
def test_headline_and_body_are_separated(text: str, title: str, body: list[str]) -> None:
    article = read_article(text)
    assert [sentence.text for sentence in article.body] == body
    assert article.title == title


def test_line_breaks_of_a_page_are_wraps_and_its_blocks_are_not() -> None:
    page = (
        "<html><body><article><h1>A headline of sorts</h1>"
        "<p>China lent Kyrgyzstan<br>$5 million for<br/>a road.</p>"
        "<ul><li>solar plants</li><li>wind farms</li></ul></article></body></html>"
    )
    text, metadata = extract_page(page)
    article = parse_layout(text, "page", metadata, is_page=True)
    assert [sentence.text for sentence in article.body] == [
        "China lent Kyrgyzstan $5 million for a road.", "solar plants", "wind farms",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"{\\rtf1\\ansi On 29 October 2025}", b"%!PS-Adobe-3.0"])
def test_marked_up_text_is_refused_by_its_name(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(data)
    with pytest.raises(InputError, match=r"RTF|PostScript"):
        read_article(file)
