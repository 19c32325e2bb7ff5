"""What a rule is, and how it points at a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.tables import Table

Tables = Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must hold between rows or tables.

    Attributes:
        needs: Tables it reads; it is not asked where one of them could not be read.
        find: Yields a fault for each place where it does not hold.
    """

    needs: frozenset[str]
    find: Callable[[Tables, RegionBlock], Iterable[Fault]]


def row_fault(table: Table, position: int, field: str | None, problem: str, fix: str, kind: str) -> Fault:
    """A fault on the row at ``position`` of ``table``."""
    return Fault(table.file, int(table.lines[position]), field, problem, fix, kind)
