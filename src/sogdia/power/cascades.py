"""Cascades: reservoirs whose release passes to another reservoir of the same river.

A reservoir of ``power_cascades`` has plants, storage and inflow of its own. All quantities are energy at the
own turbines. Water that generates 1 MWh at reservoir r generates k_r = (h η of the next) / (h η of r) at the
next one (``downstream_ratio``), so that with u turbined and o spilled water

``s_t = s_{t−1} + h (i_t + Σ_r k_r (u_rt + o_rt) − u_t − o_t)``

summed over the reservoirs r directly above. The inflow i of a reservoir is what does not pass through one
above: with Q the energy of all water that reaches it in a mean year, ``i = Q − Σ_r k_r Q_r``. Travel times
are left out. A reservoir whose plants do not operate yet holds no water and its river passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats


@dataclass(frozen=True, slots=True)
class Cascade:
    """Row of ``power_cascades``.

    Attributes:
        name: Reservoir.
        iso3: Country.
        plants: Its plants.
        downstream: Next reservoir of the table; empty for the other hydropower of the zone.
        ratio: Energy of the water in the next reservoir over its energy in this one.
        inflow_gwh: Energy of all its water in a mean year; ``None``: the added inflow of its plants.
        storage_mwh: Energy of its usable water.
    """

    name: str
    iso3: str
    plants: tuple[str, ...]
    downstream: str
    ratio: float
    inflow_gwh: float | None
    storage_mwh: float


def read_cascades(case: Case) -> dict[str, Cascade]:
    """Read the reservoirs of ``power_cascades`` by name.

    Raises:
        InputError: If water returns to a reservoir.
    """
    rows = case.table("power_cascades").sort_index()
    cascades = {
        str(name): Cascade(
            str(name),
            str(row["iso3"]),
            tuple(filter(None, str(row["plants"]).split(";"))),
            "" if pd.isna(row["downstream"]) else str(row["downstream"]),
            float(row["downstream_ratio"]),
            None if pd.isna(row["inflow_gwh"]) else float(row["inflow_gwh"]),
            float(row["storage_mwh"]),
        )
        for name, row in zip(rows.index, rows.to_dict("records"), strict=True)
    }
    check_no_loop({name: cascade.downstream for name, cascade in cascades.items()})
    return cascades


def check_no_loop(downstream: Mapping[str, str]) -> None:
    """Check that no water returns to a reservoir.

    Args:
        downstream: Next reservoir of each reservoir; empty where there is none.

    Raises:
        InputError: If the release of a reservoir reaches it again.
    """
    for name in downstream:
        path = [name]
        while downstream.get(path[-1]):
            path.append(downstream[path[-1]])
            if path[-1] in path[:-1]:
                loop = " to ".join(path[path.index(path[-1]) :])
                raise InputError(
                    f"power_cascades.csv: water flows in a loop, from {loop}; "
                    "leave downstream of the lowest reservoir empty"
                )


def release_energy(cascades: Mapping[str, Cascade], name: str) -> float:
    """Return the energy of water at a reservoir and at all below it, over its energy there."""
    cascade = cascades[name]
    below = release_energy(cascades, cascade.downstream) if cascade.downstream else 1.0
    return 1.0 + cascade.ratio * below


def passing_mw(reservoirs: pd.DataFrame, inflow_mw: Floats) -> Floats:
    """Return the energy of all water that reaches each reservoir if none above stores any, (T, S).

    Args:
        reservoirs: Reservoirs, with ``downstream`` and ``downstream_ratio``.
        inflow_mw: Inflow that does not pass through a reservoir above, (T, S).
    """
    at = {str(name): number for number, name in enumerate(reservoirs.index)}
    links = [(at[upper], at[lower], factor) for upper, lower, factor in cascade_links(reservoirs)]
    passing = inflow_mw
    # Water of the uppermost reservoir passes all links of its river after as many rounds.
    for _ in links:
        above = np.zeros_like(inflow_mw)
        for upper, lower, factor in links:
            above[:, lower] += passing[:, upper] * factor
        passing = inflow_mw + above
    return passing


def cascade_links(reservoirs: pd.DataFrame) -> list[tuple[str, str, float]]:
    """Return each reservoir with one below it: its name, the next one, the ratio of energies."""
    columns = (reservoirs.index, reservoirs["downstream"], reservoirs["downstream_ratio"])
    return [(str(upper), str(lower), float(k)) for upper, lower, k in zip(*columns, strict=True) if lower]
