"""Calibration: pattern search, tolerance of the fit, and the shipped fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sogdia import Case, Region
from sogdia.errors import InputError
from sogdia.power import PowerConstants, build_power_inputs, solve
from sogdia.power.arrays import Floats
from sogdia.power.calibration import (
    CALIBRATION_YEARS,
    Observation,
    estimate_constants,
    is_within_tolerance,
    modelled_values,
    read_observations,
)
from sogdia.power.calibration.estimate import (
    SETTINGS,
    Prior,
    constants_at,
    current_estimate,
    loss,
    pattern_search,
    read_priors,
    residuals,
    weight,
)

from .conftest import shipped_case


def observation(carrier: str, gwh: float) -> Observation:
    return Observation("key", "XAA", 2021, carrier, gwh, 500.0, "tale")


@pytest.mark.parametrize(
    ("carrier", "observed", "modelled", "is_met"),
    [
        ("coal", 50000.0, 54900.0, True),
        ("coal", 50000.0, 55100.0, False),
        ("coal", 500.0, 1490.0, True),
        ("coal", 500.0, 1510.0, False),
        ("", -3000.0, -10.0, True),
        ("", -3000.0, 10.0, False),
        ("", 50.0, -900.0, True),
        ("", 50.0, -1100.0, False),
    ],
)
def test_tolerance_of_generation_and_sign_of_net_trade(
    carrier: str, observed: float, modelled: float, is_met: bool
) -> None:
    assert is_within_tolerance([observation(carrier, observed)], np.array([modelled])).tolist() == [is_met]


def test_loss_is_quadratic_for_small_and_linear_for_large_residuals() -> None:
    small, far = np.array([1e-3]), np.array([1e4, 2e4])
    assert loss(small)[0] == pytest.approx(1e-6, rel=1e-3)
    assert loss(far)[1] / loss(far)[0] == pytest.approx(2.0, rel=1e-3)
    step = 1e-6
    slope = (loss(np.array([3.0 + step]))[0] - loss(np.array([3.0 - step]))[0]) / (2 * step)
    assert weight(np.array([3.0]))[0] == pytest.approx(slope / 6.0, rel=1e-5)


def cone(minimum: Floats) -> Callable[[Floats], float]:
    return lambda x: 1.0 + float(np.abs(x - minimum).sum())


def test_pattern_search_finds_the_minimum_of_its_grid() -> None:
    minimiser = np.array([1.5, -0.75, 0.0])
    x, minimum = pattern_search(cone(minimiser), np.zeros(3), lambda *_: None)
    assert x.tolist() == minimiser.tolist()
    assert minimum == 1.0


def test_constants_follow_their_priors() -> None:
    priors = (Prior("fuel_gas", 2.0, 0.5), Prior("border", 0.5, 1.0))
    constants = constants_at(np.array([-1.0, 3.0]), priors, PowerConstants({"inflow": 0.9}))
    assert constants.values == pytest.approx(
        {"inflow": 0.9, "fuel_gas": 2 * np.exp(-0.5), "border": 0.5 * np.exp(3.0)}
    )


def test_missing_priors_or_observations_raise(isle_case: Case, shipped: Region) -> None:
    with pytest.raises(InputError, match="has prior and prior_sd_ln"):
        estimate_constants([isle_case], CALIBRATION_YEARS)
    with pytest.raises(InputError, match="no observations for the requested years"):
        estimate_constants([shipped_case(shipped)], (1900,))


def test_targets_and_totals_are_no_observations(shipped: Region) -> None:
    assert "UZB/2030/generation_target_gwh" in shipped.table("electricity").index
    assert read_observations(shipped, (2030,)) == ()
    keys = {row.key for row in read_observations(shipped, (2024,))}
    assert "KAZ/2024/generation_oil_gwh" in keys
    assert "KAZ/2024/generation_total_gwh" not in keys


def test_shipped_fit_covers_the_calibration_years(shipped: Region) -> None:
    fit = shipped.table("calibration_fit")
    fit = fit[fit["engine"] == "power"]
    observations = read_observations(shipped)
    assert {row.year for row in observations} == set(CALIBRATION_YEARS)
    assert sorted(fit["observation"]) == sorted(row.key for row in observations)
    large = [row.carrier == "" or row.value_gwh > 15000.0 for row in observations]
    note = fit.set_index("observation")["note"]
    assert all(note[row.key] == "met" for row, is_large in zip(observations, large, strict=True) if is_large)


def test_shipped_fit_is_reproduced_by_the_shipped_constants(shipped: Region) -> None:
    case = shipped_case(shipped, year=2021)
    observations = tuple(row for row in read_observations(shipped) if row.year == 2021)
    modelled = modelled_values(
        observations, {2021: solve(build_power_inputs(case, SETTINGS.model_copy(update={"threads": 1})))}
    )
    fit = shipped.table("calibration_fit").set_index("observation")["modelled"]
    shipped_fit = np.array([float(fit[row.key]) for row in observations])
    assert np.abs(modelled - shipped_fit) == pytest.approx(0.0, abs=100.0)
    assert np.abs(residuals(observations, modelled)).max() < 8.0


def test_estimate_starts_from_the_values_of_the_pack(shipped: Region) -> None:
    case = shipped_case(shipped, year=2021)
    priors, fixed = read_priors(case)
    constants = constants_at(current_estimate(case, priors), priors, fixed)
    known = build_power_inputs(case)
    again = build_power_inputs(case, constants=constants.updated({"lifecycle": 1.0}))
    cost = "cost_usd_per_mwh"
    assert again.generators[cost].to_numpy() == pytest.approx(known.generators[cost].to_numpy())
    assert again.p_max == pytest.approx(known.p_max)
