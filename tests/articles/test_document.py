"""Numbered mentions of an article."""

from __future__ import annotations

from sogdia.articles.document import numbered_mentions
from sogdia.articles.reading import annotate_article, read_article
from sogdia.region import Region

TEXT = (
    "Headline without a name\nThe World Bank lent Tajikistan $20 million for the 50 km Boom road in 2024. "
    "ADB added $10 million.\n"
)


def test_mentions_are_numbered_by_kind_in_the_order_of_the_text(region: Region) -> None:
    _, sentences = annotate_article(read_article(TEXT), region)
    found = numbered_mentions(sentences)
    named = {item.id: (item.text, item.sentence) for item in found}
    assert named["P1"] == ("World Bank", 2)
    assert named["P3"] == ("ADB", 3)
    assert named["A1"] == ("$20 million", 2)
    assert named["D1"][0] == "2024"
    assert len(named) == len(found)


def test_span_of_a_mention_is_its_text(region: Region) -> None:
    article = read_article(TEXT)
    _, sentences = annotate_article(article, region)
    texts = {one.sentence.number: one.text for one in sentences}
    for item in numbered_mentions(sentences):
        assert texts[item.sentence][item.start : item.end] == item.text
