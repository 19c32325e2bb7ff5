"""What a user may choose of a study of dependence."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sogdia.coupling.settings import ASSIGNED, CouplingSettings
from sogdia.dependence.games import MOST_EXACT
from sogdia.dependence.withdrawal import Pressure
from sogdia.finance.appraisal import DEFAULT_RATE
from sogdia.power import PowerSettings
from sogdia.trade.settings import TradeSettings

ALONE = CouplingSettings(
    freight=ASSIGNED.model_copy(update={"workers": 1}),
    trade=TradeSettings(imbalance="multiplicative", workers=1),
)
"""One thread a run: runs are made side by side instead.

Imbalances stay a share of income, not a sum of money. A country that has lost most of its trade would else
have to run its old deficit with the few who are left, and one with a surplus would gain by losing its buyers.
"""


class DependenceSettings(BaseModel):
    """Settings of a study of dependence.

    Attributes:
        study: Freight and trade.
        power: Power.
        pressure: What partners do; by default they leave.
        partners: Rows of ``partners``; those marked ``default`` where none is named.
        coalitions: Whether every coalition is run; if not, each partner alone and all together.
        channels: Whether each partner's withdrawal is also run by channel.
        most_exact: Partners beyond which coalitions are sampled.
        pairs: Pairs of an order and its reverse that are sampled then.
        seed: Of the sample.
        tolerance_pct: Loss of GDP above which a coalition is more than a home bears, for pivotality.
        co2_usd_per_t: Shadow price of carbon dioxide: the middle of 50 to 100 USD in 2030 (Stiglitz & Stern
        2017).
        rate: Discount rate of money.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: CouplingSettings = ALONE
    power: PowerSettings = PowerSettings()
    pressure: Pressure = Pressure()
    partners: tuple[str, ...] = ()
    coalitions: bool = True
    channels: bool = True
    most_exact: Annotated[int, Field(ge=1, le=16)] = MOST_EXACT
    pairs: Annotated[int, Field(ge=2, le=10_000)] = 20
    seed: int = 1
    tolerance_pct: Annotated[float, Field(ge=0, le=100)] = 2.0
    co2_usd_per_t: Annotated[float, Field(ge=0, le=10_000)] = 75.0
    rate: Annotated[float, Field(gt=0, lt=1)] = DEFAULT_RATE
