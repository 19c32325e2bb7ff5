"""Fit and cross-validate the confidence of reading: a logistic regression on the features of a claim.

``python -m benchmarks.reading_confidence`` fits the weights to the practice texts and to the blind texts, and
writes ``confidence.csv``. The rules were tuned on misses of the practice texts, so that these have a constant
of their own, which is not shipped: the level of the confidence is that of texts that the rules have not seen.
The cross-validation predicts one unseen article after the other; claims of one article resemble each other.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks import ROOT
from sogdia.articles import Gazetteer
from sogdia.articles.confidence import CONSTANT, Weights, claim_features, probability
from sogdia.articles.reading import read_article, read_with_features
from sogdia.articles.scoring import SCORED_FIELDS, correct_fields, read_gold
from sogdia.region import Region, load_region

SEEN_TEXTS = ROOT / "tests" / "articles" / "practice"
UNSEEN_TEXTS = ROOT / "tests" / "articles" / "blind"
TABLE = ROOT / "src" / "sogdia" / "articles" / "confidence.csv"
PENALTY = 30.0
"""Weight of the squared weights; the constants have none. Of 3, 10 and 30 it is the best on unseen texts."""
SEEN = "seen"
"""Constant that the claims of texts on which the rules were tuned have in addition."""
FEWEST = 5
"""Claims with a feature from which it has a weight."""
QUARTERS = 4
THRESHOLDS = (0.4, 0.5, 0.6)


@dataclass(frozen=True)
class ScoredClaim:
    """A claim with the truth about it.

    Attributes:
        article: Name of its article.
        features: Its features by itself.
        sentence: Features of its sentence.
        is_correct: True if type, partner, recipient and project are all correct.
        is_seen: True if the rules were tuned on its article.
    """

    article: str
    features: frozenset[str]
    sentence: frozenset[str]
    is_correct: bool
    is_seen: bool = False


@dataclass(frozen=True)
class Validation:
    """Result of the cross-validation.

    Attributes:
        predictions: Probability and truth of each claim, the lowest probability first.
        brier: Mean squared error of the probabilities (Brier, 1950).
        constant: That of the mean of the other articles as the only prediction.
    """

    predictions: tuple[tuple[float, bool], ...]
    brier: float
    constant: float

    @property
    def mean(self) -> float:
        """Share of correct claims."""
        return sum(truth for _, truth in self.predictions) / len(self.predictions)

    @property
    def quarters(self) -> tuple[tuple[float, float], ...]:
        """Mean probability and share of correct claims of each quarter, the lowest probability first."""
        pairs = self.predictions
        cuts = [round(len(pairs) * step / QUARTERS) for step in range(QUARTERS + 1)]
        groups = [pairs[low:high] for low, high in itertools.pairwise(cuts) if high > low]
        return tuple(
            (sum(value for value, _ in group) / len(group), sum(truth for _, truth in group) / len(group))
            for group in groups
        )

    def above(self, threshold: float) -> tuple[int, float, float]:
        """Return number, share of correct ones and share of all correct ones of the claims above a threshold.

        Args:
            threshold: The probability.
        """
        chosen = [truth for value, truth in self.predictions if value >= threshold]
        correct = sum(truth for _, truth in self.predictions)
        right = sum(chosen)
        return len(chosen), right / len(chosen) if chosen else 1.0, right / correct if correct else 1.0


def scored_claims(folders: Iterable[Path], region: Region, gazetteer: Gazetteer) -> list[ScoredClaim]:
    """Return the claims of all articles in English with a gold file.

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
            article = read_article(page if page.is_file() else folder / f"{stem}.txt")
            pairs = read_with_features(article, region)
            fields = correct_fields([claim for claim, _ in pairs], read_gold(gold), gazetteer)
            found += [
                ScoredClaim(
                    f"{folder.name}/{stem}", claim_features(claim), sentence,
                    correct >= set(SCORED_FIELDS[:4]), is_seen=folder == SEEN_TEXTS,
                )
                for (claim, sentence), correct in zip(pairs, fields, strict=True)
            ]  # fmt: skip
    return found


