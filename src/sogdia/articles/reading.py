"""Reading an article: from a file or a text to its claims. Deterministic and offline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sogdia.articles.article import Article, Sentence
from sogdia.articles.claim import Amount, Claim, Period, Quantity
from sogdia.articles.dates import Anchor, years_told
from sogdia.articles.exchange_rates import Rates
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar import words as w
from sogdia.articles.grammar.drafts import Around, Draft
from sogdia.articles.grammar.filling import (
    date_of,
    moved_on,
    name_topic,
    speaker_of,
    work_of,
)
from sogdia.articles.grammar.finding import find_drafts
from sogdia.articles.grammar.marks import Marks, marked, outsiders, parties_of
from sogdia.articles.grammar.parties import partners_of, recipients_of
from sogdia.articles.grammar.stages import modality_of, status_of
from sogdia.articles.layout import Head, laid_out
from sogdia.articles.opening import Opened, open_article, opened
from sogdia.articles.page import page_text
from sogdia.region import Region

_LIST_ITEM = re.compile(r"^[-•*–]\s")
_MONEY_GOES = re.compile(
    r"^(?:the|this|these)\s(?:money|funds?|loans?|proceeds|financing|sum|credit|guarantees?|"
    r"grants?|amount)\s(?:goes|go|will|is|are)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Reader:
    gazetteer: Gazetteer
    rates: Rates
    article: Article


@lru_cache(maxsize=4)
def _gazetteer(region: Region) -> Gazetteer:
    return Gazetteer(region)


def read_article(path_or_text: str | Path, region: Region | None = None) -> Article:
    """The article in a file, or in a text.

    Args:
        path_or_text: A file, ``-`` for standard input, or the text itself (with a line break or a tag).
        region: The region; reading the head of an article needs none of it.

    Returns:
        The article, frozen.

    Raises:
        CannotRunError: If the file may not be read.
        InputError: If it is no text.
    """
    del region
    if isinstance(path_or_text, str) and ("\n" in path_or_text or "<" in path_or_text):
        source = opened(path_or_text.replace("\0", "").encode("utf-8", errors="replace"), "text")
    else:
        source = open_article(path_or_text)
    return _article(source)


def _article(source: Opened) -> Article:
    text, head = page_text(source.text) if source.is_page else (source.text, Head())
    return laid_out(text, source.name, head, source.remarks)


def read_claims(article: Article, region: Region) -> tuple[Claim, ...]:
    """Every claim of an article, in the order of its text.

    Args:
        article: The article.
        region: The region whose names, projects and rates are used.

    Returns:
        The claims, numbered from 1.
    """
    reader = _Reader(_gazetteer(region), Rates(region), article)
    anchor = _anchor(article)
    marks = [marked(sentence, anchor, reader.gazetteer) for sentence in article.body]
    around = Around(
        default=_default(article, marks, reader.gazetteer),
        titled=_titled(article, reader.gazetteer, ("country", "demonym", "group")),
        home=reader.gazetteer.home,
    )
    made: list[tuple[Marks, Draft, Period | None]] = []
    for item in marks:
        around = _turned(around, item, reader.gazetteer)
        drafts = find_drafts(item, reader.gazetteer, around.sort)
        for draft in drafts:
            _fill(draft, drafts, item, around, reader.gazetteer)
        made += [(item, draft, date_of(draft, item)) for draft in drafts]
        around = _dated(moved_on(around, item, drafts, reader.gazetteer), item, drafts)
        made = [
            (
                mark,
                draft,
                date
                or (_period(around.date) if mark is item and draft.sort not in ("project", "debt") else None),
            )
            for mark, draft, date in made
        ]
    _send_money(marks, made, reader.gazetteer.institutions)
    claims = [_claim(number, *item, reader) for number, item in enumerate(made, start=1)]
    return tuple(claims)


def _anchor(article: Article) -> Anchor:
    years = [year for sentence in article.body for year, ahead in years_told(sentence.text) if not ahead]
    return Anchor(article.date, article.date.year if article.date else max(years, default=None))


def _default(article: Article, marks: Sequence[Marks], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The states an article is about throughout: those of its headline, or the one named in most of it."""
    home = set(gazetteer.home)

    def told(items: Sequence[Mention]) -> list[str]:
        kinds = ("country", "demonym", "group", "seat", "place", "home_company", "person")
        return [code for item in items if item.kind in kinds for code in item.parties if code in home]

    if named := _titled(article, gazetteer, ("country", "demonym", "group", "seat")):
        return named
    counts = Counter(code for item in marks for code in set(told(item.mentions)))
    if not counts:
        return ()
    code, most = counts.most_common(1)[0]
    return (code,) if most > 0.6 * sum(counts.values()) else ()


