"""Read claims from texts in the language ru.

The first row of ``frames.csv`` that fits the words next to a figure, or of a sentence, gives the type of the
claim; the first of ``statuses.csv`` gives its status.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sogdia.articles.article import Article, Sentence
from sogdia.articles.claim import Claim, ClaimType, Period, Quantity, Status
from sogdia.articles.dates import Anchor, find_dates
from sogdia.articles.exchange_rates import ExchangeRates
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.grammar.status import modality_of
from sogdia.articles.languages.ru.lexicon import Word, rows_of, words_of
from sogdia.articles.languages.ru.names import LocalNames, names_of
from sogdia.articles.languages.ru.works import find_works
from sogdia.articles.origins import Surroundings, with_origins
from sogdia.articles.quantities import find_quantities
from sogdia.region import Region

_CUT = re.compile(
    r";\s|,\s(?=(?:из них|из которых|в том числе|а|но|при этом|причём|причем|его|её|ее|их|что|договор|"
    r"которы\w+)\b)"
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_BREAK = re.compile(r"^(?:кроме того|также|тем временем|между тем|отдельно|в свою очередь)\b", re.IGNORECASE)
_MUTUAL = re.compile(
    r"(?:двумя|двух|обеих|обеими) (?:стран|государств|сторон)|взаимн|двусторонн", re.IGNORECASE
)
_PREPOSITIONS = frozenset(("между", "через", "перед", "после", "около", "более"))
_LASTING: tuple[Status, ...] = ("planned", "operating", "interest", "suspended", "")
_FIGURES = frozenset(("money", "gas", "mass", "containers", "power", "length"))
_WITHOUT_WORK: frozenset[str] = frozenset(
    ("debt", "trade", "remittances", "aggregate_investment", "visit_summit", "policy_threat", "gas_supply")
)
_SHORT = 3
"""Letters up to which a word after the subject is a preposition."""
_OWN_SUBJECT: Mapping[str, str] = {
    "trade": "trade", "remittances": "remittance", "aggregate_investment": "aggregate",
    "gas_supply": "gas delivery trade", "visit_summit": "visit", "policy_threat": "threat",
    "transit_stat": "freight", "agreement": "document contract", "deal": "contract",
}  # fmt: skip
"""Classes of the nouns that name the subject of a claim without a work."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with its annotations and words."""

    annotated: AnnotatedSentence
    words: tuple[Word, ...]

    def classes(self, start: int, end: int) -> frozenset[str]:
        """Return the classes of the words of a span."""
        return frozenset(
            name
            for word in self.words
            if start <= word.start < end and word.tense != "denied"
            for name in word.classes
        )


@dataclass
class _Context:
    """Facts of earlier sentences: the work and the parties that a later sentence may refer to."""

    default: tuple[str, ...]
    project: ProjectMention | None = None
    partners: tuple[str, ...] = ()
    lenders: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    frames: list[Frame] = field(default_factory=list)


def annotate_ru(
    sentence: Sentence, anchor: Anchor, gazetteer: Gazetteer, names: LocalNames
) -> tuple[AnnotatedSentence, tuple[Word, ...]]:
    """Annotate a sentence: names, works, quantities, dates and clauses, and its words with classes.

    Args:
        sentence: The sentence.
        anchor: Reference date for dates without a year.
        gazetteer: Names of the region pack, for names in Latin letters.
        names: Names in the language ru.
    """
    text = sentence.text
    words = tuple(words_of(text))
    latin = [item for item in gazetteer.find(_CYRILLIC.sub(" ", text)) if item.kind != "project"]
    mentions = sorted([*names.find(words), *latin], key=lambda item: item.start)
    quantities = tuple(find_quantities(text))
    works = find_works(text, words, mentions, gazetteer)
    dates = tuple(
        item for item in find_dates(text, anchor)
        if not any(q.start <= item.start < q.end and q.kind != "count" for q in quantities)
    )  # fmt: skip
    cuts = (0, *(match.end() for match in _CUT.finditer(text)))
    inside = [item for item in mentions if not _is_in_work(item, works)]
    return AnnotatedSentence(sentence, tuple(inside), tuple(works), quantities, dates, cuts), words


def _is_in_work(item: Mention, works: Sequence[ProjectMention]) -> bool:
    return item.kind == "place" and any(work.start <= item.start < work.end for work in works)


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
    read = [_Read(*annotate_ru(sentence, anchor, gazetteer, names)) for sentence in article.body]
    title = names.find(words_of(article.title))
    context = _Context(_default(title, read, gazetteer))
    found: list[tuple[_Read, Frame]] = []
    for one in read:
        if _BREAK.match(one.annotated.text):
            context = _Context(context.default)
        context.frames = []
        for frame in _frames(one, has_context=context.project is not None):
            _fill(frame, one, context, gazetteer)
            twin = next((other for other in context.frames if _is_same(other, frame)), None)
            if twin is None:
                context.frames.append(frame)
            else:
                twin.money = twin.money or frame.money
                twin.power, twin.length = twin.power or frame.power, twin.length or frame.length
        found += [(one, frame) for frame in context.frames]
        _update(context, one, gazetteer)
    rates = ExchangeRates(region)
    around = Surroundings(
        [one.annotated for one in read], frozenset(code for item in title for code in item.parties)
    )
    return tuple(
        with_origins(_claim(number, one, frame, article, rates), frame, one.annotated, around)
        for number, (one, frame) in enumerate(found, start=1)
    )


