"""Hard capacities: pipelines, tankers, ports, ferries and oil fields that freight cannot exceed.

A row of ``hard_capacities`` limits the freight on some arcs, of all classes or of one commodity. Where it is
full a shadow price λ ≥ 0, USD/t, rations it: the same for every tonne that uses it, whatever the commodity,

    ``0 ≤ λ_h ⊥ C_h − v_h ≥ 0``,  ``v_h = Σ_k Σ_a u_ha v_ka``,

with u_ha = 1 on its arcs and C_h the capacity less domestic freight, which is no trade. λ is money that users
pay in addition to time and charges, ``λ_h / vot_k`` hours to class k, and its owners earn it
(``capacity_owners``). The queue of the arc remains waiting time. The prices are found with the trade that
responds to them (:mod:`sogdia.coupling.scarcity`).

The base year shows more freight on a capacity than it has where the model sends more there than was observed.
Since it was carried, the capacity of a case is that of its rows times ``max(1, v / C)`` of the baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.freight.inputs import Supernetwork
from sogdia.freight.supernetwork.arcs import ACCESS, CROSSING, HAUL, PIPELINE_HAUL, TRANSFER
from sogdia.freight.supernetwork.loads import CONTAINER
from sogdia.freight.supernetwork.nodes import zone_node
from sogdia.tables import KEY_SEPARATOR, list_items

OF_ECONOMIES, OF_ZONES = "economies", "zones"
"""Tables of a capacity that holds for loading onto modes in some economies, and for freight that starts in
some zones."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "pipelines": (PIPELINE_HAUL,),
    "links": (HAUL,),
    "crossings": (CROSSING,),
    "transfers": (TRANSFER, ACCESS),
}
"""Kinds of the arcs that use the capacity of a row, by its table: a zone at a port loads there too."""


@dataclass(frozen=True, eq=False)
class HardCapacities:
    """The H hard capacities of a network.

    Attributes:
        ids: Rows of ``hard_capacities`` that have an arc, in the order of the table.
        capacity: Capacity, t/a, (H,).
        arcs: True on the arcs of each, (H, A).
        classes: True for the classes that each limits, (H, K).
        territories: Territories of the arcs of each, with ``;`` between.
    """

    ids: tuple[str, ...]
    capacity: Floats
    arcs: Bools
    classes: Bools
    territories: tuple[str, ...]

    def flows(self, flows: Floats) -> Floats:
        """Return the freight on each capacity, t/a, (H,), from flows by class and arc, (K, A)."""
        rows = [flows[np.ix_(k, a)].sum() for k, a in zip(self.classes, self.arcs, strict=True)]
        return np.array(rows, dtype=np.float64)

    def hours(self, number: int, value_of_time: Floats) -> Floats:
        """Return one USD/t on a capacity as hours of each class on each arc, (K, A)."""
        by_class = np.where(self.classes[number], 1.0 / value_of_time, 0.0)
        return np.ascontiguousarray(by_class[:, None] * self.arcs[number])


def hard_capacities(supernetwork: Supernetwork) -> HardCapacities:
    """Return the hard capacities of a supernetwork; rows of which no arc operates are left out.

    A capacity of a port in tonnes does not hold for containers where these have one of their own.
    """
    arcs, commodities = supernetwork.network.arcs, supernetwork.commodities_of(supernetwork.demand.classes)
    found: list[tuple[str, float, Bools, Bools]] = []
    masks = _RowMasks(arcs)
    for key, row in supernetwork.case.table("hard_capacities").iterrows():
        rows, stated = list_items(str(row["rows"])), float(row["capacity_t"])
        if row["table"] == OF_ECONOMIES:
            uses = _loading(supernetwork, rows, list_items(row["mode"]))
        elif row["table"] == OF_ZONES:
            uses = _sending(arcs, rows)
        else:
            uses = masks.of(str(row["table"]), rows)
        if not uses.any():
            continue
        capacity = stated if stated == stated else _summed_capacity(arcs[uses])
        if pd.notna(row["domestic_t"]):
            capacity -= float(row["domestic_t"])
        commodity = "" if pd.isna(row["commodity"]) else str(row["commodity"])
        limited = np.array([commodity in ("", own) for own in commodities], dtype=np.bool_)
        found.append((str(key), capacity, uses, limited))
    arc_masks, class_masks = [each[2] for each in found], [each[3] for each in found]
    shape = (len(found), -1) if found else (0, 0)
    return HardCapacities(
        tuple(each[0] for each in found),
        np.array([each[1] for each in found], dtype=np.float64),
        np.array(arc_masks, dtype=np.bool_).reshape(shape),
        np.array(class_masks, dtype=np.bool_).reshape(shape),
        tuple(";".join(sorted(set(arcs["territory"][mask]))) for mask in arc_masks),
    )


