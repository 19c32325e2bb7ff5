"""What it costs and who is owed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import counted


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    finance = inputs.case.finance
    known = finance[finance["amount_musd"].notna()]
    by = known.groupby("partner")[["amount_musd"]].sum().reset_index()
    by = by.sort_values("amount_musd", ascending=False, ignore_index=True)
    by["name"] = inputs.named(list(by["partner"]))
    words: dict[str, Any] = {
        "unknown": counted(int(finance.loc[finance["amount_musd"].isna(), "project"].nunique()), "project"),
        "first": "",
    }
    origin = Origin("who pays for the plan's projects, from its counted deals or the plan itself",
                    rows=inputs.project_rows())  # fmt: skip
    if len(by):
        first = by.to_dict("records")[0]
        words["first"] = str(first["name"])
        paid = float(first["amount_musd"])
        figures.add("first_payer", paid, "USD million", origin)
        figures.add("first_payer_pct", 100.0 * paid / float(by["amount_musd"].sum()), "%", origin)
    tables = {"payers": _payers(by, finance, origin)}
    return Section("money", "What it costs and who is owed", words, tables)


def _payers(by: pd.DataFrame, finance: pd.DataFrame, origin: Origin) -> Table:
    loans = finance[finance["lender_class"].astype(str) != ""]
    lent = loans.groupby("partner")["amount_musd"].sum()
    frame = by.copy()
    frame["lent_musd"] = lent.reindex(frame["partner"]).fillna(0.0).to_numpy()
    counts = finance.groupby("partner")["project"].nunique()
    blank = finance[finance["amount_musd"].isna()].groupby("partner")["project"].nunique()
    frame["projects"] = counts.reindex(frame["partner"]).fillna(0).to_numpy(dtype=float)
    frame["blank"] = blank.reindex(frame["partner"]).fillna(0).to_numpy(dtype=float)
    columns = (
        Column("name", "Who pays"),
        Column("amount_musd", "Told sums", "USD million", "number", 0),
        Column("lent_musd", "of it lent", "USD million", "number", 0),
        Column("projects", "Projects", "", "number", 0),
        Column("blank", "without a told sum", "", "number", 0),
    )
    return Table("payers", "Who pays for the plan", columns, frame, origin)
