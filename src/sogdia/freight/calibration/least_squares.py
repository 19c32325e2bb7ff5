"""Generalised least squares of factors of demand about a prior matrix, at given path shares.

Tonnes of group p are ``q_p f_p``. With ``z_p = ln f_p`` and the counts ``m_i(z) = Σ_p a_ip q_p e^{z_p}`` (a
share is such a sum over another),

    ``min_z  Σ_i ρ((ln(m_i + ε_i) − ln(o_i + ε_i)) / d_i) + Σ_p (z_p / s_p)²,   ln a_p ≤ z_p ≤ ln b_p``

(Cascetta 1984 for least squares about a prior matrix; Spiess 1990 for its gradient on path shares; logarithms
because errors of tonnes are relative). L-BFGS-B (Byrd et al. 1995) solves it.

With J the derivatives of the residuals r, W their weights and S the variances s² of the z that are not at a
bound, ``G = W⁻¹ + J S Jᵀ`` gives the leverage of a count, ``h_i = 1 − (G⁻¹)_ii / w_i``, and that of the
counts on a factor, the part of its prior variance that they remove, ``(S Jᵀ G⁻¹ J S)_pp / s_p²``. The
residual of a count if it were left out is that of a new estimate without it; where ρ is a square and m is
linear, it is ``r_i / (1 − h_i)`` (Allen 1974).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.freight.calibration.estimate import loss, weight
from sogdia.freight.supernetwork.constants import PER_CENT

AT_BOUND = 1e-6
"""Relative distance from its bound below which a factor is at it."""


@dataclass(frozen=True, eq=False)
class CountModel:
    """Counts as a function of the factors of demand.

    Attributes:
        passing: Tonnes of each group that each count sees at factors of 1, (M, P).
        counted: Tonnes of each group of which a count is the share, (M, P); not read for others.
        is_share: True where a count is a share, per cent, (M,).
        observed: Observed values, t/a or per cent, (M,).
        sd_ln: Standard deviations of their logarithms, d, (M,).
        floor: Floors ε, (M,).
        used: True for the counts that the estimate uses, (M,).
    """

    passing: Floats
    counted: Floats
    is_share: Bools
    observed: Floats
    sd_ln: Floats
    floor: Floats
    used: Bools

    def read(self, z: Floats) -> Floats:
        """Return the value of each count, (M,)."""
        factor = np.exp(z)
        return np.asarray((self.passing * factor).sum(axis=1) / self._total(factor))

    def residuals(self, modelled: Floats) -> Floats:
        """Return ``(ln(m + ε) − ln(o + ε)) / d``, (M,)."""
        return np.asarray(np.log((modelled + self.floor) / (self.observed + self.floor)) / self.sd_ln)

    def jacobian(self, z: Floats) -> Floats:
        """Return the derivatives of the residuals by z, (M, P)."""
        factor, value = np.exp(z), self.read(z)
        total = self._total(factor)[:, None]
        share = np.where(self.is_share[:, None], value[:, None] * self.counted / PER_CENT, 0.0)
        slopes = (self.passing - share) / total * factor
        return np.asarray(slopes / ((value + self.floor) * self.sd_ln)[:, None])

    def cost(self, z: Floats, sd: Floats) -> float:
        """Return the sum that is minimised."""
        residual = self.residuals(self.read(z))[self.used]
        return float(loss(residual).sum() + ((z / sd) ** 2).sum())

    def _total(self, factor: Floats) -> Floats:
        total = np.where(self.is_share, (self.counted * factor).sum(axis=1) / PER_CENT, 1.0)
        return np.where(total > 0.0, total, 1.0)


@dataclass(frozen=True, eq=False)
class FactorPriors:
    """Prior of the factors: standard deviation of z and its range, (P,) each.

    Attributes:
        sd: Standard deviation s of each z.
        lower: Least z, ln a, at most 0.
        upper: Largest z, ln b, at least 0.
    """

    sd: Floats
    lower: Floats
    upper: Floats

    def is_free(self, z: Floats) -> Bools:
        """Return true for factors that are not at an end of their range, (P,)."""
        inside = 1.0 - AT_BOUND
        return np.asarray((z > self.lower * inside) & (z < self.upper * inside))


def estimate_factors(counts: CountModel, priors: FactorPriors, start: Floats) -> Floats:
    """Return the logarithms z of the factors of least cost, (P,).

    Args:
        counts: The counts.
        priors: Standard deviations and ranges of z.
        start: First z, (P,).
    """

    def value_and_gradient(z: Floats) -> tuple[float, Floats]:
        residual = counts.residuals(counts.read(z))[counts.used]
        slopes = counts.jacobian(z)[counts.used]
        pulls = 2.0 * ((weight(residual) * residual)[:, None] * slopes).sum(axis=0)
        return counts.cost(z, priors.sd), pulls + 2.0 * z / priors.sd**2

    found = minimize(
        value_and_gradient, start, jac=True, method="L-BFGS-B",
        bounds=list(zip(priors.lower, priors.upper, strict=True)),
        options={"maxiter": 5000, "ftol": 1e-14, "gtol": 1e-9},
    )  # fmt: skip
    return np.asarray(found.x)


def estimates_left_out(counts: CountModel, priors: FactorPriors, z: Floats) -> Floats:
    """Return the z estimated without each of the L counts used, in their order, (L, P)."""
    rows = []
    for i in np.flatnonzero(counts.used).tolist():
        others = counts.used.copy()
        others[i] = False
        rows.append(estimate_factors(replace(counts, used=others), priors, z))
    return np.array(rows).reshape(-1, z.size)


def leverages(counts: CountModel, priors: FactorPriors, z: Floats) -> tuple[Floats, Floats]:
    """Return the leverage of each count, 0 if not used, (M,), and that of the counts on each factor, (P,)."""
    used, free = np.flatnonzero(counts.used), priors.is_free(z)
    slopes = counts.jacobian(z)[used][:, free] * priors.sd[free]
    weights = weight(counts.residuals(counts.read(z))[used])
    gram = (slopes[:, None, :] * slopes[None, :, :]).sum(axis=2)
    inverse = np.linalg.inv(np.diag(1.0 / weights) + gram)
    of_counts, on_factors = np.zeros(counts.used.size), np.zeros(z.size)
    of_counts[used] = 1.0 - np.diag(inverse) / weights
    on_factors[free] = ((inverse[:, :, None] * slopes[None, :, :]).sum(axis=1) * slopes).sum(axis=0)
    return of_counts, on_factors


def strongest_pull(counts: CountModel, z: Floats) -> Longs:
    """Return the count used that pulls each factor most in the direction it has moved, (P,)."""
    used = np.flatnonzero(counts.used)
    residual = counts.residuals(counts.read(z))[used]
    pulls = -(weight(residual) * residual)[:, None] * counts.jacobian(z)[used] * np.sign(z)
    return np.asarray(used[pulls.argmax(axis=0)])
