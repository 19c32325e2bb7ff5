"""Estimation by penalised, robust least squares in logarithms.

With ``x_p = (ln β_p − ln prior_p) / s_p`` and, for each observation i used to calibrate,

    ``r_i(x) = (ln(m_i(x) + ε_i) − ln(o_i + ε_i)) / d_i``,

``Σ ρ(r_i) + Σ x_p²`` is made least (a posterior's mode), ``ρ(r) = 2 c² (√(1 + (r/c)²) − 1)``: a square near
0 and straight far off (Charbonnier et al. 1994), so that a few rows that the model cannot meet at any
constants do not steer the rest. m is what the model says in stochastic user equilibrium, o what was
observed, d its doubt, ε a floor under flows and shares (0 for journeys), below which counts are noise.

Each row counts by ``w(r) = ρ'(r) / 2r = 1 / √(1 + (r/c)²)``, those of x by 1, and steps are those of least
squares so weighted, weighted anew after each (Holland & Welsch 1977). With J the Jacobian of all r and x at
the end and W the weights, ``(JᵀWJ)⁻¹`` is the covariance of x, ``H = √W J (JᵀWJ)⁻¹ Jᵀ √W`` the hat matrix,
and ``r_i / (1 − H_ii)`` about the residual of row i were it left out (Allen 1974).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.assignment.stochastic import solve_logit, sue
from sogdia.assignment.user_equilibrium import deliverable
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.calibration.measure import FLOWS, LINK_SHARE, Counter, Measurement, measurements_of
from sogdia.freight.calibration.parameters import Prior, constants_at, place_of, priors_of
from sogdia.freight.route_choice import SETTINGS, choice_inputs
from sogdia.freight.supernetwork import Supernetwork, build_supernetwork
from sogdia.freight.supernetwork.build import with_constants
from sogdia.freight.supernetwork.constants import Constants, thetas

FLOORS: Mapping[str, float] = {**dict.fromkeys(FLOWS, 50_000.0), LINK_SHARE: 0.2}
"""Floor ε by kind of measurement: t/a, or per cent; 0 for journeys."""
STEP = 0.1
"""Step of the differences, in deviations of the prior."""
DAMPING, EASIER, HARDER, HARDEST = 1.0, 4.0, 3.0, 300.0
"""First damping, by what it falls and rises, and beyond what the search ends."""
LONGEST = 1.5
"""Longest step, in deviations of a prior."""
ENOUGH, PATIENCE, MOST_STEPS = 0.003, 2, 30
"""Part of the misfit that a step must gain; how many in a row that do not end the search; most steps."""
LOST = 6.0
"""Residual, in logarithms, of a journey that has no way."""
ROBUST = 1.5
"""Residual, in doubts, about which ρ turns from a square to a straight line."""
PRECISION = 1e-5
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Estimate:
    """Constants as estimated.

    Attributes:
        priors: What was estimated.
        constants: All constants, those held fixed among them.
        x: The estimate, in deviations of the priors, (N,).
        covariance: Of x, (N, N).
        measurements: All measurements, calibration and validation, M of them.
        modelled: What the model says at each, with paths generated at the estimate, (M,).
        residual: ``(ln m − ln o) / doubt`` of each, (M,).
        leverage: H_ii of those used to calibrate, not a number for others, (M,).
        evaluations: Times the model was solved.
    """

    priors: tuple[Prior, ...]
    constants: Constants
    x: Floats
    covariance: Floats
    measurements: tuple[Measurement, ...]
    modelled: Floats
    residual: Floats
    leverage: Floats
    evaluations: int

    @property
    def left_out(self) -> Floats:
        """Residual of each row of the calibration were it left out, (M,)."""
        return np.asarray(self.residual / (1.0 - self.leverage))

    @property
    def standard_error(self) -> Floats:
        """Standard deviation of the logarithm of each parameter, (N,)."""
        doubts = np.array([prior.doubt for prior in self.priors])
        return np.asarray(np.sqrt(np.diag(self.covariance)) * doubts)


def estimate(
    case: Case,
    *,
    fresh: bool = False,
    start: Floats | None = None,
    left_out: frozenset[str] = frozenset(),
    tell: Progress | None = None,
) -> Estimate:
    """Estimate constants from a case's observations.

    Args:
        case: The case of the year observed.
        fresh: Whether to start at the medians of the priors and not at the values that the case has.
        start: Where to start instead, in deviations of the priors, (N,).
        left_out: Observations not to use.
        tell: Called with a line for each step.

    Raises:
        InputError: If the case has nothing to estimate or no measurement to calibrate by.
        NotConvergedError: If the model cannot be solved at the start.
    """
    model = Model(case, left_out)
    if not model.used.any():
        raise InputError("measurements.csv: no row to calibrate by")
    if start is None:
        start = np.zeros(len(model.priors)) if fresh else place_of(case, model.priors)
    x, modelled, jacobian = _descend(model, start, tell or (lambda _: None))
    jacobian = np.sqrt(model.weights(model.all_residuals(modelled, x)))[:, None] * jacobian
    covariance = np.asarray(np.linalg.inv(jacobian.T @ jacobian))
    hat = jacobian @ covariance @ jacobian.T
    leverage = np.full(model.used.size, np.nan)
    leverage[model.used] = np.diag(hat)[: int(model.used.sum())]
    return Estimate(
        model.priors,
        constants_at(x, model.priors, model.base),
        x,
        covariance,
        model.measurements,
        modelled,
        model.misfit(modelled),
        leverage,
        model.evaluations,
    )


def refits(
    case: Case, found: Estimate, most: int, tell: Progress | None = None
) -> Iterator[tuple[str, float, float]]:
    """Leave out some rows in turn and fit again: those of most leverage.

    Yields:
        Observation, its residual left out as leverage tells it, and as the new fit does.
    """
    order = np.argsort(-np.nan_to_num(found.leverage, nan=-1.0), kind="stable")
    for i in order[:most].tolist():
        name = found.measurements[i].observation
        again = estimate(case, start=found.x, left_out=frozenset([name]), tell=tell)
        yield name, float(found.left_out[i]), float(again.residual[i])


def _descend(model: Model, x: Floats, tell: Progress) -> tuple[Floats, Floats, Floats]:
    """Levenberg (1944) and Marquardt (1963), the Jacobian by differences with the paths of x held.

    A step counts only if the model with paths found anew is better. Returns the estimate, what the model
    says there (M,) and the Jacobian of all residuals.
    """
    modelled = model.solve(x)
    residuals = model.all_residuals(modelled, x)
    damping, jacobian, small = DAMPING, model.jacobian(x, residuals), 0
    for number in range(MOST_STEPS):
        cost = model.cost(residuals)
        tell(f"step {number}: misfit {cost:.2f}, damping {damping:g}, {model.evaluations} solutions")
        pull = (model.weights(residuals)[:, None] * jacobian).T
        step = -np.linalg.solve(pull @ jacobian + damping * np.eye(x.size), pull @ residuals)
        tried = x + np.clip(step, -LONGEST, LONGEST)
        there = model.solve(tried)
        new = model.all_residuals(there, tried)
        gain = cost - model.cost(new)
        if gain > 0.0:
            x, modelled, residuals, damping = tried, there, new, damping / EASIER
            jacobian = model.jacobian(x, residuals)
            small = small + 1 if gain < ENOUGH * cost else 0
        else:
            damping *= HARDER
        if small >= PATIENCE or damping > HARDEST:
            break
    return x, modelled, jacobian


def loss(residual: Floats) -> Floats:
    """``ρ(r)``: the square of r where it is small, growing as r where it is large."""
    return np.asarray(2.0 * ROBUST**2 * (np.sqrt(1.0 + (residual / ROBUST) ** 2) - 1.0))


def weight(residual: Floats) -> Floats:
    """``ρ'(r) / 2r``: 1 where r is small, falling as 1/r where it is large."""
    return np.asarray(1.0 / np.sqrt(1.0 + (residual / ROBUST) ** 2))


