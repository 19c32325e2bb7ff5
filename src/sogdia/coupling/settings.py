"""Settings of a coupled run."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sogdia.assignment.settings import AssignmentSettings
from sogdia.freight.settings import SETTINGS
from sogdia.trade.composition import Composition, Horizon
from sogdia.trade.settings import TradeSettings

DEFAULT_ASSIGNMENT = SETTINGS.model_copy(update={"gap": 1e-6})
"""Logit assignment, solved to a hundredth of the tolerance of the coupling loop."""


class CouplingSettings(BaseModel):
    """Settings of freight coupled with trade.

    Attributes:
        composition: Sectors of the trade model (:mod:`sogdia.trade.composition`).
        horizon: Elasticities of its sectors: ten years after a change, or one.
        feedback: Let tonnes follow trade; without it, costs are those at the baseline's tonnes.
        tolerance: Relative change of any good's cost from one round to the next at which the loop stops.
        most_rounds: Rounds after which the loop fails.
        depth: Rounds that Anderson mixing uses; 0 is plain fixed-point iteration.
        damping: Share of the step to the new costs that is taken.
        freight: Settings of the assignments.
        trade: Settings of the trade model. The part of an imbalance that no named transfer explains stays a
            share of income: as an amount of money, an economy that loses its exports would go on lending.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    composition: Composition = "sectors"
    horizon: Horizon = "long_run"
    feedback: bool = True
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 1e-4
    most_rounds: Annotated[int, Field(ge=1)] = 40
    depth: Annotated[int, Field(ge=0, le=20)] = 3
    damping: Annotated[float, Field(gt=0, le=1)] = 1.0
    freight: AssignmentSettings = DEFAULT_ASSIGNMENT
    trade: TradeSettings = TradeSettings(imbalance="multiplicative")
