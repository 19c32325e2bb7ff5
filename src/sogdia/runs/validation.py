"""The base year as the engines see it, set against what was observed and not used to calibrate them."""

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
"""Recorded energy below which a part of it says little: such rows are told, and no score counts them."""


@dataclass(frozen=True, eq=False)
class Validation:
    """The base year against the record.

    Attributes:
        rows: :data:`ROWS`; ``error_pct`` is ``100 (m − o) / |o|``, empty where it says nothing.
        calibrated: The constants that were estimated: ``engine``, ``parameter``, ``value``, ``prior``,
            ``standard_error``.
    """

    rows: pd.DataFrame
    calibrated: pd.DataFrame

    def scores(self) -> pd.DataFrame:
        """How well each kind is met, that kept out of the calibration first.

        Returns:
            :data:`SCORES`: ``median_error_pct`` is the median absolute error, ``rank`` Spearman's
            correlation (empty below three rows), ``worst`` the row that misses most.
        """
        known = self.rows[self.rows["error_pct"].notna()].sort_values("observation")
        found = []
        for (engine, kind, use), own in known.groupby(["engine", "kind", "use"], sort=True):
            apart = own["error_pct"].abs()
            worst = own.iloc[int(apart.to_numpy().argmax())]
            found.append(
                (
                    str(engine), str(kind), str(use), len(own), float(apart.median()), _rank(own),
str(worst["observation"]), float(worst["error_pct"]),
                )
            )  # fmt: skip
        table = pd.DataFrame(found, columns=list(SCORES))
        return table.sort_values("use", ascending=False, kind="stable", ignore_index=True)

    def worst(self, most: int = 10) -> pd.DataFrame:
        """The rows kept out of the calibration that are missed by most."""
        own = self.rows[self.rows["use"] == VALIDATION]
        order = own["error_pct"].abs().sort_values(ascending=False, kind="stable", na_position="last").index
        return own.loc[order].head(most).reset_index(drop=True)


def validate(region: Region, plan: Plan, told: Callable[[str], None] | None = None) -> Validation:
    """Run the base year and set it beside the record.

    Freight: rows of ``observations`` for calibration or validation, counted as ``measurements`` says.
    Power: generation and net imports of ``electricity`` in the years up to the base year, of which
    :data:`sogdia.power.calibration.CALIBRATION_YEARS` served to calibrate.

    Args:
        region: The region.
        plan: Plan that stands for what was there, usually the one that builds nothing.
        told: Told of each stage.

    Raises:
        InputError: If the region has nothing to compare with.
        NotConvergedError: If a model cannot be solved.
    """
    tell = told or (lambda _: None)
    tell("freight")
    base = build_case(region, plan, Scenario(title="Base year", year=region.base_year))
    parts = [_freight(base)] if len(region.table("measurements")) else []
    for year in range(min(CALIBRATION_YEARS), region.base_year + 1):
        if read_observations(region, (year,)):
            tell(f"power {year}")
            parts.append(_power(region, plan, year))
    if not parts:
        raise InputError("the region has neither measurements nor a record of power to compare with")
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
        large = abs(each.value_gwh) >= LEAST_GWH
        apart = 100.0 * (value - each.value_gwh) / abs(each.value_gwh) if large else np.nan
        kind = "generation" if each.carrier else "net imports"
        rows.append(("power", kind, each.key, use, each.value_gwh, value, "GWh", apart, each.sources))
    return pd.DataFrame(rows, columns=list(ROWS))


def _rank(rows: pd.DataFrame) -> float:
    if len(rows) < FEWEST_RANKED or rows["observed"].nunique() == 1 or rows["modelled"].nunique() == 1:
        return float("nan")
    return float(spearmanr(rows["observed"], rows["modelled"]).statistic)
