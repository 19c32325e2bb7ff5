"""Rules of uncertainty: their tables, fields, conditions and widths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sogdia.errors import Fault, clip, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.region.uncertainty_rule import (
    BASIS_FIELDS,
    BY_BASIS,
    BY_ERROR,
    BY_LOG_ERROR,
    BY_RANGE,
    LOGNORMAL,
    MEDIAN,
    UncertaintyRule,
    parse_conditions,
)
from sogdia.tables import table_schemas

TABLE = "uncertainty_rules"
NUMERIC = ("number", "integer")


def check_uncertainty_rules(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check the fields, conditions and widths of each rule, and that no figure is drawn twice."""
    table = tables[TABLE]
    owners: dict[tuple[str, str], dict[int, str]] = {}
    for position, row in enumerate(table.data.to_dict("records")):
        faults = [*_names(row), *_widths(row)]
        yield from (row_fault(table, position, *words, "uncertainty") for words in faults)
        if faults:
            continue
        rule = UncertaintyRule(row)
        frame = tables[rule.table].data
        rows = np.flatnonzero(rule.select(frame))
        if len(rows) == 0 and len(frame):
            problem = f"no row of {rule.table} satisfies it"
            yield row_fault(table, position, "where", problem, "correct the condition", "uncertainty")
        for field in rule.fields:
            owned = owners.setdefault((rule.table, field), {})
            double = next((owned[int(each)] for each in rows if int(each) in owned), "")
            if double:
                problem = f"{field} of a row of {rule.table} is drawn by {double} too"
                yield row_fault(table, position, "where", problem, "exclude the row in one", "uncertainty")
            owned.update(dict.fromkeys(rows.tolist(), rule.id))


def _names(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield field, problem and fix of names that do not exist."""
    schemas, name = table_schemas(), str(row["table"])
    if name not in schemas or not schemas[name].has_provenance:
        valid = [key for key, schema in schemas.items() if schema.has_provenance]
        yield "table", f"no table with a basis is called {clip(name)}", did_you_mean(name, valid)
        return
    schema = schemas[name]
    numbers = [each.name for each in schema.fields if each.type in NUMERIC]
    for field in str(row["fields"]).split(";"):
        if field not in numbers or field in schema.primary_key:
            yield "fields", f"{name} has no figure {clip(field)}", did_you_mean(field, numbers)
    for column in filter(None, str(row["by"]).split(";")):
        if column not in schema.field_names:
            yield "by", f"{name} has no column {clip(column)}", did_you_mean(column, schema.field_names)
    try:
        conditions = parse_conditions(str(row["where"]))
    except ValueError as error:
        yield "where", f"{clip(str(error))} is no condition", "write column=value or column!=value"
        return
    for condition in conditions:
        if condition.column not in schema.field_names:
            hint = did_you_mean(condition.column, schema.field_names)
            yield "where", f"{name} has no column {clip(condition.column)}", hint


def _widths(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield field, problem and fix of widths that are missing or out of order."""
    spread, name = row["spread"], str(row["table"])
    columns = table_schemas()[name].field_names if name in table_schemas() else ()
    if spread in (BY_ERROR, BY_LOG_ERROR) and BY_ERROR not in columns:
        yield "spread", f"{name} has no column {BY_ERROR}", "choose basis, and give its widths"
    if spread == BY_RANGE and columns:
        try:
            UncertaintyRule(row).range_fields(pd.DataFrame(columns=list(columns)))
        except KeyError as error:
            yield "spread", f"{name} has no low and high field of {error.args[0]}", "choose basis"
    widths = {field: row[field] for field in BASIS_FIELDS.values()}
    if row["centre"] != MEDIAN and row["distribution"] != LOGNORMAL:
        problem = f"the median of a {row['distribution']} factor is its mean"
        yield "centre", problem, f"write {MEDIAN}, or choose the distribution {LOGNORMAL}"
    missing = [field for field, width in widths.items() if pd.isna(width)]
    if missing and (spread == BY_BASIS or len(missing) < len(widths)):
        yield missing[0], "there is no width", "give the standard deviation in per cent"
    order = [float(str(width)) for width in widths.values() if not pd.isna(width)]
    if order != sorted(order):
        words = " above ".join(f"{width:g}" for width in reversed(order))
        yield (
            "assumed_pct",
            f"{words} (assumed, derived, reported) is not in order",
            ("make reported figures narrowest and assumed ones widest"),
        )
