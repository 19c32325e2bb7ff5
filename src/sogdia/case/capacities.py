"""Capacities of links, crossings and transfers that change with the year, by the table ``capacities``.

Of the rows for the same objects the latest that has begun holds. Capacity in trains becomes tonnes:

    ``C = (pairs − passenger pairs) · n · 365 · net_t_per_train``

with n = 2 for a link or for crossings that share it, since a pair is one train each way, and n = 1 for a
crossing of one direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case.editor import EditReason, TableEditor
from sogdia.tables import list_items

TRAINS_OF_A_PAIR = 2
DAYS_PER_YEAR = 365


def apply_capacities(editor: TableEditor, year: int) -> None:
    """Set capacities to those of the scenario's year; rows before their first year keep their own."""
    begun = editor.frame("capacities")
    begun = begun[(begun["from_year"] <= year).to_numpy(dtype=bool)].sort_values("from_year", kind="stable")
    for row in begun.groupby(["table", "rows"], sort=True).tail(1).to_dict("records"):
        table, keys = str(row["table"]), list_items(str(row["rows"]))
        mask = np.asarray(editor.frame(table).index.isin(keys))
        reason = EditReason("time", f"capacity from {int(row['from_year'])}", str(row["source"]))
        for field, value in _values(row, table, len(keys)).items():
            editor.set(table, mask, field, value, reason)


def _values(row: Mapping[Any, Any], table: str, count: int) -> dict[str, float]:
    """Return the capacities that a row gives, by field."""
    if pd.notna(row["train_pairs_per_day"]):
        trains = 1 if table == "crossings" and count == 1 else TRAINS_OF_A_PAIR
        passenger = 0.0 if pd.isna(row["passenger_pairs_per_day"]) else float(row["passenger_pairs_per_day"])
        free = (float(row["train_pairs_per_day"]) - passenger) * trains * DAYS_PER_YEAR
        return {"capacity_t": free * float(row["net_t_per_train"])}
    return {name: float(row[name]) for name in ("capacity_t", "capacity_teu") if pd.notna(row[name])}