def _default(title: Sequence[Mention], read: Sequence[_Read], gazetteer: Gazetteer) -> tuple[str, ...]:
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


@cache
def _frame_rows() -> tuple[tuple[str, frozenset[str], frozenset[str], str, str, str], ...]:
    return tuple(
        (
            row["figure"],
            frozenset(row["any"].split()),
            frozenset(row["none"].split()),
            row["work"],
            row["type"],
            row["status"],
        )
        for row in rows_of("frames.csv")
    )


def _type_of(figure: str, classes: frozenset[str], *, has_work: bool) -> tuple[str, str] | None:
    """Return type and fixed status of the first row that fits; ``None`` if none fits."""
    for kind, some, none, work, claim_type, status in _frame_rows():
        if kind != figure or (some and not some & classes) or none & classes:
            continue
        if (work == "yes" and not has_work) or (work == "no" and has_work):
            continue
        return claim_type, status
    return None


def _frames(one: _Read, *, has_context: bool) -> Iterator[Frame]:
    """Yield a frame of each figure that makes a claim, or else one of the event of the sentence."""
    annotated = one.annotated
    is_found = False
    for figure in annotated.quantities:
        if figure.kind not in _FIGURES:
            continue
        low, high = annotated.clause_span(figure.start)
        has_work = bool(annotated.projects) or figure.kind in ("money", "power", "length")
        chosen = _type_of(figure.kind, one.classes(low, high), has_work=has_work)
        chosen = chosen or _type_of(figure.kind, one.classes(0, len(annotated.text)), has_work=has_work)
        if chosen is None:
            continue
        is_found = True
        frame = Frame(chosen[0], figure.start, figure.end, status=chosen[1] or None)  # type: ignore[arg-type]
        _add_figure(frame, figure)
        frame.aggregate = frame.claim_type == "aggregate_investment"
        yield frame
    if not is_found:
        classes = one.classes(0, len(annotated.text))
        has_work = bool(annotated.projects) or (has_context and "construction" in classes)
        chosen = _type_of("event", classes, has_work=has_work)
        if chosen is not None and chosen[0]:
            position = next((word.start for word in one.words if word.tense), 0)
            yield Frame(chosen[0], position, position, status=chosen[1] or None)  # type: ignore[arg-type]


def _add_figure(frame: Frame, figure: Quantity) -> None:
    if figure.kind == "money":
        frame.money = figure
    elif figure.kind == "power":
        frame.power = figure
    elif figure.kind == "length":
        frame.length = figure
    else:
        frame.others.append(figure)


def _is_same(one: Frame, other: Frame) -> bool:
    """Return whether two frames of a sentence are one claim: one project, and not two amounts."""
    pair = {one.claim_type, other.claim_type}
    kinds = len(pair) == 1 or pair <= {"project", "deal", "finance"}
    works = (one.project.start if one.project else -1, other.project.start if other.project else -1)
    return kinds and not (one.money and other.money) and not other.others and works[0] == works[1]


def _fill(frame: Frame, one: _Read, context: _Context, gazetteer: Gazetteer) -> None:
    """Fill project or subject and the parties of a frame."""
    if frame.claim_type not in _WITHOUT_WORK:
        frame.project = _project_of(frame, one, context)
        frame.is_project_carried = frame.project is context.project and frame.project is not None
    if frame.project is None:
        frame.topic = _subject(frame, one)
    home = set(gazetteer.home)
    low, high = one.annotated.clause_span(frame.position)
    mentions = [item for item in one.annotated.mentions if not _is_in_chain(item, one)]
    outside = [item for item in mentions if item.parties and not set(item.parties) & home]
    if not outside:
        outside = [item for item in one.annotated.mentions if item.parties and not set(item.parties) & home]
    frame.partners = _partners(frame, outside, (low, high), context, one.annotated.text)
    own = tuple(dict.fromkeys(code for item in mentions for code in item.parties if code in home))
    placed = frame.project.parties if frame.project else ()
    known = tuple(code for code in placed if code in home)
    carried = context.recipients if frame.is_project_carried or not own else ()
    recipients = (
        (known if frame.project and frame.project.row else ()) or own or known or carried or context.default
    )
    if frame.project and not frame.is_project_carried and known and not frame.project.row:
        recipients = known
    frame.recipients = tuple(code for code in recipients if code not in frame.partners)


def _is_in_chain(item: Mention, one: _Read) -> bool:
    """Return whether a name is a part of the name of a work, such as that of a line between countries."""
    return any(
        work.start <= item.start < work.end and not work.is_anaphoric for work in one.annotated.projects
    )


