"""Articles: claims read from text, matched with the ledger, drafted into a plan."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from sogdia.api import plots
from sogdia.api.defaults import DEFAULT_REGION
from sogdia.api.inputs import RegionLike, load_region, load_scenario
from sogdia.api.result import Headline, Result
from sogdia.articles import Article, Claim, read_claims
from sogdia.articles import read_article as open_article
from sogdia.articles.languages.detection import READ, language_of
from sogdia.articles.reading import annotate_article, region_remarks
from sogdia.articles.tables import claims_table, figures_table
from sogdia.errors import InputError, UnknownNameError
from sogdia.extras import require_extra
from sogdia.ledger.comparison import LedgerComparison, compare_aggregates
from sogdia.ledger.draft_plan import DraftPlan, plan_from
from sogdia.ledger.matching import Match, match_claims, matches_table
from sogdia.ledger.proposal import Proposal, propose
from sogdia.region import Region

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, repr=False)
class ArticleReading(Result):
    """An article with its claims and their matches in the ledger.

    Attributes:
        article: Title, source, date and text.
        region: The region whose ledger it is matched with.
        records: Its claims, as objects.
    """

    article: Article
    region: Region
    records: tuple[Claim, ...]

    @property
    def title(self) -> str:
        """Headline and date."""
        return f"{self.article.title or self.article.name}, {self.article.date or 'no date'}"

    @cached_property
    def claims(self) -> pd.DataFrame:
        """One row a claim: type, parties, project, amount, capacity, date, status, and its quotation."""
        return claims_table(self.records)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """One row a figure, with the parties and dates of its sentence."""
        return figures_table(annotate_article(self.article, self.region)[1])

    @property
    def is_read(self) -> bool:
        """True if claims are read from the language of the article."""
        return language_of("\n".join(each.text for each in self.article.sentences)) in READ

    @cached_property
    def matching(self) -> tuple[Match, ...]:
        """Match of each claim, in their order."""
        return tuple(match_claims(self.records, self.region, published=self.article.date))

    @cached_property
    def matches(self) -> pd.DataFrame:
        """One row a claim: its relation to the ledger, the row it matches, the score and the reason."""
        return matches_table(self.records, self.matching)

    @property
    def aggregates(self) -> tuple[LedgerComparison, ...]:
        """Aggregate amounts of the article next to the ledger's own totals."""
        return compare_aggregates(self.records, self.region)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``claims`` and ``matches``."""
        return {"claims": self.claims, "matches": self.matches}

    def headline(self) -> Iterable[Headline]:
        """Yield the number of claims, by their relation to the ledger."""
        yield "Claims", "", float(len(self.records)), "1"
        for relation, count in self.matches["relation"].value_counts().items():
            yield "Claims", str(relation), float(count), "1"

    def draft_plan(self, *, opening_year: int | None = None, published_only: bool = False) -> DraftPlan:
        """Draft a plan of the projects, partners and dates that the article names, as ``brief`` takes it.

        A project without a published year opens in ``opening_year``, and the only partner named for a project
        without published amounts pays all of it. The plan notes each such assumption.

        Args:
            opening_year: Year for projects without one; that of the region's scenario without shocks if
                ``None`` and the article is older.
            published_only: Whether projects without a published year are left out, and no payer is assumed.
        """
        published = self.article.date
        if opening_year is None and not published_only:
            year = reference_year(self.region)
            opening_year = year if published is None or year > published.year else None
        return plan_from(
            self.records, self.region, published=published, title=self.article.title, matches=self.matching,
            opens=None if published_only else opening_year, assume_payer=not published_only,
        )  # fmt: skip

    def propose(self, *, url: str = "") -> Proposal:
        """Draft the rows that the article would add to the ledger.

        Args:
            url: Address of the article, for its row in the table ``sources``.
        """
        return propose(self.article, self.records, self.region, url=url)

    def plot(self) -> Any:
        """Draw the number of claims by type as bars.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """
        counts = self.claims["claim_type"].value_counts().rename_axis("type").reset_index(name="claims")
        return plots.bar_plot(counts, "type", "claims", "Claims", "number")


def reference_year(region: Region) -> int:
    """Return the year of the first scenario of a region without shocks, or else of its first scenario.

    Args:
        region: The region.
    """
    scenarios = [load_scenario(name, region) for name in region.scenarios]
    plain = [scenario for scenario in scenarios if not scenario.shocks]
    return (plain or scenarios)[0].year


Reader = Literal["rules", "model"]
"""Readers of articles: the rules, or a model of the user's own."""


def read_article(
    path_or_text: str | Path,
    region: RegionLike = DEFAULT_REGION,
    *,
    reader: Reader = "rules",
    endpoint: str | None = None,
    model: str | None = None,
) -> ArticleReading:
    """Read an article into claims and match them with the region's ledger.

    The rules work offline; the same text always gives the same claims. The reader ``model`` sends the text
    to an endpoint of the user's own, which joins the names and figures found by rules; answers are cached.

    Args:
        path_or_text: A text or HTML file, ``-`` for standard input, or the text itself (with a line break).
        region: A region, the name of a shipped one, or the folder of a pack.
        reader: ``rules``, or ``model``.
        endpoint: Address of an interface like OpenAI's, such as ``http://localhost:11434/v1``, for the reader
            ``model``; the environment variable ``SOGDIA_MODEL_ENDPOINT`` if not given.
        model: Name of the model there; ``SOGDIA_MODEL`` if not given. Its key, if it needs one, is
            ``SOGDIA_MODEL_KEY``.

    Returns:
        The article, with the tables ``claims`` and ``matches``, ``summary()`` and ``draft_plan()``.

    Raises:
        InputError: If the file is not text, or the endpoint or model is missing or invalid.
        CannotRunError: If the file cannot be read, the model gives no usable answer, or the extra ``ledger``
            (for a model ``llm``) is not installed.

    Example:
        >>> import sogdia
        >>> article = sogdia.read_article("examples/announcement.txt")  # doctest: +SKIP
        >>> article.claims[["claim_type", "partner", "project", "amount_musd"]]  # doctest: +SKIP
    """
    require_extra("ledger", "reading an article")
    _check_reader(reader, endpoint, model)
    loaded = load_region(region)
    article = open_article(path_or_text)
    article = replace(article, remarks=(*article.remarks, *region_remarks(article, loaded)))
    if reader == "model":
        reading = _read_with_model(article, loaded, endpoint, model)
    else:
        reading = ArticleReading(article, loaded, tuple(read_claims(article, loaded)))
    LOG.info("article %s: %d claims", reading.title, len(reading.records))
    return reading


def _check_reader(reader: str, endpoint: str | None, model: str | None) -> None:
    """Check the reader and its options before a file is opened.

    Raises:
        UnknownNameError: If there is no such reader.
        InputError: If an option of a model is given to the rules.
    """
    if reader not in get_args(Reader):
        raise UnknownNameError("reader", reader, get_args(Reader))
    if reader == "rules" and (endpoint or model):
        raise InputError("an endpoint or model is for the reader model; give --reader model (reader='model')")


def _read_with_model(
    article: Article, region: Region, endpoint: str | None, model: str | None
) -> ArticleReading:
    require_extra("llm", "reading with a model")
    # Imported here: httpx belongs to an extra of its own.
    from sogdia.articles.model_door.reading import read_claims_with_model
    from sogdia.articles.model_door.settings import model_settings

    found = read_claims_with_model(article, region, model_settings(endpoint, model))
    return ArticleReading(replace(article, remarks=(*article.remarks, *found.remarks)), region, found.claims)
