"""The diplomatic calendar: agreements, summits and threats, and what each changes in the models."""

from __future__ import annotations

import pandas as pd

from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table

MOST = 30


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    del figures
    return Section("diplomacy", "The diplomatic calendar", {}, {"calendar": _calendar(inputs)})


def _calendar(inputs: BriefInputs) -> Table:
    events = inputs.region.table("policy_events")
    touched = _reasons(inputs)
    rows = []
    for key, row in events.sort_values("date", ascending=False).iterrows():
        rows.append(
            {
                "date": str(row["date"]),
                "kind": str(row["type"]),
                "who": ", ".join(inputs.named(str(row["actor"]).split(";"))),
                "whom": ", ".join(inputs.named(str(row["target"]).split(";"))),
                "what": str(row["what"]),
                "models": touched.get(str(key), "nothing measurable"),
            }
        )
    columns = (
        Column("date", "Date"),
        Column("kind", "Kind"),
        Column("who", "Who"),
        Column("whom", "Towards whom"),
        Column("what", "What"),
        Column("models", "What it changes in the models"),
    )
    origin = Origin("events of the pack", rows=())
    return Table(
        "calendar", "Agreements, summits, threats", columns,
        pd.DataFrame(rows, columns=[c.key for c in columns]), origin, most=MOST,
    )  # fmt: skip


def _reasons(inputs: BriefInputs) -> dict[str, str]:
    """What edits of the cases looked at cite the sources of an event."""
    events = inputs.region.table("policy_events")
    found: dict[str, str] = {}
    for scenario in inputs.scenarios:
        changes = inputs.table(inputs.plan, scenario, "changes")
        for key, row in events.iterrows():
            cited = {each for each in str(row["source"]).split(";") if each}
            hit = changes[[bool(cited & set(str(s).split(";"))) for s in changes["source"]]]
            if len(hit) and str(key) not in found:
                rows = int(hit["rows"].sum())
                found[str(key)] = f"{rows} rows of {', '.join(sorted(set(hit['table'].astype(str))))}"
    return found
