"""A region pack on disk: its folder, and its tables as read, before the check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from sogdia.errors import CannotRunError, Fault, InputError, UnknownNameError
from sogdia.files import os_errors
from sogdia.region.descriptor import DESCRIPTOR, PackDescriptor, read_descriptor
from sogdia.tables import RawTable, Table, read_table, table_schemas, typed_table


@dataclass(frozen=True)
class Pack:
    """A pack as read.

    Attributes:
        folder: Folder of the pack.
        descriptor: Its descriptor; ``None`` if it cannot be used.
        raw: Text of each table that could be read.
        tables: The same tables, typed; cells that are not of their type are empty.
        faults: Errors of reading; cells are checked later.
        fingerprint: Digest of the bytes of the descriptor and of every table.
    """

    folder: Path
    descriptor: PackDescriptor | None
    raw: Mapping[str, RawTable] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    fingerprint: str = ""


def shipped_regions() -> dict[str, Path]:
    """Return the folders of the region packs that Sogdia ships, by name."""
    home = Path(str(files("sogdia"))) / "regions"
    return {path.parent.name: path.parent for path in sorted(home.glob(f"*/{DESCRIPTOR}"))}


def check_changeable(pack: str | Path) -> None:
    """Check that a command may change a pack.

    Raises:
        InputError: If it is given by the name of a shipped region, which is part of the installation.
    """
    if isinstance(pack, str) and pack in shipped_regions():
        raise InputError(
            f"{pack} is a shipped region, part of the installation, and is not changed by its name: write to "
            "a folder of your own (--out or --into), or give the folder of a pack with --region"
        )


def find_pack(pack: str | Path) -> Path:
    """Return the folder of a pack, given by the name of a shipped region or by a path.

    Raises:
        UnknownNameError: If it is neither.
        CannotRunError: If the folder has no descriptor or cannot be read.
    """
    shipped = shipped_regions()
    if isinstance(pack, str) and pack in shipped:
        return shipped[pack]
    with os_errors(pack):
        return _pack_folder(pack, shipped)


def _pack_folder(pack: str | Path, shipped: Iterable[str]) -> Path:
    folder = Path(pack)
    if folder.name == DESCRIPTOR and folder.is_file():
        folder = folder.parent
    if not folder.is_dir():
        if isinstance(pack, str) and "/" not in pack:
            raise UnknownNameError("shipped region or folder", pack, shipped)
        raise CannotRunError(f"{folder}: no such folder")
    if not (folder / DESCRIPTOR).is_file():
        raise CannotRunError(f"{folder}: not a region pack: it has no {DESCRIPTOR}")
    return folder


def read_pack(pack: str | Path) -> Pack:
    """Read every table of a pack.

    Args:
        pack: Name of a shipped region, or a folder.

    Raises:
        UnknownNameError: If there is no such pack.
        CannotRunError: If a file cannot be read at all.
    """
    folder = find_pack(pack)
    with os_errors(folder):
        return _read(folder)


def current_fingerprint(folder: Path) -> str:
    """Return the fingerprint that :func:`read_pack` would find now, without reading a cell.

    Args:
        folder: Folder of the pack.

    Returns:
        The fingerprint; empty if the descriptor cannot be used or a table has no file.

    Raises:
        CannotRunError: If a file cannot be read at all.
    """
    with os_errors(folder):
        descriptor, data, _ = read_descriptor(folder)
        if descriptor is None:
            return ""
        paths = [folder / descriptor.paths[name] for name in table_schemas() if name in descriptor.paths]
        if not all(path.is_file() for path in paths):
            return ""
        total = hashlib.sha256(data)
        for path in paths:
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def _read(folder: Path) -> Pack:
    descriptor, data, faults = read_descriptor(folder)
    if descriptor is None:
        return Pack(folder, None, faults=tuple(faults))
    total = hashlib.sha256(data)
    raw: dict[str, RawTable] = {}
    tables: dict[str, Table] = {}
    for name, schema in table_schemas().items():
        path = descriptor.paths.get(name)
        if path is None:
            continue
        if not (folder / path).is_file():
            faults.append(
                Fault(path, None, None, "no such file", f"add the file of table {name}", "missing-file")
            )
            continue
        raw[name], content, found = read_table(folder / path, path)
        faults.extend(found)
        total.update(hashlib.sha256(content).digest())
        tables[name] = typed_table(raw[name], schema)
    return Pack(folder, descriptor, raw, tables, tuple(faults), total.hexdigest())
