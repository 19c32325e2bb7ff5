"""What a user may choose of a coupled run."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sogdia.assignment.settings import AssignmentSettings
from sogdia.freight.settings import SETTINGS
from sogdia.trade.composition import Composition
from sogdia.trade.settings import TradeSettings

ASSIGNED = SETTINGS.model_copy(update={"gap": 1e-6})
"""Assignment with a tolerance well below that of the coupling loop."""


class CouplingSettings(BaseModel):
    """Settings of freight coupled with trade.

    Attributes:
        composition: How goods not split by commodity are put into sectors.
        feedback: Whether tonnes follow trade; if not, costs are those at the base's tonnes.
        tolerance: Relative change of the cost of any good, from one round to the next, at which to stop.
        most_rounds: Rounds after which the loop is given up.
        depth: Rounds that Anderson's mixing looks back on; 0 is plain iteration.
        damping: Part of the step to the new costs that is taken.
        freight: Settings of the assignments.
        trade: Settings of the trade model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    composition: Composition = "one_sector"
    feedback: bool = True
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 1e-4
    most_rounds: Annotated[int, Field(ge=1)] = 20
    depth: Annotated[int, Field(ge=0, le=20)] = 3
    damping: Annotated[float, Field(gt=0, le=1)] = 1.0
    freight: AssignmentSettings = ASSIGNED
    trade: TradeSettings = TradeSettings()
