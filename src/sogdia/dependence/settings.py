"""Settings of a dependence study."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sogdia.coupling.settings import DEFAULT_ASSIGNMENT, CouplingSettings
from sogdia.dependence.games import MOST_EXACT
from sogdia.dependence.horizons import HORIZONS, HorizonName
from sogdia.dependence.withdrawal import Pressure
from sogdia.finance.appraisal import DEFAULT_RATE
from sogdia.finance.debt_settings import DebtSettings
from sogdia.power import PowerSettings
from sogdia.trade.settings import TradeSettings

SINGLE_THREAD = CouplingSettings(
    freight=DEFAULT_ASSIGNMENT.model_copy(update={"workers": 1}),
    trade=TradeSettings(imbalance="multiplicative", workers=1),
)
"""Settings of a run with one thread: runs are made in parallel processes instead.

Remittances and grants are named transfers, which the partner that pays them ends. The rest of an imbalance
stays a share of income, not an amount of money: no debtor is known to owe it, and a country that has lost
most of its trade would have to run its old deficit with the remaining partners, or one with a surplus would
gain by losing buyers.
"""


CO2_USD_PER_T = 75.0
"""Shadow price of carbon dioxide: the middle of 50 to 100 USD/t in 2030 (Stiglitz & Stern 2017)."""


class DependenceSettings(BaseModel):
    """Settings of a dependence study.

    Attributes:
        study: Freight and trade.
        power: The electricity system.
        pressure: Action of the partners; by default they withdraw.
        horizons: Horizons (:mod:`sogdia.dependence.horizons`); they set the elasticities of ``study``.
        partners: Rows of ``partners``; those marked ``default`` if none is named.
        coalitions: True to run every coalition; otherwise each partner alone and all together.
        channels: True to run each partner's withdrawal by channel as well.
        most_exact: Number of partners up to which every coalition is run; beyond it they are sampled.
        pairs: Number of sampled pairs of an order and its reverse.
        seed: Seed of the sample.
        tolerance_pct: Loss in per cent of GDP above which a loss is intolerable, for pivotality.
        co2_usd_per_t: Shadow price of carbon dioxide in the plan's benefit, not in losses.
        rate: Discount rate.
        debt: Path of debt, its stress tests, and ceilings for countries outside the framework.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    study: CouplingSettings = SINGLE_THREAD
    power: PowerSettings = PowerSettings()
    pressure: Pressure = Pressure()
    horizons: Annotated[tuple[HorizonName, ...], Field(min_length=1)] = tuple(HORIZONS)
    partners: tuple[str, ...] = ()
    coalitions: bool = True
    channels: bool = True
    most_exact: Annotated[int, Field(ge=1, le=16)] = MOST_EXACT
    pairs: Annotated[int, Field(ge=2, le=10_000)] = 20
    seed: int = 1
    tolerance_pct: Annotated[float, Field(ge=0, le=100)] = 2.0
    co2_usd_per_t: Annotated[float, Field(ge=0, le=10_000)] = CO2_USD_PER_T
    rate: Annotated[float, Field(gt=0, lt=1)] = DEFAULT_RATE
    debt: DebtSettings = DebtSettings()
