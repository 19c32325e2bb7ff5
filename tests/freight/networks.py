"""Build and look into supernetworks and results: helpers of several test modules."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.assignment import AssignmentSettings
from sogdia.freight import FreightResult, Supernetwork, build_supernetwork
from sogdia.freight.journeys import Journey, find_journey
from sogdia.freight.supernetwork.constants import Constants

from .borderland import changed

UNCALIBRATED = Constants()
"""Constants that leave the figures of the tables unchanged."""


def build_with(case: Case, **cells: Any) -> Supernetwork:
    """Build the supernetwork after a change of cells, named ``table__row__field``."""
    edits = {
        (t, r.replace("-", "/"), f): v for (t, r, f), v in ((k.split("__"), v) for k, v in cells.items())
    }
    return build_supernetwork(changed(case, edits), UNCALIBRATED)


def arcs_of(built: Supernetwork, *, row: str = "", kind: str = "", **cells: object) -> pd.DataFrame:
    """Return arcs of a kind whose first row is ``row``, with these cells."""
    table = built.network.arcs
    if row:
        table = table[table["rows"].str[0] == row]
    if kind:
        table = table[table["kind"] == kind]
    for name, value in cells.items():
        table = table[table[name] == value]
    return table


def only_arc(built: Supernetwork, start: str, end: str) -> dict[Any, Any]:
    """Return the only arc from a node to another."""
    table = built.network.arcs
    (row,) = table[(table["from"] == start) & (table["to"] == end)].to_dict("records")
    return row


def least_cost(built: Supernetwork, start: str, end: str, *modes: str) -> tuple[float, Journey]:
    """Return the least cost in hours for ``all`` by these modes of line-haul, and the path."""
    table, k = built.network.arcs, built.demand.classes.index("all")
    other = (table["kind"] == "haul") & ~table["mode"].isin(modes)
    assert built.demand.class_cost is not None
    cost = np.where(other, np.inf, built.network.free_flow_cost + built.demand.class_cost[k])
    path = find_journey(built, [start, end], cost, np.zeros(len(built.network.groups)))
    assert path is not None
    return float(cost[list(path.arcs)].sum()), path


SUE = AssignmentSettings(algorithm="sue", gap=1e-8, max_paths=8)


CASPIAN, KYRGYZ = "middle", "kyrgyz_railway"


def shipped_case(region: Region, plan: str = "as_is", scenario: str = "reference", year: int = 2030) -> Case:
    return build_case(region, load_plan(plan, region), load_scenario(scenario, region).at(year))


def home_trade_only(case: Case) -> Case:
    """Return the case with the trade of home countries only, which takes less time."""
    trade, home = case.table("trade"), case.region.home
    own = trade[trade["exporter"].isin(home) | trade["importer"].isin(home)]
    return replace(case, frames=MappingProxyType({**case.frames, "trade": own}))


def gate_flow(freight: FreightResult, corridor: str) -> float:
    """Return tonnes on the line-haul of a corridor's gates, summed by arc."""
    gates = freight.supernetwork.case.table("corridors").loc[corridor, "gates"]
    return link_flow(freight, set(str(gates).split(";")))


def link_flow(freight: FreightResult, links: set[str]) -> float:
    table = freight.result.links()
    return float(table.loc[table["link_id"].isin(links), "flow"].sum())
