"""Descriptor of a region pack: a Frictionless Data Package with a ``sogdia`` block."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sogdia.errors import Fault, did_you_mean
from sogdia.files import read_bytes, write_file
from sogdia.model_errors import problem_of
from sogdia.tables import schema_descriptors

DESCRIPTOR = "datapackage.json"
REGION_NAME = r"[a-z0-9][a-z0-9._-]*"


class RegionBlock(BaseModel):
    """Base year, years and home group of a pack.

    Attributes:
        base_year: Year whose state the tables describe.
        years: Years of scenarios, the base year first.
        home_group: Value of ``economies.group`` of the home economies.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_year: int = Field(ge=1950, le=2100)
    years: tuple[int, ...] = Field(min_length=1)
    home_group: str = Field(min_length=1)


class PackDescriptor(BaseModel):
    """Parts of ``datapackage.json`` that Sogdia reads."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(pattern=f"^{REGION_NAME}$")
    title: str
    version: str
    sogdia: RegionBlock
    paths: Mapping[str, str]


def read_descriptor(folder: Path) -> tuple[PackDescriptor | None, bytes, list[Fault]]:
    """Read and check the descriptor of the pack in ``folder``.

    Returns:
        The descriptor (``None`` if it cannot be used), its bytes, and its errors.
    """
    data = read_bytes(folder / DESCRIPTOR)
    content = _parse(data)
    if isinstance(content, Fault):
        return None, data, [content]
    faults: list[Fault] = []
    paths = dict(_resources(content, folder, faults))
    try:
        descriptor = PackDescriptor.model_validate({**content, "paths": paths})
    except ValidationError as error:
        faults.extend(
            Fault(DESCRIPTOR, None, ".".join(map(str, item["loc"])), problem_of(item), "", "descriptor")
            for item in error.errors()
        )
        return None, data, faults
    years = descriptor.sogdia.years
    if years[0] != descriptor.sogdia.base_year or list(years) != sorted(set(years)):
        problem = f"years do not rise from base_year {descriptor.sogdia.base_year}"
        fix = "list the base year first, then later years in order"
        faults.append(Fault(DESCRIPTOR, None, "sogdia.years", problem, fix, "descriptor"))
    return descriptor, data, faults


def _parse(data: bytes) -> dict[str, Any] | Fault:
    try:
        text = data.decode("utf-8")
        content = json.loads(text)
        if "\\u" in text:
            json.dumps(content, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        return Fault(DESCRIPTOR, error.lineno, None, f"not JSON: {error.msg}", "", "json")
    except UnicodeDecodeError:
        return Fault(DESCRIPTOR, None, None, "not UTF-8 text", "save it as UTF-8", "encoding")
    except UnicodeEncodeError:
        return Fault(
            DESCRIPTOR,
            None,
            None,
            "half a surrogate pair after \\u",
            "write the character itself",
            "encoding",
        )
    except ValueError:
        return Fault(DESCRIPTOR, None, None, "a number with thousands of digits", "", "json")
    except RecursionError:
        return Fault(DESCRIPTOR, None, None, "nested too deeply to be a descriptor", "", "json")
    if not isinstance(content, dict):
        return Fault(DESCRIPTOR, None, None, "the descriptor is not a JSON object", "", "json")
    return content


def _resources(content: Mapping[str, Any], folder: Path, faults: list[Fault]) -> Iterator[tuple[str, str]]:
    declared = schema_descriptors()
    resources = content.get("resources")
    if not isinstance(resources, list):
        faults.append(Fault(DESCRIPTOR, None, "resources", "not a list of resources", "", "descriptor"))
        return
    seen: set[str] = set()
    for number, item in enumerate(resources):
        place = f"resources[{number}]"
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            faults.append(Fault(DESCRIPTOR, None, place, "not an object with a name", "", "descriptor"))
            continue
        name = item["name"]
        if name not in declared:
            hint = did_you_mean(name, declared)
            faults.append(
                Fault(DESCRIPTOR, None, place, f"no table is called {name!r}", hint, "unknown-table")
            )
            continue
        if name in seen:
            faults.append(
                Fault(DESCRIPTOR, None, place, f"{name} is given twice", "delete one", "descriptor")
            )
            continue
        seen.add(name)
        yield from _resource_path(item, place, folder, faults)
        faults.extend(_schema_faults(item.get("schema"), declared[name], f"{place}.schema"))
    for name in sorted(set(declared) - seen):
        problem = f"table {name} has no resource"
        faults.append(
            Fault(DESCRIPTOR, None, "resources", problem, "add it; a header is enough", "missing-table")
        )


def _resource_path(
    item: Mapping[str, Any], place: str, folder: Path, faults: list[Fault]
) -> Iterator[tuple[str, str]]:
    path = item.get("path")
    problem = _path_problem(path, folder)
    if problem:
        fix = f"use {item['name']}.csv"
        faults.append(Fault(DESCRIPTOR, None, f"{place}.path", problem, fix, "path"))
    else:
        yield item["name"], str(path)


def _path_problem(path: object, folder: Path) -> str:
    """Return why a path is rejected, or nothing: only relative paths inside the pack are read."""
    if not isinstance(path, str) or not path:
        return "not the path of one CSV file"
    if "\\" in path or ":" in path or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        return f"{path!r} is not a plain relative path"
    if not path.isprintable():
        return f"{path!r} holds control characters"
    try:
        inside = (folder / path).resolve().is_relative_to(folder.resolve())
    except RuntimeError:  # Python before 3.13, a symbolic link to itself
        return f"{path!r} is a link to itself"
    return "" if inside else f"{path!r} is outside the pack"


def _schema_faults(embedded: object, declared: Mapping[str, Any], place: str) -> Iterator[Fault]:
    """Yield differences of the schema in a pack from the declaration, by field."""
    fix = "update the schemas with `sogdia refresh`"
    if not isinstance(embedded, dict) or not isinstance(embedded.get("fields"), list):
        yield Fault(DESCRIPTOR, None, place, "not a Table Schema", fix, "schema")
        return
    if embedded == declared:
        return
    embedded_fields = {str(item.get("name")): item for item in embedded["fields"] if isinstance(item, dict)}
    declared_fields = {item["name"]: item for item in declared["fields"]}
    for name in sorted(embedded_fields.keys() | declared_fields.keys()):
        if embedded_fields.get(name) != declared_fields.get(name):
            yield Fault(
                DESCRIPTOR,
                None,
                f"{place}.{name}",
                _field_change(embedded_fields.get(name), declared_fields.get(name)),
                fix,
                "schema",
            )
    rest = sorted(
        key
        for key in declared.keys() | embedded.keys()
        if key != "fields" and declared.get(key) != embedded.get(key)
    )
    if (
        rest
        or list(embedded_fields) != list(declared_fields)
        or len(embedded["fields"]) != len(declared_fields)
    ):
        keys = ", ".join(rest) or "the number or order of fields"
        yield Fault(DESCRIPTOR, None, place, f"differs from the declared schema in {keys}", fix, "schema")


def _field_change(
    embedded_fields: Mapping[str, Any] | None, declared_fields: Mapping[str, Any] | None
) -> str:
    if embedded_fields is None:
        return "the field is missing from the schema"
    if declared_fields is None:
        return "the declared schema has no such field"
    keys = sorted(
        key
        for key in embedded_fields.keys() | declared_fields.keys()
        if embedded_fields.get(key) != declared_fields.get(key)
    )
    return f"differs from the declared field in {', '.join(keys)}"


def build_descriptor(name: str, title: str, version: str, block: RegionBlock, **extra: Any) -> dict[str, Any]:
    """Build a descriptor for a pack with its tables in the same folder as ``<table>.csv``.

    Args:
        name: Short name, lower case.
        title: Name for readers.
        version: Version of the data.
        block: Base year, years and home group.
        **extra: Further Data Package properties (``licenses``, ``description``, ``contributors``).

    Returns:
        The Data Package as a dictionary, each resource with its Table Schema.
    """
    resources = [
        {
            "name": table,
            "profile": "tabular-data-resource",
            "title": schema["title"],
            "path": f"{table}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": schema,
        }
        for table, schema in schema_descriptors().items()
    ]
    head = {"name": name, "title": title, "version": version, "profile": "tabular-data-package", **extra}
    return {**head, "sogdia": block.model_dump(mode="json"), "resources": resources}


def write_descriptor(folder: Path, descriptor: Mapping[str, Any]) -> None:
    """Write ``datapackage.json`` into ``folder`` atomically.

    Raises:
        CannotRunError: If it cannot be written.
    """
    write_file(folder / DESCRIPTOR, json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n")
