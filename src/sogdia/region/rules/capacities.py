"""Capacities by year: rows that exist, one way of stating a capacity, and objects that share one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import list_items

FIGURES = ("capacity_t", "capacity_teu", "train_pairs_per_day")


def check_capacities(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check the rows of ``capacities`` against the tables that they name."""
    table = tables["capacities"]
    sharing: dict[tuple[str, str], str] = {}
    for position, row in enumerate(table.data.to_dict("records")):
        name, rows = str(row["table"]), str(row["rows"])
        for field, problem, fix in (*_objects(row, tables, sharing), *_figures(row)):
            yield row_fault(table, position, field, problem, fix, "capacity")
        sharing |= {(name, key): rows for key in list_items(rows)}


def _objects(
    row: Mapping[Any, Any], tables: Tables, sharing: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, str, str]]:
    name, keys = str(row["table"]), list_items(str(row["rows"]))
    known = set(tables[name].data.index)
    for key in keys:
        if key not in known:
            yield "rows", f"{key} is no row of {name}", f"name a row of {name}.csv"
        if sharing.get((name, key), row["rows"]) != row["rows"]:
            yield (
                "rows",
                f"{key} shares another capacity in an earlier row",
                "name the same rows in each year",
            )
    if len(keys) > 1 and name != "crossings":
        yield "rows", f"rows of {name} do not share a capacity here", "write one row for each"


def _figures(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    given = [name for name in FIGURES if pd.notna(row[name])]
    is_train = "train_pairs_per_day" in given
    if not given or (is_train and len(given) > 1):
        fix = "give capacity_t, capacity_teu or train_pairs_per_day"
        yield "capacity_t", "no capacity" if not given else "tonnes and trains together", fix
    if "capacity_teu" in given and row["table"] != "transfers":
        yield "capacity_teu", f"a capacity in containers of {row['table']}", "use capacity_t"
    if is_train and pd.isna(row["net_t_per_train"]):
        yield "net_t_per_train", "pairs of trains without the load of a train", "fill it from a document"
    if is_train and pd.notna(row["passenger_pairs_per_day"]):
        passenger, pairs = float(row["passenger_pairs_per_day"]), float(row["train_pairs_per_day"])
        if passenger >= pairs:
            problem = f"{passenger:g} is not below train_pairs_per_day {pairs:g}"
            yield "passenger_pairs_per_day", problem, "lower it"
