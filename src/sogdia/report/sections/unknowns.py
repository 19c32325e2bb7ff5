"""What is not known: how much is assumed, which assumptions matter, how the base year meets the record."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    counts = _bases(inputs)
    total = float(counts[["reported", "derived", "assumed"]].to_numpy().sum())
    origin = Origin("rows of the pack by their basis")
    figures.add("assumed_pct", 100.0 * float(counts["assumed"].sum()) / total, "%", origin)
    columns = (
        Column("table", "Table"),
        Column("reported", "Reported", "rows", "number", 0),
        Column("derived", "Derived", "rows", "number", 0),
        Column("assumed", "Assumed", "rows", "number", 0),
        Column("share", "Assumed", "%", "number", 0),
    )
    note = (
        "Reported: a source says it. Derived: computed from reported figures. Assumed: a judgement, with its "
        "reason."
    )
    words: dict[str, Any] = {}
    tables = {"bases": Table("bases", "How much is assumed", columns, counts, origin, note, most=60)}
    return Section("unknowns", "What we do not know", words, tables)


def _bases(inputs: BriefInputs) -> pd.DataFrame:
    rows = []
    for name in sorted(inputs.region.tables):
        table = inputs.region.table(name)
        if "basis" not in table.columns:
            continue
        kinds = table["basis"].value_counts()
        row = {kind: float(kinds.get(kind, 0)) for kind in ("reported", "derived", "assumed")}
        whole = sum(row.values())
        if whole:
            rows.append({"table": name.replace("_", " "), **row, "share": 100.0 * row["assumed"] / whole})
    return pd.DataFrame(rows)
