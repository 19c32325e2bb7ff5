"""How well a record of the ledger is founded: sources, their kind, completeness, age.

After the record scores of AidData's TUFF (source quality, data completeness), turned to what a region pack
knows of its rows. Each part lies between 0 and 1; the score is their weighted mean, times 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.region import Region

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"sources": 0.3, "kind": 0.3, "completeness": 0.25, "age": 0.15}
)
"""What each part weighs."""
HALF_LIFE_A = 4.0
"""Years after which news of a record that may still change has lost half its worth."""
_MANY = MappingProxyType({0: 0.0, 1: 0.5, 2: 0.8})
"""Worth of so many documents; three or more are worth 1."""
_OPEN = MappingProxyType({True: 1.0, False: 0.6})
"""A document with an address can be looked up by the reader."""
_BASIS = MappingProxyType({"reported": 1.0, "derived": 0.7, "assumed": 0.2})
"""Worth of how the figure was had from its documents."""
_SETTLED = MappingProxyType(
    {
        "deals": ("disbursed", "cancelled"),
        "projects": ("operating",),
        "policy_events": (),
    }
)
"""States that no longer change, so that old news of them is as good as new."""
_TELLING = MappingProxyType(
    {
        "deals": ("recipient", "sector", "project", "year", "amount_musd", "instrument", "counterparty"),
        "projects": (
            "iso3",
            "capex_musd",
            "capacity",
            "announced_year",
            "start_year",
            "completion_year",
            "contractor",
            "partners",
        ),
        "policy_events": ("date", "actor", "target", "what", "magnitude"),
    }
)
"""Fields that a complete record fills."""
_VAGUE = {"agreement", "other"}
"""Cells that are filled and say next to nothing."""
SCORED = tuple(_TELLING)
"""Tables whose records are scored."""


def record_quality(region: Region, table: str = "deals", as_of: str = "") -> pd.DataFrame:
    """Quality of every record of a table of the ledger.

    ``score = 100 · Σ_k w_k q_k`` with weights :data:`WEIGHTS` and parts

    - ``sources``: 0.5 for one document, 0.8 for two, 1 for more; a named judgement is no document;
    - ``kind``: best document's worth (1 with an address, 0.6 without) times that of ``basis``
      (reported 1, derived 0.7, assumed 0.2);
    - ``completeness``: share of the telling fields that are filled;
    - ``age``: ``0.5^(years since the latest document / 4)``, and 1 for what no longer changes.

    Args:
        region: The region.
        table: ``deals``, ``projects`` or ``policy_events``.
        as_of: Date the age counts to; the date of the latest document of the pack where not said, so that the
            same pack scores the same on any day.

    Returns:
        One row a record, by id: ``score`` and the four parts, best first where scores differ.

    Raises:
        UnknownNameError: If the table is not one of these.
    """
    if table not in SCORED:
        raise UnknownNameError("scored table", table, SCORED)
    frame, sources = region.table(table), region.table("sources")
    documents = sources[_is_document(sources)]
    today = (
        _year_of(as_of) if as_of else max((_year_of(date) for date in sources["date"] if date), default=0.0)
    )
    rows = [
        _parts(
            row,
            table,
            [key for key in str(row["source"]).split(";") if key in documents.index],
            documents,
            today,
        )
        for row in frame.to_dict("records")
    ]
    scored = pd.DataFrame(rows, index=frame.index, columns=list(WEIGHTS), dtype=float)
    scored.insert(0, "score", 100.0 * scored.to_numpy() @ np.array(list(WEIGHTS.values())))
    return scored.sort_values("score", ascending=False, kind="stable")


def _is_document(sources: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """A judgement or a recollection has neither an address nor a day; a paper copy has its day."""
    dated = sources["date"].str.len() > len("2026-11")
    return np.asarray((sources["url"] != "") | dated, dtype=bool)


def _parts(
    row: Mapping[Any, Any], table: str, cited: Sequence[str], documents: pd.DataFrame, today: float
) -> tuple[float, ...]:
    kind = max((_OPEN[bool(documents.at[key, "url"])] for key in cited), default=0.0)
    telling = _TELLING[table]
    filled = sum(not pd.isna(row[name]) and row[name] != "" and row[name] not in _VAGUE for name in telling)
    dates = [_year_of(str(documents.at[key, "date"])) for key in cited if documents.at[key, "date"]]
    settled = row.get("status") in _SETTLED[table]
    elapsed = max(today - max(dates), 0.0) if dates else np.inf
    return (
        _MANY.get(len(cited), 1.0),
        kind * _BASIS[str(row["basis"])],
        filled / len(telling),
        1.0 if settled else float(0.5 ** (elapsed / HALF_LIFE_A)),
    )


def _year_of(date: str) -> float:
    """A date as a decimal year; one told by year or month alone stands for the middle of it."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else 7
    day = parts[2] if len(parts) > 2 else (1 if len(parts) == 1 else 15)
    return parts[0] + (month - 1) / 12 + (day - 1) / 365
