"""Read an article: from a file or text to its claims, deterministic and offline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sogdia.articles.article import Article
from sogdia.articles.background import default_recipients, home_in_title, names_region
from sogdia.articles.claim import Claim, Period, Status
from sogdia.articles.confidence import sentence_features
from sogdia.articles.dates import Anchor, past_years
from sogdia.articles.exchange_rates import ExchangeRates
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import AnnotatedSentence, annotate
from sogdia.articles.grammar.completion import complete_status, fill
from sogdia.articles.grammar.context import context_for, with_heading, with_opening_date
from sogdia.articles.grammar.frame_detection import find_frames, view_of
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.parties import per_lender
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.grammar.references import (
    update_context,
    with_earlier_names,
)
from sogdia.articles.grammar.slot_filling import find_speaker, resolve_date
from sogdia.articles.grammar.status import modality_of, status_of
from sogdia.articles.languages.annotation import annotate_language, foreign_mentions, language_remarks
from sogdia.articles.languages.detection import ENGLISH, RU, language_of
from sogdia.articles.languages.ru.reading import read_ru_claims
from sogdia.articles.layout import Metadata, parse_layout
from sogdia.articles.origins import Surroundings, with_origins
from sogdia.articles.page import extract_page
from sogdia.articles.text_source import decode_source, read_source
from sogdia.region import Region

_LINE_BREAK = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")
_USE_OF_FUNDS = re.compile(
    r"^(?:the|this|these)\s(?:money|funds?|loans?|proceeds|financing|sum|credit|guarantees?|"
    r"grants?|amount)\s(?:goes|go|will|is|are)\b",
    re.IGNORECASE,
)
_DATED_BY_CONTENT = ("project", "debt")
"""Types whose date is never that of the sentence before."""
_ABOUT_WORKS = ("project", "deal", "finance", "finance_terms", "agreement")
"""Types whose claim has no content without a party and a work or subject."""
_LASTING = ("planned", "operating", "interest", "suspended", "disbursed", "outstanding", "")
"""Statuses that do not date an event to the year of the article: most money paid out long ago has no date."""
_UNDATED = ("disbursed", "outstanding")
"""Statuses whose date is never that of the sentence before."""

_OPENING = 50_000
"""Characters of a text in another language in which a state of the region is sought."""

FrameInSentence = tuple[AnnotatedSentence, Frame, Period | None]


@dataclass(frozen=True)
class _Reader:
    gazetteer: Gazetteer
    rates: ExchangeRates
    article: Article


@lru_cache(maxsize=4)
def _gazetteer(region: Region) -> Gazetteer:
    return Gazetteer(region)


def read_article(path_or_text: str | Path) -> Article:
    """Read the article in a file or a text.

    Args:
        path_or_text: A file, ``-`` for standard input, or the text itself (with a line break or a tag).

    Returns:
        The article, frozen.

    Raises:
        CannotRunError: If the file cannot be read.
        InputError: If it is not text.
    """
    if isinstance(path_or_text, str) and ("<" in path_or_text or _LINE_BREAK.search(path_or_text)):
        source = decode_source(path_or_text.replace("\0", "").encode("utf-8", errors="replace"), "text")
    else:
        source = read_source(path_or_text)
    text, metadata = extract_page(source.text) if source.is_html else (source.text, Metadata())
    return parse_layout(text, source.name, metadata, source.remarks, is_page=source.is_html)


def annotate_article(article: Article, region: Region) -> tuple[Gazetteer, list[AnnotatedSentence]]:
    """Return the gazetteer for an article and its sentences with their annotations: the first pass.

    Args:
        article: The article.
        region: The region whose names and projects are used.
    """
    known, anchor = _gazetteer(region), _anchor(article)
    language = language_of(_read_part(article))
    if language != ENGLISH:
        return known, annotate_language(article, region, known, anchor, language)
    gazetteer = known.for_text(known.find(_read_part(article)), known.find(article.title))
    currency, sentences = "", []
    for sentence in article.body:
        sentences.append(annotate(sentence, anchor, gazetteer, currency))
        sums = [item.unit for item in sentences[-1].quantities if item.kind == "money"]
        currency = sums[-1] if sums else currency
    return gazetteer, sentences


def annotate_title(article: Article, region: Region) -> list[AnnotatedSentence]:
    """Return the headline of an article in English with its annotations; empty without one.

    Args:
        article: The article.
        region: The region whose names and projects are used.
    """
    if language_of(_read_part(article)) != ENGLISH:
        return []
    known = _gazetteer(region)
    gazetteer = known.for_text(known.find(_read_part(article)), known.find(article.title))
    titles = [sentence for sentence in article.sentences if sentence.part == "title"]
    return [annotate(sentence, _anchor(article), gazetteer) for sentence in titles]


def read_claims(article: Article, region: Region) -> tuple[Claim, ...]:
    """Extract the claims of an article, in the order of its text.

    Args:
        article: The article.
        region: The region whose names, projects and exchange rates are used.

    Returns:
        The claims, numbered from 1.
    """
    language = language_of(_read_part(article))
    if language == RU:
        return read_ru_claims(article, region, _gazetteer(region), _anchor(article))
    return tuple(claim for claim, _ in read_with_features(article, region)) if language == ENGLISH else ()


def read_with_features(article: Article, region: Region) -> tuple[tuple[Claim, frozenset[str]], ...]:
    """Extract the claims of an article in English, each with the features of its sentence.

    Args:
        article: The article.
        region: The region whose names, projects and exchange rates are used.
    """
    gazetteer, sentences = annotate_article(article, region)
    reader = _Reader(gazetteer, ExchangeRates(region), article)
    titled_works = _works_of_title(article, region)
    context = Context(
        project=titled_works[0] if titled_works else None,
        works=titled_works,
        titled_work=titled_works[0] if titled_works else None,
        titled_lender=next(
            (item.parties for item in gazetteer.find(article.title) if item.kind == "lender"), ()
        ),
        default=default_recipients(article, sentences, reader.gazetteer),
        titled=home_in_title(article, reader.gazetteer, ("country", "demonym", "group")),
        home=reader.gazetteer.home,
        is_regional=names_region(article, sentences, reader.gazetteer),
    )
    found: list[FrameInSentence] = []
    for annotated in sentences:
        context = context_for(context, annotated, reader.gazetteer)
        names = reader.gazetteer
        if context.headed and not names.projects:
            names = names.with_home(context.headed)
        context = replace(context, home=names.home)
        view = view_of(with_earlier_names(annotated, context), names, context.claim_type or context.heading)
        frames = find_frames(view)
        for frame in frames:
            fill(frame, frames, view, context)
        frames = [one for frame in frames for one in per_lender(frame, view)]
        for frame in frames:
            frame.status = frame.status or status_of(frame, view.predicates, annotated.text)
            complete_status(frame, context)
            frame.features = sentence_features(frame, frames, view, context)
        context = update_context(context, view.annotated, frames, names)
        context = with_heading(with_opening_date(context, annotated), view)
        dated: Frame | None = None
        for frame in frames:
            date = resolve_date(frame, view)
            if date is None and dated is not None and dated.claim_type == frame.claim_type:
                date = found[-1][2]
            dated = frame if date is not None else None
            if date is None and frame.claim_type not in _DATED_BY_CONTENT and frame.status not in _UNDATED:
                date = _period(context.date)
            found.append((annotated, frame, date))
    _assign_use_of_funds(sentences, found, reader.gazetteer.institutions)
    found = [item for item in found if not _is_empty(item[1])]
    title = frozenset(code for item in reader.gazetteer.find(article.title) for code in item.parties)
    around = Surroundings(sentences, title)
    pairs = []
    for number, (annotated, frame, date) in enumerate(found, start=1):
        claim = with_origins(_claim(number, annotated, frame, date, reader), frame, annotated, around)
        pairs.append((claim, frame.features or frozenset()))
    return tuple(pairs)


def _is_empty(frame: Frame) -> bool:
    """Return whether a claim of a work or deal names neither a party nor a work or subject."""
    is_sum = frame.claim_type == "finance" and frame.money is not None
    is_about = frame.partners or frame.project or frame.topic or is_sum
    return frame.claim_type in _ABOUT_WORKS and not is_about


def _works_of_title(article: Article, region: Region) -> tuple[ProjectMention, ...]:
    """Return the works that the headline names, to which the first sentences may refer."""
    return tuple(
        work
        for annotated in annotate_title(article, region)
        for work in annotated.projects
        if not (work.is_plural or work.is_anaphoric or work.sector == "corridor")
        and (work.row or re.search(r"[A-Z]", work.label))
    )


def _read_part(article: Article) -> str:
    """Return the sentences that are read, which are fewer than the text of a file beyond the limits."""
    return "\n".join(sentence.text for sentence in article.sentences)


def region_remarks(article: Article, region: Region) -> tuple[str, ...]:
    """Return remarks on a text of another region or language, which names and rules of the pack do not cover.

    Args:
        article: The article.
        region: The region.
    """
    remarks = []
    names, language = _gazetteer(region), language_of(_read_part(article))
    text = f"{article.title}\n{_read_part(article)}"
    if language != ENGLISH:
        text = text[:_OPENING]
    if not names.is_home_text([*names.find(text), *foreign_mentions(text, language, region, names)]):
        home = ", ".join(names.home)
        remarks.append(f"names none of {home}: claims of another region, of which nothing enters the ledger")
    remarks += language_remarks(language)
    return tuple(remarks)


def _anchor(article: Article) -> Anchor:
    years = [year for sentence in article.body for year in past_years(sentence.text)]
    return Anchor(article.date, article.date.year if article.date else max(years, default=None))


def _period(text: str) -> Period | None:
    if not text:
        return None
    start, _, end = text.partition("/")
    return Period(start, end or start)


def _assign_use_of_funds(
    sentences: Sequence[AnnotatedSentence], found: list[FrameInSentence], institutions: frozenset[str]
) -> None:
    """Assign a project to the loans before it, if its sentence says that the money goes to it."""
    for annotated in sentences:
        projects = [project for project in annotated.projects if not project.is_anaphoric]
        if not projects or not _USE_OF_FUNDS.match(annotated.text):
            continue
        own = next(
            (frame.project for item, frame, _ in found if item is annotated and frame.project), projects[0]
        )
        lenders: list[str] = []
        for item, frame, _ in found:
            is_close = 0 < annotated.sentence.number - item.sentence.number <= 3
            if is_close and frame.claim_type == "finance" and frame.project is None:
                frame.project, frame.topic, frame.is_project_carried = own, "", True
                lenders += [code for code in frame.partners or () if code in institutions]
        for item, frame, _ in found:
            if item is annotated and frame.project is own and not frame.partners:
                frame.partners = tuple(dict.fromkeys(lenders))


def _claim(
    number: int, annotated: AnnotatedSentence, frame: Frame, date: Period | None, reader: _Reader
) -> Claim:
    clause, sentence = annotated.clause_text(frame.position), annotated.sentence
    status: Status = frame.status or ""
    if frame.superseded and status != "cancelled":
        status = "announced"
    if not status and frame.claim_type in ("project", "finance", "deal") and _is_ahead(date, reader.article):
        status = "planned"
    date = date or _assumed_date(frame, status, reader.article)
    project = frame.project.label if frame.project else frame.topic
    if frame.superseded and project:
        project = f"{project} (earlier estimate)"
    named = ("company", "lender", "home_company", "person")
    return Claim(
        number=number,
        type=frame.claim_type,
        partners=frame.partners or (),
        recipients=frame.recipients or (),
        project=project,
        project_id=frame.project.row if frame.project else "",
        amount=reader.rates.convert(frame.money, date, reader.article.date) if frame.money else None,
        capacity_mw=frame.power.value if frame.power else None,
        length_km=frame.length.value if frame.length else None,
        date=date,
        status=status,
        modality=modality_of(status, frame.claim_type),
        speaker=find_speaker(annotated),
        actors=tuple(dict.fromkeys(item.text for item in annotated.mentions if item.kind in named)),
        instrument=_instrument(frame, clause, sentence.text),
        aggregate=frame.aggregate,
        others=tuple(frame.others),
        sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        quote=sentence.text,
    )


def _is_ahead(date: Period | None, article: Article) -> bool:
    """Return whether a date is later than the article."""
    return date is not None and article.date is not None and date.year > article.date.year


def _instrument(frame: Frame, clause: str, sentence: str) -> str:
    if frame.claim_type not in ("finance", "finance_terms"):
        return "agreement" if frame.claim_type in ("deal", "agreement") else ""
    for text in (clause, sentence):
        for name, pattern in lexicon.INSTRUMENTS:
            if pattern.search(text):
                return name
    return ""


def _assumed_date(frame: Frame, status: str, article: Article) -> Period | None:
    """Return the year of the article for an event that it reports without a date."""
    if article.date is None or status in _LASTING:
        return None
    year = str(article.date.year - (1 if frame.superseded else 0))
    return Period(year, year)
