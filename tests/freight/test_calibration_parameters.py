"""Constants at deviations of their priors."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.freight.calibration.parameters import Prior, constants_at
from sogdia.freight.supernetwork.constants import Constants

PRIORS = (Prior("value_of_time", 2.0, 0.7), Prior("border_pct", 0.5, 1.0))


def test_zero_deviation_is_the_median_of_the_prior() -> None:
    constants = constants_at(np.zeros(len(PRIORS)), PRIORS, Constants())
    for prior in PRIORS:
        assert getattr(constants, prior.name) == pytest.approx(prior.median)


def test_one_deviation_multiplies_by_its_exponential() -> None:
    steps = np.zeros(len(PRIORS))
    steps[0] = 1.0
    constants = constants_at(steps, PRIORS, Constants())
    first = PRIORS[0]
    assert getattr(constants, first.name) == pytest.approx(first.median * np.exp(first.sd_ln))
