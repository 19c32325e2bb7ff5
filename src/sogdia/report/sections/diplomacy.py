"""The diplomatic calendar: agreements, summits and threats, and what each can reach in the models."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sogdia.ledger.calendar import NOTHING, calendar
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import counted, day, money

MOST = 16
KINDS = {"visit_summit": "summit", "policy_threat": "threat"}
"""Types of claims, where events have another word."""
AGAINST = ("tariff", "sanction", "threat", "closure")
"""Acts that hinder trade; they are not set beside deals of the same parties."""


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    del figures
    told = inputs.announcement
    claims, matches = ((), None) if told is None else (told.claims, told.matches)
    table = calendar(inputs.region, claims, matches).sort_values("date", ascending=False, kind="stable")
    if set(inputs.homes) != set(inputs.region.home):
        sides = table["actors"].astype(str) + ";" + table["targets"].astype(str)
        own = [bool(set(codes.split(";")) & set(inputs.homes)) for codes in sides]
        table = table[pd.Series(own, table.index) | (table["claims"] != "")]
    table = table.sort_values("claims", key=lambda column: column == "", kind="stable")
    shown = _shown(inputs, table)
    silent = int((shown.frame["models"] == NOTHING).sum())
    words = {
        "acts": counted(len(table), "act"),
        "reaching": counted(len(table) - silent, "of them", "of them"),
        "nothing": NOTHING,
        "article": told is not None,
        "homes": inputs.told_of,
    }
    return Section("diplomacy", "The diplomatic calendar", words, {"calendar": shown})


def _shown(inputs: BriefInputs, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        kind = KINDS.get(str(row["type"]), str(row["type"]))
        who, whom = (
            tuple(code for code in str(row[end]).split(";") if code) for end in ("actors", "targets")
        )
        rows.append(
            {
                "when": day(str(row["date"])),
                "kind": kind.replace("_", " "),
                "who": ", ".join(inputs.named(who)),
                "whom": ", ".join(inputs.named(whom)),
                "what": str(row["what"]),
                "models": _reach(inputs, str(row["changes"]), kind, who, whom),
                "claims": str(row["claims"]),
            }
        )
    columns: tuple[Column, ...] = (
        Column("when", "Date"),
        Column("kind", "Kind"),
        Column("who", "Who"),
        Column("whom", "Towards whom"),
        Column("what", "What"),
        Column("models", "What of the models it can reach"),
        Column("claims", "Claim"),
    )
    order = "The newest first."
    if inputs.announcement is None:
        columns = columns[:-1]
    else:
        order = (
            "Those that the article tells of first, then the newest. Claim: the number of the article's "
            "claim that tells of it."
        )
    origin = Origin(
        "events of the pack and acts told in the article, against the deals of their parties and year and "
        "the trade of the base year"
    )
    note = f"{order} A project in brackets is not in the plan."
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table("calendar", "Agreements, summits, threats", columns, frame, origin, note, most=MOST)


def _reach(inputs: BriefInputs, told: str, kind: str, who: Sequence[str], whom: Sequence[str]) -> str:
    """What an act reaches: projects by name, those beyond the plan in brackets, or the trade it hinders."""
    in_plan = {choice.project for choice in inputs.plan.projects}
    parts = []
    for part in told.split("; "):
        what, _, names = part.partition(": ")
        if what == "trade":
            parts += _trade(inputs, who, whom)
        elif what == "projects" and kind not in AGAINST:
            ids = names.split(", ")
            own = [inputs.plain(each) for each in ids if each in in_plan]
            others = [inputs.plain(each) for each in ids if each not in in_plan]
            parts.append(", ".join([*own, *([f"({', '.join(others)})"] if others else [])]))
    return "; ".join(parts) or NOTHING


def _trade(inputs: BriefInputs, who: Sequence[str], whom: Sequence[str]) -> list[str]:
    """The trade between two sides where one of them is of the region, both ways, in the base year."""
    if not {*who, *whom} & set(inputs.region.home):
        return []
    trade = inputs.region.table("trade")
    there = trade["exporter"].isin(who) & trade["importer"].isin(whom)
    back = trade["exporter"].isin(whom) & trade["importer"].isin(who)
    own = trade[(there | back) & (trade["commodity"] == "all")]
    return (
        [f"their trade, {money(float(own['value_musd'].sum()))} in {int(own['year'].max())}"]
        if len(own)
        else []
    )
