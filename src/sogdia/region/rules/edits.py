"""Tables that edit other tables: effects of projects and edits of variants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sogdia.codes import CONSTRUCTION, OPERATING, PLANNED
from sogdia.errors import Fault, InputError, clip, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.region.rules.references import allowed_values
from sogdia.tables import Table, parse_cell, parse_number, table_schemas

NOT_OPEN = frozenset({PLANNED, CONSTRUCTION})
OPENED_ONCE = ("links", "plants", "interconnectors", "pipelines")
OPENED = (*OPENED_ONCE, "crossings", "transfers")


def check_effects(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each project effect names an existing row and field, with a valid value."""
    yield from _check_edits(tables, tables["project_effects"])
    effects = tables["project_effects"]
    operating = {
        (name, row)
        for name in OPENED
        for row, status in zip(tables[name].data.index, tables[name].data["status"], strict=True)
        if status == OPERATING
    }
    for position, (action, name, row) in enumerate(_columns(effects, "action", "table", "row")):
        if action == "open" and (name, row) in operating:
            problem = f"{row} of {name} operates already"
            yield row_fault(
                effects, position, "row", problem, "use action set, or correct the row's status", "effect"
            )


def check_variants(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each variant has edits, and that each edit names an existing row and field."""
    yield from _check_edits(tables, tables["variant_edits"])
    variants = tables["variants"]
    used = set(tables["variant_edits"].data["variant"])
    for position, name in enumerate(variants.data["id"]):
        if name not in used:
            yield row_fault(
                variants,
                position,
                "id",
                f"variant {name} has no edits",
                "add rows to variant_edits.csv",
                "effect",
            )


def _columns(table: Table, *names: str) -> Iterator[tuple[str, ...]]:
    return zip(*(table.data[name] for name in names), strict=True)


def _check_edits(tables: Tables, edits: Table) -> Iterator[Fault]:
    rows = _columns(edits, "action", "table", "row", "field", "value")
    for position, (action, name, row, field, value) in enumerate(rows):
        schema = table_schemas().get(name)
        if schema is None:
            hint = did_you_mean(name, table_schemas())
            yield row_fault(edits, position, "table", f"no table is called {clip(name)}", hint, "effect")
            continue
        if name not in tables or row not in tables[name].data.index:
            keys = tables[name].data.index if name in tables else ()
            problem = f"{name} has no row {clip(row)}"
            yield row_fault(edits, position, "row", problem, did_you_mean(row, keys), "effect")
        if field not in schema.field_names:
            problem = f"{name} has no field {clip(field)}"
            yield row_fault(
                edits, position, "field", problem, did_you_mean(field, schema.field_names), "effect"
            )
            continue
        if field in schema.primary_key:
            problem = f"{field} is part of the key of {name}"
            yield row_fault(edits, position, "field", problem, "edit another field", "effect")
            continue
        problem = _value_problem(action, value, name, field) or _unknown_key(value, name, field, tables)
        if problem:
            yield row_fault(edits, position, "value", problem, f"give a value of {name}.{field}", "effect")


def _value_problem(action: str, value: str, table: str, field: str) -> str:
    column = table_schemas()[table].field(field)
    if action == "scale":
        if column.type not in ("number", "integer"):
            return f"{field} is not numeric and cannot be scaled"
        try:
            return "" if parse_number(value) >= 0 else f"{value} is below 0"
        except InputError as error:
            return str(error)
    if action == "open" and (field != "status" or value != OPERATING):
        return f"open sets status to {OPERATING}, not {field} to {clip(value)}"
    try:
        parse_cell(value, column)
    except InputError as error:
        return str(error)
    return ""


def _unknown_key(value: str, table: str, field: str, tables: Tables) -> str:
    schema = table_schemas()[table]
    allowed = allowed_values(schema, schema.field(field), tables)
    separator = schema.field(field).separator
    if allowed is None or not value:
        return ""
    parts = value.split(separator) if separator else [value]
    return "; ".join(f"{clip(part)} does not exist" for part in parts if part not in allowed)


def check_planned_rows(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a project opens each row that is not open yet, and only one if it is built once."""
    effects = tables["project_effects"].data
    opened = effects[effects["action"] == "open"]
    count = Counter(zip(opened["table"], opened["row"], strict=True))
    for name in OPENED:
        table = tables[name]
        for position, (row, status) in enumerate(zip(table.data.index, table.data["status"], strict=True)):
            if status not in NOT_OPEN:
                continue
            times = count[(name, row)]
            if times == 0:
                problem, fix = (
                    f"{row} is {status} and no project opens it",
                    "add a row to project_effects.csv",
                )
                yield row_fault(table, position, "status", problem, fix, "no-project")
            elif times > 1 and name in OPENED_ONCE:
                problem, fix = f"{row} is opened by {times} projects", "keep one of them"
                yield row_fault(table, position, "status", problem, fix, "two-projects")
