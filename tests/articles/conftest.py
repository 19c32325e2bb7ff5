from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sogdia.articles.article import Article
from sogdia.articles.claim import Claim
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.reading import read_article, read_claims
from sogdia.region import Region, load_region

OWN = Path(__file__).parent / "articles"


@pytest.fixture(scope="session")
def region() -> Region:
    return load_region("central_asia")


@pytest.fixture(scope="session")
def gazetteer(region: Region) -> Gazetteer:
    return Gazetteer(region)


@pytest.fixture(scope="session")
def claims_of(region: Region) -> Callable[[str], tuple[Claim, ...]]:
    """Return a function from a text to its claims."""

    def read(text: str) -> tuple[Claim, ...]:
        return read_claims(read_article(f"Headline without a name\n{text}\n"), region)

    return read


@pytest.fixture(scope="session")
def claims_in(region: Region) -> Callable[[str], tuple[Article, tuple[Claim, ...]]]:
    """Return a function from a text to its article and claims."""

    def read(text: str) -> tuple[Article, tuple[Claim, ...]]:
        article = read_article(text)
        return article, read_claims(article, region)

    return read