def fit(claims: Sequence[ScoredClaim], *, with_sentence: bool = True) -> dict[str, float]:
    """Return the weights that maximise the penalised likelihood of the truth.

    Args:
        claims: Claims of any articles.
        with_sentence: Whether the features of the sentences have weights.
    """
    rows = [claim.features | (claim.sentence if with_sentence else frozenset()) for claim in claims]
    counts = Counter(name for row in rows for name in row)
    names = [CONSTANT, SEEN, *sorted(name for name, count in counts.items() if count >= FEWEST)]
    own = [{CONSTANT, SEEN} if claim.is_seen else {CONSTANT} for claim in claims]
    present = [row | one for row, one in zip(rows, own, strict=True)]
    matrix = np.array([[name in row for name in names] for row in present], dtype=float)
    truth = np.array([claim.is_correct for claim in claims], dtype=float)
    penalty = np.array([0.0 if name in (CONSTANT, SEEN) else PENALTY for name in names])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total = matrix @ weights
        error = 1 / (1 + np.exp(-total)) - truth
        value = np.sum(np.logaddexp(0, total) - truth * total) + 0.5 * np.sum(penalty * weights**2)
        return float(value), matrix.T @ error + penalty * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    weights = dict(zip(names, (float(value) for value in found.x), strict=True))
    del weights[SEEN]
    return weights


def predict(claim: ScoredClaim, weights: Weights, *, with_sentence: bool = True) -> float:
    """Return the probability that a claim is correct.

    Args:
        claim: The claim.
        weights: As of :func:`fit`.
        with_sentence: Whether the features of its sentence count.
    """
    return probability(claim.features | (claim.sentence if with_sentence else frozenset()), weights)


def cross_validate(claims: Sequence[ScoredClaim], *, with_sentence: bool = True) -> Validation:
    """Predict the claims of each unseen article by a fit to all others.

    Args:
        claims: Claims of two articles or more.
        with_sentence: Whether the features of the sentences count.
    """
    pairs: list[tuple[float, bool]] = []
    constant = 0.0
    for article in dict.fromkeys(claim.article for claim in claims if not claim.is_seen):
        others = [claim for claim in claims if claim.article != article]
        own = [claim for claim in claims if claim.article == article]
        weights = fit(others, with_sentence=with_sentence)
        alike = [claim for claim in others if not claim.is_seen]
        mean = sum(claim.is_correct for claim in alike) / len(alike)
        pairs += [(predict(claim, weights, with_sentence=with_sentence), claim.is_correct) for claim in own]
        constant += sum((mean - claim.is_correct) ** 2 for claim in own)
    pairs.sort()
    brier = sum((value - truth) ** 2 for value, truth in pairs) / len(pairs)
    return Validation(tuple(pairs), brier, constant / len(pairs))


def print_result(result: Validation) -> None:
    """Print Brier scores, quarters and the claims above thresholds.

    Args:
        result: The result.
    """
    print(f"  {len(result.predictions)} claims, {result.mean:.2f} correct in all four fields")
    print(f"  Brier score {result.brier:.3f}; {result.constant:.3f} of a constant")
    for value, truth in result.quarters:
        print(f"  quarter with mean confidence {value:.2f}: {truth:.2f} correct")
    for threshold in THRESHOLDS:
        count, precision, share = result.above(threshold)
        print(
            f"  confidence {threshold} or more: {count} claims, {precision:.2f} correct, {share:.2f} of all"
        )


def print_validation(region: Region, gazetteer: Gazetteer) -> None:
    """Print the cross-validation on the unseen texts, with and without the features of sentences.

    Args:
        region: The region.
        gazetteer: Its gazetteer.
    """
    claims = scored_claims([SEEN_TEXTS, UNSEEN_TEXTS], region, gazetteer)
    print("\nconfidence of reading, cross-validated by article on the unseen texts")
    print_result(cross_validate(claims))
    print("the same without the features of sentences")
    print_result(cross_validate(claims, with_sentence=False))


def main() -> None:
    """Fit the weights to all texts, write them and print the cross-validation."""
    region = load_region("central_asia")
    gazetteer = Gazetteer(region)
    claims = scored_claims([SEEN_TEXTS, UNSEEN_TEXTS], region, gazetteer)
    full, short = fit(claims), fit(claims, with_sentence=False)
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("feature", "weight", "without_sentence"))
        for name in sorted(full, key=lambda one: (one != CONSTANT, one)):
            writer.writerow((name, f"{full[name]:.3f}", f"{short[name]:.3f}" if name in short else ""))
    print_validation(region, gazetteer)


if __name__ == "__main__":
    main()
