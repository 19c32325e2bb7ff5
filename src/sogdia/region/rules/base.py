"""Rules between rows and tables, and the errors that they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.tables import Table

Tables = Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition between rows or tables.

    Attributes:
        needs: Tables that it reads; it is skipped if one of them could not be read.
        find: Function that yields an error for each violation.
    """

    needs: frozenset[str]
    find: Callable[[Tables, RegionBlock], Iterable[Fault]]


def row_fault(table: Table, position: int, field: str | None, problem: str, fix: str, kind: str) -> Fault:
    """Return an error of the row at ``position`` of ``table``."""
    return Fault(table.file, int(table.lines[position]), field, problem, fix, kind)
