"""Line-haul and border crossings: links of the region in both directions.

A rail link is entered from the node of its gauge. Where it crosses a border, the dwell and charges of the
crossing follow it on an arc of their own. A crossing marked as a change of gauge joins the single gauge on
this side to the other beyond: its dwell and charges are those of border and change together, and every
consignment pays them. Where an end of the link has a transfer ``rail/rail``, the change takes place there:
the path passes the transfer without further dwell or charges, but waits in its queue.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sogdia.codes import OPERATING
from sogdia.freight.supernetwork.arcs import CROSSING, HAUL, Arc
from sogdia.freight.supernetwork.capacity import UNLIMITED, SharedCapacity
from sogdia.freight.supernetwork.loads import CARGO_TYPES
from sogdia.freight.supernetwork.nodes import Node, StationNodes, border_node, gauge_of, station_node
from sogdia.freight.supernetwork.rates import Rates, entry_tariffs, scopes_of
from sogdia.freight.supernetwork.reliability import calendar_sd_h

TURN = 360.0
"""Degrees of a full turn."""
CrossingKey = tuple[str, str, str, str]
"""Place, economy on the near side, economy on the far side, mode."""


@dataclass(frozen=True)
class LineHaulInputs:
    """Data from which line-haul and crossings are built.

    Attributes:
        stations: Nodes of places and modes.
        rates: Charges and emissions of carriage.
        country: Territory of each place.
        longitude: Longitude of each place, degrees.
        group: Group of each economy.
        crossings: Operating rows of ``crossings`` by place, near side, far side and mode.
        closed: Keys of crossings that do not operate: where only such a row exists, the border is closed.
        domestic_t: Domestic tonnes a year by link.
        crossing_capacity: Capacities of crossings by row.
        empty_returns: Factor on line-haul charges by link, place of arrival and cargo type.
        gauge_changes: Operating transfers ``rail/rail`` by place, each as arcs whose ends are to be set.
    """

    stations: StationNodes
    rates: Rates
    country: Mapping[str, str]
    longitude: Mapping[str, float]
    group: Mapping[str, str]
    crossings: Mapping[CrossingKey, Mapping[str, Any]]
    closed: frozenset[CrossingKey]
    domestic_t: Mapping[str, float]
    crossing_capacity: Mapping[str, SharedCapacity]
    empty_returns: Mapping[tuple[str, str, str], float]
    gauge_changes: Mapping[str, tuple[Arc, ...]]


@dataclass(frozen=True, slots=True)
class BorderPath:
    """A path across a border.

    Attributes:
        before: Node at which it starts.
        after: Node at which it ends.
        change_at: Place whose transfer ``rail/rail`` it passes; empty where there is none.
    """

    before: Node
    after: Node
    change_at: str = ""


def haul_arcs(links: pd.DataFrame, inputs: LineHaulInputs) -> Iterator[Arc]:
    """Yield the arcs of all operating links, each in both directions."""
    for row in links[links["status"] == OPERATING].reset_index().to_dict("records"):
        for start, end in ((row["from"], row["to"]), (row["to"], row["from"])):
            yield from _direction(row, start, end, inputs)


def _direction(link: Mapping[Any, Any], start: str, end: str, inputs: LineHaulInputs) -> Iterator[Arc]:
    """Yield the arcs of a link in one direction."""
    mode, gauge = str(link["mode"]), gauge_of(link)
    near, far = inputs.country[start], inputs.country[end]
    crossing = _crossing_of(start, end, mode, inputs) if near != far else None
    if crossing is None:
        if any((place, near, far, mode) in inputs.closed for place in (start, end)):
            return
        yield _haul(link, station_node(start, mode, gauge), station_node(end, mode, gauge), start, inputs)
        return
    paths = _border_paths(start, end, mode, gauge, bool(crossing["gauge_change"]), inputs)
    for number, path in enumerate(paths):
        key = str(link["row"])
        border, haul_start, crossing_end = border_node(key, end, number, mode), path.before, path.after
        if path.change_at == start:
            haul_start = border_node(key, start, number, mode, " changed")
            yield from _change(inputs.gauge_changes[start], path.before, haul_start)
        if path.change_at == end:
            crossing_end = border_node(key, end, number, mode, " to change")
            yield from _change(inputs.gauge_changes[end], crossing_end, path.after)
        yield _haul(link, haul_start, border, start, inputs)
        yield _cross(crossing, (border, crossing_end), far, link, inputs)


def _border_paths(
    start: str, end: str, mode: str, gauge: str, changes_gauge: bool, inputs: LineHaulInputs
) -> list[BorderPath]:
    """Return the paths across the border of a link."""
    stations = inputs.stations
    near, far = station_node(start, mode, gauge), station_node(end, mode, gauge)
    if not changes_gauge:
        return [BorderPath(near, far)]
    paths = [
        BorderPath(station_node(start, mode, other), far)
        for other in stations.gauges(start)
        if other != gauge
    ]
    paths += [
        BorderPath(near, station_node(end, mode, other)) for other in stations.gauges(end) if other != gauge
    ]
    if not paths:
        return [BorderPath(near, far)]
    return [replace(path, change_at=_change_at(path, near, start, end, inputs)) for path in paths]


def _change_at(path: BorderPath, near: Node, start: str, end: str, inputs: LineHaulInputs) -> str:
    """Return the place whose transfer changes the gauge: the end where the gauges meet comes first."""
    ends = (end, start) if path.before == near else (start, end)
    return next((place for place in ends if place in inputs.gauge_changes), "")


def _change(transfer: tuple[Arc, ...], before: Node, after: Node) -> Iterator[Arc]:
    """Yield the arcs of a change of gauge whose dwell and charges are in those of the crossing."""
    for arc in transfer:
        yield replace(arc, start=before, end=after, time_h=0.0, usd_per_t={})


def _crossing_of(start: str, end: str, mode: str, inputs: LineHaulInputs) -> Mapping[str, Any] | None:
    """Return the row for passing from one side to the other at either end of the link, the far end first."""
    near, far = inputs.country[start], inputs.country[end]
    for place in (end, start):
        row = inputs.crossings.get((place, near, far, mode))
        if row is not None:
            return row
    return None


def _haul(link: Mapping[Any, Any], before: Node, after: Node, start: str, inputs: LineHaulInputs) -> Arc:
    mode, length = str(link["mode"]), float(link["length_km"])
    end = str(link["to"] if start == link["from"] else link["from"])
    territory, corridor = inputs.country[start], str(link["corridor"])
    scopes = scopes_of(territory, inputs.group, corridor)
    tariffs = {cargo: inputs.rates.tariff(mode, cargo, scopes) for cargo in CARGO_TYPES}
    key = (str(link["row"]), end)
    empty = {cargo: inputs.empty_returns.get((*key, cargo), 1.0) for cargo in CARGO_TYPES}
    is_eastward = 0.0 < (inputs.longitude[end] - inputs.longitude[start]) % TURN < TURN / 2.0
    charges = {
        cargo: tariff.usd_per_tkm * length * (tariff.eastward if is_eastward else 1.0) * empty[cargo]
        for cargo, tariff in tariffs.items()
    }
    co2 = {cargo: inputs.rates.co2(mode, cargo, scopes) for cargo in CARGO_TYPES}
    used = {tariff.row for tariff in tariffs.values()} | {rate.row for rate in co2.values() if rate}
    rate_rows = sorted(f"rates/{row}" for row in used)
    time_h = length / float(link["speed_kmh"])
    capacity = link["capacity_t"]
    is_known = capacity == capacity
    return Arc(
        start=before,
        end=after,
        kind=HAUL,
        mode=mode,
        rows=(f"links/{link['row']}", *rate_rows),
        time_h=time_h,
        link_id=str(link["row"]),
        gauge=gauge_of(link),
        usd_per_t=charges,
        tariff_usd_per_t=charges,
        transit_usd_per_t={
            cargo: tariff.transit * length * empty[cargo]
            for cargo, tariff in tariffs.items()
            if not math.isnan(tariff.transit)
        },
        g_co2_per_t={cargo: rate.value * length for cargo, rate in co2.items() if rate is not None},
        length_km=length,
        territory=territory,
        corridor=corridor,
        capacity_t=float(capacity) if is_known else float("inf"),
        group=f"link {link['row']}" if is_known else "",
        group_time_h=time_h if is_known else 0.0,
        preload_t=inputs.domestic_t.get(str(link["row"]), 0.0),
    )


def _cross(
    crossing: Mapping[str, Any],
    ends: tuple[Node, Node],
    territory: str,
    link: Mapping[Any, Any],
    inputs: LineHaulInputs,
) -> Arc:
    """Return the arc of a crossing, whose fee and entry are paid; all paths across share its capacity."""
    before, after = ends
    fees = inputs.rates.loads.charges(crossing, "crossings", str(crossing["mode"]))
    entry = entry_tariffs(inputs.rates, str(crossing["mode"]), territory, inputs.group, str(link["corridor"]))
    capacity = inputs.crossing_capacity.get(str(crossing["row"]), UNLIMITED)
    sd_h = float(crossing["dwell_sd_h"])
    has_sd = sd_h == sd_h
    return Arc(
        start=before,
        end=after,
        kind=CROSSING,
        mode=str(crossing["mode"]),
        rows=(f"crossings/{crossing['row']}",),
        time_h=float(crossing["dwell_h"]),
        dwell_sd_h=sd_h if has_sd else 0.0,
        has_dwell_sd=has_sd,
        calendar_sd_h=calendar_sd_h(crossing),
        crossing_id=str(crossing["row"]),
        place=str(crossing["place"]),
        from_iso3=str(crossing["from_iso3"]),
        to_iso3=str(crossing["to_iso3"]),
        **entry.on_top_of(fees),
        territory=territory,
        capacity_t=capacity.capacity_t,
        group=capacity.group,
        group_time_h=capacity.time_h,
    )
