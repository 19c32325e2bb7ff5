"""Estimate constants by penalised robust least squares on observed generation and trade.

With ``x_p = (ln β_p − ln prior_p) / s_p`` for each constant p and ``r_i(x) = (m_i(x) − o_i) / σ_i`` for each
observation i, minimise

    ``Σ ρ(r_i) + Σ x_p²``,  ``ρ(r) = 2 c² (√(1 + (r/c)²) − 1)``.

ρ is quadratic near 0 and linear for large residuals (Charbonnier et al. 1994), so that observations that the
model cannot reproduce do not dominate. m is generation or net trade of the least-cost dispatch, o the
observation, σ its standard deviation.

The dispatch is piecewise constant in the costs: it changes where the merit order changes, so local
derivatives are zero almost everywhere. A pattern search along the coordinates is used (Hooke & Jeeves 1961),
with steps that are halved when none improves the objective; it is deterministic. At the minimum, the Jacobian
J by differences over half a standard deviation and the weights ``w = ρ'(r) / 2r`` give the covariance of x,
``(JᵀWJ + 1)⁻¹``, and the leverage of each observation, ``H = √W J (JᵀWJ + 1)⁻¹ Jᵀ √W``. ``r_i / (1 − H_ii)``
approximates the leave-one-out residual (Allen 1974).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.calibration.observations import (
    Observation,
    lifecycle_ratios,
    modelled_values,
    read_observations,
)
from sogdia.power.constants import ENGINE, PowerConstants
from sogdia.power.inputs import build_power_inputs
from sogdia.power.results import PowerResult
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import MEAN_DAY_HOURS
from sogdia.power.solve import PowerModel

ROBUST_SCALE = 2.0
"""c of ρ, in standard deviations: the residual at which it turns from quadratic to linear."""
STEPS = (1.0, 0.5, 0.25, 0.125)
"""Steps of the pattern search, in standard deviations of a prior."""
MAX_SWEEPS = 8
"""Largest number of sweeps over all constants at one step."""
LEAST_IMPROVEMENT = 1e-3
"""Relative decrease of the objective that a move must reach."""
DIFFERENCE = 0.5
LIFECYCLE = "lifecycle"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prior:
    """Lognormal prior of a constant.

    Attributes:
        name: Name of the constant.
        median: Median.
        sigma: Standard deviation of its logarithm.
    """

    name: str
    median: float
    sigma: float


@dataclass(frozen=True)
class Estimate:
    """Estimated constants.

    Attributes:
        priors: Priors of the P estimated constants.
        constants: All constants, fixed ones included.
        x: Estimate in standard deviations from the prior medians, (P,).
        covariance: Covariance of x, (P, P).
        observations: M observations.
        modelled: Modelled values, GWh, (M,).
        leverage: Leverage H_ii, (M,).
        objective: ``Σ ρ(r) + Σ x²``.
        evaluations: Number of evaluations of all years.
    """

    priors: tuple[Prior, ...]
    constants: PowerConstants
    x: Floats
    covariance: Floats
    observations: tuple[Observation, ...]
    modelled: Floats
    leverage: Floats
    objective: float
    evaluations: int

    @property
    def residual(self) -> Floats:
        """Residuals ``(m − o) / σ``, (M,)."""
        return residuals(self.observations, self.modelled)

    @property
    def standard_error(self) -> Floats:
        """Standard error of the logarithm of each constant, (P,)."""
        sigma = np.array([prior.sigma for prior in self.priors])
        return np.asarray(np.sqrt(np.diag(self.covariance)) * sigma)


SETTINGS = PowerSettings(hours=MEAN_DAY_HOURS, filler="none")
"""Mean days: some hundred evaluations take minutes, and annual generation differs little from real weeks."""


class CalibrationModel:
    """Dispatch of the observed years at any constants.

    Args:
        cases: Case of each year.
        observations: Observations.

    Raises:
        InputError: If there are no cases or no observations.
    """

    def __init__(self, cases: Sequence[Case], observations: tuple[Observation, ...]) -> None:
        if not cases or not observations:
            raise InputError("electricity.csv: no observations for the requested years")
        self.observations = observations
        self.evaluations = 0
        self._cases = {case.year: case for case in cases}
        self._models: dict[int, PowerModel] = {}

    def results(self, constants: PowerConstants) -> dict[int, PowerResult]:
        """Solve every year at the constants; programmes are written once."""
        self.evaluations += 1
        results = {}
        for year, case in self._cases.items():
            inputs = build_power_inputs(case, SETTINGS, constants)
            if year not in self._models:
                self._models[year] = PowerModel(inputs)
            results[year] = self._models[year].solve(inputs)
        return results

    def modelled(self, constants: PowerConstants) -> Floats:
        """Return the modelled value of each observation, GWh, (M,)."""
        return modelled_values(self.observations, self.results(constants))


def read_priors(case: Case) -> tuple[tuple[Prior, ...], PowerConstants]:
    """Read the priors of the table ``calibration``, and the constants held fixed.

    Raises:
        InputError: If no constant is to be estimated, or a prior is not above 0.
    """
    rows = case.table("calibration")
    own = rows[(rows["engine"] == ENGINE) & rows["prior"].notna()]
    free = own[own["prior_sd_ln"].notna()]
    if free.empty:
        raise InputError(f"calibration.csv: no row of engine {ENGINE} has prior and prior_sd_ln")
    for key, value in free["prior"].items():
        if value <= 0.0:
            raise InputError(f"calibration.csv: prior of {key} is {value:g}; expected a number > 0")
    fixed_rows = own[own["prior_sd_ln"].isna()]
    fixed = {str(n): float(v) for n, v in zip(fixed_rows["parameter"], fixed_rows["prior"], strict=True)}
    columns = (free["parameter"], free["prior"], free["prior_sd_ln"])
    priors = tuple(Prior(str(n), float(m), float(s)) for n, m, s in zip(*columns, strict=True))
    return priors, PowerConstants(fixed)


def constants_at(x: Floats, priors: Sequence[Prior], fixed: PowerConstants) -> PowerConstants:
    """Return the constants at x (P,), in standard deviations from the prior medians."""
    values = {p.name: float(p.median * np.exp(p.sigma * step)) for p, step in zip(priors, x, strict=True)}
    return fixed.updated(values)


def current_estimate(case: Case, priors: Sequence[Prior]) -> Floats:
    """Return the case's values in standard deviations from the prior medians, (P,); 0 without a value."""
    rows = case.table("calibration")
    own = rows[(rows["engine"] == ENGINE) & (rows["value"] > 0.0)]
    values = dict(zip(own["parameter"], own["value"].astype(float), strict=True))
    return np.array([np.log(values.get(p.name, p.median) / p.median) / p.sigma for p in priors])


