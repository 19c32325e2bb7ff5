"""Lanes: what the goods of trade are on the freight network, and what carriage costs them there.

A lane is a row of freight demand: one good from one zone to another. Its delivered cost per tonne is

    ``g = ḡ`` in the base, ``g' = ḡ + (S' − S)`` in a case,

ḡ being the mean generalised cost (USD/t) of the paths used and S the expected least cost of the choice,
``−(1/θ) ln Σ_r PS_r^β exp(−θ c_r)`` (Williams 1977; Small & Rosen 1981), base and case choosing from the
same set of paths (:mod:`sogdia.freight.shared_network`). The level is what carriage takes; the
change is what it is worth to those who choose: the mean alone would rise when a dearer way is added that
some prefer, and the
least cost alone lies below anything that is paid, by the spread of tastes.
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
    """Lanes of a base and what they cost there, T of them, in the order of its demand.

    Attributes:
        table: ``origin``, ``destination``, ``exporter``, ``importer``, ``commodity``.
        good: The good each lane carries, (T,); −1 where the good has weight but no value.
        share: Share of the lane in the tonnes of its good, (T,).
        tonnes: Tonnes a year, (T,).
        cost: Mean generalised cost ḡ, USD/t, (T,); infinite where there is no path.
        expected: Expected least cost S, USD/t, (T,); likewise.
    """

    table: pd.DataFrame
    good: Longs
    share: Floats
    tonnes: Floats
    cost: Floats
    expected: Floats

    @property
    def joined(self) -> Bools:
        """Whether there is a path, (T,)."""
        return np.isfinite(self.cost)

    def mean(self, values: Floats, count: int) -> Floats:
        """Mean of ``values`` (T,) by good, weighted by share, over lanes where it is finite; (count,)."""
        used = (self.good >= 0) & np.isfinite(values)
        at, weight = self.good[used], self.share[used]
        whole = np.bincount(at, weights=weight, minlength=count)
        total = np.bincount(at, weights=weight * values[used], minlength=count)
        return np.asarray(np.divide(total, whole, out=np.full(count, np.nan), where=whole > 0.0))


def lanes_of(freight: FreightResult, goods: pd.DataFrame) -> Lanes:
    """The lanes of an assigned base.

    Args:
        freight: The base, assigned.
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
    known = good >= 0
    whole = np.bincount(good[known], weights=tonnes[known], minlength=len(goods))
    share = np.where(known, tonnes / whole[good], 0.0)
    at = positions(table, supernetwork.identified(freight.result.demand))
    mean = _of_lanes(freight.result.od()["cost_money"].to_numpy(dtype=np.float64), at)
    least = _of_lanes(expected(freight.result), at)
    return Lanes(table.drop(columns=["flow"]), good.astype(np.int64), share, tonnes, mean, least)


def positions(rows: pd.DataFrame, among: pd.DataFrame) -> Longs:
    """Return the position of each row of demand among other ones, −1 where it does not occur, (T,).

    Rows match by zones and commodity: a case may put the same goods into another class than its baseline.

    Args:
        rows: Rows with ``origin``, ``destination`` and ``commodity``
            (:meth:`sogdia.freight.inputs.Supernetwork.identified`).
        among: Rows to look them up in, likewise.
    """
    return np.asarray(_keyed(among).get_indexer(_keyed(rows)), dtype=np.int64)


def _keyed(table: pd.DataFrame) -> pd.MultiIndex:
    commodity = table["commodity"].astype(object)
    return pd.MultiIndex.from_arrays([table["origin"], table["destination"], commodity])


def expected(result: AssignmentResult) -> Floats:
    """Expected least cost of each row of an assignment's demand, USD/t."""
    worth = result.demand.value_of_time[result.demand.indices(result.network)[2]]
    return np.asarray(stochastic(result).satisfaction * worth)


def _of_lanes(values: Floats, at: Longs) -> Floats:
    return np.where(at >= 0, np.append(values, np.inf)[at], np.inf)


def assert_same_lanes(lanes: Lanes, at: Longs, rows: int) -> None:
    """Say so where a case ships other goods, or from other zones, than its base.

    Raises:
        InputError: If the lanes are not the same ones.
    """
    if (at < 0).any() or rows != at.size:
        first = lanes.table[at < 0].head(1).to_dict("records")
        told = f"; {first[0]} is not in the case" if first else ""
        raise InputError(
            "the case ships other goods, or from other zones, than its base: both want the same year, growth "
            f"and variants{told}"
        )
