"""Debt burden indicators against the thresholds of the debt sustainability framework.

International Monetary Fund and World Bank, Guidance Note on the Bank-Fund Debt Sustainability Framework for
Low Income Countries (2018).
"""

from __future__ import annotations

from collections.abc import Mapping
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
PAID_ABROAD = "paid_abroad_exports_pct"
"""Debt service and payments to owners of plants over exports; the framework has no threshold for it."""
MEASURES = (*LIC_DSF["weak"], PAID_ABROAD)
"""Indicators, in the order of reports."""
