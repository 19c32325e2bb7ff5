"""Assignment of a round of the loop, from which the next round or the loop of a similar case starts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sogdia.assignment.path_sets import PathSet
from sogdia.assignment.results import AssignmentResult
from sogdia.case import Case
from sogdia.coupling.scarcity import PriceStep
from sogdia.freight.results import FreightResult

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FreightStep:
    """Assignment of the case with its costs of carriage.

    Attributes:
        freight: The assignment.
        before: Costs of carriage that its tonnes respond to, USD/t, (T,).
        carriage: Delivered cost of each lane, USD/t, (T,).
        paths: Path set of the assignment.
        baseline: The baseline, assigned among the same paths.
        baseline_expected: Expected least cost of the baseline among them, USD/t, (T,).
        prices: Shadow prices of hard capacities, and those to try next.
        rows: Lanes of the assignment's demand, in its order.
        is_complete: True if the path search has run at costs close to these.
        has_new_paths: True if it added paths.
    """

    freight: FreightResult
    before: Floats
    carriage: Floats
    paths: PathSet
    baseline: AssignmentResult
    baseline_expected: Floats
    prices: PriceStep
    rows: Longs
    is_complete: bool
    has_new_paths: bool

    def as_start(self, case: Case) -> FreightStep:
        """Return the step as the first of a case's loop: paths are searched again, and prices may move."""
        supernetwork = replace(self.freight.supernetwork, case=case)
        return replace(
            self, freight=replace(self.freight, supernetwork=supernetwork),
            prices=replace(self.prices, excess=1.0), is_complete=False, has_new_paths=False,
        )  # fmt: skip
