"""Map the goods of trade to the freight network, with their delivered cost of carriage.

A lane is a row of freight demand: one good from one zone to another. Its delivered cost per tonne is

    ``g = ḡ`` in the baseline, ``g' = ḡ + (S' − S)`` in a case,

with ḡ the mean generalised cost (USD/t) of the paths used and S the expected least cost of the choice (the
logsum), ``−(1/θ) ln Σ_r PS_r^β exp(−θ c_r)`` (Williams 1977; Small & Rosen 1981). Baseline and case choose
from the same path set (:mod:`sogdia.freight.shared_network`). The level is the cost that is paid; the change
is the users' gain. The mean alone would rise when a path is added that costs more and that some prefer; the
logsum alone lies below every cost paid, by the dispersion of tastes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.results import AssignmentResult
from sogdia.errors import InputError
from sogdia.freight.results import FreightResult
from sogdia.freight.shared_network import stochastic
from sogdia.trade.goods import PAIR

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
ENDS = ["origin", "destination"]


@dataclass(frozen=True, eq=False)
class Lanes:
    """Lanes of a baseline with their costs, T of them, in the order of its demand.

    Attributes:
        table: ``origin``, ``destination``, ``exporter``, ``importer``, ``commodity``.
        good: Position of the good that each lane carries, (T,); −1 for goods with weight but no value.
        share: Share of the lane in the tonnes of its good, (T,).
        tonnes: Tonnes a year, (T,).
        cost: Mean generalised cost ḡ, USD/t, (T,); infinite if the lane has no path.
        expected: Expected least cost S, USD/t, (T,); infinite if the lane has no path.
    """

    table: pd.DataFrame
    good: Longs
    share: Floats
    tonnes: Floats
    cost: Floats
    expected: Floats

    @property
    def is_connected(self) -> Bools:
        """True for lanes with a path in the baseline, (T,)."""
        return np.isfinite(self.cost)

    def mean(self, values: Floats, count: int) -> Floats:
        """Return the mean of finite ``values`` (T,) by good, weighted by share, (count,)."""
        used = (self.good >= 0) & np.isfinite(values)
        good, weight = self.good[used], self.share[used]
        total_weight = np.bincount(good, weights=weight, minlength=count)
        total = np.bincount(good, weights=weight * values[used], minlength=count)
        no_mean = np.full(count, np.nan)
        return np.asarray(np.divide(total, total_weight, out=no_mean, where=total_weight > 0.0))


def build_lanes(freight: FreightResult, goods: pd.DataFrame) -> Lanes:
    """Build the lanes of an assigned baseline.

    Args:
        freight: Freight of the baseline.
        goods: Its goods (:func:`sogdia.trade.goods.read_goods`).
    """
    supernetwork = freight.supernetwork
    demand = supernetwork.identified(supernetwork.demand)
    table = demand[[*ENDS, "flow"]].copy()
    for name in (*PAIR, "commodity"):
        table[name] = demand[name].astype(object)
    keys = [*PAIR, "commodity"]
    good = pd.MultiIndex.from_frame(goods[keys]).get_indexer(pd.MultiIndex.from_frame(table[keys]))
    tonnes = table["flow"].to_numpy(dtype=np.float64)
    is_known = good >= 0
    good_tonnes = np.bincount(good[is_known], weights=tonnes[is_known], minlength=len(goods))
    share = np.where(is_known, tonnes / good_tonnes[good], 0.0)
    rows = match_rows(table, supernetwork.identified(freight.result.demand))
    mean = _by_lane(freight.result.od()["cost_money"].to_numpy(dtype=np.float64), rows)
    least = _by_lane(expected_least_cost(freight.result), rows)
    return Lanes(table.drop(columns=["flow"]), good.astype(np.int64), share, tonnes, mean, least)


def match_rows(table: pd.DataFrame, other: pd.DataFrame) -> Longs:
    """Return the position of each row of demand in another table of demand, (T,); −1 if it has no such row.

    Rows match by zones and commodity: a case may assign the same goods to another user class than its
    baseline.

    Args:
        table: Rows with ``origin``, ``destination`` and ``commodity``
            (:meth:`sogdia.freight.inputs.Supernetwork.identified`).
        other: Rows to match with, with the same columns.
    """
    return np.asarray(_row_keys(other).get_indexer(_row_keys(table)), dtype=np.int64)


def lane_hours(table: pd.DataFrame, freight: FreightResult) -> Floats:
    """Return the mean journey time of each lane in an assignment, h, (T,); NaN where it carries none.

    Args:
        table: Lanes, with ``origin``, ``destination`` and ``commodity``.
        freight: The assignment.
    """
    assigned = freight.result
    arcs = assigned.network.arcs["time_h"].to_numpy(dtype=np.float64)
    hours = arcs + assigned.delay[assigned.network.graph.group]
    mean = assigned.loading.mean(np.ascontiguousarray(hours + freight.supernetwork.added_hours))
    at = match_rows(table, freight.supernetwork.identified(assigned.demand))
    return np.asarray(np.where(at >= 0, np.append(mean, np.nan)[at], np.nan))


def _row_keys(table: pd.DataFrame) -> pd.MultiIndex:
    # Objects: categories of two tables differ.
    return pd.MultiIndex.from_arrays([table[name].astype(object) for name in (*ENDS, "commodity")])


def expected_least_cost(result: AssignmentResult) -> Floats:
    """Return the expected least cost S of each row of an assignment's demand, USD/t."""
    value_of_time = result.demand.value_of_time[result.demand.indices(result.network)[2]]
    return np.asarray(stochastic(result).satisfaction * value_of_time)


def _by_lane(values: Floats, rows: Longs) -> Floats:
    return np.where(rows >= 0, np.append(values, np.inf)[rows], np.inf)


def check_same_lanes(lanes: Lanes, rows: Longs, count: int) -> None:
    """Check that a case has the lanes of its baseline.

    Args:
        lanes: Lanes of the baseline.
        rows: Row of the case's demand for each lane, −1 if it has none, (T,).
        count: Rows of the case's demand.

    Raises:
        InputError: If the case ships other goods, or from other zones.
    """
    if (rows < 0).any() or count != rows.size:
        missing = lanes.table[rows < 0].head(1).to_dict("records")
        example = f"; {missing[0]} is not in the case" if missing else ""
        raise InputError(
            "the case ships other goods, or from other zones, than its baseline: use the same year, growth "
            f"and variants for both{example}"
        )
