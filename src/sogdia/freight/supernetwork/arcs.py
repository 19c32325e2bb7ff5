"""An arc of the supernetwork as it is collected, before it becomes a row of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sogdia.freight.supernetwork.rates import CARGOS

BPR_POWER, BPR_B = 4.0, 0.15
"""Bureau of Public Roads (1964): ``t₀ · (1 + 0.15 (v/c)⁴)``, for line-haul."""
CONICAL_ALPHA = 4.0
"""Steepness of Spiess's conical function (1990), for crossings and terminals."""


@dataclass(frozen=True, slots=True)
class Arc:
    """One arc.

    Attributes:
        start: Node it leaves.
        end: Node it enters.
        kind: ``haul``, ``crossing``, ``transfer``, ``access`` or ``pipeline``.
        mode: Mode of carriage, or ``from>to`` of a transfer.
        rows: Rows of the region it is made from, as ``table/key``.
        time_h: Time when nothing delays it.
        usd_per_t: Money by kind of cargo.
        g_co2_per_t: CO2 by kind of cargo.
        length_km: Length.
        territory: Party in whose territory it lies.
        corridor: Corridor of its link.
        operator: Who runs it, where known.
        capacity_t: Tonnes a year; infinite where not known.
        group: Arcs that share a capacity have the same; empty for an arc of its own.
        group_time_h: Time that crowding multiplies, the same in all of a group.
        only: The one commodity that may use it; empty for all.
    """

    start: str
    end: str
    kind: str
    mode: str
    rows: tuple[str, ...]
    time_h: float
    usd_per_t: Mapping[str, float] = field(default_factory=dict)
    g_co2_per_t: Mapping[str, float] = field(default_factory=dict)
    length_km: float = 0.0
    territory: str = ""
    corridor: str = ""
    operator: str = ""
    capacity_t: float = float("inf")
    group: str = ""
    group_time_h: float = 0.0
    only: str = ""


def arcs_table(arcs: list[Arc]) -> pd.DataFrame:
    """Arcs as a table that :func:`sogdia.freight.make_network` takes; ``fixed`` is time in hours."""
    rows = []
    for number, arc in enumerate(arcs):
        crowded = arc.capacity_t < float("inf") and arc.group_time_h > 0.0
        haul = arc.kind in ("haul", "pipeline")
        row = {
            "from": arc.start,
            "to": arc.end,
            "kind": arc.kind,
            "mode": arc.mode,
            "rows": ";".join(arc.rows),
            "territory": arc.territory,
            "corridor": arc.corridor,
            "operator": arc.operator,
            "only": arc.only,
            "length_km": arc.length_km,
            "time_h": arc.time_h,
            "fixed": arc.time_h,
            "delay": ("power" if haul else "conical") if crowded else "none",
            "scale": (BPR_B if haul else 1.0) * arc.group_time_h if crowded else 0.0,
            "capacity": arc.capacity_t,
            "power": BPR_POWER if haul else CONICAL_ALPHA,
            "group": arc.group or f"arc {number}",
        }
        row |= {f"usd_per_t_{cargo}": arc.usd_per_t.get(cargo, 0.0) for cargo in CARGOS}
        row |= {f"g_co2_per_t_{cargo}": arc.g_co2_per_t.get(cargo, 0.0) for cargo in CARGOS}
        rows.append(row)
    return pd.DataFrame(rows)
