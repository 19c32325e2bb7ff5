"""Through journeys: what one consignment meets between two places by a given corridor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats, new_work
from sogdia.assignment.kernels.shortest_tree import shortest_tree
from sogdia.assignment.network import Network
from sogdia.case import Case
from sogdia.errors import UnknownNameError

AFLOAT = 0.75
"""Part of a journey's length at sea from which it is told of as one by sea, its ends ashore left out."""
COMPONENTS = ("length_km", "time_h", "usd_per_t_container", "g_co2_per_t_container")


@dataclass(frozen=True)
class Journey:
    """One way from a place to another.

    Attributes:
        arcs: Arcs passed, in order.
        length_km: Length.
        time_h: Time, with the delays given.
        usd_per_t: Money for containers.
        g_co2_per_t: CO2 for containers.
        changes: Transfers and changes of gauge.
        crossings: Borders crossed.
    """

    arcs: tuple[int, ...]
    length_km: float
    time_h: float
    usd_per_t: float
    g_co2_per_t: float
    changes: int
    crossings: int


def journey(
    network: Network, places: Sequence[str], cost: Floats, delay: Floats, allowed: Floats | None = None
) -> Journey | None:
    """The cheapest way past places in the order given.

    Each leg starts at the nodes (modes, gauges) where the one before could end, so that changing mode
    at a place passed costs what the network says; solved leg by leg with all nodes of a place carried on.

    Args:
        network: A supernetwork; nodes are ``place/mode``.
        places: First place, places passed, last place.
        cost: Cost of each arc, (A,); inf where it may not be used.
        delay: Delay of each group, (G,), in the unit of cost.
        allowed: Added to the cost, (A,).

    Returns:
        The journey, or ``None`` where there is no way.

    Raises:
        UnknownNameError: If no node stands at one of the places.
    """
    base = np.ascontiguousarray(cost if allowed is None else cost + allowed)
    work = new_work(len(network.nodes), network.size)
    reached: dict[int, tuple[float, tuple[int, ...]]] = dict.fromkeys(_nodes(network, places[0]), (0.0, ()))
    for place in places[1:]:
        ends = _nodes(network, place)
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (spent, before) in reached.items():
            pred = np.empty(len(network.nodes), np.int32)
            shortest_tree(start, network.graph, base, delay, work, pred)
            for end in ends:
                total = spent + float(work.low[end])
                if total < found.get(end, (np.inf, ()))[0]:
                    found[end] = (total, before + _back(end, start, pred, network))
        reached = found
    if not reached:
        return None
    return _told(min(reached.values())[1], network, delay)


def _nodes(network: Network, place: str) -> list[int]:
    """Nodes of a place by mode; zones and pipelines are none."""
    found = [
        i for name, i in network.node_of.items() if name.startswith(f"{place}/") and "/pipeline/" not in name
    ]
    if not found:
        raise UnknownNameError("place of the network", place, {name.split("/")[0] for name in network.nodes})
    return found


def _back(
    end: int, start: int, pred: np.ndarray[tuple[int], np.dtype[np.int32]], network: Network
) -> tuple[int, ...]:
    arcs = []
    node = end
    while node != start:
        arc = int(pred[node])
        arcs.append(arc)
        node = int(network.graph.tail[arc])
    return tuple(reversed(arcs))


def _told(arcs: tuple[int, ...], network: Network, delay: Floats) -> Journey:
    rows = network.arcs.iloc[list(arcs)]
    waiting = float(delay[network.graph.group[list(arcs)]].sum()) if arcs else 0.0
    length, time, money, co2 = (float(rows[name].sum()) for name in COMPONENTS)
    kinds = rows["kind"]
    return Journey(
        arcs,
        length,
        time + waiting,
        money,
        co2,
        int((kinds == "transfer").sum()),
        int((kinds == "crossing").sum()),
    )


def carriage(network: Network, way: Journey) -> str:
    """How a journey is told of: ``sea`` if nearly all of it is, ``multimodal`` if part is, else its mode."""
    rows = network.arcs.iloc[list(way.arcs)]
    by_mode = rows[rows["kind"] == "haul"].groupby("mode")["length_km"].sum()
    if by_mode.empty:
        return ""
    afloat = float(by_mode.reindex(["sea", "ferry"]).fillna(0.0).sum())
    if 0.0 < afloat < AFLOAT * float(by_mode.sum()):
        return "multimodal"
    return str(by_mode.idxmax())


def observed(case: Case, start: str, end: str, mode: str) -> tuple[str, str]:
    """Days and dollars a TEU that documents tell of such a journey, as ranges; empty where none does.

    An observation fits if each of its ends is the place, its country or its country's union, and its
    mode is the one asked for.
    """
    table = case.table("observations")
    first, last = _names(case, start), _names(case, end)
    near = table["from"].isin(first) & table["to"].isin(last) & (table["mode"] == mode)
    days = table.loc[near & (table["what"] == "time_days"), "value"]
    money = table.loc[near & (table["what"] == "cost_usd_per_teu"), "value"]
    return _range(days), _range(money)


def _names(case: Case, place: str) -> set[str]:
    country = case.table("places")["iso3"].to_dict()[place]
    parties = case.table("parties")
    unions = parties.loc[parties["code"] == country, "member_of"].str.split(";").sum()
    return {place, str(country), *(unions or [])} - {""}


def _range(values: pd.Series[float]) -> str:
    if values.empty:
        return ""
    low, high = float(values.min()), float(values.max())
    return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"
