"""Validate the base year of the engines against observations, those used to calibrate them apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.errors import InputError
from sogdia.freight.calibration.estimate import CalibrationModel
from sogdia.freight.calibration.measurements import FLOWS, SHARES
from sogdia.freight.calibration.parameters import current_estimate, prior_deviations, without_cause
from sogdia.power import build_power_inputs, solve
from sogdia.power.calibration import CALIBRATION_YEARS, Observation, modelled_values, read_observations
from sogdia.region import Region
from sogdia.units import UNITS, convert

CALIBRATION, VALIDATION = "calibration", "validation"
ROWS = (
    "engine", "kind", "observation", "use", "observed", "modelled", "unit", "error_pct", "last_record",
    "last_record_by_demand", "source",
)  # fmt: skip
SCORES = (
    "engine", "kind", "use", "count", "median_error_pct", "symmetric_error_pct", "within_two", "guessed",
    "error_of_guessed_pct", "last_record_pct", "last_record_by_demand_pct", "last_record_within_two",
    "right_sign", "rank", "worst", "worst_error_pct",
)  # fmt: skip
CALIBRATED = ("engine", "parameter", "value", "prior", "standard_error", "prior_deviations", "cause")
NET_IMPORTS = "net imports"
FLOW, SHARE, JOURNEY = "flows", "shares", "journeys"
FACTOR = 2.0
"""Factor within which a model is counted as near an observation."""
FEWEST_RANKED = 3
LEAST_GWH = 1000.0
"""Recorded energy below which a relative error means little: such rows are listed but not scored."""


@dataclass(frozen=True, eq=False)
class Validation:
    """Model results of the base year, compared with observations.

    Attributes:
        rows: :data:`ROWS`; ``error_pct`` is ``100 (m − o) / |o|``, empty if the row is not scored. Two naive
            guesses: ``last_record`` is the observation of the last earlier year (for freight that of the same
            subject), empty if there is none; ``last_record_by_demand``, for electricity, the same times the
            growth of the country's demand since.
        calibrated: The constants that were estimated: ``engine``, ``parameter``, ``value``, ``prior``,
            ``standard_error``, ``prior_deviations`` (from the prior, in its standard deviations), ``cause``.
        unexplained: A message for each of them far from its prior without a cause.
    """

    rows: pd.DataFrame
    calibrated: pd.DataFrame
    unexplained: tuple[str, ...] = ()

    def scores(self) -> pd.DataFrame:
        """Score each kind of observation, validation before calibration fit.

        Returns:
            :data:`SCORES`: ``median_error_pct`` is the median absolute percentage error of the model,
            ``symmetric_error_pct`` its symmetric mean percentage error, the mean of ``200 (m − o) / (|m| +
            |o|)``, ``within_two`` the rows that it meets within a factor of two. ``guessed`` is the number of
            rows with a naive guess; ``error_of_guessed_pct`` is the median error of the model on these rows,
            ``last_record_pct`` and ``last_record_by_demand_pct`` those of the guesses,
            ``last_record_within_two`` the rows that the first meets. ``right_sign`` is the share of rows with
            the right sign, ``rank`` Spearman's correlation (empty below three rows), ``worst`` the row with
            the largest error.
        """
        scored = self.rows[self.rows["error_pct"].notna()].sort_values("observation")
        scores = []
        for (engine, kind, use), rows in scored.groupby(["engine", "kind", "use"], sort=True):
            error = rows["error_pct"].abs()
            worst = rows.iloc[int(error.to_numpy().argmax())]
            guessed = rows["last_record"].notna()
            scores.append(
                (
                    str(engine), str(kind), str(use), len(rows), float(error.median()),
                    _symmetric_error(rows), _within_two(rows, "modelled"), int(guessed.sum()),
                    float(error[guessed].median()),
                    _median_error(rows, "last_record"), _median_error(rows, "last_record_by_demand"),
                    _within_two(rows, "last_record"),
                    float((rows["modelled"] * rows["observed"] > 0).mean()), _rank(rows),
                    str(worst["observation"]), float(worst["error_pct"]),
                )
            )  # fmt: skip
        table = pd.DataFrame(scores, columns=list(SCORES))
        return table.sort_values("use", ascending=False, kind="stable", ignore_index=True)

    def worst(self, most: int = 10) -> pd.DataFrame:
        """Return the validation rows with the largest errors."""
        rows = self.rows[self.rows["use"] == VALIDATION]
        order = rows["error_pct"].abs().sort_values(ascending=False, kind="stable", na_position="last").index
        return rows.loc[order].head(most).reset_index(drop=True)


def validate(
    region: Region, plan: Plan, on_stage: Callable[[int, int, str], None] | None = None
) -> Validation:
    """Run the base year and compare it with observations.

    Freight: rows of ``observations`` for calibration or validation, measured as ``measurements`` defines.
    Electricity: generation and net imports of ``electricity`` in all years of the record from the first year
    of :data:`sogdia.power.calibration.CALIBRATION_YEARS`, which were used to calibrate. Later years are
    modelled with the same constants; demand, capacity, inflow and contracts are those of the year.

    Args:
        region: The region.
        plan: Plan of what existed, usually the one without projects.
        on_stage: Called with the number of finished stages, that of all, and the name of the one that runs.

    Raises:
        InputError: If the region has no observations to compare with.
        NotConvergedError: If a model does not converge.
    """
    report = on_stage or (lambda *_: None)
    recorded = region.table("electricity")["year"]
    last = int(recorded.max()) if len(recorded) else 0
    years = [year for year in range(min(CALIBRATION_YEARS), last + 1) if read_observations(region, (year,))]
    report(0, 1 + len(years), "freight")
    base = build_case(region, plan, Scenario(title="Base year", year=region.base_year))
    parts = [_freight(base)] if len(region.table("measurements")) else []
    for number, year in enumerate(years, start=1):
        report(number, 1 + len(years), f"power {year}")
        parts.append(_power(region, plan, year))
    if not parts:
        raise InputError(
            "the region has no observations to compare with; add rows to measurements, or generation and net "
            "imports to electricity"
        )
    constants = region.table("calibration")
    estimated = constants[constants["standard_error"].notna()]
    shown = estimated.assign(prior_deviations=prior_deviations(estimated))[list(CALIBRATED)]
    table = pd.concat(parts, ignore_index=True)
    return Validation(table, shown.reset_index(drop=True), without_cause(estimated))


def _freight(case: Case) -> pd.DataFrame:
    model = CalibrationModel(case)
    modelled = model.solve(current_estimate(case, model.priors))
    observations = case.table("observations")
    rows = [
        ("freight", _quantity(each.kind), each.observation, each.use, each.observed, float(value), each.unit,
         100.0 * (float(value) - each.observed) / abs(each.observed) if each.observed else np.nan,
         each.observed * last_over_now(observations, each.observation), np.nan, each.sources)
        for each, value in zip(model.measurements, modelled, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(ROWS))


def _quantity(kind: str) -> str:
    if kind in FLOWS:
        return FLOW
    return SHARE if kind in SHARES else JOURNEY


def last_over_now(observations: pd.DataFrame, name: str) -> float:
    """Return the last earlier observation of a row's subject over the row; NaN if there is none.

    Rows count whose unit converts into that of the row; of several in one year, the last in the table.

    Args:
        observations: The table ``observations``.
        name: Id of the row.
    """
    row = observations.loc[name]
    is_earlier = observations["subject"].eq(row["subject"]) & observations["year"].lt(row["year"])
    dimension = UNITS[str(row["unit"])].dimension
    is_same = observations["unit"].map(lambda unit: UNITS[str(unit)].dimension == dimension)
    earlier = observations[is_earlier & is_same].sort_values("year", kind="stable")
    if earlier.empty or not row["value"]:
        return float("nan")
    last = earlier.iloc[-1]
    return convert(float(last["value"]), str(last["unit"]), str(row["unit"])) / float(row["value"])


def _power(region: Region, plan: Plan, year: int) -> pd.DataFrame:
    case = build_case(region, plan, Scenario(title=f"Record of {year}", year=year), past=True)
    record = read_observations(region, (year,))
    modelled = modelled_values(record, {year: solve(build_power_inputs(case))})
    use = CALIBRATION if year in CALIBRATION_YEARS else VALIDATION
    rows = []
    for each, value in zip(record, modelled.tolist(), strict=True):
        is_scored = abs(each.value_gwh) >= LEAST_GWH
        error = 100.0 * (value - each.value_gwh) / abs(each.value_gwh) if is_scored else np.nan
        kind = "generation" if each.carrier else NET_IMPORTS
        naive = _naive_guesses(region, each)
        rows.append(("power", kind, each.key, use, each.value_gwh, value, "GWh", error, *naive, each.sources))
    return pd.DataFrame(rows, columns=list(ROWS))


def _naive_guesses(region: Region, observation: Observation) -> tuple[float, float]:
    """Return the observation of the last earlier year, as it is and times the growth of demand since."""
    table = region.table("electricity")
    own = table[(table["iso3"] == observation.iso3) & table["value"].notna()]
    item = f"generation_{observation.carrier}_gwh" if observation.carrier else "net_imports_gwh"
    values = own[own["item"] == item].set_index("year")["value"].astype(float)
    demand = own[own["item"] == "demand_gwh"].set_index("year")["value"].astype(float)
    earlier = values[values.index < observation.year]
    if earlier.empty:
        return np.nan, np.nan
    last = int(earlier.index.max())
    known = last in demand.index and observation.year in demand.index
    growth = float(demand[observation.year] / demand[last]) if known else np.nan
    return float(earlier[last]), float(earlier[last]) * growth


def _median_error(rows: pd.DataFrame, guess: str) -> float:
    """Return the median absolute error of a guess, per cent of the observed; NaN without one."""
    error = 100.0 * (rows[guess] - rows["observed"]).abs() / rows["observed"].abs()
    return float(error.median())


def _symmetric_error(rows: pd.DataFrame) -> float:
    """Return the symmetric mean percentage error: positive if the model is too high."""
    modelled, observed = rows["modelled"], rows["observed"]
    return float((200.0 * (modelled - observed) / (modelled.abs() + observed.abs())).mean())


def _within_two(rows: pd.DataFrame, name: str) -> int:
    ratio = rows[name] / rows["observed"]
    return int(((ratio >= 1.0 / FACTOR) & (ratio <= FACTOR)).sum())


def _rank(rows: pd.DataFrame) -> float:
    if len(rows) < FEWEST_RANKED or rows["observed"].nunique() == 1 or rows["modelled"].nunique() == 1:
        return float("nan")
    return float(spearmanr(rows["observed"], rows["modelled"]).statistic)
