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
from sogdia.freight.calibration.parameters import current_estimate
from sogdia.power import build_power_inputs, solve
from sogdia.power.calibration import CALIBRATION_YEARS, modelled_values, read_observations
from sogdia.region import Region

CALIBRATION, VALIDATION = "calibration", "validation"
ROWS = ("engine", "kind", "observation", "use", "observed", "modelled", "unit", "error_pct", "source")
SCORES = ("engine", "kind", "use", "count", "median_error_pct", "rank", "worst", "worst_error_pct")
FEWEST_RANKED = 3
LEAST_GWH = 1000.0
"""Recorded energy below which a relative error means little: such rows are listed but not scored."""


@dataclass(frozen=True, eq=False)
class Validation:
    """Model results of the base year, compared with observations.

    Attributes:
        rows: :data:`ROWS`; ``error_pct`` is ``100 (m − o) / |o|``, empty if the row is not scored.
        calibrated: The constants that were estimated: ``engine``, ``parameter``, ``value``, ``prior``,
            ``standard_error``.
    """

    rows: pd.DataFrame
    calibrated: pd.DataFrame

    def scores(self) -> pd.DataFrame:
        """Score each kind of observation, validation before calibration fit.

        Returns:
            :data:`SCORES`: ``median_error_pct`` is the median absolute error, ``rank`` Spearman's
            correlation (empty below three rows), ``worst`` the row with the largest error.
        """
        scored = self.rows[self.rows["error_pct"].notna()].sort_values("observation")
        scores = []
        for (engine, kind, use), rows in scored.groupby(["engine", "kind", "use"], sort=True):
            error = rows["error_pct"].abs()
            worst = rows.iloc[int(error.to_numpy().argmax())]
            scores.append(
                (
                    str(engine), str(kind), str(use), len(rows), float(error.median()), _rank(rows),
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


def validate(region: Region, plan: Plan, on_stage: Callable[[str], None] | None = None) -> Validation:
    """Run the base year and compare it with observations.

    Freight: rows of ``observations`` for calibration or validation, measured as ``measurements`` defines.
    Electricity: generation and net imports of ``electricity`` in the years up to the base year;
    :data:`sogdia.power.calibration.CALIBRATION_YEARS` were used to calibrate.

    Args:
        region: The region.
        plan: Plan of what existed, usually the one without projects.
        on_stage: Called with the name of each stage.

    Raises:
        InputError: If the region has no observations to compare with.
        NotConvergedError: If a model does not converge.
    """
    report = on_stage or (lambda _: None)
    report("freight")
    base = build_case(region, plan, Scenario(title="Base year", year=region.base_year))
    parts = [_freight(base)] if len(region.table("measurements")) else []
    for year in range(min(CALIBRATION_YEARS), region.base_year + 1):
        if read_observations(region, (year,)):
            report(f"power {year}")
            parts.append(_power(region, plan, year))
    if not parts:
        raise InputError(
            "the region has no observations to compare with; add rows to measurements, or to electricity in "
            "years up to the base year"
        )
    constants = region.table("calibration")
    estimated = constants[constants["standard_error"].notna()]
    shown = estimated[["engine", "parameter", "value", "prior", "standard_error"]].reset_index(drop=True)
    return Validation(pd.concat(parts, ignore_index=True), shown)


def _freight(case: Case) -> pd.DataFrame:
    model = CalibrationModel(case)
    modelled = model.solve(current_estimate(case, model.priors))
    rows = [
        ("freight", each.kind, each.observation, each.use, each.observed, float(value), each.unit,
         100.0 * (float(value) - each.observed) / abs(each.observed) if each.observed else np.nan,
         each.sources)
        for each, value in zip(model.measurements, modelled, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(ROWS))


def _power(region: Region, plan: Plan, year: int) -> pd.DataFrame:
    case = build_case(region, plan, Scenario(title=f"Record of {year}", year=year), past=True)
    record = read_observations(region, (year,))
    modelled = modelled_values(record, {year: solve(build_power_inputs(case))})
    use = CALIBRATION if year in CALIBRATION_YEARS else VALIDATION
    rows = []
    for each, value in zip(record, modelled.tolist(), strict=True):
        is_scored = abs(each.value_gwh) >= LEAST_GWH
        error = 100.0 * (value - each.value_gwh) / abs(each.value_gwh) if is_scored else np.nan
        kind = "generation" if each.carrier else "net imports"
        rows.append(("power", kind, each.key, use, each.value_gwh, value, "GWh", error, each.sources))
    return pd.DataFrame(rows, columns=list(ROWS))


def _rank(rows: pd.DataFrame) -> float:
    if len(rows) < FEWEST_RANKED or rows["observed"].nunique() == 1 or rows["modelled"].nunique() == 1:
        return float("nan")
    return float(spearmanr(rows["observed"], rows["modelled"]).statistic)
