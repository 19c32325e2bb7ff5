"""Estimation from the record: the search, the yardstick of what is met, and the fit that ships."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sogdia import Case, Region
from sogdia.errors import InputError
from sogdia.power import PowerConstants, PowerSettings, power_inputs, solve_power
from sogdia.power.arrays import Floats
from sogdia.power.calibration import RECORD_YEARS, Recorded, judged, modelled_of, record_of
from sogdia.power.calibration.estimate import (
    Prior,
    _descend,
    constants_at,
    estimate,
    loss,
    place_of,
    priors_of,
    residuals,
    weight,
)

from .conftest import shipped_case


def recorded(carrier: str, gwh: float) -> Recorded:
    return Recorded("key", "XAA", 2021, carrier, gwh, 500.0, "tale")


@pytest.mark.parametrize(
    ("carrier", "told", "modelled", "met"),
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
def test_what_is_met(carrier: str, told: float, modelled: float, met: bool) -> None:
    assert judged([recorded(carrier, told)], np.array([modelled])).tolist() == [met]


def test_the_loss_is_a_square_near_nought_and_straight_far_off() -> None:
    small, far = np.array([1e-3]), np.array([1e4, 2e4])
    assert loss(small)[0] == pytest.approx(1e-6, rel=1e-3)
    assert loss(far)[1] / loss(far)[0] == pytest.approx(2.0, rel=1e-3)
    step = 1e-6
    slope = (loss(np.array([3.0 + step]))[0] - loss(np.array([3.0 - step]))[0]) / (2 * step)
    assert weight(np.array([3.0]))[0] == pytest.approx(slope / 6.0, rel=1e-5)


def valley(low: Floats) -> Callable[[Floats], float]:
    return lambda x: 1.0 + float(np.abs(x - low).sum())


def test_the_search_ends_at_the_lowest_place_of_its_grid() -> None:
    low = np.array([1.5, -0.75, 0.0])
    x, least = _descend(valley(low), np.zeros(3), lambda _: None, lambda: 0)
    assert x.tolist() == low.tolist()
    assert least == 1.0


def test_constants_lie_deviations_from_the_median_and_parts_end_at_one() -> None:
    priors = (Prior("fuel_gas", 2.0, 0.5), Prior("heat_led_gas", 0.5, 1.0))
    found = constants_at(np.array([-1.0, 3.0]), priors, PowerConstants({"inflow": 0.9}))
    assert found.values == pytest.approx({"inflow": 0.9, "fuel_gas": 2 * np.exp(-0.5), "heat_led_gas": 1.0})


def test_nothing_recorded_is_told(isle_case: Case, shipped: Region) -> None:
    with pytest.raises(InputError, match="has a prior and its doubt"):
        estimate([isle_case], RECORD_YEARS)
    with pytest.raises(InputError, match="nothing is recorded"):
        estimate([shipped_case(shipped)], (1900,))


def test_the_fit_that_ships_is_of_the_record_years_and_nothing_else(shipped: Region) -> None:
    fit = shipped.table("calibration_fit")
    fit = fit[fit["engine"] == "power"]
    record = record_of(shipped)
    assert {row.year for row in record} == set(RECORD_YEARS)
    assert sorted(fit["observation"]) == sorted(row.key for row in record)
    large = [row.carrier == "" or row.value_gwh > 15000.0 for row in record]
    told = fit.set_index("observation")["note"]
    assert all(told[row.key] == "met" for row, big in zip(record, large, strict=True) if big)


def test_the_fit_that_ships_is_what_the_shipped_constants_give(shipped: Region) -> None:
    case = shipped_case(shipped, year=2021)
    record = tuple(row for row in record_of(shipped) if row.year == 2021)
    modelled = modelled_of(record, {2021: solve_power(case, PowerSettings(threads=1))})
    fit = shipped.table("calibration_fit").set_index("observation")["modelled"]
    told = np.array([float(fit[row.key]) for row in record])
    assert np.abs(modelled - told) == pytest.approx(0.0, abs=100.0)
    assert np.abs(residuals(record, modelled)).max() < 8.0


def test_the_estimate_can_go_on_from_the_values_of_the_pack(shipped: Region) -> None:
    case = shipped_case(shipped, year=2021)
    priors, base = priors_of(case)
    there = constants_at(place_of(case, priors), priors, base)
    known = power_inputs(case)
    again = power_inputs(case, constants=there.changed({"lifecycle": 1.0}))
    assert again.bid_usd_per_mwh == pytest.approx(known.bid_usd_per_mwh)
    assert again.p_max == pytest.approx(known.p_max)