class Model:
    """The model as a function of the parameters, with the paths found at some of them."""

    def __init__(self, case: Case, left_out: frozenset[str] = frozenset()) -> None:
        self.priors, self.base = priors_of(case)
        self.evaluations = 0
        whole = build_supernetwork(case, self.base)
        way = deliverable(whole.network, whole.demand)
        carried = replace(whole.demand, table=whole.demand.table[way].reset_index(drop=True))
        self.whole: Supernetwork = replace(whole, demand=carried)
        self.measurements = measurements_of(case)
        self.observed = np.array([m.observed for m in self.measurements])
        self.doubt = np.array([m.doubt for m in self.measurements])
        self.floor = np.array([FLOORS.get(m.kind, 0.0) for m in self.measurements])
        self.used: Bools = np.array(
            [m.use == "calibration" and m.observation not in left_out for m in self.measurements],
            dtype=np.bool_,
        )

    def solve(self, x: Floats) -> Floats:
        """What the model says at each measurement, (M,), with paths found for x and then held."""
        supernetwork = self._at(x)
        inputs = choice_inputs(supernetwork)
        self.evaluations += 1
        solution = sue(
            supernetwork.network,
            supernetwork.demand,
            SETTINGS.model_copy(update={"gap": PRECISION}),
            theta=inputs.theta,
            rules=inputs.rules,
            geometry=inputs.geometry,
            avoid=inputs.avoid,
        )
        self._paths, self._start = solution.paths, solution.state.flow
        self._counter = Counter(self.measurements, supernetwork, solution)
        return self._counter.read(supernetwork, solution)

    def jacobian(self, x: Floats, residuals: Floats) -> Floats:
        """Derivatives of all residuals by x, with the paths held, (rows, N)."""
        columns = []
        for p in range(x.size):
            moved = x.copy()
            moved[p] += STEP
            columns.append((self.all_residuals(self._read(moved), moved) - residuals) / STEP)
        return np.column_stack(columns)

    def misfit(self, modelled: Floats) -> Floats:
        """``(ln m − ln o) / doubt``, (M,)."""
        known = np.where(np.isnan(modelled), self.observed * np.exp(-LOST), modelled)
        return np.asarray(np.log((known + self.floor) / (self.observed + self.floor)) / self.doubt)

    def all_residuals(self, modelled: Floats, x: Floats) -> Floats:
        """Residuals r of the rows used, then x itself."""
        return np.concatenate([self.misfit(modelled)[self.used], x])

    def cost(self, residuals: Floats) -> float:
        """``Σ ρ(r_i) + Σ x_p²``."""
        rows = int(self.used.sum())
        return float(loss(residuals[:rows]).sum() + (residuals[rows:] ** 2).sum())

    def weights(self, residuals: Floats) -> Floats:
        """What each residual counts: ``w(r_i)``, then ones."""
        rows = int(self.used.sum())
        return np.concatenate([weight(residuals[:rows]), np.ones(residuals.size - rows)])

    def _at(self, x: Floats) -> Supernetwork:
        return with_constants(self.whole, constants_at(x, self.priors, self.base))

    def _read(self, x: Floats) -> Floats:
        supernetwork = self._at(x)
        self.evaluations += 1
        scale = thetas(
            supernetwork.demand.classes,
            supernetwork.case.table("commodities"),
            supernetwork.constants,
        )
        settings = SETTINGS.model_copy(update={"gap": PRECISION})
        solution = solve_logit(
            supernetwork.network, supernetwork.demand, self._paths, scale, settings, start=self._start
        )
        return self._counter.read(supernetwork, solution)
