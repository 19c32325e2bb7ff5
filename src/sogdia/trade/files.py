"""Frames from CSV files: text as it stands, with the line of each row, for checks that can name it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sogdia.errors import CannotRunError, Fault, FaultsError
from sogdia.tables import read_table
from sogdia.trade.baseline import Elasticities
from sogdia.trade.frames import LINE, Frame, Limits

TOLERATED = frozenset({"line-ends", "spaces"})
"""What a spreadsheet does to a file that changes nothing in its figures."""


def read_frames(paths: Mapping[str, Path | None]) -> dict[str, pd.DataFrame]:
    """The files that are given, as frames by the same names; faults of all of them are told at once.

    Raises:
        FaultsError: If a file is no readable CSV.
        CannotRunError: If a file cannot be opened.
    """
    frames: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, path in paths.items():
        if path is not None:
            frames[name] = read_frame(path, faults)
    if faults:
        raise FaultsError(faults)
    return frames


def read_frame(path: Path, faults: list[Fault]) -> pd.DataFrame:
    """A CSV file as a frame of text whose index is the ``line`` of each row; faults are added."""
    try:
        raw, _, found = read_table(path, path.name)
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
    faults.extend(fault for fault in found if fault.kind not in TOLERATED)
    header = [name.strip() for name in raw.header]
    rows = [[cell.strip() for cell in row] for row in raw.rows]
    table = pd.DataFrame(rows, columns=header, index=pd.Index(raw.lines, name=LINE), dtype=str)
    twice = sorted({name for name in header if header.count(name) > 1})
    faults.extend(Fault(path.name, 1, name, "the column is there twice", "", "column") for name in twice)
    table.attrs["file"] = path.name
    return table


def read_theta(text: str) -> Elasticities:
    """A trade elasticity from a number, or those of sectors from a CSV with ``sector`` and ``theta``.

    Raises:
        FaultsError: If the file has faults.
        CannotRunError: If there is no such file.
    """
    try:
        return float(text)
    except ValueError:
        pass
    faults: list[Fault] = []
    frame = Frame(read_frame(Path(text), faults), Path(text).name, faults)
    if frame.has(("sector", "theta")):
        frame.once(("sector",))
        sectors, values = frame.texts("sector"), frame.numbers("theta", Limits(open_below=True))
        if not faults:
            return dict(zip(sectors, values.tolist(), strict=True))
    raise FaultsError(faults)
