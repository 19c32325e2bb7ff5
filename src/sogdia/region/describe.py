"""Data dictionary of a region, from the declarations that also check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sogdia.codes import ASSUMED, DERIVED, REPORTED
from sogdia.region.region import Region
from sogdia.tables import FieldSchema, Table

BASES = (REPORTED, DERIVED, ASSUMED)


def describe(region: Region) -> dict[str, Any]:
    """Describe every table and field with its meaning, and the basis of the rows of each table.

    Args:
        region: The region.

    Returns:
        ``name``, ``title``, ``version``, ``base_year``, ``digest``, ``basis`` (rows by basis over all
        tables) and ``tables``, each with rows, basis shares, keys and fields.
    """
    tables = [_describe_table(table) for table in region.tables.values()]
    total = {basis: sum(entry["basis"].get(basis, 0) for entry in tables) for basis in BASES}
    return {
        "name": region.name,
        "title": region.title,
        "version": region.version,
        "base_year": region.base_year,
        "digest": region.digest,
        "basis": total,
        "tables": tables,
    }


def _describe_table(table: Table) -> dict[str, Any]:
    schema = table.schema
    counts = Counter(table.data["basis"]) if schema.has_provenance else Counter()
    return {
        "name": schema.name,
        "title": schema.title,
        "description": schema.description,
        "rows": len(table.data),
        "basis": {basis: counts[basis] for basis in BASES} if schema.has_provenance else {},
        "primary_key": list(schema.primary_key),
        "fields": [_describe_field(field, table) for field in schema.fields],
    }


def _describe_field(field: FieldSchema, table: Table) -> dict[str, Any]:
    limits = field.constraints
    return {
        "name": field.name,
        "type": field.type,
        "unit": field.unit,
        "unit_from": field.unit_from,
        "title": field.title,
        "description": field.description,
        "required": limits.required,
        "range": [limits.minimum, limits.maximum],
        "vocabulary": list(limits.enum or ()),
        "refers_to": _target(field, table),
        "filled": _filled(field, table),
    }


def _target(field: FieldSchema, table: Table) -> str | None:
    if field.references is not None:
        codes = "".join(f" or {code}" for code in field.references.also)
        return f"{field.references.resource}.{field.references.field}{codes}"
    for key in table.schema.foreign_keys:
        if field.name in key.fields:
            column = key.reference.fields[key.fields.index(field.name)]
            return f"{key.reference.resource}.{column}"
    return None


def _filled(field: FieldSchema, table: Table) -> int:
    column = table.data[field.name]
    return int((column != "").sum() if field.type == "string" else column.notna().sum())


def describe_markdown(region: Region) -> str:
    """Write the data dictionary as a Markdown page."""
    content = describe(region)
    parts = [
        f"# Data dictionary: {content['title']}",
        f"Version {content['version']}, base year {content['base_year']}, digest `{content['digest'][:16]}`.",
        _basis_table(content["tables"]),
    ]
    parts.extend(_table_page(entry) for entry in content["tables"])
    return "\n\n".join(parts) + "\n"


def _basis_table(tables: list[Mapping[str, Any]]) -> str:
    lines = [
        "## Basis of the figures",
        "",
        "| table | rows | reported | derived | assumed |",
        "|:--|--:|--:|--:|--:|",
    ]
    for entry in tables:
        shares = [
            _share(entry["basis"].get(basis, 0), entry["rows"]) if entry["basis"] else "" for basis in BASES
        ]
        lines.append(f"| `{entry['name']}` | {entry['rows']:,} | {' | '.join(shares)} |")
    return "\n".join(lines)


def _share(count: int, rows: int) -> str:
    return f"{100 * count / rows:.0f} %" if rows else ""


def _table_page(entry: Mapping[str, Any]) -> str:
    lines = [f"## {entry['name']}", "", f"*{entry['title']}.* {entry['description']}", ""]
    lines.append(f"Key: {', '.join(f'`{name}`' for name in entry['primary_key'])}. Rows: {entry['rows']:,}.")
    lines += ["", "| field | type | unit | meaning | limits | filled |", "|:--|:--|:--|:--|:--|--:|"]
    for field in entry["fields"]:
        name = f"`{field['name']}`" + (" *" if field["required"] else "")
        meaning = field["description"].replace("|", "\\|")
        unit = field["unit"] or (f"in `{field['unit_from']}`" if field["unit_from"] else "")
        lines.append(
            f"| {name} | {field['type']} | {unit} | {meaning} | {_limits(field)} | {field['filled']:,} |"
        )
    return "\n".join(lines)


def _limits(field: Mapping[str, Any]) -> str:
    low, high = field["range"]
    words = []
    if low is not None and high is not None:
        words.append(f"{low:g} to {high:g}")
    elif low is not None:
        words.append(f"at least {low:g}")
    elif high is not None:
        words.append(f"at most {high:g}")
    if field["vocabulary"]:
        words.append(", ".join(field["vocabulary"]))
    if field["refers_to"]:
        words.append(f"in `{field['refers_to']}`")
    return "; ".join(words)
