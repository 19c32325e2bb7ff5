"""Uses of GMNS: links that are open to some user classes only.

A class of the demand is a use. ``allowed_uses`` of a link lists uses, or groups of the table ``use_group``
(``use_group``, ``uses``), separated by commas or semicolons; ``use_definition`` (``use``, ``pce``) declares
the uses. A link without ``allowed_uses``, or with the use ``all``, is open to every class. Case is ignored.

Demand without classes, or of the class ``all``, may use every link. Volumes are in the unit of capacity:
``pce`` is not applied.

Source: Zephyr Foundation, github.com/zephyr-data-specs/GMNS, version 0.96.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.assignment.formats.gmns_tables import Sheet, Tables
from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Network
from sogdia.errors import Fault, did_you_mean
from sogdia.names import repeated_names

EVERY_USE = "all"
NO_CLASS_NOTE = "{} has allowed_uses, {} has no column class: the demand may use every link"
NO_USE_NOTE = "{} has allowed_uses, and the matrix {} of {} is no use: the demand may use every link"
EVERY_CLASS_NOTE = "{} has allowed_uses, but the class all of {} may use every link"
PCE_NOTE = "use_definition: pce is not applied; volumes of {} are in the unit of capacity"


@dataclass(frozen=True, eq=False)
class Classes:
    """User classes of a demand.

    Attributes:
        file: Its file, for messages.
        lines: First line of each class; ``None`` for a matrix.
        is_matrices: Whether the classes are matrices, whose names need not be meant as classes.
    """

    file: str
    lines: Mapping[str, int | None]
    is_matrices: bool = False

    @classmethod
    def of_rows(cls, trips: Sheet) -> Classes:
        """Return the classes of a table; none without a column ``class``."""
        if "class" not in trips.columns:
            return cls(trips.file, {})
        first: dict[str, int | None] = {}
        for name, line in zip(trips.texts("class"), trips.lines, strict=True):
            first.setdefault(name, line)
        return cls(trips.file, first)

    def is_without_use(self, known: frozenset[str]) -> bool:
        """Return whether there are no classes, or one matrix that no use has the name of."""
        if not self.lines:
            return True
        names = {name.lower() for name in self.lines}
        return self.is_matrices and len(names) == 1 and not names & (known | {EVERY_USE})


@dataclass(frozen=True, eq=False)
class Uses:
    """Uses of links.

    Attributes:
        file: Table of links, for messages.
        allowed: Uses by content of ``allowed_uses``, lower case; only contents that restrict a link.
        known: Uses that are declared, or named by a link if none is declared.
        pce: Passenger car equivalents by use.
    """

    file: str
    allowed: Mapping[str, frozenset[str]]
    known: frozenset[str]
    pce: Mapping[str, float]

    def check_classes(self, classes: Classes, faults: list[Fault]) -> None:
        """Add a fault for each class of the demand that is not a use, if links are restricted."""
        if not self.allowed or classes.is_without_use(self.known):
            return
        for name, line in classes.lines.items():
            if name.lower() not in self.known | {EVERY_USE}:
                field, what = (name, "matrix") if classes.is_matrices else ("class", "class")
                problem = f"{what} {name!r} is not a use of the network"
                fix = did_you_mean(name.lower(), self.known)
                faults.append(Fault(classes.file, line, field, problem, fix, "use"))

    def notes(self, classes: Classes) -> tuple[str, ...]:
        """Return remarks on uses that have no effect."""
        if self.allowed and classes.is_without_use(self.known):
            matrix = next(iter(classes.lines), None)
            if matrix is None:
                return (NO_CLASS_NOTE.format(self.file, classes.file),)
            return (NO_USE_NOTE.format(self.file, matrix, classes.file),)
        notes = []
        if self.allowed and any(name.lower() == EVERY_USE for name in classes.lines):
            notes.append(EVERY_CLASS_NOTE.format(self.file, classes.file))
        other = sorted({name for name in classes.lines if self.pce.get(name.lower(), 1.0) != 1.0})
        if other:
            notes.append(PCE_NOTE.format(", ".join(other)))
        return tuple(notes)


def read_uses(tables: Tables, links: Sheet, faults: list[Fault]) -> Uses:
    """Read the uses of links and their groups; names that are not declared become faults."""
    defined, pce = _definitions(tables, faults)
    groups = _groups(tables, defined, faults)
    declared = defined | groups.keys()
    cells = links.texts("allowed_uses")
    first = {cell: i for i, cell in reversed(list(enumerate(cells))) if cell}
    allowed: dict[str, frozenset[str]] = {}
    named: set[str] = set()
    for cell, i in sorted(first.items(), key=lambda item: item[1]):
        names = _names(cell)
        for name in sorted(names - declared - {EVERY_USE}) if defined else ():
            problem = f"{name!r} is neither a use nor a group of uses"
            fix = did_you_mean(name, declared)
            faults.append(Fault(links.file, links.lines[i], "allowed_uses", problem, fix, "use"))
        uses = frozenset(use for name in names for use in groups.get(name, {name}))
        named |= uses
        if EVERY_USE not in uses:
            allowed[cell] = uses
    return Uses(links.file, allowed, frozenset(defined or named), pce)


def class_costs(uses: Uses, network: Network, classes: Classes) -> dict[str, Floats] | None:
    """Return the cost of each arc that is specific to a class: infinite where it is closed, (A,) each.

    Returns:
        Costs by class; ``None`` if no link is closed to a class.
    """
    if not uses.allowed or classes.is_without_use(uses.known):
        return None
    codes, cells = pd.factorize(network.arcs["allowed_uses"].fillna(""))
    costs = {}
    for name in sorted(classes.lines):
        own = name.lower()
        closed = [own != EVERY_USE and own not in uses.allowed.get(cell, {own}) for cell in cells]
        costs[name] = np.where(closed, np.inf, 0.0)[codes]
    return costs if any(np.isinf(cost).any() for cost in costs.values()) else None


def _names(cell: str) -> set[str]:
    return {name.strip().lower() for name in re.split("[,;]", cell) if name.strip()}


def _definitions(tables: Tables, faults: list[Fault]) -> tuple[set[str], dict[str, float]]:
    """Return the declared uses, and their passenger car equivalents."""
    if not tables.has("use_definition"):
        return set(), {}
    sheet = tables.read("use_definition", ("use",), faults)
    names = [name.lower() for name in sheet.texts("use")]
    repeated = set(repeated_names(names))
    for name, line in zip(names, sheet.lines, strict=True):
        if not name or name in repeated:
            problem = f"several rows for the use {name!r}" if name else "use without a name"
            faults.append(Fault(sheet.file, line, "use", problem, "", "use"))
    return set(names), dict(zip(names, sheet.numbers("pce", 1.0, faults).tolist(), strict=True))


def _groups(tables: Tables, defined: set[str], faults: list[Fault]) -> dict[str, set[str]]:
    """Return the uses of each group."""
    if not tables.has("use_group"):
        return {}
    sheet = tables.read("use_group", ("use_group", "uses"), faults)
    groups: dict[str, set[str]] = {}
    for group, uses, line in zip(sheet.texts("use_group"), sheet.texts("uses"), sheet.lines, strict=True):
        name = group.lower()
        if not name or name in groups:
            problem = f"second group {group!r}" if group else "group without a name"
            faults.append(Fault(sheet.file, line, "use_group", problem, "", "use"))
        groups[name] = _names(uses)
        for use in sorted(groups[name] - defined - {EVERY_USE}) if defined else ():
            problem, fix = f"unknown use {use!r}", did_you_mean(use, defined)
            faults.append(Fault(sheet.file, line, "uses", problem, fix, "use"))
    return groups
