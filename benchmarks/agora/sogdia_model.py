"""Sogdia's power system of the published inputs."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.agora.files import (
    CANDIDATES,
    DISCOUNT_RATE,
    FACTORS,
    LOST_LOAD_USD_PER_MWH,
    YEAR,
    ZONES,
    AgoraFiles,
)
from sogdia import Case
from sogdia.power import PowerInputs, PowerSettings
from sogdia.power.arrays import Floats
from sogdia.power.generators import CANDIDATE, COLUMNS, PLANT, SHED
from sogdia.power.reservoirs import COLUMNS as RESERVOIR_COLUMNS
from sogdia.power.snapshots import Snapshots, all_hours
from sogdia.power.zones import Zones

BUSES = {"KZ_NR": "KAZ_north", "KZ_SO": "KAZ_south", "KZ_WS": "KAZ_west", "UZ_UZ": "UZB", "KG_KG": "KGZ"}
"""Zone of each node."""
CARRIERS = {
    "Hrdc": "coal", "Lig": "coal", "Bit": "coal", "Gas": "gas", "Oil": "oil", "Bio": "biomass",
    "Uranium": "nuclear", "Solar": "solar", "Wind": "wind", "Water": "hydro",
}  # fmt: skip
BATTERY_COLUMNS = [
    "bus", "iso3", "efficiency", "p_nom_mw", "storage_mwh", "capital_usd_per_mw", "firm_share"
]  # fmt: skip
RETROFIT = "_RETRO"
"""Ending of retrofitted types; they have the variable cost of their type, since the files have none."""


def _every(snapshots: Snapshots, step: int) -> Snapshots:
    """Return every ``step``-th snapshot, which represents ``step`` hours for costs and storage alike."""
    time = snapshots.time[::step]
    period = np.zeros(len(time), dtype=np.int64)
    days = np.zeros_like(snapshots.period_of_day)
    return Snapshots(time, period, np.full(len(time), float(step)), days, float(step))


class AgoraInputs:
    """Builder of the inputs, from rows of the files to generators, reservoirs and links."""

    def __init__(self, files: AgoraFiles) -> None:
        self.files = files
        self._costs = {(r["powerplant_type"], r["country"]): r for r in files.rows("plant_costs", year=YEAR)}
        self._fuels = {
            r["bus"]: float(r["fuel_cost__usd_mwh"]) for r in files.rows("fuel_supplies", year=YEAR)
        }
        self._kinds = {(r["country"], r["technology"], r["carrier"]): r for r in files.rows("technologies")}
        self._retired = {r["name"]: float(r[str(YEAR)]) for r in files.rows("retirements")}

    def build(self, case: Case, *, expansion: bool = False, step: int = 1) -> PowerInputs:
        """Return the power system of the year.

        Args:
            case: Case that gives the year and a name; none of its tables is used.
            expansion: Add candidates.
            step: Every ``step``-th hour is a snapshot and represents ``step`` hours.
        """
        settings = PowerSettings.model_validate(
            {
                "mode": "expansion" if expansion else "dispatch",
                "hours": 8760,
                "free_carriers": ("gas", "solar", "wind"),
                # A start from representative days needs every hour and no candidates.
                "solver": "ipm" if expansion or step > 1 else "simplex",
            }
        )
        demand = {row["node"]: float(row["total_load__mwh"]) for row in self.files.rows("loads", year=YEAR)}
        shape = self.files["hourly"]["kaz_load_over_mean"].to_numpy(dtype=np.float64)
        nodes = [node for node in BUSES if node in demand]
        load = np.column_stack([shape / shape.sum() * demand[node] for node in nodes])
        rows = [*self._renewables(), *self._thermal(), *self._shed(nodes, load)]
        if expansion:
            rows += self._candidates(nodes)
        buses = [BUSES[node] for node in nodes]
        zones = pd.DataFrame(
            {
                "iso3": [bus[:3] for bus in buses],
                "name": buses,
                "share": 1.0,
                "demand_gwh": load.sum(axis=0) / 1e3,
            }
            | {"lat": np.nan, "lon": np.nan},
            index=pd.Index(buses, name="zone"),
        )
        reservoirs, inflow = self._reservoirs()
        p_max = np.column_stack([np.broadcast_to(row.pop("p_max"), len(shape)) for row in rows])
        fleet = ["iso3", "zone", "carrier", "vintage", "capacity_mw", "partner", "owner", "reservoir"]
        return PowerInputs(
            case=case,
            settings=settings,
            snapshots=_every(all_hours(YEAR), step),
            zones=Zones(zones, {}, {}),
            neighbours=(),
            load_mw=load[::step],
            generators=pd.DataFrame(rows, columns=["name", *COLUMNS])
            .set_index("name")
            .fillna({"firm_share": 0.0, "ramp_per_h": 1.0}),
            p_max=p_max[::step],
            p_min=np.zeros_like(p_max[::step]),
            reservoirs=reservoirs,
            inflow_mw=inflow[::step],
            batteries=pd.DataFrame(columns=BATTERY_COLUMNS),
            links=self._links(),
            limits=(),
            reserve=pd.DataFrame({"peak_mw": load.max(axis=0), "firm_mw": np.inf}, index=zones["iso3"]),
            demand=pd.DataFrame(
                {"suppressed_gwh": 0.0, "loss_share": np.nan}, index=sorted(set(zones["iso3"]))
            ),
            builds=expansion,
            plans_capacity=False,
            fleet=pd.DataFrame(columns=fleet),
            origins=pd.DataFrame(columns=["iso3", "carrier", "origin", "share", "lost"]),
            remarks=(),
            lifecycle_ratio=dict.fromkeys(zones["iso3"], 1.0),
        )

    def _capacity(self, name: str, row: dict[str, Any]) -> float:
        """Return the capacity of the year: that of 2023, with forced additions, less retirements."""
        return float(row["p_nom"] + row[f"p_nom_min_{YEAR}"] - self._retired.get(name, 0.0))

    def _factors(self, node: str, kind: str) -> Floats:
        """Return capacity factors; those above 1 are 1."""
        column = f"{ZONES[node]}_{FACTORS[kind]}_cf"
        return np.asarray(self.files["hourly"][column].clip(upper=1.0), dtype=np.float64)

    def _row(self, node: str, label: str, carrier: str, capacity: float, **more: Any) -> dict[str, Any]:
        """Return a generator without cost that is always available, but for ``more``."""
        bus = BUSES[node]
        row: dict[str, Any] = {
            "name": f"{bus} {label}",
            "bus": bus,
            "kind": PLANT,
            "iso3": bus[:3],
            "carrier": carrier,
        }
        row |= {"vintage": "fleet", "p_nom_mw": capacity, "cost_usd_per_mwh": 0.0, "efficiency": 1.0}
        return {
            **row,
            "co2_t_per_mwh_th": 0.0,
            "capital_usd_per_mw": 0.0,
            "potential_mw": np.inf,
            "p_max": 1.0,
            **more,
        }

    def _renewables(self) -> list[dict[str, Any]]:
        """Return sun, wind and run of river, at their variable cost."""
        rows = []
        for row in self.files.rows("generators"):
            kind, node, capacity = row["type"], row["node"], self._capacity(row["name"], row)
            if kind != "HDAM" and kind in FACTORS and capacity > 0.0:
                figures = self._variable(node, kind)
                rows.append(self._row(node, row["name"], CARRIERS[row["carrier"]], capacity, **figures))
        return rows

    def _variable(self, node: str, kind: str) -> dict[str, Any]:
        """Return variable cost and capacity factors of sun, wind or run of river."""
        cost = float(self._costs[kind, node[:2]]["vom__usd_mwh"])
        return {"cost_usd_per_mwh": cost, "p_max": self._factors(node, kind)}

    def _thermal(self) -> list[dict[str, Any]]:
        """Return thermal plants."""
        rows = []
        for row in self.files.rows("thermal_plants"):
            capacity, node = self._capacity(row["link"], row), _node(row["bus1"])
            if capacity > 0.0:
                figures = self._burning(row["country"], row["type"], row["carrier"], row["bus0"])
                rows.append(self._row(node, row["link"], CARRIERS[row["carrier"]], capacity, **figures))
        return rows

    def _burning(self, country: str, kind: str, carrier: str, fuel_bus: str) -> dict[str, Any]:
        """Return the cost of energy, ``fuel / efficiency + variable cost``, efficiency and availability."""
        technology = self._kinds[country, kind, carrier]
        efficiency = float(technology["efficiency"])
        variable = float(self._costs[kind.removesuffix(RETROFIT), country]["vom__usd_mwh"])
        return {
            "cost_usd_per_mwh": self._fuels[fuel_bus] / efficiency + variable,
            "efficiency": efficiency,
            "p_max": float(technology["p_max_pu"]),
        }

    def _shed(self, nodes: list[str], load: Floats) -> list[dict[str, Any]]:
        """Return unserved energy by zone, up to the load of each hour."""
        rows = []
        for node, own in zip(nodes, load.T, strict=True):
            figures = {"kind": SHED, "cost_usd_per_mwh": LOST_LOAD_USD_PER_MWH, "p_max": own / own.max()}
            rows.append(self._row(node, SHED, SHED, float(own.max()), **figures))
        return rows

    def _candidates(self, nodes: list[str]) -> list[dict[str, Any]]:
        """Return what an expansion may build, at its annuity and fixed cost."""
        rows = []
        for node, (kind, carrier) in product(nodes, CANDIDATES):
            country, cost = node[:2], self._costs[kind, node[:2]]
            factor = DISCOUNT_RATE / (1.0 - (1.0 + DISCOUNT_RATE) ** -float(cost["life__years"]))
            capital = float(cost["cap__usd_mw"]) * factor + float(cost["fom__usd_mwa"])
            is_variable = kind in FACTORS
            figures = (
                self._variable(node, kind)
                if is_variable
                else self._burning(country, kind, carrier, f"{country}_GASN")
            )
            figures |= {"kind": CANDIDATE, "vintage": CANDIDATE, "capital_usd_per_mw": capital}
            rows.append(self._row(node, f"{kind} {CANDIDATE}", CARRIERS[carrier], 0.0, **figures))
        return rows

    def _reservoirs(self) -> tuple[pd.DataFrame, Floats]:
        """Return dams as reservoirs of the stated hours, with the profile of the rivers as inflow."""
        rows, inflow = [], []
        for row in self.files.rows("generators", type="HDAM"):
            bus, capacity = BUSES[row["node"]], self._capacity(row["name"], row)
            hours = float(self._kinds[row["country"], "HDAM", "Water"]["max_hours"])
            dam = (bus, bus[:3], capacity, 1.0, capacity * hours, 0.0, "", "", 0.0, 0.0, 0.0, 0.0)
            rows.append((f"{bus} hydro", *dam))
            inflow.append(capacity * self._factors(row["node"], "HDAM"))
        table = pd.DataFrame(rows, columns=["name", *RESERVOIR_COLUMNS]).set_index("name")
        return table, np.column_stack(inflow) if inflow else np.zeros((len(self.files["hourly"]), 0))

    def _links(self) -> pd.DataFrame:
        """Return lines between zones in the directions that they have."""
        rows = []
        for row in self.files.rows("interconnectors"):
            ends = [_node(row[end]) for end in ("bus0", "bus1")]
            capacity = float(row["p_nom"] + row[f"p_nom_min_{YEAR}"])
            if ends[0] == ends[1] or capacity == 0.0:
                continue
            start, end = (BUSES[node] for node in ends)
            figures = (float(row["efficiency"]), float(row["marginal_cost"]))
            for suffix, one, other, share in (
                (">", start, end, row["p_max_pu"]),
                ("<", end, start, -row["p_min_pu"]),
            ):
                if share > 0.0:
                    line = f"{start} {end}"
                    rows.append((line + suffix, line, one[:3], one, other, capacity * share, *figures))
        columns = ["name", "line", "iso3", "bus0", "bus1", "p_nom_mw", "efficiency", "cost_usd_per_mwh"]
        return pd.DataFrame(rows, columns=columns).set_index("name")


def _node(bus: str) -> str:
    """Return the node of a bus: ``KZ_NR`` of ``KZ_NR_HVELEC``."""
    return "_".join(bus.split("_")[:2])
