"""Concentration indices of partner shares.

Symbols: s_i the share of partner i, ``Σ s_i = 1``; n partners, those with a share of 0 included.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sogdia.errors import InputError

Floats = npt.NDArray[np.float64]

EU_THRESHOLDS = (0.4, 0.5, 1.0)
"""Thresholds of the three indicators above which the Commission classifies a product as dependent."""


def shares_of(values: Sequence[float] | Floats) -> Floats:
    """Divide values by their sum, (n,).

    Raises:
        InputError: If a value is negative or not finite, or all are 0.
    """
    amounts = np.asarray(values, dtype=np.float64)
    if amounts.size == 0 or not np.isfinite(amounts).all() or (amounts < 0.0).any() or amounts.sum() <= 0.0:
        raise InputError("shares need finite values of at least 0 with a sum above 0")
    return np.asarray(amounts / amounts.sum())


def hhi(shares: Floats) -> float:
    """Compute the Herfindahl–Hirschman index ``H = Σ s²``, between 1/n and 1 (Hirschman 1964)."""
    return float(np.square(shares).sum())


def hhi_normalised(shares: Floats) -> float:
    """Compute the normalised index ``(H − 1/n) / (1 − 1/n)``: 0 for equal shares, 1 for a single holder."""
    n = len(shares)
    return 1.0 if n == 1 else (hhi(shares) - 1.0 / n) / (1.0 - 1.0 / n)


def effective_number(shares: Floats) -> float:
    """Compute the effective number of partners, ``1 / H`` (Laakso & Taagepera 1979)."""
    return 1.0 / hhi(shares)


def theil_entropy(shares: Floats) -> float:
    """Compute the entropy ``−Σ s ln s``, from 0 (one partner) to ln n."""
    held = shares[shares > 0.0]
    return float(-(held * np.log(held)).sum())


def theil_redundancy(shares: Floats) -> float:
    """Compute Theil's measure ``ln n − entropy``: 0 for equal shares (Theil 1967)."""
    return float(np.log(len(shares)) - theil_entropy(shares))


def concentration_ratio(shares: Floats, largest: int) -> float:
    """Compute the concentration ratio CR_k, the sum of the k ``largest`` shares."""
    return float(np.sort(shares)[::-1][:largest].sum())


def hirschman_1945(shares: Floats) -> float:
    """Compute Hirschman's index ``100 √(Σ s²)`` (National Power and the Structure of Foreign Trade, 1945)."""
    return float(100.0 * np.sqrt(hhi(shares)))


def asymmetry(ours: float, theirs: float) -> float:
    """Compute the asymmetry of a relation, ``(a − b) / (a + b)``.

    Args:
        ours: Share of the partner in the home's total, a.
        theirs: Share of the home in the partner's total, b.

    Returns:
        1 if only the home depends, 0 if both depend alike, −1 if only the partner depends; 0 without a
        relation.
    """
    both = ours + theirs
    return 0.0 if both == 0.0 else (ours - theirs) / both


@dataclass(frozen=True)
class TheilBlocs:
    """Theil redundancy decomposed by blocs: ``total = between + within``.

    Attributes:
        total: ``ln n − entropy`` of all shares.
        between: ``Σ_b S_b ln(S_b / (n_b / n))``, the inequality between blocs.
        within: ``Σ_b S_b (ln n_b − entropy_b)``.
        blocs: Share and within-bloc redundancy of each bloc, in order of first appearance.
    """

    total: float
    between: float
    within: float
    blocs: Mapping[Hashable, tuple[float, float]]


def theil_blocs(shares: Floats, blocs: Sequence[Hashable]) -> TheilBlocs:
    """Decompose Theil's redundancy into parts between and within blocs (Theil 1967).

    Args:
        shares: s, (n,).
        blocs: Bloc of each partner, n entries.
    """
    names, n = np.array([hash(name) for name in blocs]), len(shares)
    between = within = 0.0
    parts: dict[Hashable, tuple[float, float]] = {}
    for name in dict.fromkeys(blocs):
        own = shares[names == hash(name)]
        held = float(own.sum())
        inside = theil_redundancy(own / held) if held > 0.0 else 0.0
        parts[name] = (held, inside)
        if held > 0.0:
            between += held * float(np.log(held * n / len(own)))
            within += held * inside
    return TheilBlocs(theil_redundancy(shares), between, within, parts)


@dataclass(frozen=True)
class EuIndicators:
    """The European Commission's three indicators of a strategic dependency on imports.

    From SWD(2021) 352, annex: a product is dependent if all three exceed their thresholds (0.4, 0.5, 1).

    Attributes:
        concentration: HHI of imports from outside by origin.
        outside_share: Imports from outside over all imports.
        substitution: Imports from outside over all exports; infinite without exports.
    """

    concentration: float
    outside_share: float
    substitution: float

    @property
    def is_dependent(self) -> bool:
        """True if all three indicators exceed their thresholds."""
        values = (self.concentration, self.outside_share, self.substitution)
        return all(value > limit for value, limit in zip(values, EU_THRESHOLDS, strict=True))


def eu_indicators(outside: Sequence[float] | Floats, inside: float, exports: float) -> EuIndicators | None:
    """Compute the three indicators of one commodity of one importer.

    Args:
        outside: Imports from each origin outside the region, all in one unit of money.
        inside: Imports from within the region.
        exports: Exports of the same commodity.

    Returns:
        The indicators; ``None`` without imports from outside.
    """
    imports = np.asarray(outside, dtype=np.float64)
    total = float(imports.sum())
    if total <= 0.0:
        return None
    ratio = total / exports if exports > 0.0 else float("inf")
    return EuIndicators(hhi(shares_of(imports)), total / (total + inside), ratio)


def ces_removal_log_loss(share: float, sigma: float, expenditure_share: float = 1.0) -> float:
    """Compute the log loss of real income when suppliers disappear from a CES nest.

    ``β / (σ − 1) · (−ln(1 − w))``: the price index rises by ``(1 − w)^(−1/(σ−1))`` (Feenstra 1994).

    Args:
        share: w, share of those suppliers in the nest's expenditure, below 1.
        sigma: Elasticity of substitution σ in the nest, above 1.
        expenditure_share: β, share of the nest in total expenditure.

    Raises:
        InputError: If a value is out of range.
    """
    if not (0.0 <= share < 1.0 and sigma > 1.0 and 0.0 <= expenditure_share <= 1.0):
        raise InputError("the loss needs 0 ≤ share < 1, sigma > 1 and an expenditure share between 0 and 1")
    return -expenditure_share / (sigma - 1.0) * float(np.log1p(-share))


def autarky_loss(domestic_share: float, elasticity: float) -> float:
    """Compute the loss of real income in autarky, ``1 − λ^(1/ε)``.

    Source: Arkolakis, Costinot & Rodríguez-Clare (2012).

    Args:
        domestic_share: λ, share of expenditure on domestic goods.
        elasticity: Trade elasticity ε.

    Raises:
        InputError: If a value is out of range.
    """
    if not (0.0 < domestic_share <= 1.0 and elasticity > 0.0):
        raise InputError("the loss needs a domestic share above 0 and up to 1, and an elasticity above 0")
    return 1.0 - float(domestic_share ** (1.0 / elasticity))
