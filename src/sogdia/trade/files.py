"""Read a user's CSV files as data frames of text with the line of each row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sogdia.errors import Fault, FaultsError
from sogdia.files import os_errors
from sogdia.tables import read_table
from sogdia.trade.baseline import Elasticities
from sogdia.trade.frames import LINE, Frame, Limits

TOLERATED = frozenset({"line-ends", "spaces"})
"""Faults that spreadsheets introduce and that change no value."""


def read_frames(paths: Mapping[str, Path | None]) -> dict[str, pd.DataFrame]:
    """Read CSV files as frames by name; faults of all files are reported together.

    Args:
        paths: File by name; ``None`` where there is none.

    Raises:
        FaultsError: If a file is not valid CSV.
        CannotRunError: If a file cannot be read.
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
    """Read a CSV file as a frame of text whose index is the ``line`` of each row; add faults.

    Raises:
        CannotRunError: If the file cannot be read.
    """
    with os_errors(path):
        raw, _, table_faults = read_table(path, path.name)
    faults.extend(fault for fault in table_faults if fault.kind not in TOLERATED)
    header = [name.strip() for name in raw.header]
    rows = [[cell.strip() for cell in row] for row in raw.rows]
    table = pd.DataFrame(rows, columns=header, index=pd.Index(raw.lines, name=LINE), dtype=str)
    repeated = sorted({name for name in header if header.count(name) > 1})
    faults.extend(Fault(path.name, 1, name, "the column is repeated", "", "column") for name in repeated)
    table.attrs["file"] = path.name
    return table


def read_theta(text: str) -> Elasticities:
    """Read a trade elasticity from a number, or elasticities from a CSV file ``sector``, ``theta``.

    Raises:
        FaultsError: If the file has faults.
        CannotRunError: If the file cannot be read.
    """
    try:
        return float(text)
    except ValueError:
        pass
    faults: list[Fault] = []
    frame = Frame(read_frame(Path(text), faults), Path(text).name, faults)
    if frame.has(("sector", "theta")):
        frame.check_unique(("sector",))
        sectors, values = frame.texts("sector"), frame.numbers("theta", Limits(is_open_below=True))
        if not faults:
            return dict(zip(sectors, values.tolist(), strict=True))
    raise FaultsError(faults)