def _partners(
    frame: Frame, outside: Sequence[Mention], clause: tuple[int, int], context: _Context, text: str
) -> tuple[str, ...]:
    """Return the outside parties of a frame: of its clause, else its sentence, else the context."""
    inside = [item for item in outside if clause[0] <= item.start < clause[1]]
    if frame.claim_type == "project" and frame.is_project_carried and context.partners and not inside:
        return context.partners
    chosen = inside or [item for item in outside if item.start < clause[0]] or list(outside)
    if frame.claim_type == "trade" and not chosen and _MUTUAL.search(text):
        return context.outside
    if frame.claim_type == "debt":
        return tuple(dict.fromkeys(code for item in inside for code in item.parties))
    if frame.claim_type == "finance":
        lenders = [item for item in chosen if item.kind == "lender"]
        chosen = (lenders or chosen)[:1] if len(lenders) < 2 else lenders
    elif frame.claim_type in ("policy_threat", "aggregate_investment"):
        chosen = chosen[:1]
    found = tuple(dict.fromkeys(code for item in chosen for code in item.parties))
    if found:
        return found
    if frame.claim_type in ("finance", "agreement"):
        return context.lenders or context.partners if frame.is_project_carried else ()
    return context.partners if frame.is_project_carried and frame.claim_type in ("project", "deal") else ()


def _project_of(frame: Frame, one: _Read, context: _Context) -> ProjectMention | None:
    """Return the work of a frame: the nearest of its sentence, or the one that it refers to."""
    works = one.annotated.projects
    earlier = context.project
    if not works:
        is_carried = frame.claim_type in ("project", "deal", "finance") or bool(
            one.words and one.words[0].classes & {"document", "contract"}
        )
        return earlier if is_carried else None
    nearest = min(works, key=lambda work: abs(work.start - frame.position))
    if nearest.is_anaphoric and earlier is not None:
        is_bare = " " not in nearest.label and nearest.sector in ("", "other")
        return earlier if is_bare or nearest.sector == earlier.sector else nearest
    return None if nearest.is_anaphoric and not nearest.sector else nearest


def _subject(frame: Frame, one: _Read) -> str:
    """Return the words that name the subject of a claim without a work: its noun with the word after it."""
    nouns = frozenset(_OWN_SUBJECT.get(frame.claim_type, "").split())
    dated = [(item.start, item.end) for item in one.annotated.dates]
    for word, after in zip(one.words, (*one.words[1:], None), strict=True):
        if not word.classes & nouns or word.tense:
            continue
        is_added = (
            after is not None and after.text[0].islower() and not after.tense and len(after.text) > _SHORT
            and after.text not in _PREPOSITIONS and not any(low <= after.start < high for low, high in dated)
        )  # fmt: skip
        return f"{word.text.lower()} {after.text}" if is_added and after else word.text.lower()
    return ""


def _update(context: _Context, one: _Read, gazetteer: Gazetteer) -> None:
    for frame in context.frames:
        is_loan = frame.claim_type == "finance"
        if frame.project is not None and not frame.is_project_carried:
            context.project, context.partners, context.lenders = frame.project, (), ()
        if frame.project is not None and is_loan:
            context.lenders = frame.partners or context.lenders
        elif frame.project is not None:
            context.partners = frame.partners or context.partners
        context.outside = frame.partners or context.outside
        if frame.recipients:
            context.recipients = frame.recipients
    works = [work for work in one.annotated.projects if not work.is_anaphoric]
    if works and not context.frames:
        context.project, context.partners = works[-1], ()
        own = [code for item in one.annotated.mentions for code in item.parties if code in gazetteer.home]
        context.recipients = tuple(dict.fromkeys(own)) or context.recipients


@cache
def _status_rows() -> tuple[tuple[str, str, frozenset[str], frozenset[str]], ...]:
    return tuple(
        (row["type"], row["status"], frozenset(row["classes"].split()), frozenset(row["tenses"].split()))
        for row in rows_of("statuses.csv")
    )


def _status_of(claim_type: ClaimType, words: Sequence[Word]) -> Status:
    """Return the status of the first row whose classes the words have in one of its tenses."""
    for kind, status, classes, tenses in _status_rows():
        if kind in ("*", claim_type) and any(
            word.classes & classes and word.tense != "denied" and ("*" in tenses or word.tense in tenses)
            for word in words
        ):
            return status  # type: ignore[return-value]
    return ""


def _claim(number: int, one: _Read, frame: Frame, article: Article, rates: ExchangeRates) -> Claim:
    annotated, sentence = one.annotated, one.annotated.sentence
    low, high = annotated.clause_span(frame.position)
    clause = [word for word in one.words if low <= word.start < high]
    is_figure_only = frame.claim_type == "project" and frame.money is None and (frame.power or frame.length)
    status = frame.status or _status_of(frame.claim_type, clause)
    if not status and not is_figure_only:
        status = _status_of(frame.claim_type, one.words)
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
