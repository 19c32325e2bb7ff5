"""Transfers between modes, access of zones, and pipelines.

A transfer joins the nodes of two modes at a place. Rows of one place with one capacity describe the same port
total and form one group: they share its berths, so congestion delays all of them. A capacity in boxes holds
for containers only (:mod:`sogdia.freight.supernetwork.capacity`).

A zone reaches the road at no cost. It reaches any other mode of its place by loading, which takes the time
and charges of the place's transfer from road to that mode or, where the place has no such row, the median of
all such transfers that operate. Where the row exists and does not operate, the zone does not reach the mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from sogdia.codes import OPERATING
from sogdia.freight.supernetwork.arcs import ACCESS, PIPELINE_HAUL, TRANSFER, Arc
from sogdia.freight.supernetwork.capacity import SharedCapacity, port_capacities
from sogdia.freight.supernetwork.loads import CARGO_TYPES, Loads
from sogdia.freight.supernetwork.nodes import (
    PIPELINE,
    RAIL,
    ROAD,
    Node,
    StationNodes,
    pipeline_node,
    zone_node,
)
from sogdia.freight.supernetwork.rates import Rates, entry_tariffs
from sogdia.units import convert

PIPELINE_KMH = 5.0
"""Speed of oil in a pipeline; it has little effect, since the value of time of oil is low."""


def transfer_arcs(
    transfers: pd.DataFrame,
    stations: StationNodes,
    country: Mapping[str, str],
    rates: Rates,
    group: Mapping[str, str],
) -> Iterator[Arc]:
    """Yield the arcs of operating transfers between modes of a place; ``rail/rail`` between its gauges."""
    operating = _operating(transfers).reset_index()
    capacities = port_capacities(operating, rates.loads)
    for row in operating.to_dict("records"):
        place, first, second = str(row["place"]), str(row["from_mode"]), str(row["to_mode"])
        for before in stations.nodes(place, first):
            for after in stations.nodes(place, second):
                if before != after:
                    for capacity in capacities[str(row["row"])]:
                        arc = _transfer(row, before, after, country[place], capacity, rates.loads)
                        yield arc if first == second else _with_entry(arc, second, rates, group)


def gauge_changes(
    transfers: pd.DataFrame, stations: StationNodes, country: Mapping[str, str], loads: Loads
) -> Mapping[str, tuple[Arc, ...]]:
    """Return operating transfers ``rail/rail`` by place, each as arcs whose ends are to be set."""
    operating = _operating(transfers).reset_index()
    capacities = port_capacities(operating, loads)
    changes = operating[(operating["from_mode"] == RAIL) & (operating["to_mode"] == RAIL)]
    known = set(stations.places)
    return {
        str(row["place"]): tuple(
            _transfer(row, _UNSET, _UNSET, country[row["place"]], capacity, loads)
            for capacity in capacities[str(row["row"])]
        )
        for row in changes.to_dict("records")
        if row["place"] in known
    }


_UNSET = Node("", "", "")


def _transfer(
    row: Mapping[Any, Any],
    before: Node,
    after: Node,
    territory: str,
    capacity: SharedCapacity,
    loads: Loads,
) -> Arc:
    return Arc(
        start=before,
        end=after,
        kind=TRANSFER,
        mode=f"{row['from_mode']}>{row['to_mode']}",
        rows=(f"transfers/{row['row']}",),
        time_h=float(row["dwell_h"]),
        transfer_id=str(row["row"]),
        place=str(row["place"]),
        from_mode=str(row["from_mode"]),
        to_mode=str(row["to_mode"]),
        usd_per_t=loads.charges(row, "transfers", str(row["to_mode"])),
        territory=territory,
        capacity_t=capacity.capacity_t,
        group=capacity.group,
        group_time_h=capacity.time_h,
        cargo=capacity.cargo,
    )


def unpriced_gauge_changes(
    stations: StationNodes, transfers: pd.DataFrame, priced: frozenset[str]
) -> list[str]:
    """Return places where gauges meet and no row gives the cost of changing.

    Args:
        stations: Nodes of places and modes.
        transfers: The table ``transfers``.
        priced: Places at or next to a crossing that includes a change of gauge.
    """
    is_change = (transfers["from_mode"] == RAIL) & (transfers["to_mode"] == RAIL)
    described = set(transfers.loc[is_change, "place"])
    return [
        place
        for place in stations.places
        if len(stations.gauges(place)) > 1 and place not in described | priced
    ]


def access_arcs(
    zones: pd.DataFrame,
    transfers: pd.DataFrame,
    stations: StationNodes,
    country: Mapping[str, str],
    rates: Rates,
    group: Mapping[str, str],
) -> Iterator[Arc]:
    """Yield arcs from each zone to the modes of its place and back."""
    loading = transfers[transfers["from_mode"] == ROAD]
    by_mode = _operating(loading).groupby("to_mode")
    medians = {str(mode): _median(part, str(mode), rates.loads) for mode, part in by_mode}
    rows_by_mode = {
        (str(row["place"]), str(row["to_mode"])): row for row in loading.reset_index().to_dict("records")
    }
    zone_rows: dict[tuple[str, str], list[str]] = {}
    for key, place, economy in zip(zones.index, zones["place"], zones["iso3"], strict=True):
        zone_rows.setdefault((str(place), str(economy)), []).append(f"zones/{key}")
    for (place, economy), own in sorted(zone_rows.items()):
        zone = zone_node(place, economy)
        for mode in stations.modes(place):
            row = rows_by_mode.get((place, mode))
            hours, rows = 0.0, tuple(own)
            charges: Mapping[str, float] = {}
            if row is not None and mode != ROAD:
                if row["status"] != OPERATING:
                    continue
                hours, charges = float(row["dwell_h"]), rates.loads.charges(row, "transfers", mode)
                rows = (f"transfers/{row['row']}", *own)
            elif mode in medians and mode != ROAD:
                hours, charges, median_rows = medians[mode]
                rows = (*own, *median_rows)
            for node in stations.nodes(place, mode):
                unloading = Arc(
                    node, zone, ACCESS, mode, rows, hours, place=place, usd_per_t=charges,
                    territory=country[place],
                )  # fmt: skip
                yield _with_entry(replace(unloading, start=zone, end=node), mode, rates, group)
                yield unloading


def _with_entry(arc: Arc, mode: str, rates: Rates, group: Mapping[str, str]) -> Arc:
    """Return an arc on which freight enters a mode, with the fixed part of the mode's rate."""
    return replace(arc, **entry_tariffs(rates, mode, arc.territory, group).on_top_of(arc.usd_per_t))


