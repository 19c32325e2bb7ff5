"""Estimation: loss function, a known answer, rows left out."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import InputError
from sogdia.freight.calibration import estimate_constants, refits
from sogdia.freight.calibration.estimate import ROBUST_SCALE, loss, weight


def test_loss_is_square_near_zero_and_linear_far_from_it() -> None:
    small, large = np.array([-1e-3]), np.array([-1e3])
    assert loss(small)[0] == pytest.approx(1e-6, rel=1e-5)
    assert loss(large)[0] == pytest.approx(2 * ROBUST_SCALE * 1e3 - 2 * ROBUST_SCALE**2, rel=1e-3)
    for r in (small, large, np.array([ROBUST_SCALE])):
        slope = (loss(r + 1e-5) - loss(r - 1e-5)) / 2e-5
        assert weight(r) == pytest.approx(slope / (2 * r), rel=1e-5)


def with_tables(case: Case, **tables: list[dict[str, Any]]) -> Case:
    """Return the case with rows that replace those of some tables."""
    frames = {name: case.table(name) for name in case.frames}
    for name, rows in tables.items():
        frame = pd.DataFrame(rows).reindex(columns=frames[name].columns)
        dtypes = {column: frames[name][column].dtype for column in frame.columns}
        for column, kind in dtypes.items():
            if kind == "str":
                frame[column] = frame[column].astype(object).fillna("")
        keys = ["engine", "parameter"] if name == "calibration" else None
        index = frame[keys].agg("/".join, axis=1) if keys else frame.iloc[:, 0]
        frames[name] = frame.astype(dtypes).set_axis(pd.Index(index, name="row"), axis=0)
    return replace(case, frames=MappingProxyType(frames))


def test_estimate_recovers_the_constant_behind_the_observation(borderland: Case) -> None:
    """The sea journey costs 22 USD/TEU by the tables and 44 by the observation; validation says 88."""
    common = {"what": "cost_usd_per_teu", "mode": "sea", "year": 2023, "unit": "USD/TEU", "source": "example"}
    measured = {"kind": "journey_cost", "places": "p;d", "modes": "sea", "sd_ln": 0.01}
    case = with_tables(
        borderland,
        observations=[
            {"id": "used", "value": 44.0, "use": "calibration", **common},
            {"id": "unused", "value": 88.0, "use": "validation", **common},
        ],
        measurements=[{"observation": "used", **measured}, {"observation": "unused", **measured}],
        calibration=[{"engine": "freight", "parameter": "sea", "prior": 1.0, "prior_sd_ln": 1.0}],
    )
    estimated = estimate_constants(case, from_priors=True)
    assert estimated.constants.sea == pytest.approx(2.0, rel=0.01)
    assert estimated.standard_error[0] == pytest.approx(0.01, rel=0.05)
    assert estimated.residual[1] == pytest.approx(np.log(0.5) / 0.01, rel=0.02)
    assert estimated.leverage[0] == pytest.approx(1.0, abs=0.001)
    assert np.isnan(estimated.leverage[1])


def test_residual_left_out_agrees_with_a_refit(borderland: Case) -> None:
    """Two counts of one journey: without the first the fit is the second, off by ln(40 / 44) / 0.1."""
    common = {"what": "cost_usd_per_teu", "mode": "sea", "year": 2023, "unit": "USD/TEU", "source": "example"}
    measured = {"kind": "journey_cost", "places": "p;d", "modes": "sea", "sd_ln": 0.1}
    case = with_tables(
        borderland,
        observations=[
            {"id": "one", "value": 44.0, "use": "calibration", **common},
            {"id": "two", "value": 40.0, "use": "calibration", **common},
        ],
        measurements=[{"observation": "one", **measured}, {"observation": "two", **measured}],
        calibration=[{"engine": "freight", "parameter": "sea", "prior": 1.0, "prior_sd_ln": 10.0}],
    )
    estimated = estimate_constants(case, from_priors=True)
    assert estimated.constants.sea == pytest.approx(np.sqrt(44 * 40) / 22, rel=1e-3)
    again = {name: (by_leverage, fitted) for name, by_leverage, fitted in refits(case, estimated, 2)}
    assert again["one"][1] == pytest.approx(np.log(40 / 44) / 0.1, rel=0.01)
    assert again["two"][1] == pytest.approx(np.log(44 / 40) / 0.1, rel=0.01)
    assert again["one"][0] == pytest.approx(again["one"][1], rel=0.02)


def test_case_without_priors_is_an_error(borderland: Case) -> None:
    with pytest.raises(InputError, match="has prior and prior_sd_ln"):
        estimate_constants(with_tables(borderland, calibration=[{"engine": "freight", "parameter": "sea"}]))
