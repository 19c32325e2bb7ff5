"""Criteria: one number for a portfolio from a measure's values in the scenarios, and the robustness measures.

All take values V of shape (N, S), N portfolios in S scenarios, larger is better, and return (N,).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sogdia.errors import InputError
from sogdia.portfolio.arrays import Floats

Sense = Literal["max", "min"]
Over = Literal["nominal", "mean", "worst", "max_regret", "cvar", "satisficing", "hurwicz"]


def regrets(values: Floats, best: Floats | None = None) -> Floats:
    """Compute regrets ``R_xs = max_y V_ys − V_xs`` (Savage 1951), (N, S).

    Args:
        values: V, (N, S).
        best: Best value in each scenario, (S,); that of the rows by default.
    """
    return np.asarray((values.max(axis=0) if best is None else best) - values)


def max_regret(values: Floats, best: Floats | None = None) -> Floats:
    """Compute the largest regret over the scenarios, ``max_s R_xs``; smaller is better."""
    return np.asarray(regrets(values, best).max(axis=1))


def worst(values: Floats) -> Floats:
    """Compute the value in the worst scenario, ``min_s V_xs`` (maximin; Wald 1950)."""
    return np.asarray(values.min(axis=1))


def mean(values: Floats, weights: Floats | None = None) -> Floats:
    """Compute the mean over scenarios, ``Σ_s w_s V_xs / Σ_s w_s``; equal weights by default (Laplace)."""
    return np.asarray(values @ _shares(values, weights))


def hurwicz(values: Floats, optimism: float = 0.5) -> Floats:
    """Compute ``α max_s V_xs + (1 − α) min_s V_xs`` with optimism α (Hurwicz 1951)."""
    return np.asarray(optimism * values.max(axis=1) + (1.0 - optimism) * values.min(axis=1))


def satisficing(values: Floats, threshold: float, weights: Floats | None = None) -> Floats:
    """Compute the share of scenarios with at least a value, ``Σ_s w_s [V_xs ≥ τ]`` (Simon 1955; Starr 1963).

    A value within rounding (1e-9 relative) of the threshold reaches it.
    """
    reached = values >= threshold - 1e-9 * max(1.0, abs(threshold))
    return np.asarray(reached.astype(np.float64) @ _shares(values, weights))


def cvar(values: Floats, share: float = 0.1, weights: Floats | None = None) -> Floats:
    """Compute the mean of the worst share α of the scenarios (Rockafellar & Uryasev 2000).

    With sorted values ``V_(1) ≤ V_(2) ≤ …`` of weights w, ``(1/α) Σ_s min(w_(s), α − Σ_{r<s} w_(r))⁺ V_(s)``:
    the scenario that the share divides counts in part, so that α → 0 is the worst value and α = 1 the mean.
    """
    order = np.argsort(values, axis=1, kind="stable")
    ranked = np.take_along_axis(values, order, axis=1)
    weight = _shares(values, weights)[order]
    before = np.cumsum(weight, axis=1) - weight
    used = np.clip(share - before, 0.0, weight)
    return np.asarray((used * ranked).sum(axis=1) / share)


def _shares(values: Floats, weights: Floats | None) -> Floats:
    count = values.shape[1]
    return np.full(count, 1.0 / count) if weights is None else np.asarray(weights / weights.sum())


@dataclass(frozen=True)
class Criterion:
    """One number for a portfolio from the values of a measure in the scenarios.

    Attributes:
        measure: Name of the measure.
        sense: ``max`` if larger values of the measure are better, ``min`` if smaller are.
        over: ``nominal``, the first scenario; ``mean``; ``worst`` (maximin); ``max_regret``; ``cvar``;
            ``satisficing``, the share of scenarios that reach ``threshold``; ``hurwicz``.
        share: Share α of worst scenarios of ``cvar``, or the optimism of ``hurwicz``.
        threshold: Value of the measure that counts as enough for ``satisficing``.
    """

    measure: str
    sense: Sense = "max"
    over: Over = "nominal"
    share: float = 0.1
    threshold: float = 0.0

    def __post_init__(self) -> None:
        """Check the parameters.

        Raises:
            InputError: If a share is not within 0 and 1, or a name is unknown.
        """
        if self.sense not in ("max", "min"):
            raise InputError(f"criterion {self.measure}: sense {self.sense!r} is neither max nor min")
        if self.over not in Over.__args__:  # type: ignore[attr-defined]
            known = ", ".join(Over.__args__)  # type: ignore[attr-defined]
            raise InputError(f"criterion {self.measure}: over {self.over!r} is none of {known}")
        if not 0.0 < self.share <= 1.0:
            raise InputError(f"criterion {self.measure}: share {self.share} is not in (0, 1]")

    @property
    def label(self) -> str:
        """Name in tables: the measure, and how scenarios are aggregated."""
        parameter = {
            "cvar": f" {self.share:g}", "hurwicz": f" {self.share:g}", "satisficing": f" {self.threshold:g}",
        }.get(self.over, "")  # fmt: skip
        return self.measure if self.over == "nominal" else f"{self.measure} {self.over}{parameter}"

    @property
    def is_larger_better(self) -> bool:
        """True if a larger value of the criterion is better; a regret is better if smaller."""
        if self.over == "max_regret":
            return False
        return self.over == "satisficing" or self.sense == "max"

    @property
    def needs_scenarios(self) -> bool:
        """True if more than the first scenario counts."""
        return self.over != "nominal"

    def value(self, values: Floats, best: Floats | None = None, weights: Floats | None = None) -> Floats:
        """Compute the criterion from the measure's values.

        Args:
            values: Values of the measure in its own unit and sense, (N, S).
            best: Best value in each scenario, in the same sense, (S,); for ``max_regret``.
            weights: Weights of the scenarios, (S,); equal by default.

        Returns:
            In the unit and sense of the measure (a regret is ≥ 0, a satisficing share in [0, 1]), (N,).
        """
        sign = 1.0 if self.sense == "max" else -1.0
        signed = sign * values
        match self.over:
            case "nominal":
                return np.asarray(values[:, 0])
            case "max_regret":
                return max_regret(signed, None if best is None else sign * best)
            case "satisficing":
                return satisficing(signed, sign * self.threshold, weights)
            case "mean":
                return sign * mean(signed, weights)
            case "worst":
                return sign * worst(signed)
            case "cvar":
                return sign * cvar(signed, self.share, weights)
            case _:
                return sign * hurwicz(signed, self.share)

    def gain(self, value: Floats) -> Floats:
        """Turn criterion values so that larger is better."""
        return value if self.is_larger_better else -value
