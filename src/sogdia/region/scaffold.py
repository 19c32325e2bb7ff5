"""A new region pack to fill: it passes the check from the first minute, on example rows."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from sogdia.errors import CannotRunError, InputError
from sogdia.region.descriptor import (
    DESCRIPTOR,
    REGION_NAME,
    RegionBlock,
    build_descriptor,
    write_descriptor,
)
from sogdia.region.pack import find_pack
from sogdia.tables import schema_descriptors, table_schemas

BASE_YEAR = 2023
YEARS = (2023, 2030, 2035, 2040)

_MADE = ("resources", "sogdia", "profile")
"""Keys of a descriptor that refreshing makes anew."""

_PLAN = """\
title: As it is
description: Nothing is built beyond what operates.
projects: []
"""
_SCENARIO = """\
title: Reference
description: Documented growth and no shock.
year: 2030
shocks: []
"""


def new_region(folder: str | Path) -> Path:
    """Make a region pack in a new folder.

    The economies, places and figures in it are examples, each marked as assumed; tables that a region
    may leave empty hold their header only.

    Args:
        folder: Folder to make; it may exist if it is empty. Its name becomes the region's.

    Returns:
        The folder.

    Raises:
        InputError: If the folder holds something already or its name is no region's name.
        CannotRunError: If it cannot be written.
    """
    target = Path(folder).absolute()
    name = target.name.lower().replace(" ", "_")
    if not re.fullmatch(REGION_NAME, name):
        raise InputError(
            f"{target.name!r}: a region is named in plain letters, digits, - and _, a letter or digit first"
        )
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise InputError(f"{folder}: not an empty folder; nothing was written")
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
        try:
            _fill(partial, name)
            partial.chmod(0o755)
            partial.replace(target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error
    return target


def _fill(folder: Path, name: str) -> None:
    template = files("sogdia.region").joinpath("template")
    for table, schema in table_schemas().items():
        example = template.joinpath(f"{table}.csv")
        text = example.read_text(encoding="utf-8") if example.is_file() else _header(schema.field_names)
        (folder / f"{table}.csv").write_text(text, encoding="utf-8", newline="\n")
    block = RegionBlock(base_year=BASE_YEAR, years=YEARS, home_group="home")
    write_descriptor(folder, build_descriptor(name, name.replace("_", " ").title(), "0.1.0", block))
    for kind, file, text in (("plans", "as_is.yaml", _PLAN), ("scenarios", "reference.yaml", _SCENARIO)):
        (folder / kind).mkdir()
        (folder / kind / file).write_text(text, encoding="utf-8", newline="\n")


def _header(names: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(names)
    return buffer.getvalue()


def refresh_descriptor(pack: str | Path) -> Path:
    """Write the declared schemas into a pack's descriptor, keeping all else it says.

    Args:
        pack: Name of a shipped region, or a folder.

    Returns:
        The descriptor's path.

    Raises:
        InputError: If the descriptor is not JSON with a list of resources.
        CannotRunError: If there is no descriptor or it cannot be written.
    """
    folder = find_pack(pack)
    path = folder / DESCRIPTOR
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        paths = {item["name"]: item["path"] for item in content["resources"]}
        block = RegionBlock.model_validate(content["sogdia"])
        head = {key: str(content[key]) for key in ("name", "title", "version")}
        kept = {key: value for key, value in content.items() if key not in {*head, *_MADE}}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: not a descriptor that can be refreshed: {error}") from error
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
    made = build_descriptor(**head, block=block)
    fresh = {**{key: made[key] for key in (*head, "profile")}, **kept, **made}
    for item in fresh["resources"]:
        item["path"] = paths.get(item["name"], item["path"])
    unknown = sorted(paths.keys() - schema_descriptors().keys())
    if unknown:
        raise InputError(
            f"{path}: tables that Sogdia does not know: {', '.join(unknown)}; take them out first"
        )
    try:
        write_descriptor(folder, fresh)
    except RecursionError as error:
        raise InputError(f"{path}: nested too deeply to be a descriptor") from error
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
    return path
