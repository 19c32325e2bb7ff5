"""The diplomatic calendar: agreements, summits and threats, and what each can reach in the models."""

from __future__ import annotations

import pandas as pd

from sogdia.ledger.calendar import NOTHING, calendar
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import counted

MOST = 24


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    del figures
    told = inputs.announcement
    claims, matches = ((), None) if told is None else (told.claims, told.matches)
    table = calendar(inputs.region, claims, matches).sort_values("date", ascending=False, kind="stable")
    silent = int((table["changes"] == NOTHING).sum())
    words = {
        "acts": counted(len(table), "act"),
        "silent": counted(silent, "of them", "of them"),
        "article": told is not None,
    }
    return Section("diplomacy", "The diplomatic calendar", words, {"calendar": _shown(inputs, table)})


def _shown(inputs: BriefInputs, table: pd.DataFrame) -> Table:
    in_plan = {choice.project for choice in inputs.plan.projects}
    rows = [
        {
            "date": str(row["date"]),
            "kind": str(row["type"]).replace("_", " "),
            "who": ", ".join(inputs.named([code for code in str(row["actors"]).split(";") if code])),
            "whom": ", ".join(inputs.named([code for code in str(row["targets"]).split(";") if code])),
            "what": str(row["what"]),
            "models": _reach(inputs, str(row["changes"]), in_plan),
            "claims": str(row["claims"]),
        }
        for row in table.to_dict("records")
    ]
    columns: tuple[Column, ...] = (
        Column("date", "Date"),
        Column("kind", "Kind"),
        Column("who", "Who"),
        Column("whom", "Towards whom"),
        Column("what", "What"),
        Column("models", "What of the models it can reach"),
        Column("claims", "Claim"),
    )
    if inputs.announcement is None:
        columns = columns[:-1]
    origin = Origin(
        "events of the pack and acts told in the article, against the deals of their parties and year"
    )
    note = (
        "A project in brackets is not in the plan. Claim: the number of the article's claim that tells of it."
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table("calendar", "Agreements, summits, threats", columns, frame, origin, note, most=MOST)


def _reach(inputs: BriefInputs, told: str, in_plan: set[str]) -> str:
    """What an act reaches, with names; projects beyond the plan stand in brackets."""
    parts = []
    for part in told.split("; "):
        kind, _, names = part.partition(": ")
        if kind != "projects":
            parts.append(part)
            continue
        ids = names.split(", ")
        own = [inputs.plain(each) for each in ids if each in in_plan]
        others = [inputs.plain(each) for each in ids if each not in in_plan]
        parts.append(", ".join([*own, *([f"({', '.join(others)})"] if others else [])]))
    return "; ".join(parts)
