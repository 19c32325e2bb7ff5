"""Through journeys: time, cost and length of one consignment between two places past given places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats, Ints, new_work
from sogdia.assignment.kernels.shortest_tree import shortest_tree
from sogdia.assignment.network import Network
from sogdia.case import Case
from sogdia.errors import UnknownNameError
from sogdia.freight.inputs import Supernetwork
from sogdia.freight.supernetwork.arcs import CROSSING, HAUL, TRANSFER
from sogdia.freight.supernetwork.nodes import STATION
from sogdia.tables import list_items

SEA_SHARE = 0.75
"""Share of a journey's length by sea from which it counts as a sea journey, its legs ashore left out."""
COMPONENTS = ("length_km", "time_h", "usd_per_t_container", "g_co2_per_t_container")


@dataclass(frozen=True)
class Journey:
    """A path between two places.

    Attributes:
        arcs: Arcs passed, in order.
        length_km: Length.
        time_h: Time, with the delays given.
        usd_per_t: Charges for containers.
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


def find_journey(
    supernetwork: Supernetwork, places: Sequence[str], cost: Floats, delay: Floats
) -> Journey | None:
    """Find the least-cost path past places in the order given.

    Each leg starts at the nodes (modes, gauges) where the one before could end, so that changing mode at a
    place costs what the network says; solved leg by leg with all nodes of a place carried on.

    Args:
        supernetwork: Network and demand of a case.
        places: First place, places passed, last place.
        cost: Cost of each arc, (A,); infinite where it may not be used.
        delay: Delay of each group, (G,), in the unit of cost.

    Returns:
        The journey, or ``None`` where there is no path.

    Raises:
        UnknownNameError: If the network has no node at one of the places.
    """
    network = supernetwork.network
    base = np.ascontiguousarray(cost)
    work = new_work(len(network.nodes), network.size)
    reached: dict[int, tuple[float, tuple[int, ...]]] = dict.fromkeys(
        _stations(supernetwork, places[0]), (0.0, ())
    )
    for place in places[1:]:
        ends = _stations(supernetwork, place)
        best: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost_so_far, before) in reached.items():
            pred = np.empty(len(network.nodes), np.int32)
            shortest_tree(start, network.graph, base, delay, work, pred)
            for end in ends:
                total = cost_so_far + float(work.min_label[end])
                if total < best.get(end, (np.inf, ()))[0]:
                    best[end] = (total, before + _arcs_between(start, end, pred, network))
        reached = best
    if not reached:
        return None
    return _summed(min(reached.values())[1], network, delay)


def has_stations(supernetwork: Supernetwork, place: str) -> bool:
    """Return true if a mode of the network serves a place."""
    nodes = supernetwork.nodes
    return bool((nodes["place"].eq(place) & nodes["kind"].eq(STATION)).any())


def _stations(supernetwork: Supernetwork, place: str) -> list[int]:
    """Return the positions of a place's nodes by mode; zones and pipelines are not among them."""
    nodes = supernetwork.nodes
    is_station = nodes["kind"].eq(STATION)
    labels = nodes.index[(is_station & nodes["place"].eq(place)).to_numpy(dtype=np.bool_)]
    if labels.empty:
        raise UnknownNameError("place of the network", place, set(nodes.loc[is_station, "place"]))
    return [supernetwork.network.node_of[label] for label in labels]


def _arcs_between(start: int, end: int, pred: Ints, network: Network) -> tuple[int, ...]:
    arcs = []
    node = end
    while node != start:
        arc = int(pred[node])
        arcs.append(arc)
        node = int(network.graph.tail[arc])
    return tuple(reversed(arcs))


def _summed(arcs: tuple[int, ...], network: Network, delay: Floats) -> Journey:
    rows = network.arcs[[*COMPONENTS, "kind"]].iloc[list(arcs)]
    delay_h = float(delay[network.graph.group[list(arcs)]].sum()) if arcs else 0.0
    length, time, charges, co2 = (float(rows[name].sum()) for name in COMPONENTS)
    changes, crossings = (int((rows["kind"] == kind).sum()) for kind in (TRANSFER, CROSSING))
    return Journey(arcs, length, time + delay_h, charges, co2, changes, crossings)


def main_mode(network: Network, journey: Journey) -> str:
    """Return ``sea`` if nearly all of a journey is by sea, ``multimodal`` if part is, else its main mode."""
    rows = network.arcs.iloc[list(journey.arcs)]
    by_mode = rows[rows["kind"] == HAUL].groupby("mode")["length_km"].sum()
    if by_mode.empty:
        return ""
    by_sea = float(by_mode.reindex(["sea", "ferry"]).fillna(0.0).sum())
    if 0.0 < by_sea < SEA_SHARE * float(by_mode.sum()):
        return "multimodal"
    return str(by_mode.idxmax())


def observed_ranges(case: Case, start: str, end: str, mode: str) -> tuple[str, str]:
    """Return documented days and USD/TEU of such a journey, as ranges; empty where none is documented.

    An observation matches if each of its ends is the place, its country or its country's union, and its mode
    is the one given.
    """
    table = case.table("observations")
    first, last = _names(case, start), _names(case, end)
    matches = table["from"].isin(first) & table["to"].isin(last) & (table["mode"] == mode)
    days = table.loc[matches & (table["what"] == "time_days"), "value"]
    cost = table.loc[matches & (table["what"] == "cost_usd_per_teu"), "value"]
    return _range(days), _range(cost)


def _names(case: Case, place: str) -> set[str]:
    country = str(case.table("places")["iso3"].to_dict()[place])
    parties = case.table("parties")
    unions = parties.loc[parties["code"] == country, "member_of"]
    return {place, country, *(union for cell in unions for union in list_items(cell))}


def _range(values: pd.Series[float]) -> str:
    if values.empty:
        return ""
    low, high = float(values.min()), float(values.max())
    return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"