class _RowMasks:
    """Arcs of a row of a table, found by one pass over all arcs."""

    def __init__(self, arcs: pd.DataFrame) -> None:
        self._kind = arcs["kind"].to_numpy(dtype=object)
        self._is_box = (arcs["cargo"] == CONTAINER).to_numpy(dtype=np.bool_)
        self._at: dict[str, list[int]] = {}
        for position, (kind, rows) in enumerate(zip(arcs["kind"], arcs["rows"], strict=True)):
            # Access where a place has no transfer names, after its zones, the rows whose median it takes.
            for row in rows[:1] if kind == ACCESS else rows:
                self._at.setdefault(row, []).append(position)

    def of(self, table: str, keys: Sequence[str]) -> Bools:
        """Return the arcs of some rows of a table, (A,)."""
        mask = np.zeros(self._kind.size, dtype=np.bool_)
        for key in keys:
            mask[self._at.get(f"{table}/{key}", [])] = True
        return mask & np.isin(self._kind, KINDS[table]) & ~self._is_box


def _summed_capacity(arcs: pd.DataFrame) -> float:
    """Return the capacity of some arcs, each group counted once; arcs without one use that of the others."""
    known = arcs[np.isfinite(arcs["capacity"].to_numpy(dtype=np.float64))]
    groups = known.drop_duplicates("group")["capacity"]
    return float(groups.sum()) if len(groups) else float("inf")


def _loading(supernetwork: Supernetwork, economies: Sequence[str], modes: Sequence[str]) -> Bools:
    """Return the arcs by which freight enters one of some modes from another mode in some economies, (A,)."""
    arcs, of_node = supernetwork.network.arcs, supernetwork.nodes["mode"]
    is_entry = arcs["kind"].isin((ACCESS, TRANSFER)) & arcs["territory"].isin(economies)
    is_entry &= arcs["to"].map(of_node).isin(modes) & ~arcs["from"].map(of_node).isin(modes)
    return is_entry.to_numpy(dtype=np.bool_)


def _sending(arcs: pd.DataFrame, zones: Sequence[str]) -> Bools:
    """Return the arcs by which freight starts in some zones, written place/economy, (A,)."""
    labels = [zone_node(*zone.split(KEY_SEPARATOR)).label for zone in zones]
    return arcs["from"].isin(labels).to_numpy(dtype=np.bool_)


def carried_capacities(before: HardCapacities, flows: Floats, after: HardCapacities) -> Floats:
    """Return the capacities of a case at the use that the baseline shows, t/a, (H,).

    Args:
        before: Those of the baseline.
        flows: Freight on them in the baseline, t/a.
        after: Those of the case.
    """
    ratio = dict(zip(before.ids, np.maximum(flows / before.capacity, 1.0).tolist(), strict=True))
    return np.asarray(after.capacity * np.array([ratio.get(name, 1.0) for name in after.ids]))


def priced(supernetwork: Supernetwork, hard: HardCapacities, price: Floats) -> Supernetwork:
    """Return a supernetwork whose users pay shadow prices, USD/t, (H,); the same object if all are 0."""
    demand = supernetwork.demand
    if not price.any():
        return supernetwork
    shape = (len(demand.classes), supernetwork.network.size)
    cost = np.zeros(shape) if demand.class_cost is None else demand.class_cost.copy()
    for number in np.flatnonzero(price):
        cost += price[number] * hard.hours(int(number), demand.value_of_time)
    return replace(supernetwork, demand=replace(demand, class_cost=np.ascontiguousarray(cost)))


def owners_of(tables: pd.DataFrame, capacity: str) -> Mapping[str, float]:
    """Return the share of each owner of a hard capacity, from the table ``capacity_owners``."""
    rows: list[dict[Any, Any]] = tables[tables["capacity"] == capacity].to_dict("records")
    return {str(row["owner"]): float(row["share"]) for row in rows}
