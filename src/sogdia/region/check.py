"""Check of a region pack: all errors of all tables, ordered by table and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from sogdia.errors import Fault
from sogdia.files import is_inside
from sogdia.region.descriptor import DESCRIPTOR, RegionBlock
from sogdia.region.pack import Pack, read_pack
from sogdia.region.rules import RULES
from sogdia.tables import Table, check_cells, check_header, table_schemas

LIBRARIES = ("plans", "scenarios")
"""Folders of YAML files in a pack."""


def check_pack(pack: str | Path) -> list[Fault]:
    """Read and check a region pack.

    Args:
        pack: Name of a shipped region, or a folder.

    Returns:
        All errors; an empty list if the pack is valid.

    Raises:
        UnknownNameError: If there is no such pack.
        CannotRunError: If a file cannot be read at all.

    Example:
        >>> import sogdia
        >>> [str(fault) for fault in sogdia.check_pack("my_region")]  # doctest: +SKIP
        ['links.csv:41 length_km: -3 is negative; expected a length > 0']
    """
    return check_read_pack(read_pack(pack))


def check_read_pack(pack: Pack) -> list[Fault]:
    """Check a pack that has been read: files, headers, cells, then rules between rows and tables."""
    faults = [*pack.faults, *_library_faults(pack.folder)]
    for name, raw in pack.raw.items():
        if raw.header:
            faults.extend(check_header(raw, table_schemas()[name]))
            faults.extend(check_cells(raw, table_schemas()[name]))
    if pack.descriptor is not None:
        complete = {name: table for name, table in pack.tables.items() if not _lacks_columns(pack, name)}
        faults.extend(rule_faults(complete, pack.descriptor.sogdia))
    order = {pack.raw[name].file: i for i, name in enumerate(pack.raw)}
    order[DESCRIPTOR] = -1
    return sorted(faults, key=lambda fault: (order.get(fault.file, len(order)), fault.file, fault.line or 0))


def rule_faults(
    tables: Mapping[str, Table], block: RegionBlock, changed: Collection[str] | None = None
) -> list[Fault]:
    """Check the rules between rows and tables.

    Args:
        tables: Tables with all their columns; a rule that needs another one is skipped.
        block: Base year, years and home group.
        changed: Tables that changed since the last check: rules that read none of them are skipped.
    """
    faults: list[Fault] = []
    for rule in RULES:
        if rule.needs <= tables.keys() and (changed is None or rule.needs & set(changed)):
            faults.extend(rule.find(tables, block))
    return faults


def _library_faults(folder: Path) -> Iterator[Fault]:
    """Yield errors of the folders of plans and scenarios: files in their place, links out of the pack."""
    for name in LIBRARIES:
        place = folder / name
        if place.is_symlink() and not is_inside(place, folder):
            yield Fault(name, None, None, "a link out of the pack", "copy the files into it", "path")
        elif place.is_file():
            yield Fault(
                name, None, None, "a file where a folder is expected", f"make it a folder of {name}", "path"
            )
        else:
            for path in sorted(place.glob("*.yaml")):
                if not is_inside(path, folder):
                    problem, fix = "a link out of the pack", "copy the file into it"
                    yield Fault(f"{name}/{path.name}", None, None, problem, fix, "path")


def _lacks_columns(pack: Pack, name: str) -> bool:
    """Return whether columns are missing, so that rules on the table would only repeat that error."""
    return not set(table_schemas()[name].field_names) <= set(pack.raw[name].header)
