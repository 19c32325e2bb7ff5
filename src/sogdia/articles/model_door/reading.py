"""Read an article with a model of the user's own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sogdia.articles.article import Article
from sogdia.articles.claim import Claim
from sogdia.articles.confidence import confidence_of
from sogdia.articles.document import NumberedMention, numbered_mentions
from sogdia.articles.exchange_rates import ExchangeRates
from sogdia.articles.model_door.answer import Refusal, Row, rows_of
from sogdia.articles.model_door.cache import cache_key, cached_answer, store_answer
from sogdia.articles.model_door.checks import Evidence, RefusedError, claim_of
from sogdia.articles.model_door.client import ask
from sogdia.articles.model_door.prompt import IN_HEADLINE, Chunk, chunks_of, messages_of
from sogdia.articles.model_door.settings import ModelSettings
from sogdia.articles.reading import annotate_article, annotate_title
from sogdia.errors import CannotRunError, clip
from sogdia.region import Region

LOG = logging.getLogger(__name__)
SHOWN_REFUSALS = 20


@dataclass(frozen=True)
class ModelReading:
    """Claims that a model joined.

    Attributes:
        claims: The claims, numbered from 1, in the order of the text.
        refusals: Rows that were refused.
        remarks: Notes for the reader of the article.
    """

    claims: tuple[Claim, ...]
    refusals: tuple[Refusal, ...]
    remarks: tuple[str, ...]


def read_claims_with_model(article: Article, region: Region, settings: ModelSettings) -> ModelReading:
    """Extract the claims of an article with a model that joins its numbered mentions.

    Args:
        article: The article.
        region: The region whose names, projects and exchange rates are used.
        settings: Endpoint and model.

    Raises:
        CannotRunError: If the endpoint gives no answer that is a JSON object with a list of rows.
    """
    _, annotated = annotate_article(article, region)
    titles = annotate_title(article, region)
    headline = {one.sentence.number for one in titles}
    mentions = [
        item for item in numbered_mentions([*annotated, *titles])
        if item.sentence not in headline or item.kind in IN_HEADLINE
    ]  # fmt: skip
    chunks, is_cut = chunks_of(article)
    rates, reader = ExchangeRates(region), f"model {settings.model}"
    claims: list[Claim] = []
    refusals: list[Refusal] = []
    for chunk in chunks:
        numbers = {sentence.number for sentence in chunk}
        shown = [item for item in mentions if item.sentence in numbers | headline]
        rows, refused = _answer(article, chunk, shown, settings)
        evidence = Evidence(article, chunk, {item.id: item for item in shown}, rates, reader)
        refusals += refused
        for number, row in rows:
            try:
                claim = claim_of(row, evidence)
            except RefusedError as error:
                refusals.append(Refusal(number, str(error)))
                continue
            if claim in claims:
                refusals.append(Refusal(number, "it repeats another row"))
            else:
                claims.append(claim)
    ordered = sorted(claims, key=lambda claim: claim.sentence)
    numbered = (
        replace(claim, number=number, confidence=confidence_of(claim))
        for number, claim in enumerate(ordered, start=1)
    )
    return ModelReading(tuple(numbered), tuple(refusals), _remarks(settings, refusals, is_cut=is_cut))


def _answer(
    article: Article, chunk: Chunk, mentions: Sequence[NumberedMention], settings: ModelSettings
) -> tuple[list[tuple[int, Row]], list[Refusal]]:
    """Return the rows of the answer on some sentences, from the cache if it was given before."""
    messages = messages_of(article, chunk, mentions)
    key = cache_key(settings.model, messages)
    cached = cached_answer(key)
    if cached is not None:
        try:
            return rows_of(cached)
        except ValueError:
            LOG.warning("a cached answer of the model is damaged; it is requested again")
    content = ask(settings, list(messages))
    try:
        found = rows_of(content)
    except ValueError as error:
        raise CannotRunError(
            f"the model {settings.model!r} at {settings.endpoint} does not answer as requested ({error}): "
            f"{clip(content)}"
        ) from error
    store_answer(key, settings.model, content)
    return found


def _remarks(settings: ModelSettings, refusals: Sequence[Refusal], *, is_cut: bool) -> tuple[str, ...]:
    remarks = [f"claims are joined by the model {settings.model!r}; their reading is not calibrated"]
    if is_cut:
        remarks.append("longer than the requests to the model may be; its rest was not read")
    remarks += [f"refused from the model: {item}" for item in refusals[:SHOWN_REFUSALS]]
    if len(refusals) > SHOWN_REFUSALS:
        remarks.append(f"refused from the model: {len(refusals) - SHOWN_REFUSALS:,} more rows")
    return tuple(remarks)
