"""OMX, the Open Matrix format: demand in and matrices out, one matrix a class.

Needs the extra ``omx``: ``pip install 'sogdia[omx]'``.

Source: Open Modeling Foundation, github.com/osPlanning/omx.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand, make_demand
from sogdia.assignment.formats.textfile import replacing
from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Network
from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, UnknownNameError

MAPPING = "zone"


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[Any]:
    try:
        import openmatrix
    except ImportError as error:
        raise CannotRunError("OMX needs the extra omx: pip install 'sogdia[omx]'") from error
    try:
        file = openmatrix.open_file(str(path), mode)
    except (OSError, RuntimeError) as error:
        gone = mode == "r" and not path.exists()
        problem = "no such file" if gone else "not an OMX file, or not to be opened"
        raise CannotRunError(f"{path}: {problem}") from error
    with warnings.catch_warnings(), contextlib.closing(file):
        # Names of matrices may have blanks; HDF5 takes them, its Python library would rather not.
        warnings.filterwarnings("ignore", message="object name is not a valid Python identifier")
        yield file


def read_omx(
    path: Path | str,
    network: Network,
    *,
    matrices: Mapping[str, str] | Sequence[str] | None = None,
    mapping: str | None = None,
) -> Demand:
    """Read demand between a network's zones.

    Args:
        path: The file.
        network: The network.
        matrices: Names of the matrices to read, or a class for each; all, each a class of its own name,
            where not given.
        mapping: Name of the mapping that tells the zone of each row. Where not given: the file's only
            mapping; without any, rows are the network's zones in their order.

    Raises:
        CannotRunError: If the extra is not installed or the file cannot be opened.
        UnknownNameError: If the file has no such matrix or mapping.
        FaultsError: If zones or figures do not hold.
    """
    source = Path(path)
    with _opened(source, "r") as file:
        names = list(file.list_matrices())
        wanted = _wanted(matrices, names)
        found = {label: np.array(file[name], dtype=np.float64) for label, name in wanted.items()}
        zones = _zones_of(file, mapping, network)
    faults = []
    for label, values in found.items():
        if values.shape != (len(zones), len(zones)):
            shape = " × ".join(map(str, values.shape))
            problem = f"the matrix is {shape}; there are {len(zones)} zones"
            faults.append(Fault(source.name, None, wanted[label], problem, "", "shape"))
        else:
            faults += _bad_cells(source.name, wanted[label], values, zones)
    known = set(network.zones)
    for name in zones:
        if name not in known:
            faults.append(Fault(source.name, None, MAPPING, f"the network has no zone {name!r}", "", "zone"))
    if faults:
        raise FaultsError(faults)
    return make_demand(_long(found, zones), network, file=source.name)


def _wanted(matrices: Mapping[str, str] | Sequence[str] | None, names: list[str]) -> dict[str, str]:
    if matrices is None:
        chosen = {name: name for name in names}
    elif isinstance(matrices, Mapping):
        chosen = dict(matrices)
    else:
        chosen = {name: name for name in matrices}
    for name in chosen.values():
        if name not in names:
            raise UnknownNameError("matrix of the file", name, names)
    return chosen


def _zones_of(file: Any, mapping: str | None, network: Network) -> list[str]:
    mappings = list(file.list_mappings())
    if mapping is None:
        if not mappings:
            return list(network.zones)
        if len(mappings) > 1:
            raise InputError(f"the file has the mappings {', '.join(mappings)}; name one")
        mapping = mappings[0]
    if mapping not in mappings:
        raise UnknownNameError("mapping of the file", mapping, mappings)
    entries = np.asarray(file.map_entries(mapping))
    return [entry.decode("utf-8") if isinstance(entry, bytes) else str(entry) for entry in entries.tolist()]


def _bad_cells(file: str, matrix: str, values: Floats, zones: list[str]) -> list[Fault]:
    return [
        Fault(file, None, matrix, f"{values[i, j]:g} from {zones[i]} to {zones[j]} is no flow", "", "flow")
        for i, j in np.argwhere(~(np.isfinite(values) & (values >= 0.0))).tolist()
    ]


def _long(found: Mapping[str, Floats], zones: list[str]) -> pd.DataFrame:
    names = np.array(zones, dtype=object)
    parts = []
    for label, values in found.items():
        i, j = np.nonzero(values)
        part = {"origin": names[i], "destination": names[j], "class": label, "flow": values[i, j]}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def write_omx(table: pd.DataFrame, network: Network, path: Path | str, *, column: str = "flow") -> None:
    """Write a figure of each origin, destination and class as matrices between all zones.

    Args:
        table: Columns ``origin``, ``destination``, ``class`` and the figure: ``demand.table`` or
            ``result.od()``. Pairs that are not in it become 0.
        network: The network; its zones are the rows, in their order, told by the mapping ``zone``.
        path: Where to.
        column: The figure.

    Raises:
        CannotRunError: If the extra is not installed or the file cannot be written.
        UnknownNameError: If the table has no such column.
    """
    if column not in table:
        raise UnknownNameError("column of the table", column, map(str, table.columns))
    position = {name: i for i, name in enumerate(network.zones)}
    target = Path(path)
    whole = all(name.isdecimal() and len(name) < 10 for name in network.zones)
    with replacing(target) as draft, _opened(draft, "w") as file:
        for label, rows in table.groupby("class", sort=False):
            values = np.zeros((len(position), len(position)))
            values[rows["origin"].map(position), rows["destination"].map(position)] = rows[column]
            file[str(label)] = values
        if whole:
            file.create_mapping(MAPPING, np.array([int(name) for name in network.zones]))
        else:
            # The library's own mappings are numbers; the format has words as well.
            words = np.array([name.encode("utf-8") for name in network.zones])
            file.create_array("/lookup", MAPPING, words, createparents=True)
