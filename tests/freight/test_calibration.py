"""Calibration: what is written, what is never read, and the algebra of the fit by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Region, Scenario, build_case, load_plan
from sogdia.freight.calibration.estimate import ROBUST_SCALE, Estimate, loss, weight
from sogdia.freight.calibration.measure import Measurement
from sogdia.freight.calibration.parameters import Prior, constants_at
from sogdia.freight.calibration.report import fit_rows, parameter_rows, scores
from sogdia.freight.supernetwork.constants import Constants

PRIORS = (Prior("value_of_time", 2.0, 0.7), Prior("border_pct", 0.5, 1.0))


def measurement(name: str, use: str, observed: float) -> Measurement:
    return Measurement(
        name, "link_flow", observed, "t/a", use, 0.5, "one;two", frozenset(), (), "", frozenset(), "",
        frozenset(), frozenset(), False,
    )  # fmt: skip


def found(modelled: list[float]) -> Estimate:
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


def test_a_parameter_at_the_median_of_its_prior_is_the_median() -> None:
    constants = constants_at(np.zeros(len(PRIORS)), PRIORS, Constants())
    for prior in PRIORS:
        assert getattr(constants, prior.name) == pytest.approx(prior.median)


def test_one_deviation_of_the_prior_multiplies_by_its_exponential() -> None:
    steps = np.zeros(len(PRIORS))
    steps[0] = 1.0
    constants = constants_at(steps, PRIORS, Constants())
    first = PRIORS[0]
    assert getattr(constants, first.name) == pytest.approx(first.median * np.exp(first.sd_ln))


def test_small_residuals_count_squared_and_large_ones_straight() -> None:
    small, large = np.array([-1e-3]), np.array([-1e3])
    assert loss(small)[0] == pytest.approx(1e-6, rel=1e-5)
    assert loss(large)[0] == pytest.approx(2 * ROBUST_SCALE * 1e3 - 2 * ROBUST_SCALE**2, rel=1e-3)
    for r in (small, large, np.array([ROBUST_SCALE])):
        slope = (loss(r + 1e-5) - loss(r - 1e-5)) / 2e-5
        assert weight(r) == pytest.approx(slope / (2 * r), rel=1e-5)


def test_a_row_left_out_is_told_by_its_leverage() -> None:
    # ln(200 / 100) / 0.5 / (1 - 0.5) and ln(100 / 200) / 0.5 / (1 - 0.2), by hand.
    rows = fit_rows(found([200.0, 100.0, 400.0])).set_index("observation")
    assert rows.loc["a", "left_out_sd"] == pytest.approx(2.773, abs=1e-3)
    assert rows.loc["b", "left_out_sd"] == pytest.approx(-1.733, abs=1e-3)
    assert np.isnan(rows["left_out_sd"].to_numpy(dtype=float)[2])


def test_scores_keep_calibration_and_validation_apart() -> None:
    calibration, validation = scores(found([150.0, 100.0, 500.0]))
    assert (calibration.count, validation.count) == (2, 1)
    assert calibration.median_error_pct == pytest.approx(50.0)
    assert validation.median_error_pct == pytest.approx(25.0)


def test_standard_errors_are_those_of_logarithms() -> None:
    assert found([100.0, 200.0, 400.0]).standard_error.tolist() == pytest.approx([0.35, 1.0])


def test_estimates_are_written_beside_what_was_believed_before(shipped: Region) -> None:
    case = build_case(shipped, load_plan("as_is", shipped), Scenario(title="base", year=shipped.base_year))
    rows = parameter_rows(found([100.0, 200.0, 400.0]), case).set_index("parameter")
    before = shipped.table("calibration").set_index("parameter")
    assert rows["prior"].equals(before["prior"])
    assert rows["value"]["value_of_time"] == 0.5
    assert rows["standard_error"]["border_pct"] == 1.0
    assert rows["source"]["border_pct"] == "one;two"
    assert rows["value"].notna().all()


def test_the_shipped_constants_are_those_the_engine_knows(shipped: Region) -> None:
    rows = shipped.table("calibration")
    rows = rows[rows["engine"] == "freight"]
    assert rows["value"].notna().all(), "run sogdia calibrate freight --apply"
    Constants().replaced(dict(zip(rows["parameter"], rows["value"].astype(float), strict=True)))


def test_the_shipped_fit_used_only_what_is_for_calibration(shipped: Region) -> None:
    fit = shipped.table("calibration_fit")
    fit = fit[fit["engine"] == "freight"]
    use = shipped.table("observations")["use"]
    assert set(fit["use"]) == {"calibration", "validation"}
    for row, told in zip(fit["observation"], fit["use"], strict=True):
        assert use[row] == told
    assert fit.loc[fit["use"] == "validation", "leverage"].isna().all()
