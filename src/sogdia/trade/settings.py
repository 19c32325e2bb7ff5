"""What a user may choose of a counterfactual."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Imbalance = Literal["additive", "multiplicative", "zero"]


class TradeSettings(BaseModel):
    """Settings of a counterfactual.

    Attributes:
        imbalance: What becomes of an economy's trade imbalance D: ``additive`` keeps it as a part of world
            output (Dekle, Eaton & Kortum 2008); ``multiplicative`` keeps final spending a multiple of own
            income, the same factor for all bringing the world into balance (``ge_gravity``); ``zero`` ends
            it.
        tolerance: Largest excess demand for labour over its supply, in any economy, at which to stop.
        most_iterations: Evaluations of the model after which a solution is given up.
        numeraire: What nominal results are counted in: ``world``, the value added of all economies that
            trade with each other; or an economy, whose wage then stays 1. Real results do not depend on it.
        substitute_price: What a good costs that nobody supplies any longer, over its price before at
            unchanged costs of inputs: it is then made at home.
        cut_below: A pair whose trade would fall below this part of itself at unchanged prices,
            ``κ̂^−θ``, is cut off.
        workers: Threads of :func:`sogdia.trade.solve_many`; results are the same for any number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    imbalance: Imbalance = "additive"
    tolerance: Annotated[float, Field(gt=0, lt=1e-3)] = 1e-10
    most_iterations: Annotated[int, Field(ge=1, le=100_000)] = 1000
    numeraire: str = "world"
    substitute_price: Annotated[float, Field(gt=1, le=1e6)] = 10.0
    cut_below: Annotated[float, Field(ge=0, le=1e-6)] = 1e-12
    workers: Annotated[int, Field(ge=1, le=256)] = 2
