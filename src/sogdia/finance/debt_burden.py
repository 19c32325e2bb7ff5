"""Debt burden indicators against the thresholds of the debt sustainability framework.

IMF and World Bank, Guidance Note on the Bank-Fund Debt Sustainability Framework for Low Income Countries
(2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Capacity = Literal["weak", "medium", "strong"]
"""Debt-carrying capacity of a country."""

LIC_DSF: Mapping[Capacity, Mapping[str, float]] = {
    "weak": {
        "pv_external_gdp_pct": 30.0,
        "pv_external_exports_pct": 140.0,
        "service_exports_pct": 10.0,
        "service_revenue_pct": 14.0,
        "pv_total_gdp_pct": 35.0,
    },
    "medium": {
        "pv_external_gdp_pct": 40.0,
        "pv_external_exports_pct": 180.0,
        "service_exports_pct": 15.0,
        "service_revenue_pct": 18.0,
        "pv_total_gdp_pct": 55.0,
    },
    "strong": {
        "pv_external_gdp_pct": 55.0,
        "pv_external_exports_pct": 240.0,
        "service_exports_pct": 21.0,
        "service_revenue_pct": 23.0,
        "pv_total_gdp_pct": 70.0,
    },
}
"""Thresholds in per cent, by debt-carrying capacity and indicator."""


@dataclass(frozen=True)
class DebtBurden:
    """A debt burden indicator with its threshold.

    Attributes:
        measure: Indicator, a key of :data:`LIC_DSF`.
        value_pct: Value, per cent; NaN if a figure is missing.
        threshold_pct: Threshold, per cent; NaN if none applies.
    """

    measure: str
    value_pct: float
    threshold_pct: float

    @property
    def breached(self) -> bool:
        """True if the value exceeds the threshold."""
        return self.value_pct > self.threshold_pct


def compare_with_thresholds(values: Mapping[str, float], thresholds: Mapping[str, float]) -> list[DebtBurden]:
    """Compare debt burden indicators with thresholds, in the order of the framework.

    Args:
        values: Per cent by indicator; a missing indicator is not known.
        thresholds: Per cent by indicator; a missing threshold does not apply.
    """
    missing = float("nan")
    return [
        DebtBurden(name, values.get(name, missing), thresholds.get(name, missing)) for name in LIC_DSF["weak"]
    ]
