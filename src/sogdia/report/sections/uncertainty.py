"""Build the section on uncertainty: sensitivity to assumptions, calibration fit, provenance of the pack."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.report.charts import draw_ranges
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.sections.samples import samples_context, samples_tables
from sogdia.report.sections.sources import BASES
from sogdia.report.style import Picture
from sogdia.report.wording import MUSD_A, format_number
from sogdia.uncertainty.one_at_a_time import RANGES, ranked

TOP = 3
"""Number of assumptions in the text."""
MIN_RANKED = 3
"""Number of observations up to which no rank correlation is reported."""
VALIDATION = "validation"
MODELS = {"freight": "freight", "power": "electricity"}
"""Names of the models that are compared with observations."""
QUANTITIES = {
    "flow_t": "tonnes", "flow_teu": "containers", "time_days": "days", "time_h": "hours",
    "cost_usd_per_teu": "cost of a container", "share": "share", "price": "price",
}  # fmt: skip
"""Names of observed quantities."""


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    counts = _count_bases(inputs)
    total = float(counts[list(BASES)].to_numpy().sum())
    assumed_pct = 100.0 * float(counts["assumed"].sum()) / total
    figures.add("assumed_pct", assumed_pct, "%", Origin("rows of the pack by basis"))
    context: dict[str, Any] = {"top": [], "has_ranges": len(inputs.region.table(RANGES)) > 0}
    context |= samples_context(inputs, figures)
    tables = {"bases": _bases(counts), **samples_tables(inputs)}
    fit = _calibration_fit(inputs)
    if len(fit.frame):
        tables["fit"] = fit
    context["unknown"] = _unknown(fit, figures)
    pictures = {}
    if inputs.sensitivity is not None:
        effect = float(inputs.effect()["gain_musd"].sum())
        table = ranked(inputs.sensitivity, effect)
        tables["sensitivity"] = _sensitivity(table)
        pictures["sensitivity"] = _draw_sensitivity(table)
        context["top"] = _top(table, figures)
        context["failed"] = [row["words"] for row in table.to_dict("records") if row["error"]]
    return Section("uncertainty", "Uncertainty and validation", context, tables, pictures)


def _count_bases(inputs: BriefInputs) -> pd.DataFrame:
    """Return the number of rows of each table of the pack by basis, and the share of assumed rows."""
    rows = []
    for name in sorted(inputs.region.tables):
        table = inputs.region.table(name)
        if "basis" not in table.columns:
            continue
        counts = table["basis"].value_counts()
        row = {basis: float(counts.get(basis, 0)) for basis in BASES}
        total = sum(row.values())
        if total:
            rows.append({"table": name.replace("_", " "), **row, "share": 100.0 * row["assumed"] / total})
    return pd.DataFrame(rows).sort_values("assumed", ascending=False, ignore_index=True)


def _bases(counts: pd.DataFrame) -> Table:
    columns = (
        Column("table", "Table"),
        Column("reported", "Reported", "rows", "number", 0),
        Column("derived", "Derived", "rows", "number", 0),
        Column("assumed", "Assumed", "rows", "number", 0),
        Column("share", "Share assumed", "%", "number", 0),
    )
    note = (
        "Reported: stated by a source. Derived: computed from reported figures. Assumed: an assumption with "
        "its reason."
    )
    origin = Origin("rows of the pack by basis")
    return Table("bases", "Basis of the data in the pack", columns, counts, origin, note, max_rows=12)


def _top(table: pd.DataFrame, figures: Figures) -> list[dict[str, Any]]:
    """Add the effect with the most influential assumptions low and high."""
    found = []
    for row in table.head(TOP).to_dict("records"):
        values = row["low"] + (f" and {row['high']}" if row["high"] else "")
        origin = Origin(f"effect of the plan, {row['words']}: {values}", rows=(str(row["row"]),))
        ids = {}
        for end in ("low", "high"):
            if not pd.isna(row[f"{end}_musd"]):
                ids[end] = f"assumed_{row['assumption']}_{end}"
                figures.add(ids[end], float(row[f"{end}_musd"]), "USD million", origin, sign=True)
        found.append(
            {"name": str(row["words"]), "low": str(row["low"]), "high": str(row["high"]), "ids": ids}
        )
    return found


def _sensitivity(table: pd.DataFrame) -> Table:
    columns = (
        Column("words", "Assumption"),
        Column("low", "Low"),
        Column("high", "High"),
        Column("low_musd", "Effect, low", MUSD_A, "effect", 0),
        Column("effect_musd", "as assumed", MUSD_A, "effect", 0),
        Column("high_musd", "high", MUSD_A, "effect", 0),
        Column("assumed_pct", "Rows assumed", "%", "number", 0),
        Column("basis", "Basis of the range"),
    )
    origin = Origin(
        "plan and baseline with one assumption low and high and all others unchanged; ranges are those of "
        "the pack",
        rows=tuple(table["row"].astype(str)),
    )
    note = (
        "The effect is that of the plan on real spending, sum over the countries of the brief. The "
        "pack gives the range of each assumption, with its reason or source. A contested figure has one "
        "alternative; the column “low” has the effect with it."
    )
    return Table(
        "sensitivity", "Effect of the plan with one assumption varied at a time", columns, table, origin,
        note, max_rows=12,
    )  # fmt: skip


def _draw_sensitivity(table: pd.DataFrame) -> Picture:
    ends = table[["low_musd", "effect_musd", "high_musd"]]
    frame = table.assign(low_end=ends.min(axis=1), high_end=ends.max(axis=1))
    frame = frame[np.isfinite(frame["span_musd"])]
    values = "; ".join(
        f"{row['words']} {format_number(row['low_end'], sign=True)} to "
        f"{format_number(row['high_end'], sign=True)}"
        for row in frame.head(TOP).to_dict("records")
    )
    return draw_ranges(
        frame,
        "sensitivity",
        label="words",
        at="effect_musd",
        low="low_end",
        high="high_end",
        unit="million dollars a year",
        points=False,
        alt="Effect of the plan with each assumption low and high, million dollars a year. The widest "
        f"ranges: {values}.",
        caption="Effect of the plan as assumed (line) and with each assumption low and high (bar).",
    )


def _observation(inputs: BriefInputs, key: str) -> str:
    """Return the name of an observation for readers."""
    known, places = inputs.region.table("observations"), inputs.region.table("places")["name"]
    if key not in known.index:
        country, year, measure = [*key.split("/"), "", ""][:3]
        quantity = measure.removesuffix("_gwh").replace("generation_", "electricity from ").replace("_", " ")
        return ", ".join(part for part in (inputs.with_names(country), quantity, year) if part)
    row = known.to_dict("index")[key]
    ends = [str(places.get(row[end], inputs.with_names(str(row[end])))) for end in ("from", "to") if row[end]]
    subject = " to ".join(ends) or str(row["subject"]).replace("_", " ")
    parts = (subject, QUANTITIES.get(str(row["what"]), ""), str(row["year"]))
    return ", ".join(part for part in parts if part)


def _unknown(fit: Table, figures: Figures) -> list[dict[str, str]]:
    """Add how far each model is from observations that were not used to calibrate it."""
    found = []
    for row in fit.frame[fit.frame["use"] == VALIDATION].to_dict("records"):
        engine = str(row["engine"])
        count = int(row["count"])
        figures.add(f"validated_{engine}", count, "1", fit.origin, text=f"{count:,}")
        figures.add(f"validation_median_{engine}", float(row["median"]), "%", fit.origin)
        found.append({"engine": engine, "title": MODELS.get(engine, engine), "largest": str(row["largest"])})
    return found


def _calibration_fit(inputs: BriefInputs) -> Table:
    """Return deviations of the calibrated models from observations, by model and use of the observations."""
    fit = inputs.region.table("calibration_fit")
    fit = fit[(fit["observed"] != 0.0) & fit["modelled"].notna()]
    deviation = 100.0 * (fit["modelled"] / fit["observed"] - 1.0).abs()
    rows = []
    for (engine, use), own in fit.assign(deviation=deviation).groupby(["engine", "use"]):
        ranks = own[["observed", "modelled"]].rank()
        is_ranked = len(own) > MIN_RANKED
        correlation = float(np.corrcoef(ranks.to_numpy().T)[0, 1]) if is_ranked else float("nan")
        largest = own.sort_values("deviation", ascending=False)["observation"].astype(str).iloc[0]
        rows.append(
            {
                "engine": str(engine), "use": str(use), "count": float(len(own)),
                "median": float(own["deviation"].median()), "rank": correlation,
                "largest": _observation(inputs, largest),
            }
        )  # fmt: skip
    columns = (
        Column("engine", "Model"),
        Column("use", "Use of the observations"),
        Column("count", "Observations", "", "number", 0),
        Column("median", "Median deviation", "%", "number", 0),
        Column("rank", "Rank correlation", "", "number", 2),
        Column("largest", "Largest deviation"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    origin = Origin("modelled and observed values of the base year, from the calibration fit of the pack")
    note = (
        "Observations for validation were not used in the calibration, so they measure out-of-sample error. "
        "A rank correlation of one means that the models order the observations correctly."
    )
    return Table("fit", "Deviation from observations in the base year", columns, frame, origin, note)
