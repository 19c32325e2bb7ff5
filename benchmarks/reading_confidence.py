"""Cross-validate the confidence of reading: shares of the other articles predict the claims of one.

``python -m benchmarks.articles`` prints it. The confidence of a claim is the product of the shares of correct
values by field and origin (:mod:`sogdia.articles.origins`). Claims of one article resemble each other, so
that an article is left out as a unit.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sogdia.articles import Gazetteer
from sogdia.articles.origins import RELIABILITY, TYPE_RELIABILITY
from sogdia.articles.reading import read_article, read_claims
from sogdia.articles.scoring import SCORED_FIELDS, correct_fields, read_gold
from sogdia.region import Region

FIELDS = {"partners": "partner", "recipients": "recipient", "project": "project"}
"""Fields of a claim with a share by origin, and their names in a gold file."""
POOLED = {"project": {"resolved": "stated"}}
"""Origins of a field that count as another one."""
QUARTERS = 4


@dataclass(frozen=True)
class ScoredClaim:
    """A claim with the truth about it.

    Attributes:
        article: Name of its article.
        origins: Origin of each of :data:`FIELDS`; empty text for a field without a value.
        correct: Fields of the gold file that are correct.
    """

    article: str
    origins: Mapping[str, str]
    correct: frozenset[str]

    @property
    def is_correct(self) -> bool:
        """True if type, partner, recipient and project are all correct."""
        return self.correct >= set(SCORED_FIELDS[:4])


@dataclass(frozen=True)
class Validation:
    """Result of the cross-validation.

    Attributes:
        count: Number of claims.
        mean: Share of correct claims.
        brier: Mean squared error of the predicted probabilities (Brier, 1950).
        constant: That of the mean of the other articles as the only prediction.
        quarters: Mean prediction and share of correct claims of each quarter, the lowest prediction first.
    """

    count: int
    mean: float
    brier: float
    constant: float
    quarters: tuple[tuple[float, float], ...]


def scored_claims(folders: Iterable[Path], region: Region, gazetteer: Gazetteer) -> list[ScoredClaim]:
    """Return the claims of all articles with a gold file.

    Args:
        folders: Folders with gold files and their articles.
        region: The region.
        gazetteer: Its gazetteer.
    """
    found = []
    for folder in folders:
        for gold in sorted(folder.glob("*.gold.csv")):
            stem = gold.name.removesuffix(".gold.csv")
            page = folder / f"{stem}.html"
            claims = read_claims(read_article(page if page.is_file() else folder / f"{stem}.txt"), region)
            for claim, correct in zip(
                claims, correct_fields(claims, read_gold(gold), gazetteer), strict=True
            ):
                kinds = {item.field: item.kind for item in claim.origins}
                origins = {field: _pooled(field, kinds.get(field, "")) for field in FIELDS}
                found.append(ScoredClaim(f"{folder.name}/{stem}", origins, correct))
    return found


def _pooled(field: str, kind: str) -> str:
    return POOLED.get(field, {}).get(kind, kind)


def shares_of(claims: Sequence[ScoredClaim]) -> dict[str, dict[str, float]]:
    """Return the share of correct values by field and origin, with one correct and one wrong value added.

    Args:
        claims: Claims to count.
    """
    shares: dict[str, dict[str, float]] = {}
    for field, name in FIELDS.items():
        shares[field] = {}
        for kind in RELIABILITY[field]:
            pooled = _pooled(field, kind)
            cases = [name in claim.correct for claim in claims if claim.origins[field] == pooled]
            shares[field][kind] = (1 + sum(cases)) / (2 + len(cases))
    types = ["claim_type" in claim.correct for claim in claims]
    shares["type"] = {"": (1 + sum(types)) / (2 + len(types))}
    return shares


def predict(claim: ScoredClaim, shares: Mapping[str, Mapping[str, float]]) -> float:
    """Return the probability that a claim is correct: the product of its shares.

    Args:
        claim: The claim.
        shares: As of :func:`shares_of`.
    """
    fields = math.prod(shares[field][claim.origins[field]] for field in FIELDS)
    return shares["type"][""] * fields


def cross_validate(claims: Sequence[ScoredClaim]) -> Validation:
    """Predict the claims of each article by the shares of all others.

    Args:
        claims: Claims of two articles or more.
    """
    pairs: list[tuple[float, bool]] = []
    constant = 0.0
    for article in dict.fromkeys(claim.article for claim in claims):
        others = [claim for claim in claims if claim.article != article]
        own = [claim for claim in claims if claim.article == article]
        shares = shares_of(others)
        mean = sum(claim.is_correct for claim in others) / len(others)
        pairs += [(predict(claim, shares), claim.is_correct) for claim in own]
        constant += sum((mean - claim.is_correct) ** 2 for claim in own)
    pairs.sort(key=lambda pair: pair[0])
    cuts = [round(len(pairs) * step / QUARTERS) for step in range(QUARTERS + 1)]
    groups = [pairs[low:high] for low, high in itertools.pairwise(cuts) if high > low]
    return Validation(
        len(pairs),
        sum(truth for _, truth in pairs) / len(pairs),
        sum((value - truth) ** 2 for value, truth in pairs) / len(pairs),
        constant / len(pairs),
        tuple(
            (sum(value for value, _ in group) / len(group), sum(truth for _, truth in group) / len(group))
            for group in groups
        ),
    )


def print_validation(folders: Iterable[Path], region: Region, gazetteer: Gazetteer) -> None:
    """Print shares by origin next to the shipped ones, and the cross-validation.

    Args:
        folders: Folders with gold files and their articles.
        region: The region.
        gazetteer: Its gazetteer.
    """
    claims = scored_claims(folders, region, gazetteer)
    if len({claim.article for claim in claims}) < 2:
        print("\nconfidence: cross-validation needs two articles with claims")
        return
    print("\nconfidence of reading, share of correct values by origin: now (in origins.py)")
    for field, by_kind in shares_of(claims).items():
        known = RELIABILITY.get(field, {"": TYPE_RELIABILITY})
        shown = (f"{kind or 'empty'} {share:.2f} ({known[kind]:.2f})" for kind, share in by_kind.items())
        print(f"  {field:<11}" + ", ".join(shown))
    result = cross_validate(claims)
    print(f"cross-validated by article: {result.count} claims, {result.mean:.2f} correct in all four fields")
    print(f"  Brier score {result.brier:.3f}; {result.constant:.3f} of a constant")
    for value, truth in result.quarters:
        print(f"  quarter with mean confidence {value:.2f}: {truth:.2f} correct")
