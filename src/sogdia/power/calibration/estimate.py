"""Estimation of constants by penalised least squares on the record.

With ``x_p = (ln β_p − ln prior_p) / s_p`` and for each recorded figure i ``r_i(x) = (m_i(x) − o_i) / d_i``,

    ``Σ ρ(r_i) + Σ x_p²``,  ``ρ(r) = 2 c² (√(1 + (r/c)²) − 1)``,

is made least: a square near 0 and straight far off (Charbonnier et al. 1994), so that a few figures that
the model cannot meet do not steer the rest. m is generation or net trade at least cost, o the record, d its
doubt.

Least cost jumps where the order of merit changes, so derivatives say little; the search goes along one
constant after another, both ways, with steps that are halved when none helps (Hooke & Jeeves 1961). It is
deterministic. At the end the Jacobian J by differences over half a deviation and the weights
``w = ρ'(r) / 2r`` give the covariance of x, ``(JᵀWJ + 1)⁻¹``, and the leverage of each figure,
``H = √W J (JᵀWJ + 1)⁻¹ Jᵀ √W``; ``r_i / (1 − H_ii)`` is about its residual were it left out (Allen 1974).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.calibration.record import Recorded, lifecycle_of, modelled_of, record_of
from sogdia.power.constants import ENGINE, PowerConstants
from sogdia.power.inputs import power_inputs
from sogdia.power.results import PowerResult
from sogdia.power.solve import PowerModel

ROBUST = 2.0
"""Residual, in doubts, about which ρ turns from a square to a straight line."""
STEPS = (1.0, 0.5, 0.25, 0.125)
"""Steps of the search, in deviations of a prior."""
MOST_SWEEPS = 8
"""Most times that all constants are gone through at one step."""
ENOUGH = 1e-3
"""Part of the misfit that a move must gain."""
DIFFERENCE = 0.5
LIFECYCLE = "lifecycle"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prior:
    """A constant to be estimated: ``ln value`` is normal about ``ln median`` before."""

    name: str
    median: float
    doubt: float


@dataclass(frozen=True)
class Estimate:
    """Constants as estimated.

    Attributes:
        priors: What was estimated, P of them.
        constants: All constants, those held fixed among them.
        x: The estimate, in deviations of the priors, (P,).
        covariance: Of x, (P, P).
        record: What was recorded, M rows.
        modelled: What the model says of each, GWh, (M,).
        leverage: H_ii, (M,).
        misfit: ``Σ ρ(r) + Σ x²``.
        evaluations: Times that all years were solved.
    """

    priors: tuple[Prior, ...]
    constants: PowerConstants
    x: Floats
    covariance: Floats
    record: tuple[Recorded, ...]
    modelled: Floats
    leverage: Floats
    misfit: float
    evaluations: int

    @property
    def residual(self) -> Floats:
        """``(m − o) / d`` of each row, (M,)."""
        return residuals(self.record, self.modelled)

    @property
    def standard_error(self) -> Floats:
        """Standard deviation of the logarithm of each constant, (P,)."""
        doubts = np.array([prior.doubt for prior in self.priors])
        return np.asarray(np.sqrt(np.diag(self.covariance)) * doubts)


class Years:
    """The model of the recorded years at any constants.

    Args:
        cases: The case of each year.
        record: What was recorded.
    """

    def __init__(self, cases: Sequence[Case], record: tuple[Recorded, ...]) -> None:
        if not cases or not record:
            raise InputError("electricity.csv: nothing is recorded of the years asked for")
        self.record = record
        self.evaluations = 0
        self._cases = {case.year: case for case in cases}
        self._models: dict[int, PowerModel] = {}

    def results(self, constants: PowerConstants) -> dict[int, PowerResult]:
        """Every year at these constants; networks are written once."""
        self.evaluations += 1
        found = {}
        for year, case in self._cases.items():
            inputs = power_inputs(case, constants=constants)
            model = self._models.setdefault(year, PowerModel(inputs)) if year not in self._models else None
            found[year] = (model or self._models[year]).solve(inputs)
        return found

    def modelled(self, constants: PowerConstants) -> Floats:
        """What the years say at each row of the record, (M,)."""
        return modelled_of(self.record, self.results(constants))


def priors_of(case: Case) -> tuple[tuple[Prior, ...], PowerConstants]:
    """What the table ``calibration`` says is to be estimated, and the constants it holds fixed.

    Raises:
        InputError: If nothing is to be estimated, or a prior is not above 0.
    """
    rows = case.table("calibration")
    mine = rows[(rows["engine"] == ENGINE) & rows["prior"].notna()]
    free = mine[mine["prior_sd_ln"].notna()]
    if free.empty:
        raise InputError(f"calibration.csv: no row of engine {ENGINE} has a prior and its doubt")
    for key, value in free["prior"].items():
        if value <= 0.0:
            raise InputError(f"calibration.csv: {key}: a prior of {value:g} has no logarithm")
    held = mine[mine["prior_sd_ln"].isna()]
    fixed = {str(n): float(v) for n, v in zip(held["parameter"], held["prior"], strict=True)}
    columns = (free["parameter"], free["prior"], free["prior_sd_ln"])
    priors = tuple(Prior(str(n), float(m), float(d)) for n, m, d in zip(*columns, strict=True))
    return priors, PowerConstants(fixed)


def constants_at(x: Floats, priors: Sequence[Prior], base: PowerConstants) -> PowerConstants:
    """Constants where each is ``x`` (P,) of its prior's deviations from the median; parts of one end at 1."""
    values = {p.name: float(p.median * np.exp(p.doubt * step)) for p, step in zip(priors, x, strict=True)}
    return base.changed({n: min(v, 1.0) if n.startswith("heat_led") else v for n, v in values.items()})


