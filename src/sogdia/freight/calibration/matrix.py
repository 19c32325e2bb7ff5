"""Estimation of freight demand from counts: factors of the tonnes of trade, within their ranges.

The standard deviation and the largest factor of a pair and commodity are those of the interval of its value
per tonne, where ``unit_values`` has one and ``trade`` no tonnes, else those of ``tonnage_ranges`` for the
basis of its tonnes; counts are the flows and shares of ``measurements`` with the use calibration. Factors are
estimated at given path shares (:mod:`sogdia.freight.calibration.least_squares`); the assignment at the new
tonnes gives new shares, until modelled counts agree with those of the assignment before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.assignment.connectivity import has_path
from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.assignment.stochastic import sue
from sogdia.case import Case, unit_values_of
from sogdia.codes import ANY, ASSUMED
from sogdia.errors import InputError
from sogdia.freight.calibration.estimate import FLOORS, TOLERANCE
from sogdia.freight.calibration.fit import Residuals, fit_row, rounded
from sogdia.freight.calibration.least_squares import (
    CountModel,
    estimate_factors,
    is_free,
    left_out_residuals,
)
from sogdia.freight.calibration.measurements import (
    CALIBRATION,
    COUNTS,
    SHARES,
    USES,
    Counter,
    Measurement,
    read_measurements,
)
from sogdia.freight.inputs import Supernetwork, build_supernetwork
from sogdia.freight.route_choice import choice_inputs
from sogdia.freight.settings import SETTINGS
from sogdia.freight.supernetwork.constants import PER_CENT
from sogdia.freight.supernetwork.demand import PAIR, tonnes_by_pair
from sogdia.tables import list_items

ENGINE = "demand"
"""Name of the estimate in the table ``calibration_fit``."""
INTERVAL_SD = 2.5631
"""Width of the 80 % interval of a normal distribution in standard deviations."""
LEAST = 0.01
"""Logarithm of a factor below which it is not written."""
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
            ``largest_factor``, ``at_bound``.
        measurements: The counts, (M,).
        before: The model's value of each count at the tonnes of trade.
        modelled: Its value at the estimate.
        residual: Logarithm of modelled over observed in standard deviations.
        left_out: The residual of each count if it were left out.
        leverage: Leverage of each count; 0 for those not used.
        rounds: Assignments.
        change: Largest relative change of a count in the last one.
    """

    pairs: pd.DataFrame
    measurements: tuple[Measurement, ...]
    before: Floats
    modelled: Floats
    residual: Floats
    left_out: Floats
    leverage: Floats
    rounds: int
    change: float


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
    bound, sd = (pairs[name].to_numpy(dtype=np.float64) for name in ("largest_factor", "sd_ln"))
    limit, z = np.log(bound), np.zeros(len(pairs))
    counts = model.counts(z)
    before = modelled = counts.read(z)
    change, rounds = np.inf, 1
    while change > SETTLED and rounds < MOST_ROUNDS:
        target = estimate_factors(counts, sd, limit, z)
        z = target if rounds == 1 else z + STEP * (target - z)
        counts = model.counts(z)
        now = counts.read(z)
        moved = np.abs(np.log((now + counts.floor) / (modelled + counts.floor)))
        change, modelled, rounds = float(moved[counts.used].max()), now, rounds + 1
        progress(f"assignment {rounds}: misfit {counts.cost(z, sd):.2f}, counts changed by {change:.1%}")
    leverage, left_out = left_out_residuals(counts, z, sd, limit)
    table = pairs.assign(factor=np.exp(z), at_bound=~is_free(z, limit))
    residual = counts.residuals(modelled)
    return DemandEstimate(
        table, model.measurements, before, modelled, residual, left_out, leverage, rounds, change
    )