def _titled(article: Article, gazetteer: Gazetteer, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """States of the region that the headline names."""
    title = next((sentence.text for sentence in article.sentences if sentence.part == "title"), article.title)
    codes = [code for item in gazetteer.find(title) if item.kind in kinds for code in item.parties]
    return tuple(code for code in dict.fromkeys(codes) if code in gazetteer.home)


def _turned(around: Around, marks: Marks, gazetteer: Gazetteer) -> Around:
    """What was told before, as far as it holds for a sentence: a new list item or a break begins afresh."""
    paragraph = marks.sentence.paragraph
    listed = around.listed if paragraph == around.paragraph else ()
    if _LIST_ITEM.match(marks.text):
        head = marks.text.find(":")
        named = outsiders(marks, gazetteer.home, 0, head if 0 < head < 60 else 40)
        return replace(
            around, work=None, partners=(), recipients=around.default, paragraph=paragraph, date="",
            listed=parties_of(named[:1]),
        )  # fmt: skip
    if w.BREAK.match(marks.text):
        return replace(around, work=None, partners=(), paragraph=paragraph, listed=())
    date = around.date if paragraph == around.paragraph else ""
    sort = around.sort if paragraph == around.paragraph else None
    return replace(around, paragraph=paragraph, listed=listed, date=date, sort=sort)


def _fill(draft: Draft, drafts: list[Draft], marks: Marks, around: Around, gazetteer: Gazetteer) -> None:
    earlier = next(
        (item for item in drafts if item is not draft and item.recipients and item.place < draft.place), None
    )
    draft.work = work_of(draft, marks, around)
    if earlier is not None and earlier.sort == "aggregate_investment" and draft.work is around.work:
        # A sum beside one of many things is not for the work of the sentences before.
        draft.work = None
    if (
        draft.work is None
        and (not draft.topic or draft.sort == "gas_supply")
        and draft.sort in ("finance", "aggregate_investment", "deal", "trade", "agreement", "gas_supply")
    ):
        draft.topic = name_topic(draft, marks, around)
    recipients = recipients_of(draft, marks, around, gazetteer)
    partners = draft.partners or partners_of(draft, marks, around, gazetteer)
    if earlier is not None and draft.sort in ("finance", "deal", "aggregate_investment"):
        if draft.work is None or not draft.work.parties:
            recipients = earlier.recipients or recipients
        partners = partners or earlier.partners or ()
    if draft.sort == "project":
        backers = [
            code
            for item in drafts
            if item.sort == "finance" and item.work == draft.work
            for code in item.partners or ()
        ]
        later = [
            code
            for item in drafts
            if item.sort == "finance" and item.work == draft.work and item.partners is None
            for code in partners_of(item, marks, around, gazetteer)
        ]
        firms = {
            code
            for item in outsiders(marks, gazetteer.home)
            if item.kind == "company"
            for code in item.parties
        }
        if not firms & set(partners):
            partners = tuple(dict.fromkeys([*backers, *later])) or partners
    draft.recipients = tuple(code for code in recipients if code not in partners) or recipients
    draft.partners = tuple(code for code in partners if code not in draft.recipients)
    if draft.sort == "debt":
        draft.recipients = draft.recipients or around.default


def _dated(around: Around, marks: Marks, drafts: list[Draft]) -> Around:
    opening = [item for item in marks.dates if item.start < 25 and item.cue == "on"]
    if opening:
        return replace(around, date=str(opening[0].period))
    return around if not drafts else replace(around, date=around.date)


def _period(words: str) -> Period | None:
    if not words:
        return None
    start, _, end = words.partition("/")
    return Period(start, end or start)


def _send_money(
    marks: Sequence[Marks], made: list[tuple[Marks, Draft, Period | None]], institutions: frozenset[str]
) -> None:
    """What the sums told before were for, where a sentence says that the money goes to it."""
    for item in marks:
        works = [work for work in item.works if not work.bare]
        if not works or not _MONEY_GOES.match(item.text):
            continue
        own = next((draft.work for mark, draft, _ in made if mark is item and draft.work), works[0])
        senders: list[str] = []
        for mark, draft, _ in made:
            close = 0 < item.sentence.number - mark.sentence.number <= 3
            if close and draft.sort == "finance" and draft.work is None:
                draft.work, draft.topic = own, ""
                senders += [code for code in draft.partners or () if code in institutions]
        for mark, draft, _ in made:
            if mark is item and draft.work is own and not draft.partners:
                draft.partners = tuple(dict.fromkeys(senders))


def _claim(number: int, marks: Marks, draft: Draft, date: Period | None, reader: _Reader) -> Claim:
    near, text = marks.words(draft.place), marks.text
    status = draft.status or status_of(draft.sort, near, text)
    if draft.superseded and status not in ("cancelled",):
        status = "announced"
    date = date or _assumed_date(draft, status, reader.article)
    sentence: Sentence = marks.sentence
    work = draft.work
    project = work.label if work else draft.topic
    if draft.superseded and project:
        project = f"{project} (earlier estimate)"
    actors = tuple(
        dict.fromkeys(
            item.text
            for item in marks.mentions
            if item.kind in ("company", "lender", "home_company", "person")
        )
    )
    instrument = next((name for name, pattern in w.INSTRUMENTS if pattern.search(near)), "")
    if not instrument:
        instrument = next((name for name, pattern in w.INSTRUMENTS if pattern.search(text)), "")
    if draft.sort not in ("finance", "finance_terms"):
        instrument = "agreement" if draft.sort in ("deal", "agreement") else ""
    return Claim(
        number=number,
        type=draft.sort,
        partners=draft.partners or (),
        recipients=draft.recipients or (),
        project=project,
        project_id=work.row if work else "",
        amount=reader.rates.amount(draft.money, date, reader.article.date) if draft.money else None,
        capacity_mw=draft.power.value if draft.power else None,
        length_km=draft.length.value if draft.length else None,
        date=date,
        status=status,
        modality=modality_of(status, draft.sort),
        speaker=speaker_of(marks),
        actors=actors,
        instrument=instrument,
        aggregate=draft.aggregate,
        others=tuple(draft.others),
        sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        quote=sentence.text,
    )


def _assumed_date(draft: Draft, status: str, article: Article) -> Period | None:
    """The year of the article, for what it tells as news of the day."""
    if article.date is None or status in ("planned", "operating", "interest", "suspended", ""):
        return None
    year = str(article.date.year - (1 if draft.superseded else 0))
    return Period(year, year)


__all__ = ["Amount", "Article", "Claim", "Quantity", "read_article", "read_claims"]