def place_of(case: Case, priors: Sequence[Prior]) -> Floats:
    """Where the case's values lie, in deviations of the priors, (P,); 0 where there is none."""
    rows = case.table("calibration")
    mine = rows[(rows["engine"] == ENGINE) & (rows["value"] > 0.0)]
    values = dict(zip(mine["parameter"], mine["value"].astype(float), strict=True))
    return np.array([np.log(values.get(p.name, p.median) / p.median) / p.doubt for p in priors])


def residuals(record: Sequence[Recorded], modelled: Floats) -> Floats:
    """``(m − o) / d``, (M,)."""
    observed = np.array([row.value_gwh for row in record])
    return np.asarray((modelled - observed) / np.array([row.doubt_gwh for row in record]))


def estimate(
    cases: Sequence[Case], years: Sequence[int], *, fresh: bool = False, tell: Progress | None = None
) -> Estimate:
    """Estimate constants from the record of some years.

    Args:
        cases: The case of each of the years.
        years: The years.
        fresh: Whether to start at the medians of the priors and not at the values that the pack has.
        tell: Called with a line for each sweep.

    Raises:
        InputError: If there is nothing to estimate or nothing recorded.
        NoSolutionError: If a year cannot be solved at the start.
    """
    priors, base = priors_of(cases[0])
    model = Years(cases, record_of(cases[0].region, years))
    start = np.zeros(len(priors)) if fresh else place_of(cases[0], priors)

    def misfit(x: Floats) -> float:
        residual = residuals(model.record, model.modelled(constants_at(x, priors, base)))
        return float(loss(residual).sum() + (x**2).sum())

    x, least = _descend(misfit, start, tell or (lambda _: None), lambda: model.evaluations)
    constants = constants_at(x, priors, base)
    results = model.results(constants)
    modelled = modelled_of(model.record, results)
    covariance, leverage = _spread(model, x, priors, base, modelled)
    ratios = lifecycle_of(cases[0].region, results)
    whole = constants.changed({f"{LIFECYCLE}/{iso3}": float(ratio) for iso3, ratio in ratios.items()})
    return Estimate(priors, whole, x, covariance, model.record, modelled, leverage, least, model.evaluations)


def _descend(
    misfit: Callable[[Floats], float], x: Floats, tell: Progress, solved: Callable[[], int]
) -> tuple[Floats, float]:
    """Go along one constant after another while that helps, with ever shorter steps."""
    least = misfit(x)
    for step in STEPS:
        for sweep in range(MOST_SWEEPS):
            before = least
            for place in range(x.size):
                for way in (step, -step):
                    moved = False
                    while True:
                        tried = x.copy()
                        tried[place] += way
                        found = misfit(tried)
                        if found >= least - ENOUGH * abs(least):
                            break
                        x, least, moved = tried, found, True
                    if moved:
                        break
            tell(f"step {step:g}, sweep {sweep + 1}: misfit {least:.2f}, {solved()} solutions")
            if least >= before - 10 * ENOUGH * abs(before):
                break
    return x, least


def _spread(
    model: Years, x: Floats, priors: Sequence[Prior], base: PowerConstants, modelled: Floats
) -> tuple[Floats, Floats]:
    """Covariance of x, (P, P), and leverage of the rows, (M,)."""
    doubts = np.array([row.doubt_gwh for row in model.record])
    jacobian = np.empty((len(model.record), x.size))
    for place in range(x.size):
        moved = x.copy()
        moved[place] += DIFFERENCE
        ahead = model.modelled(constants_at(moved, priors, base))
        moved[place] -= 2 * DIFFERENCE
        behind = model.modelled(constants_at(moved, priors, base))
        jacobian[:, place] = (ahead - behind) / (2 * DIFFERENCE) / doubts
    weighted = np.sqrt(weight(residuals(model.record, modelled)))[:, None] * jacobian
    covariance = np.asarray(np.linalg.inv(weighted.T @ weighted + np.eye(x.size)))
    return covariance, np.asarray(np.einsum("ip,pq,iq->i", weighted, covariance, weighted))


def loss(residual: Floats) -> Floats:
    """``ρ(r)``: the square of r where it is small, growing as r where it is large."""
    return np.asarray(2.0 * ROBUST**2 * (np.sqrt(1.0 + (residual / ROBUST) ** 2) - 1.0))


def weight(residual: Floats) -> Floats:
    """``ρ'(r) / 2r``: 1 where r is small, falling as 1/r where it is large."""
    return np.asarray(1.0 / np.sqrt(1.0 + (residual / ROBUST) ** 2))
