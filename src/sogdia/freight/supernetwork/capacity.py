"""Capacities that arcs share: the two directions of a border passage, the berths of a port, its boxes.

A port with a capacity in boxes has two arcs for each of its transfers: one for containers, whose group has
the capacity in boxes, and one for other cargo, whose group has the capacity in tonnes or none. Where only
tonnes are known, one arc is for all cargo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sogdia.freight.supernetwork.loads import CONTAINER, Loads
from sogdia.tables import list_items

NOT_CONTAINER = "not container"
"""Cargo of an arc that containers may not use."""


@dataclass(frozen=True, slots=True)
class SharedCapacity:
    """A capacity that some arcs share.

    Attributes:
        group: Name that the arcs have in common; empty where the capacity is unknown.
        capacity_t: Tonnes a year; infinite where unknown.
        time_h: Time that congestion multiplies: the mean dwell of the rows.
        cargo: ``container``, ``not container``, or empty for all cargo.
    """

    group: str = ""
    capacity_t: float = float("inf")
    time_h: float = 0.0
    cargo: str = ""


UNLIMITED = SharedCapacity()


def port_capacities(transfers: pd.DataFrame, loads: Loads) -> Mapping[str, tuple[SharedCapacity, ...]]:
    """Return the capacities of each transfer, one for each arc that it becomes.

    Args:
        transfers: Operating rows of ``transfers`` with their key in the column ``row``. Rows of one place
            with one figure share it.
        loads: Tonnes per box as counted.
    """
    in_t = _groups(transfers, "capacity_t", 1.0, "")
    has_boxes = bool(transfers["capacity_teu"].notna().any())
    in_boxes = _groups(transfers, "capacity_teu", loads.t_per_counted_teu, " boxes") if has_boxes else {}
    capacities: dict[str, tuple[SharedCapacity, ...]] = {}
    for key in map(str, transfers["row"]):
        group, tonnes, hours = in_t.get(key, ("", float("inf"), 0.0))
        if key in in_boxes:
            boxes = SharedCapacity(*in_boxes[key], CONTAINER)
            capacities[key] = (boxes, SharedCapacity(group, tonnes, hours, NOT_CONTAINER))
        else:
            capacities[key] = (SharedCapacity(group, tonnes, hours),)
    return capacities


def _groups(
    transfers: pd.DataFrame, column: str, t_per_unit: float, suffix: str
) -> dict[str, tuple[str, float, float]]:
    """Return group, tonnes a year and mean dwell of each transfer with a capacity in a column."""
    known = transfers[transfers[column].notna()]
    groups: dict[str, tuple[str, float, float]] = {}
    for _, part in known.groupby(["place", column], sort=False):
        place, tonnes = part["place"].iloc[0], float(part[column].iloc[0]) * t_per_unit
        for key in part["row"]:
            groups[str(key)] = f"port {place}{suffix} {tonnes:g}", tonnes, float(part["dwell_h"].mean())
    return groups


def crossing_capacities(
    crossings: Mapping[Any, Mapping[str, Any]], capacities: pd.DataFrame
) -> Mapping[str, SharedCapacity]:
    """Return the capacity of each operating crossing that has one.

    Crossings that a row of ``capacities`` names together share it: the smallest of theirs, should a shock
    have changed one of them only.

    Args:
        crossings: Operating rows of ``crossings``, each with its key ``row``.
        capacities: Table ``capacities``; its figures are in the cells of the crossings already.
    """
    of_crossings = capacities.loc[capacities["table"] == "crossings", "rows"]
    passage = {key: str(rows) for rows in of_crossings for key in list_items(str(rows))}
    members: dict[str, list[Mapping[str, Any]]] = {}
    for row in crossings.values():
        if row["capacity_t"] == row["capacity_t"]:
            members.setdefault(passage.get(str(row["row"]), str(row["row"])), []).append(row)
    shared: dict[str, SharedCapacity] = {}
    for name, rows in members.items():
        tonnes = min(float(row["capacity_t"]) for row in rows)
        hours = sum(float(row["dwell_h"]) for row in rows) / len(rows)
        shared |= {str(row["row"]): SharedCapacity(f"crossing {name}", tonnes, hours) for row in rows}
    return shared
