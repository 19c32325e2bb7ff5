"""Settings of the path of debt and of its stress tests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class DebtSettings(BaseModel):
    """Settings of the path of debt.

    Attributes:
        years: Years of the path, from the year after the newest figure of a country's debt.
        borrowing: What else is borrowed. ``gdp_share``: each lender lends again what it is repaid, and so
            much more that its claims grow with GDP. ``repaid``: what it is repaid only. ``none``: nothing.
        dollar_inflation_pct: Yearly inflation in US dollars; GDP, exports and revenue grow with real GDP and
            with it.
        shock_year: Year of the path in which a shock begins; growth and exports fall short in this year and
            in the next (Guidance Note of 2018: second and third year).
        depreciation_pct: Fall of the value of the currency in dollars, once (30 % in the Guidance Note).
        contingent_pct_gdp: Debt that the state takes over, per cent of GDP: 5 for a financial crisis, the
            default of the Guidance Note, and 2 for state-owned companies, its default where their debt is not
            in the public debt.
        ceilings: Threshold of the present value of external debt over GDP by country, per cent. For a
            country outside the framework; it replaces the threshold of a country inside.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    years: Annotated[int, Field(ge=3, le=40)] = 20
    borrowing: Literal["gdp_share", "repaid", "none"] = "gdp_share"
    dollar_inflation_pct: Annotated[float, Field(ge=0, le=20)] = 2.0
    shock_year: Annotated[int, Field(ge=1, le=39)] = 2
    depreciation_pct: Annotated[float, Field(ge=0, lt=100)] = 30.0
    contingent_pct_gdp: Annotated[float, Field(ge=0, le=100)] = 7.0
    ceilings: dict[str, Annotated[float, Field(gt=0, le=500)]] = {}
