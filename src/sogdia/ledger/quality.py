"""Score the records of a ledger by number of sources, kind of source, completeness and age.

After the record scores of AidData's TUFF (source quality, data completeness), adapted to the fields of a
region pack. Each part lies between 0 and 1; the score is their weighted mean, times 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from sogdia.codes import (
    ASSUMED,
    CANCELLED,
    DERIVED,
    DISBURSED,
    OPERATING,
    REPORTED,
)
from sogdia.errors import UnknownNameError
from sogdia.region import Region

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"sources": 0.3, "kind": 0.3, "completeness": 0.25, "age": 0.15}
)
"""Weight of each part."""
HALF_LIFE_A = 4.0
"""Years after which the age part of a record that may still change is halved."""
_BY_COUNT = MappingProxyType({0: 0.0, 1: 0.5, 2: 0.8})
"""Score of the number of documents; 1 for three or more."""
_BY_ADDRESS = MappingProxyType({True: 1.0, False: 0.6})
"""Score of a document with and without an address; a reader can check one with an address."""
_BY_BASIS = MappingProxyType({REPORTED: 1.0, DERIVED: 0.7, ASSUMED: 0.2})
"""Score of the provenance of a figure."""
_FINAL = MappingProxyType(
    {
        "deals": (DISBURSED, CANCELLED),
        "projects": (OPERATING,),
        "policy_events": (),
    }
)
"""Final statuses, whose records do not age."""
_INFORMATIVE = MappingProxyType(
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
_UNINFORMATIVE = {"agreement", "other"}
"""Values that count as empty cells."""
SCORED_TABLES = tuple(_INFORMATIVE)
"""Tables whose records are scored."""


def record_quality(region: Region, table: str = "deals", as_of: str = "") -> pd.DataFrame:
    """Score every record of a table of the ledger.

    ``score = 100 · Σ_k w_k q_k`` with weights :data:`WEIGHTS` and parts

    - ``sources``: 0.5 for one document, 0.8 for two, 1 for more; an expert judgement is not a document;
    - ``kind``: the best document's score (1 with an address, 0.6 without) times that of ``basis``
      (reported 1, derived 0.7, assumed 0.2);
    - ``completeness``: share of the informative fields that are filled;
    - ``age``: ``0.5^(years since the latest document / 4)``, and 1 for a final status.

    Args:
        region: The region.
        table: ``deals``, ``projects`` or ``policy_events``.
        as_of: Reference date of the age; the date of the latest document of the pack by default, so that a
            pack has the same scores on any day.

    Returns:
        One row per record, indexed by id: ``score`` and the four parts, highest score first.

    Raises:
        UnknownNameError: If the table is not one of these.
    """
    if table not in SCORED_TABLES:
        raise UnknownNameError("scored table", table, SCORED_TABLES)
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
    """Return whether each source is a document, with an address or a day; an expert judgement has neither."""
    dated = sources["date"].str.len() > len("2026-11")
    return np.asarray((sources["url"] != "") | dated, dtype=bool)


def _parts(
    row: Mapping[Any, Any], table: str, cited: Sequence[str], documents: pd.DataFrame, today: float
) -> tuple[float, ...]:
    kind = max((_BY_ADDRESS[bool(documents.at[key, "url"])] for key in cited), default=0.0)
    informative = _INFORMATIVE[table]
    filled = sum(
        not pd.isna(row[name]) and row[name] != "" and row[name] not in _UNINFORMATIVE for name in informative
    )
    dates = [_year_of(str(documents.at[key, "date"])) for key in cited if documents.at[key, "date"]]
    is_final = row.get("status") in _FINAL[table]
    elapsed = max(today - max(dates), 0.0) if dates else np.inf
    return (
        _BY_COUNT.get(len(cited), 1.0),
        kind * _BY_BASIS[str(row["basis"])],
        filled / len(informative),
        1.0 if is_final else float(0.5 ** (elapsed / HALF_LIFE_A)),
    )


def _year_of(date: str) -> float:
    """Return a date as a decimal year; a year or month without a day is its middle."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else 7
    day = parts[2] if len(parts) > 2 else (1 if len(parts) == 1 else 15)
    return parts[0] + (month - 1) / 12 + (day - 1) / 365