def _operating(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["status"] == OPERATING]


def _median(
    loading: pd.DataFrame, mode: str, loads: Loads
) -> tuple[float, Mapping[str, float], tuple[str, ...]]:
    """Return the median hours and USD/t by cargo type of some transfers to a mode, and their rows."""
    rows = tuple(f"transfers/{row}" for row in loading.index)
    charges = pd.DataFrame(
        [loads.charges(row, "transfers", mode) for row in loading.reset_index().to_dict("records")]
    )
    median = {str(cargo): float(usd) for cargo, usd in charges.median().items()}
    return float(loading["dwell_h"].median()), median, rows


def pipeline_arcs(
    pipelines: pd.DataFrame,
    freight: frozenset[str],
    stations: StationNodes,
    rates: Rates,
    zones: pd.DataFrame,
    country: Mapping[str, str],
) -> Iterator[Arc]:
    """Yield the arcs of operating pipelines of freight commodities, each in one direction for its commodity.

    Any mode and any zone of the place hands its goods to the pipeline and takes them from it at no cost:
    the cost of loading is in the other mode's own arcs.
    """
    economies_at: dict[str, list[str]] = {}
    for place, economy in sorted(set(zip(zones["place"], zones["iso3"], strict=True))):
        economies_at.setdefault(place, []).append(economy)
    for row in _operating(pipelines).reset_index().to_dict("records"):
        product = str(row["product"])
        length = float(row["length_km"])
        if product not in freight:
            continue
        start, end, key = str(row["from"]), str(row["to"]), str(row["row"])
        inlet, outlet = pipeline_node(start, product), pipeline_node(end, product)
        rate = rates.tariff(PIPELINE, "liquid_bulk", (key, country[start]))
        hours, capacity = length / PIPELINE_KMH, convert(float(row["capacity_mt"]), "Mt/a", "t/a")
        is_known = capacity == capacity
        yield Arc(
            inlet,
            outlet,
            PIPELINE_HAUL,
            PIPELINE,
            (f"pipelines/{key}", f"rates/{rate.row}"),
            hours,
            pipeline_id=key,
            commodity=product,
            usd_per_t=dict.fromkeys(CARGO_TYPES, rate.usd_per_tkm * length),
            length_km=length,
            territory=country[start],
            operator=str(row["operator"]),
            capacity_t=capacity if is_known else float("inf"),
            group=f"pipeline {key}" if is_known else "",
            group_time_h=hours if is_known else 0.0,
        )
        for place, node, is_inlet in ((start, inlet, True), (end, outlet, False)):
            for other in _joined_nodes(place, stations, economies_at):
                ends = (other, node) if is_inlet else (node, other)
                yield Arc(
                    *ends, ACCESS, PIPELINE, (f"pipelines/{key}",), 0.0, pipeline_id=key, place=place,
                    commodity=product, territory=country[place],
                )  # fmt: skip


def _joined_nodes(place: str, stations: StationNodes, zones: Mapping[str, list[str]]) -> list[Node]:
    nodes = [node for mode in stations.modes(place) for node in stations.nodes(place, mode)]
    return nodes + [zone_node(place, economy) for economy in zones.get(place, [])]
