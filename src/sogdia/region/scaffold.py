"""New region packs: a template with example rows that passes the check, or a copy of another pack."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

from sogdia.codes import HOME
from sogdia.errors import FaultsError, InputError
from sogdia.files import os_errors, read_bytes, scratch_folder
from sogdia.files.scratch import HIDDEN_PREFIX
from sogdia.region.descriptor import (
    DESCRIPTOR,
    REGION_NAME,
    RegionBlock,
    build_descriptor,
    read_descriptor,
    write_descriptor,
)
from sogdia.region.pack import find_pack
from sogdia.tables import schema_descriptors, table_schemas

BASE_YEAR = 2023
YEARS = (2023, 2030, 2035, 2040)

_REFRESHED = ("resources", "sogdia", "profile")
"""Keys of a descriptor that refreshing replaces."""

_PLAN = """\
title: As it is
description: No project is built.
projects: []
"""
_SCENARIO = """\
title: Reference
description: Documented growth, no shock.
year: 2030
shocks: []
"""


def new_region(folder: str | Path, source: str | Path | None = None) -> Path:
    """Create a region pack in a new folder: a template, or a copy of another pack.

    Economies, places and figures of the template are examples, each marked as assumed; optional tables have
    a header only. A copy has the tables, plans and scenarios of its source, and a name of its own.

    Args:
        folder: Folder to create; it may exist if it is empty. Its name becomes the region's.
        source: Pack to copy: name of a shipped region, or a folder; the template if not given.

    Returns:
        The folder.

    Raises:
        InputError: If the folder is not empty, its name is not a valid name of a region, or the descriptor
            of the source is not valid.
        UnknownNameError: If there is no such source.
        CannotRunError: If a file cannot be read or written.
    """
    original = None if source is None else find_pack(source)
    target = Path(folder).absolute()
    name = target.name.lower().replace(" ", "_")
    if not re.fullmatch(REGION_NAME, name):
        raise InputError(
            f"{target.name!r}: not a name of a region; use letters, digits, - and _, a letter or digit first"
        )
    with os_errors(folder):
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise InputError(f"{folder}: not an empty folder; nothing was written")
        target.parent.mkdir(parents=True, exist_ok=True)
        with scratch_folder(target.parent, HIDDEN_PREFIX) as scratch:
            partial = scratch / name
            partial.mkdir()
            if original is None:
                _fill(partial, name)
            else:
                _copy(original, partial, name)
            partial.replace(target)
    return target


def _fill(folder: Path, name: str) -> None:
    template = files("sogdia.region").joinpath("template")
    for table, schema in table_schemas().items():
        example = template.joinpath(f"{table}.csv")
        text = example.read_text(encoding="utf-8") if example.is_file() else _header(schema.field_names)
        (folder / f"{table}.csv").write_text(text, encoding="utf-8", newline="\n")
    block = RegionBlock(base_year=BASE_YEAR, years=YEARS, home_group=HOME)
    write_descriptor(folder, build_descriptor(name, name.replace("_", " ").title(), "0.1.0", block))
    for kind, file, text in (("plans", "as_is.yaml", _PLAN), ("scenarios", "reference.yaml", _SCENARIO)):
        (folder / kind).mkdir()
        (folder / kind / file).write_text(text, encoding="utf-8", newline="\n")


def _copy(source: Path, folder: Path, name: str) -> None:
    """Copy the descriptor under another name, the tables that it lists, and plans and scenarios."""
    descriptor, data, faults = read_descriptor(source)
    if descriptor is None:
        raise FaultsError(faults)
    for path in descriptor.paths.values():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, folder / path)
    for kind in ("plans", "scenarios"):
        (folder / kind).mkdir()
        for file in sorted((source / kind).glob("*.yaml")):
            shutil.copyfile(file, folder / kind / file.name)
    write_descriptor(folder, {**json.loads(data), "name": name})


def _header(names: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(names)
    return buffer.getvalue()


def refresh_descriptor(pack: str | Path) -> Path:
    """Write the declared schemas into a pack's descriptor, and keep its other content.

    Args:
        pack: Name of a shipped region, or a folder.

    Returns:
        The descriptor's path.

    Raises:
        InputError: If the descriptor is not JSON with a list of resources, or names unknown tables.
        CannotRunError: If there is no descriptor or it cannot be written.
    """
    folder = find_pack(pack)
    path = folder / DESCRIPTOR
    try:
        content = json.loads(read_bytes(path).decode("utf-8"))
        paths = {item["name"]: item["path"] for item in content["resources"]}
        block = RegionBlock.model_validate(content["sogdia"])
        head = {key: str(content[key]) for key in ("name", "title", "version")}
        other = {key: value for key, value in content.items() if key not in {*head, *_REFRESHED}}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: cannot be refreshed: not a valid descriptor: {error}") from error
    declared = build_descriptor(**head, block=block)
    refreshed = {**{key: declared[key] for key in (*head, "profile")}, **other, **declared}
    for item in refreshed["resources"]:
        item["path"] = paths.get(item["name"], item["path"])
    unknown = sorted(paths.keys() - schema_descriptors().keys())
    if unknown:
        raise InputError(f"{path}: unknown tables: {', '.join(unknown)}; remove them first")
    try:
        write_descriptor(folder, refreshed)
    except RecursionError as error:
        raise InputError(f"{path}: nested too deeply to be a descriptor") from error
    return path
