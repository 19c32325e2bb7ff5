"""Demand of a GMNS network: a table of rows, or matrices of OMX, between the nodes of its zones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sogdia.assignment.formats.gmns_tables import Sheet
from sogdia.assignment.formats.gmns_uses import Classes
from sogdia.assignment.formats.textfile import integer_ids
from sogdia.errors import Fault

OMX_SUFFIX = ".omx"
REPEATED_NOTE = "{}: rows that repeat a pair of zones: {}, the first in line {}; their flows are added up"


@dataclass(frozen=True, eq=False)
class Zones:
    """Zones.

    Attributes:
        node: Node of each zone.
        joined: Nodes that the node of a zone with several is joined to.
    """

    node: dict[str, str]
    joined: dict[str, list[str]]


@dataclass(frozen=True, eq=False)
class Trips:
    """Demand between the nodes of zones.

    Attributes:
        table: ``origin``, ``destination``, ``flow`` and, with classes, ``class``.
        classes: Its user classes.
        notes: Remarks on its rows, as text.
    """

    table: pd.DataFrame
    classes: Classes
    notes: tuple[str, ...] = ()


def read_matrix_trips(path: Path, zones: Zones, mapping: str | None) -> Trips:
    """Return the demand of matrices, whose mapping names zones as ``zone_id`` does."""
    from sogdia.assignment.formats.omx import read_matrices

    table = read_matrices(path, list(zones.node), mapping=mapping)
    for end in ("origin", "destination"):
        table[end] = table[end].map(zones.node)
    return Trips(table, Classes(path.name, dict.fromkeys(sorted(set(table["class"]))), is_matrices=True))


def read_row_trips(sheet: Sheet, zones: Zones, faults: list[Fault]) -> Trips:
    """Return the demand of a table; rows that are no demand between zones become faults."""
    number_faults: list[Fault] = []
    flow = sheet.numbers("volume", np.nan, number_faults)
    lines = {fault.line for fault in number_faults}
    has_fault = np.array([line in lines for line in sheet.lines], dtype=np.bool_)
    problem, fix = "{} is not a flow", "expected a finite number >= 0"
    sheet.report(~(flow >= 0.0) & ~has_fault, "volume", problem, "flow", faults, fix)
    faults += number_faults
    table = pd.DataFrame({"flow": flow})
    for end, column in (("origin", "o_zone_id"), ("destination", "d_zone_id")):
        names = pd.Series(integer_ids(sheet.texts(column)), dtype=object)
        table[end] = names.map(zones.node)
        for i in np.flatnonzero(table[end].isna()):
            problem = f"the network has no zone {names.iloc[i]!r}"
            faults.append(Fault(sheet.file, sheet.lines[i], column, problem, "", "zone"))
    if "class" in sheet.columns:
        table["class"] = sheet.texts("class")
    keys = [name for name in ("origin", "destination", "class") if name in table]
    repeated = np.flatnonzero(table.duplicated(keys) & table["origin"].notna())
    notes: tuple[str, ...] = ()
    if repeated.size:
        line = sheet.lines[int(repeated[0])]
        notes = (REPEATED_NOTE.format(sheet.file, repeated.size, line),)
    return Trips(table, Classes.of_rows(sheet), notes)
