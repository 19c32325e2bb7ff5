"""OMX, the Open Matrix format: read demand and write matrices, one for each class.

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
from sogdia.assignment.formats.textfile import draft_of, integer_ids
from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Network
from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, UnknownNameError
from sogdia.names import repeated_names

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
        is_missing = mode == "r" and not path.exists()
        problem = "no such file" if is_missing else "not an OMX file, or cannot be opened"
        raise CannotRunError(f"{path}: {problem}") from error
    with warnings.catch_warnings(), contextlib.closing(file):
        # Names of matrices may have blanks: valid in HDF5, but its Python library warns.
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
        matrices: Names of the matrices to read, or the matrix of each class; by default all, each as a
            class of its name.
        mapping: Name of the mapping with the zone of each row. By default the file's only mapping; without
            any, rows are the network's zones in their order.

    Raises:
        CannotRunError: If the extra is not installed or the file cannot be opened.
        UnknownNameError: If the file has no such matrix or mapping.
        FaultsError: If a zone is unknown or has several rows, or a flow is negative or not finite.
    """
    return open_omx(path, network, matrices=matrices, mapping=mapping)[0]


def open_omx(
    path: Path | str,
    network: Network,
    *,
    matrices: Mapping[str, str] | Sequence[str] | None = None,
    mapping: str | None = None,
) -> tuple[Demand, float]:
    """Read as :func:`read_omx`, with the flow within zones, which is not assigned."""
    table = read_matrices(path, network.zones, matrices=matrices, mapping=mapping)
    within = table["origin"] == table["destination"]
    demand = make_demand(table[~within], network, file=Path(path).name)
    return demand, float(table.loc[within, "flow"].sum())


def read_matrices(
    path: Path | str,
    names: Sequence[str],
    *,
    matrices: Mapping[str, str] | Sequence[str] | None = None,
    mapping: str | None = None,
) -> pd.DataFrame:
    """Read flows between zones, without those of 0.

    Args:
        path: The file.
        names: Names of the zones.
        matrices: As of :func:`read_omx`.
        mapping: As of :func:`read_omx`.

    Returns:
        ``origin``, ``destination``, ``class`` and ``flow``; those within zones are in it.

    Raises:
        CannotRunError: As :func:`read_omx`.
        UnknownNameError: As :func:`read_omx`.
        FaultsError: As :func:`read_omx`.
    """
    source = Path(path)
    with _opened(source, "r") as file:
        matrix_of = _matrix_of(matrices, _matrices_in(file, source))
        flows = {label: _values_of(file, name, source) for label, name in matrix_of.items()}
        zones = _zones_of(file, mapping, names)
    faults = []
    for label, values in flows.items():
        if values.shape != (len(zones), len(zones)):
            shape = " × ".join(map(str, values.shape))
            problem = f"matrix of {shape} for {len(zones)} zones"
            faults.append(Fault(source.name, None, matrix_of[label], problem, "", "shape"))
        else:
            faults += _cell_faults(source.name, matrix_of[label], values, zones)
    known = set(names)
    for name in repeated_names(zones):
        problem = f"zone {name!r} has {zones.count(name)} rows"
        faults.append(Fault(source.name, None, mapping or MAPPING, problem, "expected one", "zone"))
    for name in zones:
        if name not in known:
            faults.append(Fault(source.name, None, MAPPING, f"the network has no zone {name!r}", "", "zone"))
    if faults:
        raise FaultsError(faults)
    return _long(flows, zones)


def _matrices_in(file: Any, source: Path) -> list[str]:
    """Return the names of the matrices of a file.

    Raises:
        FaultsError: If it has none, as an HDF5 file that is not OMX.
    """
    try:
        names = [str(name) for name in file.list_matrices()]
    except LookupError:  # no group ``data``
        names = []
    if not names:
        fix = "an OMX file has its matrices in the group data"
        raise FaultsError([Fault(source.name, None, None, "the file has no matrices", fix, "matrix")])
    return names


def _values_of(file: Any, name: str, source: Path) -> Floats:
    """Return a matrix.

    Raises:
        FaultsError: If it is not one of numbers.
        CannotRunError: If it cannot be read.
    """
    try:
        return np.array(file[name], dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise FaultsError(
            [Fault(source.name, None, name, "the matrix is not of numbers", "", "matrix")]
        ) from error
    except (OSError, RuntimeError) as error:  # of the HDF5 library
        raise CannotRunError(
            f"{source}: the matrix {name} cannot be read; the file may be damaged"
        ) from error


def _matrix_of(matrices: Mapping[str, str] | Sequence[str] | None, names: list[str]) -> dict[str, str]:
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


def _zones_of(file: Any, mapping: str | None, names: Sequence[str]) -> list[str]:
    mappings = list(file.list_mappings())
    if mapping is None:
        if not mappings:
            return list(names)
        entries = [np.asarray(file.map_entries(name)).tolist() for name in mappings]
        if any(other != entries[0] for other in entries[1:]):
            raise InputError(
                f"the file has several mappings: {', '.join(mappings)}; name one by --omx-mapping"
            )
        mapping = mappings[0]
    if mapping not in mappings:
        raise UnknownNameError("mapping of the file", mapping, mappings)
    entries = np.asarray(file.map_entries(mapping)).tolist()
    return integer_ids(
        [entry.decode("utf-8") if isinstance(entry, bytes) else str(entry) for entry in entries]
    )


def _cell_faults(file: str, matrix: str, values: Floats, zones: list[str]) -> list[Fault]:
    return [
        Fault(
            file,
            None,
            matrix,
            f"{values[i, j]:g} from {zones[i]} to {zones[j]} is not a flow",
            "expected a finite number >= 0",
            "flow",
        )
        for i, j in np.argwhere(~(np.isfinite(values) & (values >= 0.0))).tolist()
    ]


def _long(flows: Mapping[str, Floats], zones: list[str]) -> pd.DataFrame:
    names = np.array(zones, dtype=object)
    parts = []
    for label, values in flows.items():
        i, j = np.nonzero(values)
        part = {"origin": names[i], "destination": names[j], "class": label, "flow": values[i, j]}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def write_omx(table: pd.DataFrame, network: Network, path: Path | str, *, column: str = "flow") -> None:
    """Write a column of a table by origin, destination and class as matrices between all zones.

    Args:
        table: ``origin``, ``destination``, ``class`` and the column: ``demand.table`` or ``result.od()``.
            Other pairs become 0.
        network: The network; its zones are the rows, in their order, named by the mapping ``zone``.
        path: File to write.
        column: The column.

    Raises:
        CannotRunError: If the extra is not installed or the file cannot be written.
        UnknownNameError: If the table has no such column.
    """
    if column not in table:
        raise UnknownNameError("column of the table", column, map(str, table.columns))
    position = {name: i for i, name in enumerate(network.zones)}
    has_numbers = all(name.isdecimal() and len(name) < 10 for name in network.zones)
    with draft_of(path) as draft, _opened(draft, "w") as file:
        for label, rows in table.groupby("class", sort=False):
            values = np.zeros((len(position), len(position)))
            values[rows["origin"].map(position), rows["destination"].map(position)] = rows[column]
            file[str(label)] = values
        if has_numbers:
            file.create_mapping(MAPPING, np.array([int(name) for name in network.zones]))
        else:
            # The library's own mappings are numbers; the format allows text too.
            labels = np.array([name.encode("utf-8") for name in network.zones])
            file.create_array("/lookup", MAPPING, labels, createparents=True)
