"""Demand of several classes from CSV and Excel: a row for each pair, or a square sheet for each class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sogdia.assignment.formats.gis_mapping import DemandFields
from sogdia.assignment.formats.gmns_tables import Sheet
from sogdia.errors import Fault, FaultsError, did_you_mean
from sogdia.files import os_errors
from sogdia.names import repeated_names
from sogdia.tables.reading import RawTable, faults_of_content, read_table
from sogdia.tables.spreadsheet import is_spreadsheet, read_workbook, sheet_named
from sogdia.units import convert

EVERY_CLASS = "all"


def read_od(
    path: Path, fields: DemandFields, unit: str, zones: Sequence[str], classes: Sequence[str]
) -> pd.DataFrame:
    """Read demand.

    Args:
        path: CSV file or workbook.
        fields: Columns, layout and unit of the file.
        unit: Unit of the result.
        zones: Zones of the network.
        classes: User classes that are declared; any if empty.

    Returns:
        Columns ``origin``, ``destination``, ``class``, ``flow``.

    Raises:
        CannotRunError: If the file cannot be read.
        FaultsError: With every unknown zone or class, and every flow that is not a number >= 0.
    """
    faults: list[Fault] = []
    tables = _tables(path, faults)
    if fields.layout == "long":
        rows = _long(sheet_named(tables, fields.sheet, path), fields, faults)
    else:
        rows = pd.concat([_square(raw, name, faults) for name, raw in tables.items()], ignore_index=True)
    for column, known in (("origin", zones), ("destination", zones), ("class", classes)):
        if not known:
            continue
        unknown = ~rows[column].isin(set(known)).to_numpy(dtype=bool)
        hints = {name: did_you_mean(name, known) for name in set(rows.loc[unknown, column])}
        what = "class" if column == "class" else "zone"
        for i in np.flatnonzero(unknown):
            name, file, line = rows[column].iloc[i], rows["file"].iloc[i], int(rows["line"].iloc[i])
            faults.append(Fault(file, line, column, f"unknown {what} {name!r}", hints[name], what))
    for i in np.flatnonzero((rows["flow"] < 0.0).to_numpy(dtype=bool)):
        problem = f"{rows['flow'].iloc[i]:g} is not a flow"
        place = rows["file"].iloc[i], int(rows["line"].iloc[i])
        faults.append(Fault(*place, "flow", problem, "expected a number >= 0", "flow"))
    if faults:
        raise FaultsError(faults)
    rows["flow"] *= convert(1.0, fields.unit, unit)
    return rows.drop(columns=["file", "line"])


def _tables(path: Path, faults: list[Fault]) -> dict[str, RawTable]:
    if is_spreadsheet(path):
        return read_workbook(path)
    with os_errors(path):
        raw, _, found = read_table(path, path.name)
    faults += faults_of_content(raw, found)
    if not raw.header:
        raise FaultsError(faults)
    return {EVERY_CLASS: raw}


def _sheet(raw: RawTable) -> Sheet:
    cells = list(zip(*raw.rows, strict=True)) or [()] * len(raw.header)
    columns = {
        name.strip(): [cell.strip() for cell in column]
        for name, column in zip(raw.header, cells, strict=True)
    }
    return Sheet(raw.file, columns, raw.lines)


def _long(raw: RawTable, fields: DemandFields, faults: list[Fault]) -> pd.DataFrame:
    sheet = _sheet(raw)
    needed = [
        fields.origin,
        fields.destination,
        fields.flow,
        *([fields.user_class] if fields.user_class else []),
    ]
    missing = [name for name in needed if name not in sheet.columns]
    if missing:
        raise FaultsError(
            [
                Fault(sheet.file, 1, name, "no such column", did_you_mean(name, sheet.columns), "columns")
                for name in missing
            ]
        )
    flow = sheet.numbers(fields.flow, np.nan, faults)
    empty = np.array([not cell for cell in sheet.texts(fields.flow)], dtype=np.bool_)
    sheet.report(empty, fields.flow, "no flow", "flow", faults, "expected a number >= 0")
    table = pd.DataFrame(
        {"origin": sheet.texts(fields.origin), "destination": sheet.texts(fields.destination)}
    )
    table["class"] = sheet.texts(fields.user_class) if fields.user_class else EVERY_CLASS
    return table.assign(flow=flow, file=sheet.file, line=sheet.lines)


def _square(raw: RawTable, name: str, faults: list[Fault]) -> pd.DataFrame:
    """Return the cells of a square sheet that are not empty."""
    targets = raw.header[1:]
    repeated = repeated_names(targets)
    faults += [Fault(raw.file, 1, target, "second column of this name", "", "columns") for target in repeated]
    rows = []
    for cells, line in zip(raw.rows, raw.lines, strict=True):
        for target, cell in zip(targets, cells[1:], strict=True):
            if not cell:
                continue
            try:
                flow = float(cell)
            except ValueError:
                flow = np.nan
            if not np.isfinite(flow):
                faults.append(Fault(raw.file, line, target, f"{cell!r} is not a number", "", "number"))
            rows.append((cells[0], target, name, flow, raw.file, line))
    columns = ["origin", "destination", "class", "flow", "file", "line"]
    return pd.DataFrame(rows, columns=columns).astype({"flow": float})
