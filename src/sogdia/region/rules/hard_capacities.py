"""Hard capacities: rows that exist and have a capacity, and owners whose shares sum to 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import KEY_SEPARATOR, list_items
from sogdia.units import convert

TOLERANCE = 1e-6
OF_ECONOMIES, OF_ZONES = "economies", "zones"
OWN_CAPACITY: Mapping[str, str] = {
    "pipelines": "capacity_mt",
    "links": "capacity_t",
    "crossings": "capacity_t",
    "transfers": "capacity_t",
}
"""Field with the capacity of a row, by table."""


def check_hard_capacities(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check the rows of ``hard_capacities`` against the tables that they name, and that each has an owner."""
    table, owned = tables["hard_capacities"], set(tables["capacity_owners"].data["capacity"])
    for position, (key, row) in enumerate(table.data.iterrows()):
        found = [*_rows(row.to_dict(), tables), *_terms(row.to_dict()), *_domestic(row.to_dict(), tables)]
        if key not in owned:
            found.append(("id", f"{key} has no owner", "add its owners to capacity_owners.csv"))
        for field, problem, fix in found:
            yield row_fault(table, position, field, problem, fix, "hard capacity")


def _rows(row: Mapping[Any, Any], tables: Tables) -> Iterator[tuple[str, str, str]]:
    name = str(row["table"])
    known = tables[name].data
    keys = _keys(name, known)
    by_year = tables["capacities"].data
    begun = {key for rows in by_year.loc[by_year["table"] == name, "rows"] for key in list_items(str(rows))}
    for key in list_items(str(row["rows"])):
        if key not in keys and name == OF_ZONES:
            yield "rows", f"{key} is no zone", "write place/economy of a row of zones.csv"
        elif key not in keys:
            yield "rows", f"{key} is no row of {name}", f"name a row of {name}.csv"
        elif pd.isna(row["capacity_t"]) and not (key in begun or _has_capacity(known, name, key)):
            fix = f"fill {OWN_CAPACITY[name]} of that row, or capacity_t here"
            yield "capacity_t", f"{key} of {name} has no capacity of its own", fix


def _keys(name: str, known: pd.DataFrame) -> set[str]:
    if name == OF_ZONES:
        return set(known["place"] + KEY_SEPARATOR + known["iso3"])
    return set(known["iso3"]) if name == OF_ECONOMIES and "iso3" in known else set(known.index)


def _has_capacity(known: pd.DataFrame, name: str, key: str) -> bool:
    return name not in OWN_CAPACITY or bool(pd.notna(known[OWN_CAPACITY[name]][key]))


def _terms(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    is_loading = row["table"] == OF_ECONOMIES
    if is_loading and not row["mode"]:
        yield "mode", "no mode is loaded", "name it: rail, road, sea or ferry"
    if is_loading and pd.isna(row["capacity_t"]):
        yield "capacity_t", "loading in an economy has no capacity of its own", "fill it from a document"
    if row["table"] == OF_ZONES and pd.isna(row["capacity_t"]):
        yield "capacity_t", "a zone has no capacity of its own", "fill it from a document"
    if not is_loading and row["mode"]:
        yield "mode", f"rows of {row['table']} have their own mode", "leave the cell empty"


def _domestic(row: Mapping[Any, Any], tables: Tables) -> Iterator[tuple[str, str, str]]:
    used, stated, name = row["domestic_t"], row["capacity_t"], str(row["table"])
    if pd.isna(used):
        return
    if pd.isna(stated) and name == "pipelines":
        known = tables[name].data["capacity_mt"]
        own = known[[key for key in list_items(str(row["rows"])) if key in known.index]]
        stated = convert(float(own.sum()), "Mt/a", "t/a")
    if pd.notna(stated) and used >= stated:
        problem = f"domestic use of {used:g} t takes all of the {float(stated):g} t"
        yield "domestic_t", problem, "leave a capacity for trade, or correct the figure"


def check_capacity_owners(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the shares of the owners of each hard capacity sum to 1."""
    table = tables["capacity_owners"]
    frame = table.data.reset_index(drop=True)
    for name, group in frame.groupby("capacity", sort=False):
        total = float(group["share"].sum())
        if abs(total - 1.0) > TOLERANCE:
            problem = f"the {len(group)} shares of {name} sum to {total:.6g}, not 1"
            yield row_fault(table, int(group.index[0]), "share", problem, "correct the shares", "owner")