class _Model:
    """Freight as a function of the factors of demand."""

    def __init__(self, case: Case) -> None:
        none = case.table("demand_factors").iloc[:0]
        self._case = replace(case, frames={**case.frames, "demand_factors": none})
        built = build_supernetwork(self._case)
        connected = has_path(built.network, built.demand)
        table = built.demand.table[connected].reset_index(drop=True)
        self._supernetwork: Supernetwork = replace(built, demand=replace(built.demand, table=table))
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

    def counts(self, z: Floats) -> CountModel:
        """Assign the freight at ``e^z`` times the tonnes of trade, and return counts at its path shares."""
        supernetwork = self._supernetwork
        tonnes = supernetwork.demand.table["flow"].to_numpy(dtype=np.float64)
        scaled = supernetwork.demand.table.assign(flow=tonnes * np.exp(z)[self._pair])
        moved = replace(supernetwork, demand=replace(supernetwork.demand, table=scaled))
        inputs = choice_inputs(moved)
        solution = sue(
            moved.network, moved.demand, SETTINGS.model_copy(update={"gap": TOLERANCE}),
            theta=inputs.theta, rules=inputs.rules, group_of_class=inputs.group_of_class, avoid=inputs.avoid,
        )  # fmt: skip
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
        rows.append((float(found["sd_ln"]), float(found["largest_factor"])))
    columns = pd.DataFrame(rows, columns=["sd_ln", "largest_factor"], index=pairs.index)
    own = _ranges_of_unit_values(unit_values.of(pairs))
    has_own = given["tonnes"].isna().to_numpy() & own["sd_ln"].notna().to_numpy()
    columns[has_own] = own[has_own]
    return pd.concat([pairs[[*PAIR, "tonnes"]], columns], axis=1)


def _ranges_of_unit_values(values: pd.DataFrame) -> pd.DataFrame:
    """Return the range of tonnes that follows from the interval of a value per tonne.

    ``sd_ln = ln(high / low) / 2.56`` for an interval of 80 %; the largest factor keeps within the interval.
    """
    value, low, high = (values[name] for name in ("usd_per_t", "low_usd_per_t", "high_usd_per_t"))
    sd = np.maximum(np.log(high / low) / INTERVAL_SD, LEAST)
    return pd.DataFrame({"sd_ln": sd, "largest_factor": np.minimum(high / value, value / low)})


def factor_table(estimate: DemandEstimate, case: Case) -> pd.DataFrame:
    """Return the table ``demand_factors``: the pairs that counts change by more than :data:`LEAST`."""
    pairs = estimate.pairs[np.abs(np.log(estimate.pairs["factor"])) > LEAST]
    sources = {part for m in estimate.measurements if m.use == CALIBRATION for part in list_items(m.sources)}
    at_bound = pairs["at_bound"].to_numpy(dtype=bool)
    notes = np.where(at_bound, "at the largest factor of tonnage_ranges", "")
    columns = list(case.region.table("demand_factors").reset_index(drop=True).columns)
    return pd.DataFrame(
        {
            **{name: pairs[name].astype(str) for name in PAIR},
            "factor": [rounded(value) for value in pairs["factor"].tolist()],
            "prior_t": pairs["tonnes"].round(0),
            "sd_ln": pairs["sd_ln"],
            "basis": "derived",
            "source": ";".join(sorted(sources)),
            "note": notes,
        }
    )[columns].reset_index(drop=True)


def fit_table(estimate: DemandEstimate) -> pd.DataFrame:
    """Return rows of ``calibration_fit``: observed, modelled, residuals, and those of each count left out."""
    rows = []
    for i, m in enumerate(estimate.measurements):
        residuals = Residuals(
            float(estimate.residual[i]), float(estimate.left_out[i]), float(estimate.leverage[i])
        )
        note = f"modelled {estimate.before[i]:.4g} at the tonnes of trade"
        rows.append(fit_row(ENGINE, m, float(estimate.modelled[i]), residuals, note))
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class DemandScore:
    """Fit of a set of counts.

    Attributes:
        use: ``calibration`` or ``validation``.
        count: Counts.
        before_pct: Median error at the tonnes of trade, per cent.
        after_pct: Median error at the estimate.
        left_out_pct: Median error of each count if it were left out; NaN for validation.
    """

    use: str
    count: int
    before_pct: float
    after_pct: float
    left_out_pct: float


def demand_scores(estimate: DemandEstimate) -> tuple[DemandScore, ...]:
    """Return the scores of the counts used and of those not used."""
    observed, sd = (
        np.array([getattr(m, name) for m in estimate.measurements]) for name in ("observed", "sd_ln")
    )
    out = []
    for use in USES:
        own = np.array([m.use == use for m in estimate.measurements], dtype=np.bool_)
        if not own.any():
            continue
        errors = [np.abs(each / observed - 1.0)[own] for each in (estimate.before, estimate.modelled)]
        left_out = np.abs(np.expm1(estimate.left_out * sd))[own]
        medians = [PER_CENT * float(np.median(each)) for each in (*errors, left_out)]
        if use != CALIBRATION:
            medians[2] = float("nan")
        out.append(DemandScore(use, int(own.sum()), medians[0], medians[1], medians[2]))
    return tuple(out)
