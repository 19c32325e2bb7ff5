"""Read claims from texts in the language ru.

The first row of ``frames.csv`` that fits the words next to a figure, or of a sentence, gives the type of the
claim; the first of ``statuses.csv`` gives its status.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sogdia.articles.article import Article
from sogdia.articles.claim import Claim, Period, Status
from sogdia.articles.dates import Anchor
from sogdia.articles.exchange_rates import ExchangeRates
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.grammar.status import modality_of
from sogdia.articles.languages.ru.frames import (
    LIST_ITEM,
    find_frames,
    heading_of,
    is_claim,
    is_same,
    status_of,
)
from sogdia.articles.languages.ru.lexicon import words_of
from sogdia.articles.languages.ru.names import LocalNames, names_of
from sogdia.articles.languages.ru.parties import is_own_money, usable
from sogdia.articles.languages.ru.references import Context, project_of, update_context
from sogdia.articles.languages.ru.roles import (
    between_home_parties,
    is_elsewhere,
    partners_of,
    recipients_of,
    turn_to_borrower,
)
from sogdia.articles.languages.ru.sentence import ReadSentence, annotate_ru
from sogdia.articles.languages.ru.topics import topic_of
from sogdia.articles.origins import Surroundings, with_origins
from sogdia.region import Region

_BREAK = re.compile(r"^(?:кроме того|также|тем временем|между тем|отдельно|в свою очередь)\b", re.IGNORECASE)


_LASTING: tuple[Status, ...] = ("planned", "operating", "interest", "suspended", "")


_PLAIN_TOPICS = frozenset(("соглашение", "договор", "меморандум", "проект", ""))
_WITHOUT_WORK: frozenset[str] = frozenset(
    ("debt", "trade", "remittances", "aggregate_investment", "visit_summit", "policy_threat", "gas_supply")
)


def read_ru_claims(
    article: Article, region: Region, gazetteer: Gazetteer, anchor: Anchor
) -> tuple[Claim, ...]:
    """Extract the claims of an article, in the order of its text.

    Args:
        article: The article.
        region: The region whose exchange rates are used.
        gazetteer: Names of the region pack.
        anchor: Reference date for dates without a year.

    Returns:
        The claims, numbered from 1.
    """
    names = names_of(region, gazetteer)
    title = names.find(words_of(article.title))
    everything = [item for sentence in article.body for item in names.find(words_of(sentence.text))]
    read = _annotated(article, anchor, gazetteer, names)
    if not any(work.row for one in read for work in one.annotated.projects):
        chosen = gazetteer.for_text([*title, *everything], title)
        read = read if chosen is gazetteer else _annotated(article, anchor, chosen, names)
        gazetteer = chosen
    context = Context(_default(title, read, gazetteer))
    found: list[tuple[ReadSentence, Frame]] = []
    for one in read:
        headed = _headed(one.annotated, gazetteer)
        if headed or _BREAK.match(one.annotated.text):
            context = Context(headed or context.default)
        context.frames = []
        if not LIST_ITEM.match(one.annotated.text):
            context.heading = heading_of(one)
            if context.heading:
                continue
        for frame in find_frames(one, context):
            _fill(frame, one, context, gazetteer)
            if not is_claim(frame):
                continue
            twin = next((other for other in context.frames if is_same(other, frame)), None)
            if twin is None:
                context.frames.append(frame)
            else:
                twin.money = twin.money or frame.money
                twin.power, twin.length = twin.power or frame.power, twin.length or frame.length
        found += [(one, frame) for frame in context.frames]
        update_context(context, one, gazetteer)
    rates = ExchangeRates(region)
    around = Surroundings(
        [one.annotated for one in read], frozenset(code for item in title for code in item.parties)
    )
    return tuple(
        with_origins(_claim(number, one, frame, article, rates), frame, one.annotated, around)
        for number, (one, frame) in enumerate(found, start=1)
    )


def _annotated(
    article: Article, anchor: Anchor, gazetteer: Gazetteer, names: LocalNames
) -> list[ReadSentence]:
    return [ReadSentence(*annotate_ru(sentence, anchor, gazetteer, names)) for sentence in article.body]


def _headed(annotated: AnnotatedSentence, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the home states of a heading that names nothing else."""
    rest = annotated.text
    for item in reversed(annotated.mentions):
        rest = rest[: item.start] + rest[item.end :]
    codes = tuple(code for item in annotated.mentions for code in item.parties if code in gazetteer.home)
    return codes if codes and not re.sub(r"\bи\b|\W", "", rest) else ()


