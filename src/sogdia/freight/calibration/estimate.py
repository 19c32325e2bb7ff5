"""Estimation by penalised least squares in logarithms, with path sets held within an outer loop.

With ``x_p = (ln β_p − ln prior_p) / s_p`` and, for each observation i used to calibrate,

    ``r_i(x) = (ln(m_i(x) + ε_i) − ln(o_i + ε_i)) / d_i``,

``Σ ρ(r_i) + Σ x_p²`` is made least (a posterior's mode), with ``ρ(r) = 2 c² (√(1 + (r/c)²) − 1)``: a square
near 0 and straight far off (Charbonnier et al. 1994), so that a few rows that the model cannot meet at any
constants do not steer the rest. m is what the model says in stochastic user
equilibrium, o what was observed, d its doubt, ε a floor under flows and shares (0 for journeys), below which
counts of goods are noise. Flows are found anew at each x; paths are generated at the estimate and held while it
moves, some times over. With J the Jacobian of all residuals at the end, ``(JᵀJ)⁻¹`` is the covariance of
x, ``H = J (JᵀJ)⁻¹ Jᵀ`` the hat matrix, and ``r_i / (1 − H_ii)`` the residual of row i were it left out
(Allen 1974).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.calibration.measure import FLOWS, LINK_SHARE, Counter, Measurement, measurements_of
from sogdia.freight.calibration.parameters import PRIORS, Prior, constants_at
from sogdia.freight.choice import SETTINGS, choice_inputs
from sogdia.freight.equilibrium import deliverable
from sogdia.freight.kernels.arrays import Bools, Floats
from sogdia.freight.path_sets import generate_paths
from sogdia.freight.stochastic import StochasticSolution, solve_logit
from sogdia.freight.supernetwork import Supernetwork, build_supernetwork
from sogdia.freight.supernetwork.build import with_constants
from sogdia.freight.supernetwork.constants import Constants
from sogdia.numerics import NotConvergedError

FLOORS: Mapping[str, float] = {**dict.fromkeys(FLOWS, 50_000.0), LINK_SHARE: 0.2}
"""Floor ε by kind of measurement: t/a, or per cent; 0 for journeys."""
STEP = 0.05
"""Step of the finite differences, in deviations of the prior or, where more, relative."""
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
    priors: Sequence[Prior] = PRIORS,
    *,
    base: Constants | None = None,
    start: Floats | None = None,
    left_out: frozenset[str] = frozenset(),
    rounds: int = 2,
    tell: Progress = lambda line: None,
) -> Estimate:
    """Estimate constants from a case's observations.

    Args:
        case: The case of the year observed.
        priors: What is estimated.
        base: Constants that stay as they are; defaults where not given.
        start: Where to start, in deviations of the priors, (N,); the medians where not given.
        left_out: Observations not to use.
        rounds: Times that paths are generated anew before a fit.
        tell: Called with a line for each round.

    Raises:
        InputError: If the case has no measurement to calibrate by.
        NotConvergedError: If the model cannot be solved at the start.
    """
    model = _Model(case, tuple(priors), base or Constants(), left_out)
    if not model.used.any():
        raise InputError("measurements.csv: no row to calibrate by")
    x = np.zeros(len(model.priors)) if start is None else start
    for number in range(rounds):
        model.find_paths(x)
        found = least_squares(
            model.residuals, x, diff_step=STEP, xtol=0.01, ftol=0.002, max_nfev=10, x_scale=1.0
        )
        x = found.x
        tell(f"round {number + 1}: {2.0 * found.cost:.2f} after {model.evaluations} runs")
    precision = found.jac.T @ found.jac
    covariance = np.linalg.inv(precision)
    used = int(model.used.sum())
    leverage = np.full(model.used.size, np.nan)
    leverage[model.used] = np.einsum("ij,jk,ik->i", found.jac, covariance, found.jac)[:used]
    model.find_paths(x)
    modelled = model.read(x)
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


def flattened(residual: Floats) -> Floats:
    """``sign(r) √ρ(r)``: near r where it is small, growing with its root where it is large."""
    far = residual / ROBUST
    return np.asarray(np.sign(residual) * ROBUST * np.sqrt(2.0 * (np.sqrt(1.0 + far**2) - 1.0)))


class _Model:
    """The model as a function of the parameters, with the paths of some estimate."""

    def __init__(
        self, case: Case, priors: tuple[Prior, ...], base: Constants, left_out: frozenset[str]
    ) -> None:
        self.priors, self.base, self.evaluations = priors, base, 0
        whole = build_supernetwork(case, base)
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

    def find_paths(self, x: Floats) -> None:
        """Generate paths at an estimate."""
        supernetwork = self._at(x)
        inputs = choice_inputs(supernetwork)
        self._paths = generate_paths(
            supernetwork.network,
            supernetwork.demand,
            most=SETTINGS.paths,
            rules=inputs.rules,
            geometry=inputs.geometry,
            avoid=inputs.avoid,
            workers=SETTINGS.workers,
        )
        self._start: Floats | None = None
        solution = self._solved(supernetwork)
        self._counter = Counter(self.measurements, supernetwork, solution)

    def read(self, x: Floats) -> Floats:
        """What the model says at each measurement, (M,)."""
        supernetwork = self._at(x)
        return self._counter.read(supernetwork, self._solved(supernetwork))

    def misfit(self, modelled: Floats) -> Floats:
        """``(ln m − ln o) / doubt``, (M,)."""
        known = np.where(np.isnan(modelled), self.observed * np.exp(-LOST), modelled)
        return np.asarray(np.log((known + self.floor) / (self.observed + self.floor)) / self.doubt)

    def residuals(self, x: Floats) -> Floats:
        """``√ρ(r)`` of the rows used, with the sign of r, then x itself."""
        return np.r_[flattened(self.misfit(self.read(x))[self.used]), x]

    def _at(self, x: Floats) -> Supernetwork:
        return with_constants(self.whole, constants_at(x, self.priors, self.base))

    def _solved(self, supernetwork: Supernetwork) -> StochasticSolution:
        self.evaluations += 1
        theta = choice_inputs(supernetwork).theta
        assert theta is not None
        settings = SETTINGS.model_copy(update={"gap": PRECISION})
        arguments = (supernetwork.network, supernetwork.demand, self._paths, theta, settings)
        try:
            solution = solve_logit(*arguments, start=self._start)
        except NotConvergedError:
            solution = solve_logit(*arguments)
        self._start = solution.state.flow
        return solution
