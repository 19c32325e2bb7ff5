"""Economic appraisal: a published answer and figures calculated by hand."""

from __future__ import annotations

import numpy as np
import pytest
from dependence.answers import answers
from hypothesis import given
from hypothesis import strategies as st

from sogdia.errors import InputError
from sogdia.finance import appraise, benefit_cost_ratio, capex_schedule, eirr, npv, residual_value
from sogdia.finance.appraisal import annuity_factor, rule_of_half


def test_appraisal_equals_published_answer() -> None:
    answer = answers("appraisal")
    flows = np.array(answer["cash_flow"], dtype=float)
    assert npv(flows, 0.06) == pytest.approx(answer["npv_6pct"], rel=1e-10)
    assert npv(flows, 0.09) == pytest.approx(answer["npv_9pct"], rel=1e-10)
    assert eirr(flows) == pytest.approx(answer["eirr"], rel=1e-10)
    ratio = benefit_cost_ratio(np.maximum(flows, 0.0), np.maximum(-flows, 0.0), 0.06)
    assert ratio == pytest.approx(answer["bcr_6pct"], rel=1e-10)


def test_eirr_is_none_unless_flows_change_sign_once() -> None:
    assert eirr([100.0, 10.0]) is None
    assert eirr([-100.0, 250.0, -155.0]) is None
    assert eirr([-100.0, 110.0]) == pytest.approx(0.10)
    assert eirr([-100.0, 0.0]) is None


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=20), st.floats(1, 100))
def test_npv_at_the_eirr_is_zero(gains: list[float], cost: float) -> None:
    flows = [-cost, *gains]
    rate = eirr(flows)
    if rate is not None:
        assert npv(flows, rate) == pytest.approx(
            0.0, abs=1e-6 * (cost + sum(gains)) / (1.0 + rate) ** 2 + 1e-6
        )


def test_appraisal_at_three_rates_equals_hand_calculation() -> None:
    result = appraise(range(2026, 2029), [100.0, 0.0, 0.0], [0.0, 60.0, 60.0])
    assert result.npv[0.06] == pytest.approx(-100.0 + 60 / 1.06 + 60 / 1.06**2)
    assert result.bcr[0.09] == pytest.approx((60 / 1.09 + 60 / 1.09**2) / 100.0)
    assert result.npv[0.03] > result.npv[0.06] > result.npv[0.09]


def test_appraisal_of_unequal_lengths_or_zero_cost_is_rejected() -> None:
    with pytest.raises(InputError, match="1 years, 2 costs and 1 benefits; give one of each per year"):
        appraise([2026], [1.0, 2.0], [1.0])
    with pytest.raises(InputError, match="needs one above 0"):
        appraise([2026], [0.0], [1.0])


def test_capex_is_spread_evenly_before_opening() -> None:
    assert capex_schedule(900.0, 2026, 2029) == {2026: 300.0, 2027: 300.0, 2028: 300.0}
    assert capex_schedule(900.0, 2029, 2029) == {2028: 900.0}


def test_residual_value_is_straight_line() -> None:
    assert residual_value(100.0, 40.0, 10.0) == pytest.approx(75.0)
    assert residual_value(100.0, 40.0, 50.0) == 0.0


def test_annuity_factor_equals_published_values() -> None:
    assert annuity_factor(0.06, 20) == pytest.approx(0.0871846, rel=1e-6)
    assert annuity_factor(0.0, 20) == pytest.approx(0.05)


def test_rule_of_half_is_the_trapezium_under_demand() -> None:
    """From 100 at a cost of 10 to 140 at 8: 200 for those who travel anyway, 40 for new ones."""
    quantity, cost = (
        (np.array([100.0, 50.0]), np.array([140.0, 50.0])),
        (np.array([10.0, 4.0]), np.array([8.0, 5.0])),
    )
    assert rule_of_half(quantity, cost).tolist() == [240.0, -50.0]