def _default(title: Sequence[Mention], read: Sequence[ReadSentence], gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the home countries of the headline, or else the predominant one of the text."""
    home = set(gazetteer.home)
    titled = tuple(dict.fromkeys(code for item in title for code in item.parties if code in home))
    if titled:
        return titled
    counts = Counter(
        code for one in read for item in one.annotated.mentions for code in item.parties if code in home
    )
    (code, count), *_ = counts.most_common(1) or [("", 0)]
    return (code,) if count > 0.6 * sum(counts.values()) else ()


def _fill(frame: Frame, one: ReadSentence, context: Context, gazetteer: Gazetteer) -> None:
    """Fill project or subject and the parties of a frame."""
    annotated, text = one.annotated, one.annotated.text
    if frame.claim_type not in _WITHOUT_WORK:
        frame.project = project_of(frame, one, context)
        frame.is_project_carried = frame.project is not None and frame.project in context.works
    dated = [(item.start, item.end) for item in annotated.dates]
    is_own = any(frame.project is work for work in annotated.projects)
    if frame.project is None or (not is_own and frame.claim_type in ("finance", "agreement")):
        topic = topic_of(frame.claim_type, one.words, annotated.mentions, text, dated, frame.position)
        if frame.project is None or (topic and topic.lower() not in _PLAIN_TOPICS):
            frame.topic, frame.project, frame.is_project_carried = topic, None, False
    home = set(gazetteer.home)
    low, high = annotated.clause_span(frame.position)
    usual = usable([item for item in annotated.mentions if not _is_in_chain(item, one)], text)
    outside = [item for item in usual if item.parties and not set(item.parties) & home]
    frame.is_own_money = is_own_money(text[low:high]) and frame.claim_type in ("finance", "project")
    frame.partners = partners_of(frame, outside, one, context)
    if not frame.partners and frame.project is not None and is_own:
        names = [item for item in annotated.mentions if _is_in(item, frame.project)]
        codes = [
            code for item in names for code in item.parties if code not in (*home, *frame.project.parties)
        ]
        in_name = (*codes, *(code for code in frame.project.partners if code in _codes(annotated.mentions)))
        frame.partners = tuple(dict.fromkeys(in_name)) if frame.claim_type == "project" else ()
    frame.recipients = recipients_of(frame, usual, one, context, home)
    if not set(frame.recipients) - set(frame.partners) or is_elsewhere(frame, usual, home):
        turn_to_borrower(frame, outside, gazetteer)
    partner, receiving = between_home_parties(frame, usual, text, home)
    if partner:
        frame.partners, frame.recipients = partner, receiving
    frame.recipients = tuple(code for code in frame.recipients if code not in frame.partners)


def _is_in(item: Mention, work: ProjectMention) -> bool:
    return work.start <= item.start < work.end


def _codes(mentions: Sequence[Mention]) -> frozenset[str]:
    return frozenset(code for item in mentions for code in item.parties)


def _is_in_chain(item: Mention, one: ReadSentence) -> bool:
    """Return whether a name is a part of the name of a work, such as that of a line between countries."""
    return any(
        work.start <= item.start < work.end and not work.is_anaphoric for work in one.annotated.projects
    )


def _claim(number: int, one: ReadSentence, frame: Frame, article: Article, rates: ExchangeRates) -> Claim:
    annotated, sentence = one.annotated, one.annotated.sentence
    low, high = annotated.clause_span(frame.position)
    clause = [word for word in one.words if low <= word.start < high]
    is_figure_only = frame.claim_type == "project" and frame.money is None and (frame.power or frame.length)
    status = frame.status or status_of(frame.claim_type, clause)
    if not status and not is_figure_only:
        status = status_of(frame.claim_type, one.words)
    dates = sorted(annotated.dates, key=lambda item: (not low <= item.start < high, not item.has_year))
    date = dates[0].period if dates else None
    if date is None and article.date is not None and status not in _LASTING:
        date = Period(str(article.date.year), str(article.date.year))
    named = ("company", "lender", "home_company", "person")
    return Claim(
        number=number, type=frame.claim_type,
        partners=frame.partners or (), recipients=frame.recipients or (),
        project=frame.project.label if frame.project else frame.topic,
        project_id=frame.project.row if frame.project else "",
        amount=rates.convert(frame.money, date, article.date) if frame.money else None,
        capacity_mw=frame.power.value if frame.power else None,
        length_km=frame.length.value if frame.length else None,
        date=date, status=status, modality=modality_of(status, frame.claim_type),
        actors=tuple(dict.fromkeys(item.text for item in annotated.mentions if item.kind in named)),
        aggregate=frame.aggregate, others=tuple(frame.others),
        sentence=sentence.number, start=sentence.start, end=sentence.end, quote=sentence.text,
    )  # fmt: skip
