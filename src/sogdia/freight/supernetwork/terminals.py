"""Transfers between modes, access of zones, and pipelines.

A transfer joins the nodes of two modes at a place. What the same port total stands on (several rows
of one place with one capacity) is one group: its berths are shared, so its crowding is felt by all.

A zone reaches the road at no cost; it reaches any other mode of its place by loading, which takes and
costs what the place's transfer from road to that mode does, or, where the place has no row of it, the
middle figure of all such transfers that operate. Where the row is there and does not operate, the zone
does not reach the mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sogdia.freight.supernetwork.arcs import Arc
from sogdia.freight.supernetwork.rates import CARGOS, Rates
from sogdia.freight.supernetwork.stations import OPERATING, RAIL, Stations, zone_node

ROAD, PIPELINE = "road", "pipeline"
TONNES_PER_TEU = 10.0
"""Tonnes of goods in a twenty-foot unit, by which capacities in units become tonnes."""
PIPELINE_KMH = 5.0
"""Speed of oil in a line; it hardly counts, since oil is little hurt by time."""


def transfer_arcs(transfers: pd.DataFrame, stations: Stations, country: Mapping[str, str]) -> Iterator[Arc]:
    """Arcs of operating transfers between the modes of a place; ``rail/rail`` between its gauges."""
    running = transfers[_running(transfers)].reset_index()
    shared = _port_groups(running)
    for row in running.to_dict("records"):
        place, first, second = str(row["place"]), str(row["from_mode"]), str(row["to_mode"])
        for before in stations.nodes(place, first):
            for after in stations.nodes(place, second):
                if before != after:
                    yield _transfer(row, before, after, country[place], shared)


def gauge_changes(
    transfers: pd.DataFrame, stations: Stations, country: Mapping[str, str]
) -> Mapping[str, Arc]:
    """Operating transfers ``rail/rail`` by place, each as an arc without ends."""
    running = transfers[_running(transfers)].reset_index()
    shared = _port_groups(running)
    breaks = running[(running["from_mode"] == RAIL) & (running["to_mode"] == RAIL)]
    known = set(stations.places)
    return {
        str(row["place"]): _transfer(row, "", "", country[row["place"]], shared)
        for row in breaks.to_dict("records")
        if row["place"] in known
    }


def _port_groups(transfers: pd.DataFrame) -> Mapping[str, tuple[str, float, float]]:
    """Group, tonnes a year and middle dwell for each transfer with a capacity."""
    groups: dict[str, tuple[str, float, float]] = {}
    capacity = transfers["capacity_t"].fillna(transfers["capacity_teu"] * TONNES_PER_TEU)
    known = transfers.assign(tonnes=capacity)[capacity.notna()]
    for _, part in known.groupby(["place", "tonnes"], sort=False):
        dwell, tonnes, place = (
            float(part["dwell_h"].mean()),
            float(part["tonnes"].iloc[0]),
            part["place"].iloc[0],
        )
        for row in part["row"]:
            groups[str(row)] = (f"port {place} {tonnes:g}", tonnes, dwell)
    return groups


def _transfer(
    row: Mapping[Any, Any],
    before: str,
    after: str,
    territory: str,
    shared: Mapping[str, tuple[str, float, float]],
) -> Arc:
    group, capacity, dwell = shared.get(str(row["row"]), ("", float("inf"), 0.0))
    return Arc(
        start=before,
        end=after,
        kind="transfer",
        mode=f"{row['from_mode']}>{row['to_mode']}",
        rows=(f"transfers/{row['row']}",),
        time_h=float(row["dwell_h"]),
        usd_per_t=dict.fromkeys(CARGOS, float(row["cost_usd_per_t"])),
        territory=territory,
        capacity_t=capacity,
        group=group,
        group_time_h=dwell,
    )


def free_gauge_changes(stations: Stations, transfers: pd.DataFrame, changing: frozenset[str]) -> list[str]:
    """Places where gauges meet and nothing says what changing takes: no transfer, no crossing nearby."""
    told = set(transfers.loc[(transfers["from_mode"] == RAIL) & (transfers["to_mode"] == RAIL), "place"])
    return [
        place for place in stations.places if len(stations.gauges(place)) > 1 and place not in told | changing
    ]


def access_arcs(
    zones: pd.DataFrame, transfers: pd.DataFrame, stations: Stations, country: Mapping[str, str]
) -> Iterator[Arc]:
    """Arcs from each zone to the modes of its place and back."""
    loading = transfers[transfers["from_mode"] == ROAD]
    usual = {str(mode): _usual(part) for mode, part in loading[_running(loading)].groupby("to_mode")}
    told = {(str(row["place"]), str(row["to_mode"])): row for row in loading.reset_index().to_dict("records")}
    sets: dict[tuple[str, str], list[str]] = {}
    for key, place, economy in zip(zones.index, zones["place"], zones["iso3"], strict=True):
        sets.setdefault((str(place), str(economy)), []).append(f"zones/{key}")
    for (place, economy), own in sorted(sets.items()):
        for mode in stations.modes(place):
            row = told.get((place, mode))
            hours, money, rows = 0.0, 0.0, tuple(own)
            if row is not None and mode != ROAD:
                if row["status"] != OPERATING:
                    continue
                hours, money = float(row["dwell_h"]), float(row["cost_usd_per_t"])
                rows = (f"transfers/{row['row']}", *own)
            elif mode in usual and mode != ROAD:
                hours, money, middle = usual[mode]
                rows = (*own, *middle)
            charges = dict.fromkeys(CARGOS, money)
            for node in stations.nodes(place, mode):
                ends = ((zone_node(place, economy), node), (node, zone_node(place, economy)))
                for start, end in ends:
                    yield Arc(start, end, "access", mode, rows, hours, charges, territory=country[place])


def _running(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["status"] == OPERATING


def _usual(loading: pd.DataFrame) -> tuple[float, float, tuple[str, ...]]:
    """Middle hours and dollars a tonne of some transfers, and which they are."""
    rows = tuple(f"transfers/{row}" for row in loading.index)
    return float(loading["dwell_h"].median()), float(loading["cost_usd_per_t"].median()), rows


def pipeline_arcs(
    pipelines: pd.DataFrame,
    freight: frozenset[str],
    stations: Stations,
    rates: Rates,
    zones: pd.DataFrame,
    country: Mapping[str, str],
) -> Iterator[Arc]:
    """Operating pipelines of goods that are freight, each for its own goods and one way.

    Any mode and any zone of the place hands its goods to the line and takes them from it at no cost:
    what loading costs is in the other mode's own arcs.
    """
    at: dict[str, list[str]] = {}
    for place, economy in sorted(set(zip(zones["place"], zones["iso3"], strict=True))):
        at.setdefault(place, []).append(economy)
    for row in pipelines[pipelines["status"] == OPERATING].reset_index().to_dict("records"):
        product = str(row["product"])
        if product not in freight:
            continue
        start, end = str(row["from"]), str(row["to"])
        length = float(row["length_km"])
        if length != length:
            continue
        key, before, after = (
            f"pipelines/{row['row']}",
            f"{start}/{PIPELINE}/{product}",
            f"{end}/{PIPELINE}/{product}",
        )
        rate = rates.money(PIPELINE, "liquid_bulk", ())
        hours, capacity = length / PIPELINE_KMH, float(row["capacity_mt"]) * 1e6
        known = capacity == capacity
        yield Arc(
            before,
            after,
            "pipeline",
            PIPELINE,
            (key, f"rates/{rate.row}"),
            hours,
            dict.fromkeys(CARGOS, rate.value * length),
            length_km=length,
            territory=country[start],
            operator=str(row["operator"]),
            capacity_t=capacity if known else float("inf"),
            group=f"pipeline {row['row']}" if known else "",
            group_time_h=hours if known else 0.0,
            only=product,
        )
        for place, node, into in ((start, before, True), (end, after, False)):
            for other in _reach(place, stations, at):
                ends = (other, node) if into else (node, other)
                yield Arc(*ends, "access", PIPELINE, (key,), 0.0, territory=country[place], only=product)


def _reach(place: str, stations: Stations, zones: Mapping[str, list[str]]) -> list[str]:
    nodes = [node for mode in stations.modes(place) for node in stations.nodes(place, mode)]
    return nodes + [zone_node(place, economy) for economy in zones.get(place, [])]
