"""Estimation by penalised, robust least squares in logarithms.

With ``x_p = (ln β_p − ln prior_p) / s_p`` and, for each observation i used to calibrate,

    ``r_i(x) = (ln(m_i(x) + ε_i) − ln(o_i + ε_i)) / d_i``,

the estimate minimises ``Σ ρ(r_i) + Σ x_p²`` (the mode of a posterior), ``ρ(r) = 2 c² (√(1 + (r/c)²) − 1)``:
a square near 0 and linear far from it (Charbonnier et al. 1994), so that a few rows that the model cannot
meet at any constants do not dominate. m is the model's value in stochastic user equilibrium, o the observed
one, d its standard deviation in logarithms, ε a floor under flows and shares (0 for journeys), below which
counts are noise.

Each row has the weight ``w(r) = ρ'(r) / 2r = 1 / √(1 + (r/c)²)``, those of x have 1, and steps are those of
least squares so weighted, with new weights after each (Holland & Welsch 1977). With J the Jacobian of all r
and x at the estimate and W the weights, ``(JᵀWJ)⁻¹`` is the covariance of x,
``H = √W J (JᵀWJ)⁻¹ Jᵀ √W`` the hat matrix, and ``r_i / (1 − H_ii)`` approximates the residual of row i if it
were left out (Allen 1974).

At a minimum ``x_p = −Σ_i w_i r_i J_ip``: the terms are the pulls of the rows on a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sogdia.assignment.connectivity import has_path
from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.assignment.stochastic import solve_logit, sue
from sogdia.case import Case
from sogdia.errors import InputError, NotConvergedError
from sogdia.freight.calibration.measurements import (
    CALIBRATION,
    FLOWS,
    SHARES,
    Counter,
    Measurement,
    read_measurements,
)
from sogdia.freight.calibration.parameters import Prior, constants_at, current_estimate, read_priors
from sogdia.freight.calibration.starts import SearchEnd, starting_points
from sogdia.freight.inputs import Supernetwork, build_supernetwork, with_constants
from sogdia.freight.route_choice import choice_inputs, theta_of
from sogdia.freight.settings import SETTINGS
from sogdia.freight.supernetwork.constants import Constants

FLOORS: Mapping[str, float] = {**dict.fromkeys(FLOWS, 50_000.0), **dict.fromkeys(SHARES, 0.2)}
"""Floor ε by kind of measurement: t/a, or per cent; 0 for journeys."""
DIFFERENCE_STEP = 0.1
"""Step of the finite differences, in standard deviations of the prior."""
DAMPING, DAMPING_DECREASE, DAMPING_INCREASE, MAX_DAMPING = 1.0, 4.0, 3.0, 300.0
"""Initial damping, its factors after a successful and a failed step, and the value that ends the search."""
MAX_STEP = 1.5
"""Largest step, in standard deviations of the prior."""
MIN_GAIN, MAX_SMALL_GAINS, MAX_STEPS = 0.003, 2, 30
"""Relative decrease below which a step is small; small steps that end the search; most steps."""
NO_PATH_RESIDUAL = 6.0
"""Residual, in logarithms, of a journey without a path."""
ROBUST_SCALE = 1.5
"""Residual c, in standard deviations, about which ρ turns from a square to a straight line."""
TOLERANCE = 1e-5
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Estimate:
    """Estimated constants.

    Attributes:
        priors: Priors of the constants estimated.
        constants: All constants, the fixed ones included.
        x: The estimate, in standard deviations of the priors, (N,).
        covariance: Covariance of x, (N, N).
        measurements: All measurements, calibration and validation, M of them.
        modelled: The model's value of each, with paths generated at the estimate, (M,).
        residual: ``(ln m − ln o) / sd_ln`` of each, (M,).
        leverage: H_ii of those used to calibrate, NaN for others, (M,).
        evaluations: Number of times the model was solved.
        ends: Where the search from each starting point ended; the estimate is the best of these.
        pull: Pull of each row used to calibrate on each constant, 0 for others, (M, N).
        misfit: The sum that is minimised, at the estimate.
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
    ends: tuple[SearchEnd, ...] = ()
    pull: Floats | None = None
    misfit: float = float("nan")

    @property
    def left_out(self) -> Floats:
        """Residual of each calibration row if it were left out, (M,)."""
        return np.asarray(self.residual / (1.0 - self.leverage))

    @property
    def standard_error(self) -> Floats:
        """Standard deviation of the logarithm of each parameter, (N,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)) * [prior.sd_ln for prior in self.priors])

    def pulled_by(self, name: str, most: int = 3) -> tuple[str, ...]:
        """Return the observations that pull a constant most in the direction it moved from its prior."""
        if self.pull is None:
            return ()
        p = [prior.name for prior in self.priors].index(name)
        pulls = self.pull[:, p] * np.sign(self.x[p])
        order = [int(i) for i in np.argsort(-pulls, kind="stable")[:most] if pulls[i] > 0.0]
        return tuple(self.measurements[i].observation for i in order)


def estimate_constants(
    case: Case,
    *,
    from_priors: bool = False,
    draws: int = 0,
    start: Floats | None = None,
    left_out: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> Estimate:
    """Estimate constants from a case's observations; of several searches the one of least misfit.

    Searches start at the case's values, at the medians of the priors and at draws from these; a last one at
    the best end of all, with the damping of a first step.

    Args:
        case: The case of the year observed.
        from_priors: Do not start at the case's values.
        draws: Starting points drawn from the priors.
        start: Start only here, in standard deviations of the prior, (N,).
        left_out: Observations not to use.
        progress: Called with a line for each step.

    Raises:
        InputError: If the case has nothing to estimate or no measurement to calibrate by.
        NotConvergedError: If the model cannot be solved at any start.
    """
    model, report = CalibrationModel(case, left_out), progress or (lambda _: None)
    if not model.used.any():
        raise InputError("measurements.csv: no row for calibration; expected an observation with that use")
    if start is not None:
        found = _minimise(model, start, report)
        ends: tuple[SearchEnd, ...] = (SearchEnd("given", found.x, found.misfit, model.evaluations),)
    else:
        current = None if from_priors else current_estimate(case, model.priors)
        found, ends = _search(model, starting_points(current, len(model.priors), draws), report)
    return _estimate_at(model, found, ends)


def _search(
    model: CalibrationModel, points: Sequence[tuple[str, Floats]], report: Progress
) -> tuple[_Minimum, tuple[SearchEnd, ...]]:
    """Minimise from each point, and once more from the best end."""
    best: _Minimum | None = None
    ends: list[SearchEnd] = []
    failures: list[NotConvergedError] = []
    for name, point in points:
        before = model.evaluations
        report(f"search from {name}")
        try:
            found = _minimise(model, point, report)
        except NotConvergedError as error:
            failures.append(error)
            ends.append(SearchEnd(name, point, float("inf"), model.evaluations - before))
            report(f"{name}: the model cannot be solved there ({error})")
            continue
        ends.append(SearchEnd(name, found.x, found.misfit, model.evaluations - before))
        if best is None or found.misfit < best.misfit:
            best = found
    if best is None:
        raise failures[0]
    if len(points) > 1:
        report("search from the best end")
        again = _minimise(model, best.x, report)
        best = again if again.misfit < best.misfit else best
    return best, tuple(ends)


def _estimate_at(model: CalibrationModel, found: _Minimum, ends: tuple[SearchEnd, ...]) -> Estimate:
    x, rows = found.x, int(model.used.sum())
    residuals = model.all_residuals(found.modelled, x)
    weights = model.weights(residuals)
    weighted = np.sqrt(weights)[:, None] * found.jacobian
    covariance = np.asarray(np.linalg.inv(weighted.T @ weighted))
    hat = weighted @ covariance @ weighted.T
    leverage, pull = np.full(model.used.size, np.nan), np.zeros((model.used.size, x.size))
    leverage[model.used] = np.diag(hat)[:rows]
    pull[model.used] = -(weights * residuals)[:rows, None] * found.jacobian[:rows]
    return Estimate(
        model.priors,
        constants_at(x, model.priors, model.fixed),
        x,
        covariance,
        model.measurements,
        found.modelled,
        model.residuals(found.modelled),
        leverage,
        model.evaluations,
        ends,
        pull,
        found.misfit,
    )


def refits(
    case: Case, estimated: Estimate, most: int, progress: Progress | None = None
) -> Iterator[tuple[str, float, float]]:
    """Leave out the rows of most leverage in turn and estimate again.

    Yields:
        Observation, its residual left out as leverage approximates it, and as the new estimate gives it.
    """
    order = np.argsort(-np.nan_to_num(estimated.leverage, nan=-1.0), kind="stable")
    for i in order[:most].tolist():
        name = estimated.measurements[i].observation
        again = estimate_constants(case, start=estimated.x, left_out=frozenset([name]), progress=progress)
        yield name, float(estimated.left_out[i]), float(again.residual[i])


@dataclass(frozen=True, eq=False)
class _Minimum:
    """A local minimum: x (N,), the model's values (M,), the Jacobian of all residuals, and the sum there."""

    x: Floats
    modelled: Floats
    jacobian: Floats
    misfit: float


