"""Power systems small enough to solve by hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from sogdia import Case, Region, Scenario, build_case, load_plan
from sogdia.power import PowerInputs, PowerResult, PowerSettings, solve
from sogdia.power.arrays import Floats
from sogdia.power.generators import COLUMNS
from sogdia.power.limits import EnergyLimit
from sogdia.power.reservoirs import COLUMNS as RESERVOIR_COLUMNS
from sogdia.power.snapshots import HOURS_PER_YEAR, all_hours, mean_days
from sogdia.power.zones import Zones

VOLL = 1000.0
HOURS = 8760.0
BATTERY_COLUMNS = [
    "bus", "iso3", "efficiency", "p_nom_mw", "storage_mwh", "capital_usd_per_mw", "firm_share"
]  # fmt: skip


def case_in(region: Region) -> Case:
    """Return a case for name and year; the systems use none of its figures."""
    return build_case(region, load_plan("as_is", region), Scenario(title="Now", year=region.base_year))


def plant(bus: str, name: str, mw: float, cost: float, **more: Any) -> dict[str, Any]:
    """Return a generator at ``cost`` USD/MWh; other columns, such as ``kind``, by name."""
    row = {"bus": bus, "kind": "plant", "iso3": bus, "carrier": name, "vintage": "fleet", "p_nom_mw": mw}
    row |= {"cost_usd_per_mwh": cost, "efficiency": 1.0, "co2_t_per_mwh_th": 0.0, "capital_usd_per_mw": 0.0}
    row |= {"firm_share": 0.0, "ramp_per_h": 1.0, "potential_mw": np.inf}
    return {"name": f"{bus} {name}", "p_max": 1.0, **row, **more}


def line(
    name: str, start: str, end: str, mw: float, efficiency: float = 1.0, charge: float = 0.0
) -> list[Any]:
    """Return a line that carries ``mw`` from start to end only."""
    return [f"{name}>", name, start, start, end, mw, efficiency, charge]


def reservoir(bus: str, mw: float, storage_h: float, inflow: Floats, **more: Any) -> dict[str, Any]:
    """Return a reservoir with inflow by hour; other columns, such as ``downstream``, by name."""
    row = {"bus": bus, "iso3": bus, "p_nom_mw": mw, "p_max": 1.0, "storage_mwh": mw * storage_h}
    row |= {"firm_share": 0.0, "reservoir": "", "downstream": "", "downstream_ratio": 0.0}
    row |= {"least_change_mwh": 0.0, "largest_change_mwh": 0.0, "change_usd_per_mwh": 0.0}
    return {"name": f"{bus} hydro", "inflow": inflow, **row, **more}


def system(
    case: Case,
    load: dict[str, float | Floats],
    plants: list[dict[str, Any]],
    lines: list[list[Any]] | None = None,
    water: list[dict[str, Any]] | None = None,
    neighbours: tuple[str, ...] = (),
    lost_load: dict[str, float] | None = None,
    limits: tuple[EnergyLimit, ...] = (),
    **settings: Any,
) -> PowerInputs:
    """Return the inputs of a system from load by zone, generators, lines and reservoirs.

    The snapshots are mean days unless ``hours`` is given; no reserve margin applies.
    ``lost_load`` is the value of lost load by zone, USD/MWh; 1,000 if not given.
    """
    chosen = PowerSettings.model_validate({"threads": 1, "hours": 288, "reserve_margin_pct": 0, **settings})
    snapshots = all_hours(case.year) if chosen.hours == HOURS_PER_YEAR else mean_days(case.year)
    hours = len(snapshots.time)
    names = list(load)
    loads = np.column_stack([np.broadcast_to(np.asarray(load[name], dtype=float), hours) for name in names])
    rows = list(plants)
    if chosen.shedding:
        values = dict.fromkeys(names, VOLL) | (lost_load or {})
        rows += [plant(name, "shed", 1e6, values[name], kind="shed") for name in names]
    reservoirs = pd.DataFrame(water or [], columns=["name", *RESERVOIR_COLUMNS]).set_index("name")
    inflow = [np.broadcast_to(np.asarray(item["inflow"], dtype=float), hours) for item in water or []]
    columns = ["name", "line", "iso3", "bus0", "bus1", "p_nom_mw", "efficiency", "cost_usd_per_mwh"]
    zones = pd.DataFrame(
        {"iso3": names, "name": names, "share": 1.0, "demand_gwh": 0.0, "lat": np.nan, "lon": np.nan},
        index=pd.Index(names, name="zone"),
    )
    top = np.column_stack([np.broadcast_to(np.asarray(row["p_max"], dtype=float), hours) for row in rows])
    fleet = ["iso3", "zone", "carrier", "vintage", "capacity_mw", "partner", "owner", "reservoir"]
    return PowerInputs(
        case=case,
        settings=chosen,
        snapshots=snapshots,
        zones=Zones(zones, {}, {}),
        neighbours=neighbours,
        load_mw=loads,
        generators=pd.DataFrame(rows, columns=["name", *COLUMNS]).set_index("name"),
        p_max=top,
        p_min=np.zeros_like(top),
        reservoirs=reservoirs,
        inflow_mw=np.column_stack(inflow) if inflow else np.zeros((hours, 0)),
        batteries=pd.DataFrame(columns=BATTERY_COLUMNS),
        links=pd.DataFrame(lines or [], columns=columns).set_index("name"),
        limits=limits,
        reserve=pd.DataFrame({"peak_mw": loads.max(axis=0), "firm_mw": np.inf}, index=names),
        demand=pd.DataFrame({"suppressed_gwh": 0.0, "loss_share": np.nan}, index=names),
        builds=chosen.mode == "expansion",
        plans_capacity=False,
        fleet=pd.DataFrame(columns=fleet),
        origins=pd.DataFrame(columns=["iso3", "carrier", "origin", "share", "lost"]),
        remarks=(),
        lifecycle_ratio=dict.fromkeys(names, 1.0),
    )


def solve_system(*args: object, **more: object) -> PowerResult:
    """Solve a system given as to :func:`system`."""
    return solve(system(*args, **more))  # type: ignore[arg-type]


def edited(case: Case, **tables: pd.DataFrame) -> Case:
    """Return a case with other tables."""
    return replace(case, frames=MappingProxyType({**case.frames, **tables}))
