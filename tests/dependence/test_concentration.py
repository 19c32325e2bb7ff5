"""Concentration: answers by hand and what must not change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dependence.answers import answers
from sogdia.dependence import (
    asymmetry,
    autarky_loss,
    ces_removal_log_loss,
    concentration_ratio,
    effective_number,
    eu_indicators,
    hhi,
    hhi_normalised,
    hirschman_1945,
    shares_of,
    theil_blocs,
    theil_entropy,
    theil_redundancy,
)
from sogdia.errors import InputError

amounts = st.lists(st.floats(0.01, 1e6), min_size=2, max_size=12)


def test_indices_match_published_figures() -> None:
    expected = answers("concentration")
    shares = np.array(expected["shares"])
    found = {
        "hhi": hhi(shares),
        "hhi_normalised": hhi_normalised(shares),
        "effective_number": effective_number(shares),
        "theil_entropy": theil_entropy(shares),
        "theil_redundancy": theil_redundancy(shares),
        "cr1": concentration_ratio(shares, 1),
        "cr2": concentration_ratio(shares, 2),
        "hirschman_1945": hirschman_1945(shares),
    }
    assert found == pytest.approx({name: expected[name] for name in found}, rel=1e-12)


def test_ces_removal_loss_matches_closed_form() -> None:
    for expected in answers("ces_removal_log_loss"):
        loss = ces_removal_log_loss(expected["share"], expected["sigma"], expected["expenditure_share"])
        assert loss == pytest.approx(expected["log_loss"], rel=1e-12)
        assert 100.0 * (1.0 - math.exp(-loss)) == pytest.approx(expected["pct_real_income_loss"], rel=1e-12)


def test_autarky_loss_matches_closed_form() -> None:
    for expected in answers("acr_autarky_gain"):
        loss = autarky_loss(expected["domestic_share"], expected["trade_elasticity"])
        assert 100.0 * loss == pytest.approx(expected["loss_pct"], rel=1e-12)


@given(amounts, st.floats(0.001, 1000))
def test_scaled_or_shuffled_values_give_same_indices(values: list[float], factor: float) -> None:
    shares, again = shares_of(values), shares_of([factor * value for value in reversed(values)])
    for measure in (hhi, theil_redundancy, hirschman_1945, effective_number):
        assert measure(again) == pytest.approx(measure(shares), rel=1e-9, abs=1e-12)
    assert 1.0 / len(values) <= hhi(shares) * (1 + 1e-12) <= 1.0 + 1e-9
    assert 1.0 - 1e-9 <= effective_number(shares) <= len(values) * (1 + 1e-9)


@given(amounts, st.data())
def test_theil_between_and_within_sum_to_total(values: list[float], data: st.DataObject) -> None:
    blocs = data.draw(st.lists(st.sampled_from("abc"), min_size=len(values), max_size=len(values)))
    parts = theil_blocs(shares_of(values), blocs)
    assert parts.between + parts.within == pytest.approx(parts.total, abs=1e-9)
    assert parts.within >= -1e-12
    assert parts.between >= -1e-12


def test_theil_blocs_match_hand_calculation() -> None:
    # Two blocs of two: all unlikeness lies between them where each splits its share in halves.
    parts = theil_blocs(np.array([0.4, 0.4, 0.1, 0.1]), ["near", "near", "far", "far"])
    assert parts.within == pytest.approx(0.0, abs=1e-15)
    assert parts.between == pytest.approx(0.8 * math.log(1.6) + 0.2 * math.log(0.4), rel=1e-12)
    assert parts.blocs["near"] == pytest.approx((0.8, 0.0))


def test_eu_indicators_match_hand_calculation() -> None:
    found = eu_indicators([60.0, 20.0], inside=20.0, exports=40.0)
    assert found is not None
    assert (found.concentration, found.outside_share, found.substitution) == pytest.approx((0.625, 0.8, 2.0))
    assert found.is_dependent
    spread = eu_indicators([20.0, 20.0, 20.0, 20.0], inside=20.0, exports=40.0)
    assert spread is not None
    assert not spread.is_dependent
    assert eu_indicators([0.0], inside=20.0, exports=40.0) is None
    without_exports = eu_indicators([1.0], inside=0.0, exports=0.0)
    assert without_exports is not None
    assert without_exports.substitution == math.inf


def test_asymmetry_changes_sign_with_the_side() -> None:
    assert asymmetry(0.3, 0.1) == pytest.approx(0.5)
    assert asymmetry(0.1, 0.3) == pytest.approx(-0.5)
    assert asymmetry(0.0, 0.0) == 0.0


def test_single_partner_has_maximum_concentration() -> None:
    assert hhi_normalised(np.array([1.0])) == 1.0


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [1.0, -1.0], [1.0, float("nan")]])
def test_values_without_shares_raise(values: list[float]) -> None:
    with pytest.raises(InputError, match="shares need finite values"):
        shares_of(values)


def test_loss_arguments_out_of_range_raise() -> None:
    with pytest.raises(InputError, match="sigma > 1"):
        ces_removal_log_loss(0.5, 1.0)
    with pytest.raises(InputError, match="domestic share"):
        autarky_loss(0.0, 4.0)
