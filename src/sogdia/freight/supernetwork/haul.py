"""Line-haul and border crossings: links of the region in both directions.

A rail link is entered from the node of its gauge. Where it crosses a border, the crossing's dwell and
charges follow it on an arc of their own. A crossing marked as a change of gauge joins the one gauge
on this side to the other beyond: it stands for border and change together. Where an end of the link has a
transfer ``rail/rail``, the transfer is another way to do the same: the border is then passed free on the
way to or from that transfer, and to or from nothing else: one or the other, never both and never neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sogdia.freight.supernetwork.arcs import Arc
from sogdia.freight.supernetwork.rates import CARGOS, Rates
from sogdia.freight.supernetwork.stations import Stations, gauge_of

CHARGES = "usd_per_t"


@dataclass(frozen=True)
class Ground:
    """What line-haul is made from.

    Attributes:
        stations: Nodes of places and modes.
        rates: What carriage costs.
        country: Territory of each place.
        group: Group of each economy.
        crossings: Operating rows of ``crossings`` by place, side, other side and mode.
        shut: The same of rows that do not operate: where only such a row stands, there is no way across.
        changes: Operating transfers ``rail/rail`` by place, each as an arc whose ends are to be put in.
    """

    stations: Stations
    rates: Rates
    country: Mapping[str, str]
    group: Mapping[str, str]
    crossings: Mapping[tuple[str, str, str, str], Mapping[str, Any]]
    shut: frozenset[tuple[str, str, str, str]]
    changes: Mapping[str, Arc]


def haul_arcs(links: pd.DataFrame, ground: Ground) -> Iterator[Arc]:
    """Arcs of all operating links, each in both directions."""
    for row in links[links["status"] == "operating"].reset_index().to_dict("records"):
        for start, end in ((row["from"], row["to"]), (row["to"], row["from"])):
            yield from _one_way(row, start, end, ground)


def _one_way(link: Mapping[Any, Any], start: str, end: str, ground: Ground) -> Iterator[Arc]:
    gauge = gauge_of(link)
    here, there = ground.country[start], ground.country[end]
    crossing = _crossing(start, end, str(link["mode"]), ground) if here != there else None
    if crossing is None:
        if any((place, here, there, str(link["mode"])) in ground.shut for place in (start, end)):
            return
        yield _haul(
            link,
            ground.stations.node(start, link["mode"], gauge),
            ground.stations.node(end, link["mode"], gauge),
            start,
            ground,
        )
        return
    ways = _ways_across(start, end, str(link["mode"]), gauge, bool(crossing["gauge_change"]), ground)
    for number, (before, after, change) in enumerate(ways):
        middle, ready, passed = f"{link['row']}>{end}#{number}", before, after
        if change == start:
            ready = f"{link['row']}>{start}#{number} changed"
            yield replace(ground.changes[change], start=before, end=ready)
        if change == end:
            passed = f"{link['row']}>{end}#{number} to change"
            yield replace(ground.changes[change], start=passed, end=after)
        yield _haul(link, ready, middle, start, ground)
        yield _across(crossing, middle, passed, there, pays=not change)


def _ways_across(
    start: str, end: str, mode: str, gauge: str, changing: bool, ground: Ground
) -> list[tuple[str, str, str]]:
    """Node before, node after, and the place whose transfer is paid in the place of the crossing, if any."""
    stations = ground.stations
    here, there = stations.node(start, mode, gauge), stations.node(end, mode, gauge)
    if not changing:
        return [(here, there, "")]
    ways = [
        (stations.node(start, mode, other), there, "") for other in stations.gauges(start) if other != gauge
    ]
    ways += [(here, stations.node(end, mode, other), "") for other in stations.gauges(end) if other != gauge]
    if not ways:
        return [(here, there, "")]
    for before, after, _ in tuple(ways):
        meeting, other = (end, start) if before == here else (start, end)
        place = next((place for place in (meeting, other) if place in ground.changes), "")
        if place:
            ways.append((before, after, place))
    return ways


def _crossing(start: str, end: str, mode: str, ground: Ground) -> Mapping[str, Any] | None:
    """The row for passing from one side to the other, at either end of the link; the far end first."""
    here, there = ground.country[start], ground.country[end]
    for place in (end, start):
        row = ground.crossings.get((place, here, there, mode))
        if row is not None:
            return row
    return None


def _haul(link: Mapping[Any, Any], before: str, after: str, start: str, ground: Ground) -> Arc:
    mode, length = str(link["mode"]), float(link["length_km"])
    territory, corridor = ground.country[start], str(link["corridor"])
    scopes = tuple(scope for scope in (corridor, territory, ground.group.get(territory, "")) if scope)
    money = {cargo: ground.rates.money(mode, cargo, scopes) for cargo in CARGOS}
    co2 = {cargo: ground.rates.co2(mode, cargo, scopes) for cargo in CARGOS}
    used = sorted({f"rates/{rate.row}" for rate in [*money.values(), *(r for r in co2.values() if r)]})
    time_h = length / float(link["speed_kmh"])
    capacity = link["capacity_t"]
    known = capacity == capacity
    return Arc(
        start=before,
        end=after,
        kind="haul",
        mode=mode,
        rows=(f"links/{link['row']}", *used),
        time_h=time_h,
        usd_per_t={cargo: rate.value * length for cargo, rate in money.items()},
        g_co2_per_t={cargo: rate.value * length for cargo, rate in co2.items() if rate is not None},
        length_km=length,
        territory=territory,
        corridor=corridor,
        capacity_t=float(capacity) if known else float("inf"),
        group=f"link {link['row']}" if known else "",
        group_time_h=time_h if known else 0.0,
    )


def _across(crossing: Mapping[str, Any], before: str, after: str, territory: str, pays: bool) -> Arc:
    """The border itself; all ways across share its capacity, those that do not pay only its queue."""
    capacity = crossing["capacity_t"]
    known = capacity == capacity
    dwell = float(crossing["dwell_h"])
    return Arc(
        start=before,
        end=after,
        kind="crossing",
        mode=str(crossing["mode"]),
        rows=(f"crossings/{crossing['row']}",),
        time_h=dwell if pays else 0.0,
        usd_per_t=dict.fromkeys(CARGOS, float(crossing["cost_usd_per_t"]) if pays else 0.0),
        territory=territory,
        capacity_t=float(capacity) if known else float("inf"),
        group=f"crossing {crossing['row']}" if known else "",
        group_time_h=dwell if known else 0.0,
    )
