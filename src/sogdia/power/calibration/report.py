"""What a calibration leaves: rows of the tables ``calibration`` and ``calibration_fit``, and the misses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.power.calibration.estimate import LIFECYCLE, Estimate
from sogdia.power.calibration.record import judged
from sogdia.power.constants import ENGINE

DIGITS = 4


def parameter_rows(found: Estimate, case: Case) -> pd.DataFrame:
    """The table ``calibration`` with the estimates in it: what was believed before stays as it is.

    Ratios of emissions over the whole life to those of the stack follow from the fit and are written anew.
    """
    rows = case.region.table("calibration").reset_index(drop=True)
    ratios = (rows["engine"] == ENGINE) & rows["parameter"].str.startswith(f"{LIFECYCLE}/")
    rows = rows[~ratios].reset_index(drop=True)
    errors = dict(zip((prior.name for prior in found.priors), found.standard_error.tolist(), strict=True))
    sources = ";".join(sorted({part for row in found.record for part in row.sources.split(";") if part}))
    for i, (engine, name) in enumerate(zip(rows["engine"], rows["parameter"], strict=True)):
        if engine != ENGINE:
            continue
        rows.loc[i, "value"] = round(found.constants.values[name], DIGITS)
        if name in errors:
            rows.loc[i, "standard_error"] = round(errors[name], DIGITS)
            rows.loc[i, "basis"] = "derived"
            rows.loc[i, "source"] = sources
    made = [
        {
            "engine": ENGINE,
            "parameter": name,
            "value": round(value, DIGITS),
            "basis": "derived",
            "source": sources,
            "note": "emissions of the record, over the whole life, divided by those of the stack as modelled",
        }
        for name, value in sorted(found.constants.values.items())
        if name.startswith(f"{LIFECYCLE}/")
    ]
    return pd.concat([rows, pd.DataFrame(made)], ignore_index=True)[list(rows.columns)]


def fit_rows(found: Estimate) -> pd.DataFrame:
    """Rows of ``calibration_fit``: recorded and modelled, residuals, and those of each row left out."""
    met = judged(found.record, found.modelled)
    return pd.DataFrame(
        {
            "engine": ENGINE,
            "observation": [row.key for row in found.record],
            "use": "calibration",
            "observed": [row.value_gwh for row in found.record],
            "modelled": np.round(found.modelled, 0) + 0.0,
            "unit": "GWh/a",
            "residual_sd": np.round(found.residual, 3),
            "left_out_sd": np.round(found.residual / (1.0 - np.minimum(found.leverage, 0.99)), 3),
            "leverage": np.round(np.clip(found.leverage, 0.0, 1.0), 3),
            "basis": "derived",
            "source": [row.sources for row in found.record],
            "note": ["met" if one else "missed" for one in met.tolist()],
        }
    )


def misses(found: Estimate) -> pd.DataFrame:
    """What is not met: generation farther off than a tenth or 1 TWh, net trade of the wrong sign."""
    table = fit_rows(found)
    table = table.assign(off_gwh=table["modelled"] - table["observed"])
    return table[table["note"] == "missed"][["observation", "observed", "modelled", "off_gwh"]]
