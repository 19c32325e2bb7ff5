"""Results of a calibration as the tables ``calibration`` and ``calibration_fit``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.power.calibration.estimate import LIFECYCLE, Estimate
from sogdia.power.calibration.observations import is_within_tolerance
from sogdia.power.constants import ENGINE

DIGITS = 4
MAX_LEVERAGE = 0.99
MET, MISSED = "met", "missed"
"""Notes of the table ``calibration_fit``."""


def parameter_table(estimate: Estimate, case: Case) -> pd.DataFrame:
    """Return the table ``calibration`` with the estimates; priors are unchanged.

    Ratios of life-cycle to stack emissions follow from the fit and are replaced.
    """
    rows = case.region.table("calibration").reset_index(drop=True)
    is_ratio = (rows["engine"] == ENGINE) & rows["parameter"].str.startswith(f"{LIFECYCLE}/")
    rows = rows[~is_ratio].reset_index(drop=True)
    names = (prior.name for prior in estimate.priors)
    errors = dict(zip(names, estimate.standard_error.tolist(), strict=True))
    documents = {part for row in estimate.observations for part in row.sources.split(";") if part}
    sources = ";".join(sorted(documents))
    for i, (engine, name) in enumerate(zip(rows["engine"], rows["parameter"], strict=True)):
        if engine != ENGINE:
            continue
        rows.loc[i, "value"] = round(estimate.constants.values[name], DIGITS)
        if name in errors:
            rows.loc[i, "standard_error"] = round(errors[name], DIGITS)
            rows.loc[i, "basis"] = "derived"
            rows.loc[i, "source"] = sources
    ratios = [
        {
            "engine": ENGINE,
            "parameter": name,
            "value": round(value, DIGITS),
            "basis": "derived",
            "source": sources,
            "note": "observed life-cycle emissions divided by modelled stack emissions",
        }
        for name, value in sorted(estimate.constants.values.items())
        if name.startswith(f"{LIFECYCLE}/")
    ]
    return pd.concat([rows, pd.DataFrame(ratios)], ignore_index=True)[list(rows.columns)]


def fit_table(estimate: Estimate) -> pd.DataFrame:
    """Return rows of ``calibration_fit``: observed and modelled values, and residuals."""
    met = is_within_tolerance(estimate.observations, estimate.modelled)
    left_out = estimate.residual / (1.0 - np.minimum(estimate.leverage, MAX_LEVERAGE))
    return pd.DataFrame(
        {
            "engine": ENGINE,
            "observation": [row.key for row in estimate.observations],
            "use": "calibration",
            "observed": [row.value_gwh for row in estimate.observations],
            "modelled": np.round(estimate.modelled, 0) + 0.0,
            "unit": "GWh/a",
            "residual_sd": np.round(estimate.residual, 3),
            "left_out_sd": np.round(left_out, 3),
            "leverage": np.round(np.clip(estimate.leverage, 0.0, 1.0), 3),
            "basis": "derived",
            "source": [row.sources for row in estimate.observations],
            "note": [MET if is_met else MISSED for is_met in met.tolist()],
        }
    )


def missed_observations(estimate: Estimate) -> pd.DataFrame:
    """Return observations not reproduced: ``observation``, ``observed``, ``modelled``, ``off_gwh``."""
    table = fit_table(estimate)
    table = table.assign(off_gwh=table["modelled"] - table["observed"])
    return table[table["note"] == MISSED][["observation", "observed", "modelled", "off_gwh"]]
