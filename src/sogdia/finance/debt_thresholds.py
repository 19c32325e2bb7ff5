"""Thresholds of debt sustainability: the framework for low-income countries, or a ceiling of the user's.

IMF and World Bank, Guidance Note on the Bank-Fund Debt Sustainability Framework for Low Income Countries
(2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Capacity = Literal["weak", "medium", "strong"]

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
"""Per cent, by a country's capacity to carry debt."""


@dataclass(frozen=True)
class Burden:
    """One ratio beside its threshold.

    Attributes:
        measure: Which ratio.
        value_pct: What it is; NaN where a figure is missing.
        threshold_pct: Its threshold; NaN where none applies.
    """

    measure: str
    value_pct: float
    threshold_pct: float

    @property
    def breached(self) -> bool:
        """Whether it lies above."""
        return self.value_pct > self.threshold_pct


def burdens(values: Mapping[str, float], thresholds: Mapping[str, float]) -> list[Burden]:
    """Ratios beside thresholds, in the order of the framework.

    Args:
        values: Per cent by measure of :data:`LIC_DSF`; those left out are not known.
        thresholds: Per cent by measure; those left out do not apply.
    """
    missing = float("nan")
    return [
        Burden(name, values.get(name, missing), thresholds.get(name, missing)) for name in LIC_DSF["weak"]
    ]