def _minimise(model: CalibrationModel, x: Floats, progress: Progress) -> _Minimum:
    """Minimise by Levenberg (1944) and Marquardt (1963), the Jacobian by differences with fixed paths.

    A step counts only if the model with newly generated paths has a lower cost. A step to constants at which
    the model cannot be solved counts as one that failed.
    """
    modelled = model.solve(x)
    residuals = model.all_residuals(modelled, x)
    damping, jacobian, small_gains = DAMPING, model.jacobian(x, residuals), 0
    cost = model.cost(residuals)
    for number in range(MAX_STEPS):
        progress(f"step {number}: misfit {cost:.2f}, damping {damping:g}, {model.evaluations} solutions")
        weighted = (model.weights(residuals)[:, None] * jacobian).T
        step = -np.linalg.solve(weighted @ jacobian + damping * np.eye(x.size), weighted @ residuals)
        trial = x + np.clip(step, -MAX_STEP, MAX_STEP)
        trial_modelled = model.solved_or_none(trial)
        gain = -np.inf
        if trial_modelled is not None:
            trial_residuals = model.all_residuals(trial_modelled, trial)
            gain = cost - model.cost(trial_residuals)
        if trial_modelled is not None and gain > 0.0:
            x, modelled, residuals, damping = (
                trial, trial_modelled, trial_residuals, damping / DAMPING_DECREASE
            )  # fmt: skip
            jacobian = model.jacobian(x, residuals)
            small_gains = small_gains + 1 if gain < MIN_GAIN * cost else 0
            cost -= gain
        else:
            damping *= DAMPING_INCREASE
        if small_gains >= MAX_SMALL_GAINS or damping > MAX_DAMPING:
            break
    return _Minimum(x, modelled, jacobian, cost)


