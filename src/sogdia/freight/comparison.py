"""Freight of a case and of its baseline, assigned among one path set, so that they can be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.settings import AssignmentSettings
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.results import FreightResult
from sogdia.freight.settings import SETTINGS
from sogdia.freight.shared_network import assign_among, same_network, share_network, stochastic
from sogdia.freight.solve import assign_freight
from sogdia.freight.tables import TABLES
from sogdia.freight.transit_income import transit_income
from sogdia.freight.variant import variant_of
from sogdia.tables.results import ResultTable


@dataclass(frozen=True, eq=False)
class FreightComparison:
    """Freight of a case and of its baseline among one path set.

    Attributes:
        baseline: Freight of the baseline.
        case: Freight of the case, of the same trade.
    """

    baseline: FreightResult
    case: FreightResult

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the differences: case less baseline.

        Returns:
            ``corridors``, ``bottlenecks``, ``transit``, ``transit_income``, ``stations`` and ``links``, of
            rows whose figures differ: the keys, then ``COLUMN_baseline``, ``COLUMN_case`` and
            ``COLUMN_difference``.
        """
        sides = []
        for result in (self.baseline, self.case):
            every = len(result.result.network.groups)
            sides.append(
                {
                    "corridors": result.corridors(),
                    "bottlenecks": result.bottlenecks(every),
                    "transit": result.transit(),
                    "transit_income": transit_income(result),
                    "stations": result.stations(),
                    "links": result.links(),
                }
            )
        return {name: _changed(TABLES[name], sides[0][name], sides[1][name]) for name in sides[0]}


def compare_freight(
    case: Case, baseline: Case, settings: AssignmentSettings | None = None
) -> FreightComparison:
    """Assign the freight of a case and of its baseline among one path set.

    Both have the trade of the baseline. Paths are those generated for either; those that delays of the case
    make least-cost are added to both. A cost or flow then differs only where an arc was opened, closed or
    changed, or where delays change for that reason (:mod:`sogdia.freight.shared_network`).

    Args:
        case: The case.
        baseline: A case of the same scenario and year with another plan.
        settings: :data:`sogdia.freight.settings.SETTINGS` if not given; path-size logit is required.

    Raises:
        NotConvergedError: If the tolerance is not reached; it holds the record.
        InputError: If the two trade different goods, or nothing can be carried.
    """
    chosen = settings or SETTINGS
    if chosen.algorithm != "sue":
        raise InputError(f"algorithm {chosen.algorithm!r}: a comparison needs path-size logit, 'sue'")
    own = assign_freight(baseline, chosen)
    network = variant_of(own.supernetwork, case)
    if network is None:
        raise InputError(
            "case and baseline trade different goods: compare plans of one scenario, year and set of variants"
        )
    if same_network(own.supernetwork, network):
        return FreightComparison(own, replace(own, supernetwork=replace(own.supernetwork, case=case)))
    rows = np.arange(own.supernetwork.demand.size, dtype=np.int64)
    paths = stochastic(own.result).paths
    shared = share_network(own.supernetwork, network, rows, paths, chosen)
    tonnes = _tonnes(own)
    start = shared.baseline_flow(own.supernetwork, own.result.group_flow)
    first = shared.paths or paths
    after = assign_among(shared.case, tonnes, chosen, first, shared.start(start), add_paths=True)
    joint = stochastic(after).paths
    before = assign_among(shared.base, tonnes, chosen, joint, start, add_paths=False)
    return FreightComparison(FreightResult(shared.base, before), FreightResult(shared.case, after))


def _tonnes(freight: FreightResult) -> Floats:
    return freight.supernetwork.demand.flow


def _changed(declared: ResultTable, baseline: pd.DataFrame, case: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of two tables whose figures differ."""
    both = declared.difference(baseline, case, ("baseline", "case"))
    changes = both[[f"{name}_difference" for name in declared.compared]]
    return both[(changes.fillna(0.0) != 0.0).any(axis=1)].reset_index(drop=True)
