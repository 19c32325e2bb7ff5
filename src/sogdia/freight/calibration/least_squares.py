"""Generalised least squares of factors of demand about a prior matrix, at given path shares.

Tonnes of group p are ``q_p f_p``. With ``z_p = ln f_p`` and the counts ``m_i(z) = Σ_p a_ip q_p e^{z_p}`` (a
share is such a sum over another),

    ``min_z  Σ_i ρ((ln(m_i + ε_i) − ln(o_i + ε_i)) / d_i) + Σ_p (z_p / s_p)²,   |z_p| ≤ ln b_p``

(Cascetta 1984 for least squares about a prior matrix; Spiess 1990 for its gradient on path shares; logarithms
because errors of tonnes are relative). L-BFGS-B (Byrd et al. 1995) solves it.

With J the derivatives of the residuals r, W their weights and S the variances s² of the z that are not at a
bound, ``G = W⁻¹ + J S Jᵀ`` gives the leverage of a count, ``h_i = 1 − (G⁻¹)_ii / w_i``, and
``r_i / (1 − h_i)``, its residual if it were left out (Allen 1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from sogdia.assignment.kernels.arrays import Bools, Floats
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


def estimate_factors(counts: CountModel, sd: Floats, limit: Floats, start: Floats) -> Floats:
    """Return the logarithms z of the factors of least cost, (P,).

    Args:
        counts: The counts.
        sd: Standard deviation s of each z, (P,).
        limit: Largest absolute value of each z, ln b, (P,).
        start: First z, (P,).
    """

    def value_and_gradient(z: Floats) -> tuple[float, Floats]:
        residual = counts.residuals(counts.read(z))[counts.used]
        slopes = counts.jacobian(z)[counts.used]
        pulls = 2.0 * ((weight(residual) * residual)[:, None] * slopes).sum(axis=0)
        return float(loss(residual).sum() + ((z / sd) ** 2).sum()), pulls + 2.0 * z / sd**2

    found = minimize(
        value_and_gradient, start, jac=True, method="L-BFGS-B",
        bounds=list(zip(-limit, limit, strict=True)),
        options={"maxiter": 5000, "ftol": 1e-14, "gtol": 1e-9},
    )  # fmt: skip
    return np.asarray(found.x)


def is_free(z: Floats, limit: Floats) -> Bools:
    """Return true for factors that are not at a bound, (P,)."""
    return np.asarray(np.abs(z) < limit * (1.0 - AT_BOUND))


def left_out_residuals(counts: CountModel, z: Floats, sd: Floats, limit: Floats) -> tuple[Floats, Floats]:
    """Return the leverage of each count and its residual if it were left out, (M,) each.

    The leverage of a count that is not used is 0.
    """
    residual = counts.residuals(counts.read(z))
    used, free = np.flatnonzero(counts.used), is_free(z, limit)
    slopes = counts.jacobian(z)[used][:, free] * sd[free]
    weights = weight(residual[used])
    gram = (slopes[:, None, :] * slopes[None, :, :]).sum(axis=2)
    inverse = np.linalg.inv(np.diag(1.0 / weights) + gram)
    leverage, left_out = np.zeros(residual.size), residual.copy()
    leverage[used] = 1.0 - np.diag(inverse) / weights
    left_out[used] = residual[used] / (1.0 - leverage[used])
    return leverage, left_out
