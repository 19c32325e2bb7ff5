"""What is not known: how much is assumed, which assumptions matter, how the base year meets the record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.report.charts import ranges
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.style import Picture
from sogdia.report.wording import number
from sogdia.uncertainty.one_at_a_time import RANGES, ranked

TOLD = 3
"""Assumptions told in the text."""
OBSERVED = {
    "flow_t": "tonnes", "flow_teu": "containers", "time_days": "days", "time_h": "hours",
    "cost_usd_per_teu": "cost of a container", "share": "share", "price": "price",
}  # fmt: skip
"""What is observed, in words."""


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
    words: dict[str, Any] = {"top": [], "ranged": len(inputs.region.table(RANGES)) > 0}
    tables = {"bases": Table("bases", "How much is assumed", columns, counts, origin, note, most=12)}
    fit = _fit(inputs)
    if len(fit.frame):
        tables["fit"] = fit
    pictures = {}
    if inputs.sensitivity is not None:
        effect = float(inputs.effect()["gain_musd"].sum())
        table = ranked(inputs.sensitivity, effect)
        tables["sensitivity"] = _sensitivity(table)
        pictures["sensitivity"] = _picture(table)
        words["top"] = _top(table, figures)
        words["failed"] = [row["words"] for row in table.to_dict("records") if row["error"]]
    return Section("unknowns", "What we do not know", words, tables, pictures)


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
    return pd.DataFrame(rows).sort_values("assumed", ascending=False, ignore_index=True)


def _top(table: pd.DataFrame, figures: Figures) -> list[dict[str, Any]]:
    """The assumptions that the plan's effect hangs on most, with the effect when they are low and high."""
    told = []
    for row in table.head(TOLD).to_dict("records"):
        origin = Origin(
            f"the plan's effect, {row['words']}: {row['low']}"
            + (f" and {row['high']}" if row["high"] else ""),
            rows=(str(row["row"]),),
        )
        names = {}
        for end in ("low", "high"):
            if row[f"{end}_musd"] == row[f"{end}_musd"]:
                names[end] = f"assumed_{row['assumption']}_{end}"
                figures.add(names[end], float(row[f"{end}_musd"]), "USD million", origin, sign=True)
        told.append(
            {"words": str(row["words"]), "low": str(row["low"]), "high": str(row["high"]), "ids": names}
        )
    return told


def _sensitivity(table: pd.DataFrame) -> Table:
    columns = (
        Column("words", "Assumption"),
        Column("low", "Low"),
        Column("high", "High"),
        Column("low_musd", "Effect, low", "USD million a year", "change", 0),
        Column("effect_musd", "as assumed", "USD million a year", "change", 0),
        Column("high_musd", "high", "USD million a year", "change", 0),
        Column("assumed_pct", "Rows assumed", "%", "number", 0),
        Column("basis", "Range"),
    )
    origin = Origin(
        "both plans run again with the assumption low and high, all else as it is; ranges are the pack's",
        rows=tuple(table["row"].astype(str)),
    )
    note = (
        "The effect is the plan's, on real spending on goods in all countries of the brief. How far an "
        "assumption may be off is a row of the pack, with its reason or source; the last column says whether "
        "that range is reported, derived or assumed. A contested figure has one alternative; the effect "
        "with it is shown as low."
    )
    return Table("sensitivity", "One assumption at a time", columns, table, origin, note, most=12)


def _picture(table: pd.DataFrame) -> Picture:
    ends = table[["low_musd", "effect_musd", "high_musd"]]
    frame = table.assign(low_end=ends.min(axis=1), high_end=ends.max(axis=1))
    frame = frame[np.isfinite(frame["span_musd"])]
    told = "; ".join(
        f"{row['words']} {number(row['low_end'], sign=True)} to {number(row['high_end'], sign=True)}"
        for row in frame.head(TOLD).to_dict("records")
    )
    return ranges(
        frame,
        "sensitivity",
        label="words",
        at="effect_musd",
        low="low_end",
        high="high_end",
        unit="million dollars a year",
        points=False,
        alt=f"The plan's effect with each assumption low and high, million dollars a year: {told}.",
        caption="The plan's effect as assumed (line) and with each assumption low and high (bar).",
    )


def _observed(inputs: BriefInputs, key: str) -> str:
    """An observation in words."""
    known, places = inputs.region.table("observations"), inputs.region.table("places")["name"]
    if key not in known.index:
        country, year, measure = [*key.split("/"), "", ""][:3]
        told = measure.removesuffix("_gwh").replace("generation_", "power from ").replace("_", " ")
        return ", ".join(part for part in (inputs.plain(country), told, year) if part)
    row = known.to_dict("index")[key]
    ends = [str(places.get(row[end], inputs.plain(str(row[end])))) for end in ("from", "to") if row[end]]
    way = " to ".join(ends) or str(row["subject"]).replace("_", " ")
    return ", ".join(part for part in (way, OBSERVED.get(str(row["what"]), ""), str(row["year"])) if part)


def _fit(inputs: BriefInputs) -> Table:
    """How far the calibrated engines are from the record, by engine and use of the record."""
    fit = inputs.region.table("calibration_fit")
    fit = fit[(fit["observed"] != 0.0) & fit["modelled"].notna()]
    apart = 100.0 * (fit["modelled"] / fit["observed"] - 1.0).abs()
    rows = []
    for (engine, use), own in fit.assign(apart=apart).groupby(["engine", "use"]):
        ranks = own[["observed", "modelled"]].rank()
        linked = float(np.corrcoef(ranks.to_numpy().T)[0, 1]) if len(own) > TOLD else float("nan")
        furthest = own.sort_values("apart", ascending=False)["observation"].astype(str).iloc[0]
        worst = _observed(inputs, furthest)
        rows.append(
            {
                "engine": str(engine), "use": str(use), "count": float(len(own)),
                "median": float(own["apart"].median()), "rank": linked, "worst": worst,
            }
        )  # fmt: skip
    columns = (
        Column("engine", "Engine"),
        Column("use", "Record used for"),
        Column("count", "Figures", "", "number", 0),
        Column("median", "Median difference", "%", "number", 0),
        Column("rank", "Rank correlation", "", "number", 2),
        Column("worst", "Furthest"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    origin = Origin("modelled over observed in the base year, from the pack's record of the calibration")
    note = (
        "Figures used for validation were kept out of the calibration; they show what the engines "
        "foresee. Rank correlation is one where the models order the figures as the record does."
    )
    return Table("fit", "The base year against the record", columns, frame, origin, note)
