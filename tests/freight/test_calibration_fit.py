"""Rows written by a calibration, scores, and the shipped estimates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sogdia import Region, Scenario, build_case, load_plan
from sogdia.freight.calibration.estimate import Estimate
from sogdia.freight.calibration.fit import fit_table, parameter_table, scores
from sogdia.freight.calibration.measurements import Measurement
from sogdia.freight.calibration.parameters import Prior
from sogdia.freight.calibration.starts import SearchEnd
from sogdia.freight.supernetwork.constants import Constants

PRIORS = (Prior("value_of_time", 2.0, 0.7), Prior("border_pct", 0.5, 1.0))


def measurement(name: str, use: str, observed: float) -> Measurement:
    return Measurement(
        name, "link_flow", observed, "t/a", use, 0.5, "one;two", frozenset(), frozenset(), frozenset(),
        (), "", frozenset(), "", frozenset(), frozenset(), frozenset(), False,
    )  # fmt: skip


def estimate_of(modelled: list[float]) -> Estimate:
    names = [measurement("a", "calibration", 100.0), measurement("b", "calibration", 200.0)]
    names.append(measurement("c", "validation", 400.0))
    values = np.array(modelled)
    observed = np.array([m.observed for m in names])
    leverage = np.array([0.5, 0.2, np.nan])
    return Estimate(
        PRIORS,
        Constants(value_of_time=0.5, border_pct=1.0),
        np.zeros(2),
        np.diag([0.25, 1.0]),
        tuple(names),
        values,
        np.log(values / observed) / 0.5,
        leverage,
        7,
    )


def test_residual_left_out_follows_from_leverage() -> None:
    # ln(200 / 100) / 0.5 / (1 - 0.5) and ln(100 / 200) / 0.5 / (1 - 0.2), by hand.
    rows = fit_table(estimate_of([200.0, 100.0, 400.0])).set_index("observation")
    assert rows.loc["a", "left_out_sd"] == pytest.approx(2.773, abs=1e-3)
    assert rows.loc["b", "left_out_sd"] == pytest.approx(-1.733, abs=1e-3)
    assert np.isnan(rows["left_out_sd"].to_numpy(dtype=float)[2])


def test_scores_separate_calibration_and_validation() -> None:
    calibration, validation = scores(estimate_of([150.0, 100.0, 500.0]))
    assert (calibration.count, validation.count) == (2, 1)
    assert calibration.median_error_pct == pytest.approx(50.0)
    assert validation.median_error_pct == pytest.approx(25.0)


def test_standard_errors_are_of_logarithms() -> None:
    assert estimate_of([100.0, 200.0, 400.0]).standard_error.tolist() == pytest.approx([0.35, 1.0])


def test_estimates_are_written_next_to_unchanged_priors(shipped: Region) -> None:
    case = build_case(shipped, load_plan("as_is", shipped), Scenario(title="base", year=shipped.base_year))
    ends = (SearchEnd("a", np.array([-1.0, 0.0]), 1.0, 1), SearchEnd("b", np.array([1.0, 0.0]), 2.0, 1))
    estimated = replace(estimate_of([100.0, 200.0, 400.0]), ends=ends)
    rows = parameter_table(estimated, case).set_index("parameter")
    before = shipped.table("calibration").set_index("parameter")
    assert rows["prior"].equals(before["prior"])
    assert rows["value"]["value_of_time"] == 0.5
    assert rows["standard_error"]["border_pct"] == 1.0
    # 2.0 e^-0.7 and 2.0 e^0.7, by hand.
    ends_of_time = [rows[name]["value_of_time"] for name in ("lowest_end", "highest_end")]
    assert ends_of_time == pytest.approx([0.9932, 4.0275], abs=1e-4)
    assert rows["cause"].equals(before["cause"])
    assert rows["source"]["border_pct"] == "one;two"
    assert rows["value"].notna().all()


def test_shipped_constants_are_complete_and_known(shipped: Region) -> None:
    rows = shipped.table("calibration")
    rows = rows[rows["engine"] == "freight"]
    assert rows["value"].notna().all(), "run sogdia calibrate freight --apply"
    Constants().replaced(dict(zip(rows["parameter"], rows["value"].astype(float), strict=True)))


def test_shipped_fit_used_only_calibration_rows(shipped: Region) -> None:
    fit = shipped.table("calibration_fit")
    fit = fit[fit["engine"] == "freight"]
    use = shipped.table("observations")["use"]
    assert set(fit["use"]) == {"calibration", "validation"}
    for row, used_for in zip(fit["observation"], fit["use"], strict=True):
        assert use[row] == used_for
    assert fit.loc[fit["use"] == "validation", "leverage"].isna().all()