def loss(residual: Floats) -> Floats:
    """Return ``ρ(r)``: the square of r where it is small, linear in r where it is large."""
    return np.asarray(2.0 * ROBUST_SCALE**2 * (np.sqrt(1.0 + (residual / ROBUST_SCALE) ** 2) - 1.0))


def weight(residual: Floats) -> Floats:
    """Return ``ρ'(r) / 2r``: 1 where r is small, falling as 1/r where it is large."""
    return np.asarray(1.0 / np.sqrt(1.0 + (residual / ROBUST_SCALE) ** 2))


class CalibrationModel:
    """The freight model as a function of the parameters.

    Paths are generated where :meth:`solve` is called and kept for differences about that point.
    """

    def __init__(self, case: Case, left_out: frozenset[str] = frozenset()) -> None:
        self.priors, self.fixed = read_priors(case)
        self.evaluations = 0
        built = build_supernetwork(case, self.fixed)
        connected = has_path(built.network, built.demand)
        carried = built.demand.subset(connected)
        self.supernetwork: Supernetwork = replace(built, demand=carried)
        self.measurements = read_measurements(case)
        self.observed = np.array([m.observed for m in self.measurements])
        self.sd_ln = np.array([m.sd_ln for m in self.measurements])
        self.floor = np.array([FLOORS.get(m.kind, 0.0) for m in self.measurements])
        self.used: Bools = np.array(
            [m.use == CALIBRATION and m.observation not in left_out for m in self.measurements],
            dtype=np.bool_,
        )

    def solve(self, x: Floats) -> Floats:
        """Return the model's value at each measurement, (M,), and keep the paths generated for x."""
        supernetwork = self._at(x)
        inputs = choice_inputs(supernetwork)
        self.evaluations += 1
        solution = sue(
            supernetwork.network,
            supernetwork.demand,
            SETTINGS.model_copy(update={"gap": TOLERANCE}),
            theta=inputs.theta,
            rules=inputs.rules,
            group_of_class=inputs.group_of_class,
            avoid=inputs.avoid,
        )
        self._paths, self._start = solution.paths, solution.state.flow
        self._counter = Counter(self.measurements, supernetwork, solution)
        return self._counter.read(supernetwork, solution)

    def solved_or_none(self, x: Floats) -> Floats | None:
        """Return the same, or ``None`` if the model does not converge at x."""
        try:
            return self.solve(x)
        except NotConvergedError:
            return None

    def jacobian(self, x: Floats, residuals: Floats) -> Floats:
        """Return derivatives of all residuals by x, with fixed paths, (rows, N)."""
        columns = []
        for p in range(x.size):
            moved = x.copy()
            moved[p] += DIFFERENCE_STEP
            columns.append((self.all_residuals(self._read(moved), moved) - residuals) / DIFFERENCE_STEP)
        return np.column_stack(columns)

    def residuals(self, modelled: Floats) -> Floats:
        """Return ``(ln m − ln o) / sd_ln``, (M,)."""
        known = np.where(np.isnan(modelled), self.observed * np.exp(-NO_PATH_RESIDUAL), modelled)
        return np.asarray(np.log((known + self.floor) / (self.observed + self.floor)) / self.sd_ln)

    def all_residuals(self, modelled: Floats, x: Floats) -> Floats:
        """Return residuals r of the rows used, then x itself."""
        return np.concatenate([self.residuals(modelled)[self.used], x])

    def cost(self, residuals: Floats) -> float:
        """Return ``Σ ρ(r_i) + Σ x_p²``."""
        rows = int(self.used.sum())
        return float(loss(residuals[:rows]).sum() + (residuals[rows:] ** 2).sum())

    def weights(self, residuals: Floats) -> Floats:
        """Return the weight of each residual: ``w(r_i)``, then ones."""
        rows = int(self.used.sum())
        return np.concatenate([weight(residuals[:rows]), np.ones(residuals.size - rows)])

    def _at(self, x: Floats) -> Supernetwork:
        return with_constants(self.supernetwork, constants_at(x, self.priors, self.fixed))

    def _read(self, x: Floats) -> Floats:
        """Return the model's value at each measurement with the paths kept, (M,)."""
        supernetwork = self._at(x)
        self.evaluations += 1
        settings = SETTINGS.model_copy(update={"gap": TOLERANCE})
        solution = solve_logit(
            supernetwork.network, supernetwork.demand, self._paths, theta_of(supernetwork), settings,
            start=self._start,
        )  # fmt: skip
        return self._counter.read(supernetwork, solution)
