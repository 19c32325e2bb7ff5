"""Join the mentions that a model names into claims; refuse whatever the text does not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sogdia.articles.article import Article, Sentence
from sogdia.articles.claim import Amount, Claim, Origin, OriginKind, Period, Quantity
from sogdia.articles.dates import DateMention
from sogdia.articles.document import NumberedKind, NumberedMention
from sogdia.articles.exchange_rates import ExchangeRates
from sogdia.articles.gazetteer import Mention
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.grammar.status import modality_of, stated_statuses
from sogdia.articles.model_door.answer import Row
from sogdia.errors import clip

SHORTEST_QUOTE = 12
"""Characters of a quote, unless it is the complete sentence."""
_NAMED = ("company", "lender", "home_company", "person")


class RefusedError(Exception):
    """A row that the text does not bear out; the message is the reason."""


@dataclass(frozen=True)
class Evidence:
    """All that a claim may be joined of.

    Attributes:
        article: The article.
        sentences: The sentences that the model was shown.
        mentions: Mentions by id.
        rates: Exchange rates.
        reader: Mark of the claims: the reader and the name of its model.
    """

    article: Article
    sentences: Sequence[Sentence]
    mentions: Mapping[str, NumberedMention]
    rates: ExchangeRates
    reader: str


def claim_of(row: Row, evidence: Evidence) -> Claim:
    """Return the claim of a row, with the origins of its fields.

    A party, work or date of the quoted sentence is ``stated``, one of another sentence ``resolved``. Without
    recipients the countries of the work are taken, with the origin ``pack``. The status is ``stated`` if the
    words of status of the deterministic reader agree, else ``inferred``.

    Args:
        row: The row, of the right form.
        evidence: The mentions and sentences that it may rest on.

    Raises:
        RefusedError: If an id, figure, subject or quote is not in the text.
    """
    sentence = _quoted(row.quote, evidence)
    partners = _mentions(row.partners, "party", evidence)
    recipients = _mentions(row.recipients, "party", evidence)
    by, to = _codes(partners), _codes(recipients)
    if both := set(by) & set(to):
        raise RefusedError(f"{', '.join(sorted(both))} is on both sides")
    work = _one(row.work, "work", evidence)
    date = _one(row.date, "date", evidence)
    money = _figure(row.amount, "amount", "money", sentence, evidence)
    power = _figure(row.capacity, "figure", "power", sentence, evidence)
    length = _figure(row.length, "figure", "length", sentence, evidence)
    others = tuple(_any_figure(each, sentence, evidence) for each in row.others)
    subject = _subject(row.subject, sentence, evidence) if work is None else ""
    if not (by or to or work or money or power or length or others or date or subject):
        raise RefusedError("it joins no mention")
    period = date.item.period if date and isinstance(date.item, DateMention) else None
    project = work.item if work and isinstance(work.item, ProjectMention) else None
    packed = () if to or project is None else tuple(code for code in project.parties if code not in by)
    own = [item for item in evidence.mentions.values() if item.sentence == sentence.number]
    actors = [item.text for item in own if isinstance(item.item, Mention) and item.item.kind in _NAMED]
    origins = [
        _origin("partners", partners, sentence),
        Origin("recipients", "pack") if packed else _origin("recipients", recipients, sentence),
        _origin("project", [work] if work else [], sentence),
        Origin("project", "stated", sentence.number) if subject else None,
        _origin("date", [date] if date else [], sentence),
        *(Origin(name, "stated", sentence.number)
          for name, item in (("amount", money), ("capacity_mw", power), ("length_km", length)) if item),
        Origin("status", _origin_of_status(row, sentence), sentence.number) if row.status else None,
    ]  # fmt: skip
    return Claim(
        number=0, type=row.type, partners=by, recipients=to or packed,
        project=project.label if project else subject, project_id=project.row if project else "",
        amount=_amount(money, period, evidence), capacity_mw=power.value if power else None,
        length_km=length.value if length else None, date=period,
        status=row.status, modality=modality_of(row.status, row.type), actors=tuple(dict.fromkeys(actors)),
        aggregate=row.type == "aggregate_investment", others=others,
        sentence=sentence.number, start=sentence.start, end=sentence.end, quote=sentence.text,
        origins=tuple(item for item in origins if item is not None), reader=evidence.reader,
    )  # fmt: skip


def _quoted(quote: str, evidence: Evidence) -> Sentence:
    """Return the sentence of a quote; blanks and line breaks count as one blank."""
    words = _plain(quote)
    found = [each for each in evidence.sentences if words in _plain(each.text)]
    if not found:
        raise RefusedError(f"the quote is not in the text: {clip(words)}")
    if len(words) < SHORTEST_QUOTE and words != _plain(found[0].text):
        raise RefusedError(f"the quote is too short: {clip(words)}")
    return found[0]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _mention(name: str, kind: NumberedKind, evidence: Evidence) -> NumberedMention:
    found = evidence.mentions.get(name)
    if found is None:
        raise RefusedError(f"no mention has the id {clip(name)}")
    if found.kind != kind:
        raise RefusedError(f"{name} is a mention of kind {found.kind}, not {kind}")
    return found


def _mentions(names: Sequence[str], kind: NumberedKind, evidence: Evidence) -> list[NumberedMention]:
    return [_mention(name, kind, evidence) for name in names]


def _one(name: str | None, kind: NumberedKind, evidence: Evidence) -> NumberedMention | None:
    return _mention(name, kind, evidence) if name else None


def _codes(mentions: Sequence[NumberedMention]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            code for each in mentions if isinstance(each.item, Mention) for code in each.item.parties
        )
    )


def _figure(
    name: str | None, kind: NumberedKind, measured: str, sentence: Sentence, evidence: Evidence
) -> Quantity | None:
    if not name:
        return None
    item = _quantity(_mention(name, kind, evidence), sentence)
    if item.kind != measured:
        raise RefusedError(f"{name} ({clip(item.text)}) is a figure of {item.kind}, not of {measured}")
    return item


def _any_figure(name: str, sentence: Sentence, evidence: Evidence) -> Quantity:
    found = evidence.mentions.get(name)
    kind: NumberedKind = "amount" if found is not None and found.kind == "amount" else "figure"
    return _quantity(_mention(name, kind, evidence), sentence)


def _quantity(mention: NumberedMention, sentence: Sentence) -> Quantity:
    if mention.sentence != sentence.number:
        raise RefusedError(f"{mention.id} ({clip(mention.text)}) is not in the quoted sentence")
    if not isinstance(mention.item, Quantity):
        raise RefusedError(f"{mention.id} is no figure")
    return mention.item


def _subject(subject: str, sentence: Sentence, evidence: Evidence) -> str:
    words = _plain(subject)
    places = (_plain(sentence.text).lower(), _plain(evidence.article.title).lower())
    if words and not any(re.search(rf"(?<!\w){re.escape(words.lower())}(?!\w)", place) for place in places):
        raise RefusedError(f"the subject is not in the quoted sentence: {clip(words)}")
    return words


def _origin(field: str, mentions: Sequence[NumberedMention], sentence: Sentence) -> Origin | None:
    if not mentions:
        return None
    if all(item.sentence == sentence.number for item in mentions):
        return Origin(field, "stated", sentence.number)
    others = (item.sentence for item in mentions if item.sentence != sentence.number)
    farthest = max(others, key=lambda number: abs(number - sentence.number))
    return Origin(field, "resolved", farthest)


def _origin_of_status(row: Row, sentence: Sentence) -> OriginKind:
    return "stated" if row.status in stated_statuses(row.type, sentence) else "inferred"


def _amount(money: Quantity | None, period: Period | None, evidence: Evidence) -> Amount | None:
    return evidence.rates.convert(money, period, evidence.article.date) if money else None