def residuals(observations: Sequence[Observation], modelled: Floats) -> Floats:
    """Return ``(m − o) / σ``, (M,)."""
    observed = np.array([row.value_gwh for row in observations])
    return np.asarray((modelled - observed) / np.array([row.sigma_gwh for row in observations]))


def estimate_constants(
    cases: Sequence[Case],
    years: Sequence[int],
    *,
    from_priors: bool = False,
    progress: Progress | None = None,
) -> Estimate:
    """Estimate constants on the observations of some years.

    Args:
        cases: Case of each year.
        years: The years.
        from_priors: Start from the prior medians instead of the values of the pack.
        progress: Called with a line for each sweep.

    Raises:
        InputError: If there is no constant to estimate or no observation.
        NoSolutionError: If a year has no solution at the start.
    """
    priors, fixed = read_priors(cases[0])
    model = CalibrationModel(cases, read_observations(cases[0].region, years))
    start = np.zeros(len(priors)) if from_priors else current_estimate(cases[0], priors)

    def objective(x: Floats) -> float:
        residual = residuals(model.observations, model.modelled(constants_at(x, priors, fixed)))
        return float(loss(residual).sum() + (x**2).sum())

    def report(step: float, sweep: int, value: float) -> None:
        if progress is not None:
            progress(f"step {step:g}, sweep {sweep}: objective {value:.2f}, {model.evaluations} evaluations")

    x, minimum = pattern_search(objective, start, report)
    constants = constants_at(x, priors, fixed)
    results = model.results(constants)
    modelled = modelled_values(model.observations, results)
    covariance, leverage = _covariance(model, x, priors, fixed, modelled)
    ratios = lifecycle_ratios(cases[0].region, results)
    constants = constants.updated({f"{LIFECYCLE}/{iso3}": float(ratio) for iso3, ratio in ratios.items()})
    return Estimate(
        priors,
        constants,
        x,
        covariance,
        model.observations,
        modelled,
        leverage,
        minimum,
        model.evaluations,
    )


