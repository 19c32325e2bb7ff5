"""Settings of a trade counterfactual."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Imbalance = Literal["additive", "multiplicative", "zero"]


class TradeSettings(BaseModel):
    """Settings of a counterfactual.

    Attributes:
        imbalance: Imbalance rule. ``additive`` keeps each economy's imbalance as a share of world output
            (Dekle, Eaton & Kortum 2008); ``multiplicative`` keeps final expenditure a multiple of own income,
            with one common factor that balances the world (``ge_gravity``); ``zero`` ends imbalances.
        tolerance: Largest relative excess demand for labour, in any economy, at convergence.
        most_iterations: Largest number of evaluations of the model.
        numeraire: Numeraire of nominal results: ``world`` (value added of all economies that trade with each
            other), an economy, whose wage is then 1, ``price:ECONOMY``, whose price index of final
            expenditure is then 1, or ``price:world``, the mean of those price indices, weighted by final
            expenditure. Real results do not depend on it.
        substitute_price: Price at which a sector without any supplier is produced at home, relative to its
            base-year price at unchanged input costs.
        cut_below: Trade of a pair is cut off where ``κ̂^−θ``, its change at unchanged prices, is at most
            this.
        workers: Threads of :func:`sogdia.trade.solve_many`; results are the same for any number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    imbalance: Imbalance = "additive"
    tolerance: Annotated[float, Field(gt=0, lt=1e-3)] = 1e-10
    most_iterations: Annotated[int, Field(ge=1, le=100_000)] = 1000
    numeraire: str = "world"
    substitute_price: Annotated[float, Field(gt=1, le=1e6)] = 10.0
    cut_below: Annotated[float, Field(ge=0, le=1e-6)] = 1e-12
    workers: Annotated[int, Field(ge=1, le=256)] = 2
