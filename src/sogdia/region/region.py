"""A region: its tables, checked when read and frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from sogdia.errors import FaultsError, UnknownNameError
from sogdia.files import is_inside
from sogdia.region.check import check_read_pack
from sogdia.region.pack import Pack, current_fingerprint, find_pack, read_pack
from sogdia.region.stamp import is_known_valid, remember_valid
from sogdia.tables import Table, cell, table_schemas
from sogdia.tables.summary import html_summary

MOST_LOADED = 2
"""Regions that a process remembers."""


@dataclass(frozen=True, eq=False, repr=False)
class Region:
    """A checked region pack.

    Attributes:
        name: Short name.
        title: Name for readers.
        version: Version of the data.
        base_year: Year whose state the tables describe.
        years: Years of scenarios.
        home: Codes of the home countries, in table order.
        folder: Folder of the pack.
        tables: Every declared table, by name.
        pack: The region without the rows that plans add; ``None`` for a region as its pack has it.
        added: Projects that plans state themselves, each as JSON (:mod:`sogdia.case.new_projects`).
    """

    name: str
    title: str
    version: str
    base_year: int
    years: tuple[int, ...]
    home: tuple[str, ...]
    folder: Path
    tables: Mapping[str, Table]
    pack: Region | None = None
    added: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        homes = ", ".join(self.home)
        return f"Region({self.name!r}, version {self.version}, base year {self.base_year}: {homes})"

    def _repr_html_(self) -> str:
        rows = {
            "version": self.version,
            "base year": str(self.base_year),
            "years": ", ".join(map(str, self.years)),
            "home countries": ", ".join(self.home),
            "tables": f"{len(self.tables)}, {sum(len(table.frame) for table in self.tables.values()):,} rows",
            "plans": ", ".join(self.plans),
            "scenarios": ", ".join(self.scenarios),
        }
        return html_summary(f"Region: {self.title}", rows)

    @property
    def plans(self) -> Mapping[str, Path]:
        """YAML files of the plans that the pack ships, by name."""
        return YamlFiles(self.folder / "plans")

    @property
    def scenarios(self) -> Mapping[str, Path]:
        """YAML files of the scenarios that the pack ships, by name."""
        return YamlFiles(self.folder / "scenarios")

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as a data frame indexed by row key; the caller's own copy.

        Raises:
            UnknownNameError: If the region has no such table.
        """
        if name not in self.tables:
            raise UnknownNameError("table", name, self.tables)
        return self.tables[name].data

    def trace(self, table: str, row: str) -> Mapping[str, Any]:
        """Trace a row to its file, line and sources.

        Args:
            table: Table name.
            row: Row key, the primary-key values joined by ``/``.

        Returns:
            The row's cells, ``file``, ``line`` and ``sources`` (the rows of ``sources`` it cites). A row that
            a plan adds has no file and line 0.

        Raises:
            UnknownNameError: If there is no such table or row.
        """
        frame = self.table(table)
        line = self.tables[table].line_of(row)
        cells = {name: cell(frame, row, name) for name in frame.columns}
        cited = [key for key in str(cells.get("source", "")).split(";") if key]
        sources = self.table("sources").reindex(cited).to_dict("index")
        file = self.tables[table].file if line else ""
        return {**cells, "file": file, "line": line, "sources": sources}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content of every table and of the base year, independent of the order of rows.

        Rows that plans add are in the digests of the plans.
        """
        if self.pack is not None:
            return self.pack.digest
        total = hashlib.sha256(f"{self.base_year};{self.years};{sorted(self.home)}".encode())
        for name in sorted(self.tables):
            total.update(self.tables[name].digest.encode())
        return total.hexdigest()


class YamlFiles(Mapping[str, Path]):
    """YAML files of a folder of a pack by name; printed as their names. Links out of the pack are left out.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._kind = folder.name
        paths = sorted(folder.glob("*.yaml"))
        self._paths = {path.stem: path for path in paths if is_inside(path, folder.parent)}

    def __getitem__(self, name: str) -> Path:
        return self._paths[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __repr__(self) -> str:
        return f"<{self._kind}: {', '.join(self)}>"


_loaded: dict[Path, tuple[str, Region]] = {}
"""Regions that were loaded last, with the fingerprints of their packs, by folder."""


def load_region(pack: str | Path) -> Region:
    """Load and check a region pack.

    A pack whose bytes this version of Sogdia has found valid before is not checked again. One whose bytes are
    those that this process has loaded last is not read again: the region is the same object.

    Args:
        pack: Name of a shipped region, or a folder.

    Returns:
        The region, frozen.

    Raises:
        FaultsError: If the pack has errors; it lists all.
        UnknownNameError: If there is no such pack.
        CannotRunError: If a file cannot be read at all.
    """
    folder = find_pack(pack)
    fingerprint, region = _loaded.get(folder, ("", None))
    if region is not None and is_known_valid(fingerprint) and current_fingerprint(folder) == fingerprint:
        return region
    read = read_pack(folder)
    if not is_known_valid(read.fingerprint):
        faults = check_read_pack(read)
        if faults:
            raise FaultsError(faults)
    region = region_of(read)
    _loaded.pop(folder, None)
    for oldest in list(_loaded)[: 1 - MOST_LOADED]:
        _loaded.pop(oldest, None)
    _loaded[folder] = read.fingerprint, region
    return region


def region_of(read: Pack) -> Region:
    """Return the region of a valid pack, and remember that the pack is valid.

    Args:
        read: The pack; :func:`sogdia.region.check_read_pack` has found no error in it.

    Raises:
        FaultsError: If its descriptor could not be used.
    """
    remember_valid(read.fingerprint)
    descriptor = read.descriptor
    if descriptor is None:
        raise FaultsError(read.faults)
    economies = read.tables["economies"].data
    home = tuple(economies.loc[economies["group"] == descriptor.sogdia.home_group, "iso3"])
    ordered = {name: read.tables[name] for name in table_schemas()}
    return Region(
        name=descriptor.name,
        title=descriptor.title,
        version=descriptor.version,
        base_year=descriptor.sogdia.base_year,
        years=descriptor.sogdia.years,
        home=home,
        folder=read.folder,
        tables=MappingProxyType(ordered),
    )
