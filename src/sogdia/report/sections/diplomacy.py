"""Build the diplomatic calendar: acts of states, and the model inputs that each can affect."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sogdia.codes import ALL_GOODS
from sogdia.ledger.diplomatic_calendar import NO_EFFECT, calendar
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import format_count, format_date, format_money

MAX_ROWS = 16
TYPES = {"visit_summit": "summit", "policy_threat": "threat"}
"""Types of claims and the names of the same types of events."""
RESTRICTIONS = ("tariff", "sanction", "threat", "closure")
"""Types of acts that restrict trade; they are not matched with deals of the same parties."""


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    del figures
    announcement = inputs.announcement
    claims, matches = ((), None) if announcement is None else (announcement.claims, announcement.matches)
    table = calendar(inputs.region, claims, matches).sort_values("date", ascending=False, kind="stable")
    if set(inputs.homes) != set(inputs.region.home):
        sides = table["actors"].astype(str) + ";" + table["targets"].astype(str)
        own = [bool(set(codes.split(";")) & set(inputs.homes)) for codes in sides]
        table = table[pd.Series(own, table.index) | (table["claims"] != "")]
    table = table.sort_values("claims", key=lambda column: column == "", kind="stable")
    shown = _calendar(inputs, table)
    without = int((shown.frame["models"] == NO_EFFECT).sum())
    context = {
        "acts": format_count(len(table), "act"),
        "affecting": format_count(len(table) - without, "of them", "of them"),
        "no_effect": NO_EFFECT,
        "has_article": announcement is not None,
        "countries": inputs.countries,
    }
    return Section("diplomacy", "Diplomatic calendar", context, {"calendar": shown})


def _calendar(inputs: BriefInputs, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        kind = TYPES.get(str(row["type"]), str(row["type"]))
        actors, targets = (
            tuple(code for code in str(row[end]).split(";") if code) for end in ("actors", "targets")
        )
        rows.append(
            {
                "date": format_date(str(row["date"])),
                "type": kind.replace("_", " "),
                "actors": ", ".join(inputs.names_of(actors)),
                "targets": ", ".join(inputs.names_of(targets)),
                "act": str(row["what"]),
                "models": _affected(inputs, str(row["changes"]), kind, actors, targets),
                "claims": str(row["claims"]),
            }
        )
    columns: tuple[Column, ...] = (
        Column("date", "Date"),
        Column("type", "Type"),
        Column("actors", "Actor"),
        Column("targets", "Target"),
        Column("act", "Act"),
        Column("models", "Can affect in the models"),
        Column("claims", "Claim"),
    )
    order = "Latest first."
    if inputs.announcement is None:
        columns = columns[:-1]
    else:
        order = "Acts of the article first, then the latest. Claim: number of the article's claim."
    origin = Origin(
        "events of the pack and acts of the article, with deals of the same parties and year and trade of "
        "the base year"
    )
    note = f"{order} Projects in brackets are not in the plan."
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table(
        "calendar", "Agreements, summits and threats", columns, frame, origin, note, max_rows=MAX_ROWS
    )


def _affected(
    inputs: BriefInputs, changes: str, kind: str, actors: Sequence[str], targets: Sequence[str]
) -> str:
    """Return the projects or the trade that an act can affect; projects outside the plan are in brackets."""
    in_plan = {choice.project for choice in inputs.plan.own}
    parts = []
    for part in changes.split("; "):
        subject, _, names = part.partition(": ")
        if subject == "trade":
            parts += _trade(inputs, actors, targets)
        elif subject == "projects" and kind not in RESTRICTIONS:
            ids = names.split(", ")
            own = [inputs.with_names(each) for each in ids if each in in_plan]
            others = [inputs.with_names(each) for each in ids if each not in in_plan]
            parts.append(", ".join([*own, *([f"({', '.join(others)})"] if others else [])]))
    return "; ".join(parts) or NO_EFFECT


def _trade(inputs: BriefInputs, actors: Sequence[str], targets: Sequence[str]) -> list[str]:
    """Return the trade between two sides in the base year, if a home country is on one of them."""
    if not {*actors, *targets} & set(inputs.region.home):
        return []
    trade = inputs.region.table("trade")
    there = trade["exporter"].isin(actors) & trade["importer"].isin(targets)
    back = trade["exporter"].isin(targets) & trade["importer"].isin(actors)
    own = trade[(there | back) & (trade["commodity"] == ALL_GOODS)]
    if own.empty:
        return []
    return [f"bilateral trade, {format_money(float(own['value_musd'].sum()))} in {int(own['year'].max())}"]
