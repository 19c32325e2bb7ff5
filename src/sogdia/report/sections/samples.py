"""Show the effect of the plan in samples of all uncertain figures: intervals, variance shares, failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Table
from sogdia.report.wording import format_number, format_quantity, format_range
from sogdia.runs.measures import BUILT_IN
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.uncertainty.stored_ensemble import SEPARATOR, StoredEnsemble

ENDS = ("low", "high")
LEVEL = "80 %"
TOP = 3
"""Number of groups in the text."""
ALL_PCT = 100.0
ROUNDING = 1e-9
"""Part of a value below which an effect on it is rounding."""
NOTE = (
    f" Low and high are the ends of the {LEVEL} interval of the effect in samples of all uncertain figures."
)


def origin_of(ensemble: StoredEnsemble) -> Origin:
    """Return the provenance of figures of an ensemble."""
    return Origin(
        f"{ensemble.samples} samples of all uncertain figures at once, the same for plan and baseline",
        rows=("uncertainty_rules",),
    )


def has_intervals(inputs: BriefInputs) -> bool:
    """Return true if the store has an ensemble of the plan."""
    return inputs.ensemble is not None


def interval_columns(
    inputs: BriefInputs, key: str, unit: str, decimals: int | None, prefix: str = ""
) -> tuple[Column, ...]:
    """Return the columns of the ends of an interval of an effect; none without an ensemble."""
    if inputs.ensemble is None:
        return ()
    return tuple(Column(f"{key}_{end}", f"{prefix}{end}", unit, "effect", decimals) for end in ENDS)


def interval_note(inputs: BriefInputs) -> str:
    """Return what the columns of intervals are; nothing without an ensemble."""
    return NOTE if inputs.ensemble is not None else ""


def with_intervals(
    inputs: BriefInputs, frame: pd.DataFrame, table: str, column: str, factor: float = 1.0
) -> pd.DataFrame:
    """Return a table with the interval of the effect on a column, ``COLUMN_low`` and ``COLUMN_high``.

    Args:
        inputs: Inputs of the brief.
        frame: A table indexed by the first key of the result table.
        table: Result table.
        column: Its column.
        factor: Value of its unit in the unit shown.
    """
    if inputs.ensemble is None:
        return frame
    rows = inputs.ensemble.row_interval(table, column)
    first = rows.set_axis([str(row).partition(SEPARATOR)[0] for row in rows.index])
    ends = {f"{column}_{end}": factor * first[f"effect_{end}"].reindex(frame.index) for end in ENDS}
    return frame.assign(**ends)


def add_gain_interval(inputs: BriefInputs, figures: Figures) -> bool:
    """Add the interval of the plan's effect; return true if there is one."""
    if inputs.ensemble is None:
        return False
    own = inputs.ensemble.interval(inputs.homes)
    origin = origin_of(inputs.ensemble)
    figures.add("gain_median", own.median, "USD million", origin, sign=True)
    figures.add("gain_samples_low", own.low, "USD million", origin, sign=True)
    text = format_range(own.low, own.high, "USD million")
    figures.add("gain_samples_high", own.high, "USD million", origin, text=text)
    return True