def pattern_search(
    objective: Callable[[Floats], float], x: Floats, report: Callable[[float, int, float], None]
) -> tuple[Floats, float]:
    """Minimise along one coordinate after another, with decreasing steps (Hooke & Jeeves 1961).

    Args:
        objective: Function of x, (P,).
        x: Start, (P,).
        report: Called with step, sweep and objective after each sweep.

    Returns:
        Minimiser, (P,), and minimum.
    """
    minimum = objective(x)
    for step in STEPS:
        for sweep in range(1, MAX_SWEEPS + 1):
            before = minimum
            for coordinate in range(x.size):
                x, minimum = _search_coordinate(objective, x, minimum, coordinate, step)
            report(step, sweep, minimum)
            if minimum >= before - 10 * LEAST_IMPROVEMENT * abs(before):
                break
    return x, minimum


def _search_coordinate(
    objective: Callable[[Floats], float], x: Floats, minimum: float, coordinate: int, step: float
) -> tuple[Floats, float]:
    """Move along a coordinate, upwards or else downwards, as long as the objective decreases."""
    for move in (step, -step):
        start = minimum
        while True:
            trial = x.copy()
            trial[coordinate] += move
            value = objective(trial)
            if value >= minimum - LEAST_IMPROVEMENT * abs(minimum):
                break
            x, minimum = trial, value
        if minimum < start:
            break
    return x, minimum


def _covariance(
    model: CalibrationModel, x: Floats, priors: Sequence[Prior], fixed: PowerConstants, modelled: Floats
) -> tuple[Floats, Floats]:
    """Return the covariance of x, (P, P), and the leverage of the observations, (M,)."""
    sigma = np.array([row.sigma_gwh for row in model.observations])
    jacobian = np.empty((len(model.observations), x.size))
    for coordinate in range(x.size):
        trial = x.copy()
        trial[coordinate] += DIFFERENCE
        above = model.modelled(constants_at(trial, priors, fixed))
        trial[coordinate] -= 2 * DIFFERENCE
        below = model.modelled(constants_at(trial, priors, fixed))
        jacobian[:, coordinate] = (above - below) / (2 * DIFFERENCE) / sigma
    weighted = np.sqrt(weight(residuals(model.observations, modelled)))[:, None] * jacobian
    covariance = np.asarray(np.linalg.inv(weighted.T @ weighted + np.eye(x.size)))
    return covariance, np.asarray(np.einsum("ip,pq,iq->i", weighted, covariance, weighted))


def loss(residual: Floats) -> Floats:
    """Return ``ρ(r)``: quadratic for small r, linear for large r."""
    return np.asarray(2.0 * ROBUST_SCALE**2 * (np.sqrt(1.0 + (residual / ROBUST_SCALE) ** 2) - 1.0))


def weight(residual: Floats) -> Floats:
    """Return ``ρ'(r) / 2r``: 1 for small r, decreasing as 1/r for large r."""
    return np.asarray(1.0 / np.sqrt(1.0 + (residual / ROBUST_SCALE) ** 2))
