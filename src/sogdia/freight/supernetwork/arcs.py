"""An arc of the supernetwork as it is collected, before it becomes a row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sogdia.freight.supernetwork.loads import CARGO_TYPES
from sogdia.freight.supernetwork.nodes import Node

HAUL, CROSSING, TRANSFER, ACCESS, PIPELINE_HAUL = "haul", "crossing", "transfer", "access", "pipeline"
"""Kinds of arc: line-haul, border crossing, transfer between modes or gauges, access of a zone, pipeline."""
BPR_POWER, BPR_B = 4.0, 0.15
"""Bureau of Public Roads (1964): ``t₀ · (1 + 0.15 (v/c)⁴)``, for line-haul."""
CONICAL_ALPHA = 4.0
"""Steepness of Spiess's conical function (1990), for crossings and terminals."""
IDENTITY = ("link_id", "crossing_id", "transfer_id", "pipeline_id", "place", "gauge", "commodity")
"""Columns that identify what an arc is; empty text where one does not apply."""


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc of the supernetwork.

    Attributes:
        start: Node at which it starts.
        end: Node at which it ends.
        kind: ``haul``, ``crossing``, ``transfer``, ``access`` or ``pipeline``.
        mode: Mode of carriage, or ``from>to`` of a transfer.
        rows: Rows of the region it is made from, as ``table/key``: its provenance.
        time_h: Free-flow time.
        link_id: Key of its link, for line-haul.
        crossing_id: Key of its crossing.
        transfer_id: Key of its transfer; empty for a change of gauge that no row describes.
        pipeline_id: Key of its pipeline.
        place: Place of the crossing, transfer or access.
        gauge: Gauge of line-haul by rail, in mm, as text.
        commodity: The only commodity that may use it; empty for all.
        cargo: ``container`` or ``not container`` where only such cargo may use it; empty for all.
        from_mode: Mode before a transfer.
        to_mode: Mode after a transfer.
        from_iso3: Economy on the near side of a crossing.
        to_iso3: Economy on the far side of a crossing.
        usd_per_t: Charges by cargo type, of a pair's own trade in a commodity whose tariff class is 1.
        tariff_usd_per_t: The part of them that is a mode's tariff: line-haul, or the fixed part of a rate.
        transit_usd_per_t: Tariff of transit in its place, for cargo types that have one; else the same.
        g_co2_per_t: CO2 by cargo type.
        dwell_sd_h: Standard deviation of the time within a season, at a crossing; 0 where it is not known.
        has_dwell_sd: Whether it is known.
        calendar_sd_h: The part of it that seasons and closing hours cause.
        length_km: Length.
        territory: Party in whose territory it lies.
        corridor: Corridor of its link.
        operator: Operator, where known.
        capacity_t: Tonnes a year; infinite where not known.
        group: Arcs that share a capacity have the same; empty for an arc of its own.
        group_time_h: Time that congestion multiplies, the same in all of a group.
        preload_t: Domestic tonnes a year on it, both directions together, which use its capacity.
    """

    start: Node
    end: Node
    kind: str
    mode: str
    rows: tuple[str, ...]
    time_h: float
    link_id: str = ""
    crossing_id: str = ""
    transfer_id: str = ""
    pipeline_id: str = ""
    place: str = ""
    gauge: str = ""
    commodity: str = ""
    cargo: str = ""
    from_mode: str = ""
    to_mode: str = ""
    from_iso3: str = ""
    to_iso3: str = ""
    usd_per_t: Mapping[str, float] = field(default_factory=dict)
    tariff_usd_per_t: Mapping[str, float] = field(default_factory=dict)
    transit_usd_per_t: Mapping[str, float] = field(default_factory=dict)
    g_co2_per_t: Mapping[str, float] = field(default_factory=dict)
    dwell_sd_h: float = 0.0
    has_dwell_sd: bool = False
    calendar_sd_h: float = 0.0
    length_km: float = 0.0
    territory: str = ""
    corridor: str = ""
    operator: str = ""
    capacity_t: float = float("inf")
    group: str = ""
    group_time_h: float = 0.0
    preload_t: float = 0.0


COPIED = (
    *IDENTITY, "cargo", "from_mode", "to_mode", "from_iso3", "to_iso3", "territory", "corridor", "operator",
    "length_km", "time_h", "dwell_sd_h", "has_dwell_sd", "calendar_sd_h",
)  # fmt: skip


def arcs_table(arcs: Iterable[Arc]) -> pd.DataFrame:
    """Return arcs as a table for :func:`sogdia.assignment.make_network`; the unit of cost is the hour."""
    rows = []
    for number, arc in enumerate(arcs):
        is_congested = arc.capacity_t < float("inf") and arc.group_time_h > 0.0
        is_haul = arc.kind in (HAUL, PIPELINE_HAUL)
        row = {
            "from": arc.start.label,
            "to": arc.end.label,
            "kind": arc.kind,
            "mode": arc.mode,
            "rows": arc.rows,
            **{name: getattr(arc, name) for name in COPIED},
            "free_flow_cost": arc.time_h,
            "delay": ("power" if is_haul else "conical") if is_congested else "none",
            "delay_scale": (BPR_B if is_haul else 1.0) * arc.group_time_h if is_congested else 0.0,
            "capacity": arc.capacity_t,
            "delay_power": BPR_POWER if is_haul else CONICAL_ALPHA,
            "preload": arc.preload_t,
            "group": arc.group or f"arc {number}",
        }
        row |= {f"usd_per_t_{cargo}": arc.usd_per_t.get(cargo, 0.0) for cargo in CARGO_TYPES}
        row |= {f"tariff_usd_per_t_{cargo}": arc.tariff_usd_per_t.get(cargo, 0.0) for cargo in CARGO_TYPES}
        transit = {**arc.tariff_usd_per_t, **arc.transit_usd_per_t}
        row |= {f"transit_usd_per_t_{cargo}": transit.get(cargo, 0.0) for cargo in CARGO_TYPES}
        row |= {f"g_co2_per_t_{cargo}": arc.g_co2_per_t.get(cargo, 0.0) for cargo in CARGO_TYPES}
        rows.append(row)
    return pd.DataFrame(rows)