def with_appraisal(inputs: BriefInputs, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the appraisal by discount rate with the intervals of net present value and rate of return."""
    if inputs.ensemble is None or frame.empty:
        return frame
    ends: dict[str, list[float]] = {}
    for rate in frame["rate_pct"].astype(float):
        for name in ("npv_musd", "eirr_pct"):
            own = inputs.ensemble.appraisal(rate, name)
            for end in ENDS:
                value = float("nan") if own is None else getattr(own, end)
                ends.setdefault(f"{name}_{end}", []).append(value)
    return frame.assign(**ends)


def add_appraisal(inputs: BriefInputs, figures: Figures, rate_pct: float) -> dict[str, bool]:
    """Add the intervals of net present value and rate of return; the context says which there are."""
    found = {"has_npv_samples": False, "has_eirr_samples": False}
    if inputs.ensemble is None:
        return found
    origin = origin_of(inputs.ensemble)
    npv = inputs.ensemble.appraisal(rate_pct)
    if npv is not None:
        figures.add("npv_samples_median", npv.median, "USD million", origin, sign=True)
        figures.add("npv_samples", npv.high, "USD million", origin,
                    text=format_range(npv.low, npv.high, "USD million"))  # fmt: skip
        figures.add("npv_positive_pct", npv.above_zero_pct, "%", origin, digits=3)
        found["has_npv_samples"] = True
    eirr = inputs.ensemble.appraisal(rate_pct, "eirr_pct")
    if eirr is not None:
        figures.add("eirr_samples_median", eirr.median, "%", origin, digits=2)
        figures.add("eirr_samples", eirr.high, "%", origin, text=format_range(eirr.low, eirr.high, "%"))
        found["has_eirr_samples"] = True
    return found


def samples_context(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add what the samples say of the effect; the context has no ``count`` without an ensemble."""
    ensemble = inputs.ensemble
    if ensemble is None:
        return {"has_samples": False}
    origin, own = origin_of(ensemble), ensemble.interval(inputs.homes)
    figures.add("samples", ensemble.samples, "1", origin, text=f"{ensemble.samples:,}")
    figures.add("samples_level", 80.0, "%", origin)
    figures.add("gain_positive_pct", own.above_zero_pct, "%", origin, digits=3)
    titles = group_titles(inputs)
    figures.add(
        "failure", 100.0 - own.above_zero_pct, "%", origin, text=ensemble.failure(inputs.homes, titles)
    )
    top = []
    shares = ensemble.shares(inputs.homes)
    for row in [] if shares is None else shares.head(TOP).to_dict("records"):
        share, half = 100.0 * float(row["first"]), 100.0 * float(row["first_conf"])
        text = f"{format_quantity(share, '%')} (plus or minus {format_quantity(half, '%')})"
        name = f"share_{row['group']}"
        figures.add(name, share, "%", origin, text=text)
        top.append({"id": name, "title": titles.get(str(row["group"]), str(row["group"]))})
    return {"has_samples": True, "groups": top, "is_sure": own.above_zero_pct == ALL_PCT}


def samples_tables(inputs: BriefInputs) -> dict[str, Table]:
    """Return intervals of measures, variance shares and intervals of all rows; none without an ensemble."""
    ensemble = inputs.ensemble
    if ensemble is None:
        return {}
    tables = {"intervals": _measures(inputs, ensemble), "row_intervals": _rows(ensemble)}
    shares = ensemble.shares(inputs.homes)
    if shares is not None:
        tables["shares"] = _shares(inputs, ensemble, shares)
    return tables


def group_titles(inputs: BriefInputs) -> dict[str, str]:
    """Return the title of the first rule of each group of uncertain figures."""
    rules = inputs.region.table("uncertainty_rules")
    first = rules.drop_duplicates("group")
    return dict(zip(first["group"].astype(str), first["title"].astype(str), strict=True))


def _interval(columns: Sequence[tuple[str, str]], effect: bool) -> tuple[Column, ...]:
    kind = "effect" if effect else "number"
    return tuple(Column(key, title, "", kind) for key, title in columns)  # type: ignore[arg-type]


VALUES = (("pack", "With the plan, at the figures of the pack"), ("low", "low"), ("median", "median"),
          ("high", "high"))  # fmt: skip
EFFECTS = (("effect_pack", "Effect, at the figures of the pack"), ("effect_low", "low"),
           ("effect_median", "median"), ("effect_high", "high"))  # fmt: skip


def _measures(inputs: BriefInputs, ensemble: StoredEnsemble) -> Table:
    """Return the measures as text, for their units differ; the workbook has the numbers too."""
    table = ensemble.intervals.copy()
    for name in ("effect_low", "effect_median", "effect_high"):
        # A difference of two runs that is rounding alone is none.
        table[name] = table[name].mask(table[name].abs() < ROUNDING * table["median"].abs(), 0.0)
    frame = table.assign(
        name=[_title(str(name)) for name in table["measure"]],
        part=[inputs.part_names.get(str(of), str(of)) for of in table["of"]],
        effect_text=[format_number(value, sign=True) for value in table["effect_median"]],
        effect_ends=_ends(table, "effect_", sign=True),
        value_text=[format_number(value) for value in table["median"]],
        value_ends=_ends(table, "", sign=False),
    )
    numbers = (*_interval(EFFECTS, effect=True), *_interval(VALUES, effect=False))
    columns = (
        Column("name", "Measure"), Column("part", "Of"), Column("unit", "Unit"),
        Column("effect_text", "Effect, median"), Column("effect_ends", f"{LEVEL} interval"),
        Column("value_text", "With the plan, median"), Column("value_ends", f"{LEVEL} interval"),
        *(replace(column, on_page=False) for column in numbers),
    )  # fmt: skip
    title = f"Measures in {ensemble.samples} samples of all uncertain figures"
    return Table("intervals", title, columns, frame, origin_of(ensemble), max_rows=12)


def _ends(table: pd.DataFrame, prefix: str, *, sign: bool) -> list[str]:
    ends = (table[f"{prefix}{end}"] for end in ENDS)
    texts = ([format_number(value, sign=sign) for value in pair] for pair in zip(*ends, strict=True))
    return [" to ".join(dict.fromkeys(pair)) for pair in texts]


def _title(measure: str) -> str:
    """Return the label of the column that a measure reads; its name, if a study defined it."""
    if measure not in BUILT_IN:
        return measure.replace("_", " ")
    known = BUILT_IN[measure]
    return RESULT_TABLES[known.table].column(known.column).label


def _shares(inputs: BriefInputs, ensemble: StoredEnsemble, shares: pd.DataFrame) -> Table:
    titles = group_titles(inputs)
    frame = shares.assign(
        title=[titles.get(str(name), str(name)) for name in shares["group"]],
        first_pct=100.0 * shares["first"], conf_pct=100.0 * shares["first_conf"],
    )  # fmt: skip
    columns = (
        Column("title", "Group of figures"),
        Column("first_pct", "Share of the variance", "%", "number", 0),
        Column("conf_pct", "half width", "%", "number", 0),
        Column("delta", "Borgonovo's δ", "", "number", 2),
        Column("rank_correlation", "Rank correlation", "", "effect", 2),
    )
    note = (
        "Share of the variance of the plan's effect that a group explains by itself, with the half width of "
        f"its {LEVEL} interval by bootstrap. What the shares leave is interactions and the deviations of "
        "single rows. δ is not zero for a group without influence: compare it with the smallest."
    )
    title = "Which assumption matters"
    return Table("shares", title, columns, frame, origin_of(ensemble), note, max_rows=10)


def _rows(ensemble: StoredEnsemble) -> Table:
    """Return the intervals of every row of the tables that samples store; the page shows none of them."""
    rows = ensemble.rows
    labels = [_label(str(t), str(c)) for t, c in zip(rows["table"], rows["column"], strict=True)]
    frame = rows.assign(label=labels, of=rows["table"].astype(str).str.replace("_", " "))
    columns = (
        Column("of", "Table"), Column("row", "Row"), Column("label", "Figure"),
        *_interval(EFFECTS, effect=True), *_interval(VALUES, effect=False),
    )  # fmt: skip
    title = "Every figure in samples of all uncertain figures"
    return Table("row_intervals", title, columns, frame, origin_of(ensemble), max_rows=0)


def _label(table: str, column: str) -> str:
    return RESULT_TABLES[table].column(column).heading
