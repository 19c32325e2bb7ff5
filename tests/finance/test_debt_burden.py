"""Debt burden indicators against the published thresholds."""

from __future__ import annotations

from sogdia.finance import LIC_DSF, compare_with_thresholds


def test_thresholds_equal_the_published_ones() -> None:
    assert [LIC_DSF[name]["pv_external_gdp_pct"] for name in ("weak", "medium", "strong")] == [30, 40, 55]


def test_indicator_above_its_threshold_is_breached() -> None:
    burdens = compare_with_thresholds(
        {"pv_external_gdp_pct": 41.0, "service_revenue_pct": 17.0}, LIC_DSF["medium"]
    )
    assert [(b.measure, b.breached) for b in burdens if b.value_pct == b.value_pct] == [
        ("pv_external_gdp_pct", True),
        ("service_revenue_pct", False),
    ]


def test_indicator_without_a_threshold_is_not_breached() -> None:
    burdens = compare_with_thresholds({"pv_external_gdp_pct": 99.0}, {})
    assert not any(burden.breached for burden in burdens)
