"""Estimation of freight demand from counts: factors of the tonnes of trade, within their ranges.

The standard deviation and the range of a pair and commodity are those of the interval of its value per tonne,
where ``unit_values`` has one and ``trade`` no tonnes, else those of ``tonnage_ranges`` for the basis of its
tonnes; counts are the flows and shares of ``measurements`` with the use calibration. Factors are estimated at
given path shares (:mod:`sogdia.freight.calibration.least_squares`); the assignment at the new tonnes gives
new shares, until modelled counts agree with those of the assignment before.

Factors are accepted if counts predict each other better with them: if the mean of ρ over the residuals of the
counts, each left out of the estimate, is at least a hundredth below that at the tonnes of trade.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.assignment.connectivity import has_path
from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.assignment.path_sets import PathSet, generate_paths
from sogdia.assignment.stochastic import sue
from sogdia.case import Case, unit_values_of
from sogdia.codes import ANY, ASSUMED
from sogdia.errors import InputError
from sogdia.freight.calibration.estimate import FLOORS, TOLERANCE, loss
from sogdia.freight.calibration.least_squares import (
    CountModel,
    FactorPriors,
    estimate_factors,
    estimates_left_out,
    leverages,
    strongest_pull,
)
from sogdia.freight.calibration.measurements import (
    CALIBRATION,
    COUNTS,
    SHARES,
    Counter,
    Measurement,
    read_measurements,
)
from sogdia.freight.inputs import Supernetwork, build_supernetwork
from sogdia.freight.route_choice import choice_inputs
from sogdia.freight.settings import SETTINGS
from sogdia.freight.supernetwork.demand import PAIR, tonnes_by_pair

RANGE = ["sd_ln", "least_factor", "largest_factor"]
INTERVAL_SD = 2.5631
"""Width of the 80 % interval of a normal distribution in standard deviations."""
LEAST_SD = 0.01
"""Least standard deviation of a logarithm that an interval of values per tonne gives."""
LEAST_GAIN = 0.01
"""Part by which factors must lower the mean loss of the counts, each left out, to be accepted."""
MOST_ROUNDS = 8
"""Most assignments."""
SETTLED = 0.02
"""Relative change of every count between assignments at which the estimate ends."""
STEP = 0.7
"""Part of the change of z taken after the first round, which damps the exchange with the assignment."""


@dataclass(frozen=True, eq=False)
class DemandEstimate:
    """Estimated demand.

    Attributes:
        pairs: ``exporter``, ``importer``, ``commodity``, ``tonnes`` of trade, ``factor``, ``sd_ln``,
            ``least_factor``, ``largest_factor``, ``at_bound``, ``leverage`` of the counts on it,
            ``left_out_factor``, the factor farthest from the estimate if one count is left out, and that
            ``observation``; ``pulled_by``, the count that pulls most.
        measurements: The counts, (M,).
        before: The model's value of each count at the tonnes of trade.
        before_residual: Logarithm of that over the observed, in standard deviations.
        modelled: Its value at the estimate.
        residual: The residual there.
        left_out: The residual of each count by an estimate without it, at the same path shares.
        leverage: Leverage of each count; 0 for those not used.
        rounds: Assignments.
        change: Largest relative change of a count in the last one.
        misfit: The sum that is minimised.
    """

    pairs: pd.DataFrame
    measurements: tuple[Measurement, ...]
    before: Floats
    before_residual: Floats
    modelled: Floats
    residual: Floats
    left_out: Floats
    leverage: Floats
    rounds: int
    change: float
    misfit: float

    @property
    def prior_misfit(self) -> float:
        """Part of the misfit that is of the factors, ``Σ (z / s)²``."""
        return float(((np.log(self.pairs["factor"]) / self.pairs["sd_ln"]) ** 2).sum())

    @property
    def losses(self) -> tuple[float, float]:
        """Mean of ρ over the counts used: at the tonnes of trade, and each left out of the estimate."""
        used = np.array([m.use == CALIBRATION for m in self.measurements], dtype=np.bool_)
        before, left_out = (loss(each[used]).mean() for each in (self.before_residual, self.left_out))
        return float(before), float(left_out)

    @property
    def is_accepted(self) -> bool:
        """True if counts that are left out are predicted better than by the tonnes of trade."""
        before, left_out = self.losses
        return left_out < (1.0 - LEAST_GAIN) * before


def estimate_demand(case: Case, progress: Callable[[str], None] = lambda _line: None) -> DemandEstimate:
    """Estimate the tonnes of pairs and commodities from the counts marked for calibration.

    Args:
        case: The base year; its table ``demand_factors`` is not read.
        progress: Called with a line after each assignment.

    Raises:
        InputError: If no count is marked for calibration, or a basis of tonnes has no range.
        NotConvergedError: If an assignment does not reach its tolerance.
    """
    model = _Model(case)
    pairs = model.pairs
    sd, least, largest = (pairs[name].to_numpy(dtype=np.float64) for name in RANGE)
    priors, z = FactorPriors(sd, np.log(least), np.log(largest)), np.zeros(len(pairs))
    counts = model.counts(z)
    before = modelled = counts.read(z)
    change, rounds = np.inf, 1
    while change > SETTLED and rounds < MOST_ROUNDS:
        target = estimate_factors(counts, priors, z)
        z = target if rounds == 1 else z + STEP * (target - z)
        counts = model.counts(z)
        now = counts.read(z)
        moved = np.abs(np.log((now + counts.floor) / (modelled + counts.floor)))
        change, modelled, rounds = float(moved[counts.used].max()), now, rounds + 1
        progress(f"assignment {rounds}: misfit {counts.cost(z, sd):.2f}, counts changed by {change:.1%}")
    progress(f"{int(counts.used.sum())} estimates without a count")
    without, used = estimates_left_out(counts, priors, z), np.flatnonzero(counts.used)
    left_out, (leverage, on_factors) = counts.residuals(modelled), leverages(counts, priors, z)
    for i, other in zip(used.tolist(), without, strict=True):
        left_out[i] = counts.residuals(counts.read(other))[i]
    farthest = np.abs(without - z).argmax(axis=0)
    names = np.array([m.observation for m in model.measurements], dtype=object)
    table = pairs.assign(
        factor=np.exp(z),
        at_bound=~priors.is_free(z),
        leverage=on_factors,
        left_out_factor=np.exp(without[farthest, np.arange(z.size)]),
        observation=names[used[farthest]],
        pulled_by=names[strongest_pull(counts, z)],
    )
    own, misfit = counts.residuals(modelled), counts.cost(z, sd)
    return DemandEstimate(
        table, model.measurements, before, counts.residuals(before), modelled, own, left_out, leverage,
        rounds, change, misfit,
    )  # fmt: skip


class _Model:
    """Freight as a function of the factors of demand."""

    def __init__(self, case: Case) -> None:
        none = case.table("demand_factors").iloc[:0]
        self._case = case.with_table("demand_factors", none)
        built = build_supernetwork(self._case)
        connected = has_path(built.network, built.demand)
        self._supernetwork: Supernetwork = replace(built, demand=built.demand.subset(connected))
        self.measurements = tuple(each for each in read_measurements(case) if each.kind in COUNTS)
        self.used: Bools = np.array([m.use == CALIBRATION for m in self.measurements], dtype=np.bool_)
        if not self.used.any():
            raise InputError(
                "measurements.csv: no count is marked for calibration; expected flows or shares of links, "
                "stations or transit whose observation has the use calibration"
            )
        self.pairs = _pairs(self._case)
        rows = self._supernetwork.identified(self._supernetwork.demand)
        keys = pd.MultiIndex.from_frame(self.pairs[PAIR].astype(str))
        self._pair: Longs = keys.get_indexer(pd.MultiIndex.from_frame(rows[PAIR].astype(str)))
        self._inputs = choice_inputs(self._supernetwork)
        self._paths: PathSet = generate_paths(
            self._supernetwork.network, self._supernetwork.demand, max_paths=SETTINGS.max_paths,
            rules=self._inputs.rules, group_of_class=self._inputs.group_of_class, avoid=self._inputs.avoid,
        )  # fmt: skip
        self._start: Floats | None = None

    def counts(self, z: Floats) -> CountModel:
        """Assign the freight at ``e^z`` times the tonnes of trade, and return counts at its path shares.

        Paths generated at no flow do not depend on tonnes; those that delays add do.
        """
        supernetwork, demand = self._supernetwork, self._supernetwork.demand
        tonnes = demand.flow
        scaled = demand.subset(np.arange(tonnes.size), tonnes * np.exp(z)[self._pair])
        moved = replace(supernetwork, demand=scaled)
        solution = sue(
            moved.network, scaled, SETTINGS.model_copy(update={"gap": TOLERANCE}), theta=self._inputs.theta,
            rules=self._inputs.rules, paths=self._paths, start=self._start,
        )  # fmt: skip
        self._start = solution.state.flow
        counter, size = Counter(self.measurements, moved, solution), len(self.pairs)
        return CountModel(
            passing=counter.by_group(solution, self._pair, size) / np.exp(z),
            counted=counter.counted_by_group(solution, self._pair, size) / np.exp(z),
            is_share=np.array([m.kind in SHARES for m in self.measurements], dtype=np.bool_),
            observed=np.array([m.observed for m in self.measurements]),
            sd_ln=np.array([m.sd_ln for m in self.measurements]),
            floor=np.array([FLOORS[m.kind] for m in self.measurements]),
            used=self.used,
        )


def _pairs(case: Case) -> pd.DataFrame:
    """Return the pairs with their tonnes and the range of these.

    Raises:
        InputError: If a basis has no row in ``tonnage_ranges``.
    """
    trade, unit_values = case.table("trade"), unit_values_of(case)
    pairs = tonnes_by_pair(trade, case.table("commodities"), unit_values)
    given = trade.loc[pairs["row"], ["tonnes", "tonnes_basis"]]
    basis = [str(name) if name and not pd.isna(name) else ASSUMED for name in given["tonnes_basis"]]
    ranges = case.table("tonnage_ranges").set_index(["tonnes_basis", "commodity"])
    rows = []
    for name, commodity in zip(basis, pairs["commodity"].astype(str), strict=True):
        key = (name, commodity) if (name, commodity) in ranges.index else (name, ANY)
        if key not in ranges.index:
            raise InputError(f"tonnage_ranges.csv: no row for {name}, {ANY}; add one")
        found = ranges.loc[[key]].iloc[0]
        largest = float(found["largest_factor"])
        rows.append((float(found["sd_ln"]), 1.0 / largest, largest))
    columns = pd.DataFrame(rows, columns=RANGE, index=pairs.index)
    own = _ranges_of_unit_values(unit_values.of(pairs))
    has_own = given["tonnes"].isna().to_numpy() & own["sd_ln"].notna().to_numpy()
    columns[has_own] = own[has_own]
    return pd.concat([pairs[[*PAIR, "tonnes"]], columns], axis=1)


def _ranges_of_unit_values(values: pd.DataFrame) -> pd.DataFrame:
    """Return the range of tonnes that follows from the interval of a value per tonne.

    ``sd_ln = ln(high / low) / 2.56`` for an interval of 80 %; factors keep the value within the interval.
    """
    value, low, high = (values[name] for name in ("usd_per_t", "low_usd_per_t", "high_usd_per_t"))
    sd = np.maximum(np.log(high / low) / INTERVAL_SD, LEAST_SD)
    return pd.DataFrame({"sd_ln": sd, "least_factor": value / high, "largest_factor": value / low})
