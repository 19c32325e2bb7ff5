"""Thresholds of debt burden indicators against the published ones."""

from __future__ import annotations

from sogdia.finance import LIC_DSF
from sogdia.finance.debt_burden import MEASURES


def test_thresholds_equal_the_published_ones() -> None:
    assert [LIC_DSF[name]["pv_external_gdp_pct"] for name in ("weak", "medium", "strong")] == [30, 40, 55]


def test_only_payments_to_owners_have_no_threshold() -> None:
    assert [name for name in MEASURES if name not in LIC_DSF["strong"]] == ["paid_abroad_exports_pct"]
