"""TNTP, the text format of the Transportation Networks repository: networks, nodes and flows.

A file is lines ``<TAG> value`` up to ``<END OF METADATA>``, then records; ``~`` starts a comment and ``;``
ends a record. Cost of a link is ``free_flow_time · (1 + b · (v / capacity)^power) + toll_factor · toll +
distance_factor · length``; nodes numbered below ``FIRST THRU NODE`` are not passed through.

Source: Transportation Networks for Research Core Team, github.com/bstabler/TransportationNetworks.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand
from sogdia.assignment.formats.textfile import ImportedNetwork, read_text
from sogdia.assignment.formats.tntp_fields import (
    LARGEST,
    NO_NODE_NUMBER,
    NODE_NUMBERS,
    Checks,
    is_node,
    is_number,
    numbers,
)
from sogdia.assignment.formats.tntp_trips import has_trips, read_trips
from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.assignment.network import Network, make_network
from sogdia.errors import Fault, FaultsError, clip

COLUMNS = (
    "init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll",
    "link_type",
)  # fmt: skip
NEEDED = 7
"""Number of columns up to ``power``: without them a link has no cost."""
_TAG = re.compile(r"\s*<([^>]*)>(.*)")


def read_tntp(
    net: Path | str,
    trips: Path | str | None = None,
    *,
    nodes: Path | str | None = None,
    toll_factor: float = 0.0,
    distance_factor: float = 0.0,
) -> tuple[Network, Demand | None]:
    """Read a network and, if given, its trips.

    Args:
        net: The ``_net.tntp`` file.
        trips: The ``_trips.tntp`` file.
        nodes: The ``_node.tntp`` file; its coordinates become the columns ``from_x``, ``from_y``,
            ``to_x``, ``to_y`` of the arcs.
        toll_factor: Cost of a unit of toll, in the unit of the free-flow time.
        distance_factor: Cost of a unit of length, in the same unit.

    Returns:
        The network, its arcs in the order of the file, and the demand. Nodes are named by their
        numbers; arcs carry ``length``, ``free_flow_time``, ``b``, ``speed``, ``toll`` and ``link_type``.
        Flow within a zone is not assigned.

    Raises:
        CannotRunError: If a file cannot be read.
        FaultsError: If files have faults; all are in it, with file and line.
    """
    opened = open_tntp(net, trips, nodes=nodes, toll_factor=toll_factor, distance_factor=distance_factor)
    return opened.network, opened.demand


def open_tntp(
    net: Path | str,
    trips: Path | str | None = None,
    *,
    nodes: Path | str | None = None,
    toll_factor: float = 0.0,
    distance_factor: float = 0.0,
) -> ImportedNetwork:
    """Read as :func:`read_tntp`, with the flow skipped and notes on the files."""
    faults: list[Fault] = []
    if trips is not None:
        _check_order(Path(net), Path(trips))
    network, zones, notes = _network(Path(net), nodes, toll_factor, distance_factor, faults)
    if trips is None:
        return ImportedNetwork(_without_faults(network, faults), None, notes=notes)
    demand, skipped, trip_notes = read_trips(Path(trips), network, zones, faults)
    return ImportedNetwork(_without_faults(network, faults), demand, skipped, (*notes, *trip_notes))


def _check_order(net: Path, trips: Path) -> None:
    """Raise an error if the network and the trips are exchanged."""
    if net.is_file() and trips.is_file() and has_trips(read_text(net)) and not has_trips(read_text(trips)):
        problem, fix = "has trips, not links", f"exchange it with {trips.name}"
        raise FaultsError([Fault(net.name, None, None, problem, fix, "order")])


def _without_faults(network: Network | None, faults: list[Fault]) -> Network:
    if faults or network is None:
        raise FaultsError(faults)
    return network


@dataclass(frozen=True)
class Metadata:
    """Metadata of a file.

    Attributes:
        values: Whole numbers by tag.
        lines: Line of each tag.
    """

    values: dict[str, int]
    lines: dict[str, int]


@dataclass(frozen=True, eq=False)
class Records:
    """The records of a file.

    Attributes:
        cells: Cells of each record.
        lines: Line of each, (R,).
        head: Metadata of the file.
    """

    cells: list[list[str]]
    lines: Longs
    head: Metadata


def _records(path: Path, faults: list[Fault]) -> Records:
    cells: list[list[str]] = []
    lines: list[int] = []
    head = Metadata({}, {})
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if "<" in line and (match := _TAG.match(line)):
            note_tag(head, match[1], match[2], path.name, number, faults)
            continue
        for record in line.partition("~")[0].replace(":", " ").split(";"):
            if values := record.split():
                cells.append(values)
                lines.append(number)
    return Records(cells, np.array(lines, dtype=np.int64), head)


def note_tag(head: Metadata, tag: str, value: str, file: str, line: int, faults: list[Fault]) -> None:
    """Add a tag that is a count to the metadata."""
    name = " ".join(tag.upper().split())
    if not name.startswith(("NUMBER OF ", "FIRST THRU")):
        return
    words = value.partition("~")[0].split()
    try:
        number = float(words[0]) if words else np.nan
    except ValueError:
        number = np.nan
    if not (0 <= number <= LARGEST and number == int(number)):
        problem = f"{clip(value.strip())} is not a count"
        fix = f"expected a whole number from 0 to {LARGEST:,}"
        faults.append(Fault(file, line, name, problem, fix, "metadata"))
        return
    head.values[name] = int(number)
    head.lines[name] = line


def _network(
    path: Path, nodes: Path | str | None, toll_factor: float, distance_factor: float, faults: list[Fault]
) -> tuple[Network | None, int | None, tuple[str, ...]]:
    """Return the network (``None`` if its file has faults), the zones of its metadata, and notes."""
    for name, factor in (("toll_factor", toll_factor), ("distance_factor", distance_factor)):
        if not np.isfinite(factor):
            faults.append(Fault(path.name, None, name, f"{factor} is not a finite number", "", "number"))
    before = len(faults)
    records = _records(path, faults)
    stated_zones = records.head.values.get("NUMBER OF ZONES")
    table, lines = _links(path.name, records, faults)
    checks = Checks(path.name, lines, faults)
    if len(table) and len(faults) == before:
        _check_links(checks, table)
    count = _check_head(checks, table, records.head)
    coordinates = None if nodes is None else _coordinates(Path(nodes), count, faults)
    if len(faults) > before:
        return None, stated_zones, ()
    fixed = table["free_flow_time"] + toll_factor * table["toll"] + distance_factor * table["length"]
    _check_fixed(checks, fixed)
    if len(faults) > before:
        return None, stated_zones, ()
    arcs = _arcs(table, fixed.to_numpy(dtype=np.float64), coordinates)
    zones = count if stated_zones is None else stated_zones
    first = min(records.head.values.get("FIRST THRU NODE", 1), count + 1)
    names = [str(i) for i in range(1, count + 1)]
    closed = names[: max(first - 1, 0)]
    network = make_network(
        arcs, nodes=names, no_through=closed, zones=names[:zones], file=path.name, lines=lines
    )
    return network, stated_zones, _repeated(path.name, table, lines)


def _repeated(file: str, table: pd.DataFrame, lines: Longs) -> tuple[str, ...]:
    """Return a note on links that repeat another one with all its values."""
    again = np.flatnonzero(table.duplicated().to_numpy(dtype=bool))
    if not again.size:
        return ()
    row = table.iloc[again[0]]
    place = f"{row['init_node']:.0f} to {row['term_node']:.0f} in line {lines[again[0]]}"
    named = "1 link repeats" if again.size == 1 else f"{again.size:,} links repeat"
    return (f"{file}: {named} another with all its values, the first from {place}",)


def _links(file: str, records: Records, faults: list[Fault]) -> tuple[pd.DataFrame, Longs]:
    """Return the links as numbers; records that are not links become faults."""
    cells, lines = records.cells, records.lines
    if cells and not is_number(cells[0][0]):
        cells, lines = cells[1:], lines[1:]
    if not cells:
        faults.append(Fault(file, None, None, "the file has no link", "", "empty"))
        return pd.DataFrame(columns=list(COLUMNS)), lines[:0]
    width = Counter(map(len, cells)).most_common(1)[0][0]
    if width < NEEDED:
        problem = f"links have {width} values"
        fix = f"expected at least {NEEDED}: {', '.join(COLUMNS[:NEEDED])}"
        faults.append(Fault(file, int(lines[0]), None, problem, fix, "columns"))
        return pd.DataFrame(columns=list(COLUMNS)), lines[:0]
    is_complete = np.array([len(row) == width for row in cells])
    for i in np.flatnonzero(~is_complete):
        problem, fix = f"{len(cells[i])} values", f"expected {width} as in the other links of the file"
        faults.append(Fault(file, int(lines[i]), None, problem, fix, "columns"))
    cells = [row for row, good in zip(cells, is_complete, strict=True) if good]
    lines = lines[is_complete]
    columns = dict(zip(COLUMNS, zip(*cells, strict=True), strict=False))
    table = {
        name: numbers(file, name, columns[name], lines, faults) for name in COLUMNS[:9] if name in columns
    }
    for name in ("speed", "toll"):
        table.setdefault(name, np.zeros(len(cells)))
    frame = pd.DataFrame(table)
    frame["link_type"] = list(columns.get("link_type", ["0"] * len(cells)))
    return frame, lines


def _check_links(checks: Checks, table: pd.DataFrame) -> None:
    for name in COLUMNS[:9]:
        values = table[name]
        is_not_finite = ~np.isfinite(values) & ~((name == "capacity") & np.isposinf(values))
        checks.report(is_not_finite, values, "{} is not a finite number", "number")
        if name in ("capacity", "free_flow_time", "b", "power", "length"):
            checks.report(values < 0.0, values, "{:g} is negative", "negative", "expected a value >= 0")
        if name in COLUMNS[:2]:
            invalid = ~is_node(values.to_numpy(dtype=np.float64)) & ~is_not_finite
            checks.report(invalid, values, NO_NODE_NUMBER, "node", NODE_NUMBERS)
    has_delay = (table["b"] > 0.0) & (table["free_flow_time"] > 0.0) & (table["power"] > 0.0)
    is_zero = has_delay & (table["capacity"] == 0.0)
    checks.report(is_zero, table["capacity"], "{:g} is too small", "capacity", "expected a capacity > 0")


def _check_fixed(checks: Checks, fixed: pd.Series[float]) -> None:
    problem = "toll and length at their factors make the cost {:g}"
    invalid = ~(np.isfinite(fixed) & (fixed >= 0.0))
    checks.report(invalid, fixed.rename("toll"), problem, "negative", "expected a finite number >= 0")


def _check_head(checks: Checks, table: pd.DataFrame, head: Metadata) -> int:
    """Compare the metadata with the links, and return the number of nodes."""

    def report(tag: str, problem: str, fix: str) -> None:
        checks.faults.append(Fault(checks.file, head.lines[tag], tag, problem, fix, "metadata"))

    stated = head.values
    links = stated.get("NUMBER OF LINKS", len(table))
    if links != len(table) and not any(fault.kind in ("columns", "empty") for fault in checks.faults):
        report("NUMBER OF LINKS", f"{links:,} differs from the links in the file", f"expected {len(table):,}")
    ends = table[["init_node", "term_node"]].to_numpy(dtype=np.float64)
    known = ends[np.isfinite(ends) & (ends >= 1.0) & (ends <= LARGEST)]
    zones, largest = stated.get("NUMBER OF ZONES", 0), int(known.max(initial=0.0))
    nodes = stated.get("NUMBER OF NODES", max(largest, zones))
    first, last = stated.get("FIRST THRU NODE", 1), max(nodes, largest)
    if last and first > last + 1:
        report(
            "FIRST THRU NODE", f"{first:,} is beyond the last node", f"expected a number from 1 to {last:,}"
        )
    if zones > nodes:
        report("NUMBER OF ZONES", f"{zones:,} zones", f"expected at most the {nodes:,} nodes")
    # Numbers with gaps exceed the number of nodes; a typing error makes one node too many.
    if largest > nodes and len(np.unique(np.r_[known, np.arange(1, zones + 1)])) > nodes:
        for name in COLUMNS[:2]:
            beyond: Bools = (table[name] > nodes).to_numpy(dtype=bool)
            checks.report(beyond, table[name], "no node {:.0f}", "node", f"NUMBER OF NODES is {nodes:,}")
    return max(nodes, largest)


def _arcs(table: pd.DataFrame, fixed: Floats, coordinates: pd.DataFrame | None) -> pd.DataFrame:
    """Return the table of arcs, with columns of the file."""
    scale = (table["free_flow_time"] * table["b"]).to_numpy(dtype=np.float64)
    power = table["power"].to_numpy(dtype=np.float64)
    delayed = (scale > 0.0) & (power > 0.0)
    # x^0 is 1 at any flow: that delay is part of the free-flow cost.
    constant = np.where((scale > 0.0) & (power == 0.0), scale, 0.0)
    ends = {end: table[name].astype(np.int64) for end, name in (("from", "init_node"), ("to", "term_node"))}
    arcs = pd.DataFrame({end: numbers.astype(str) for end, numbers in ends.items()})
    arcs["free_flow_cost"] = fixed + constant
    arcs["delay"] = np.where(delayed, "power", "none")
    arcs["delay_scale"] = np.where(delayed, scale, 0.0)
    arcs["capacity"] = table["capacity"]
    arcs["delay_power"] = power
    for name in ("length", "free_flow_time", "b", "speed", "toll", "link_type"):
        arcs[name] = table[name]
    if coordinates is not None:
        for end, numbers in ends.items():
            places = coordinates.reindex(numbers)
            arcs[f"{end}_x"], arcs[f"{end}_y"] = places["x"].to_numpy(), places["y"].to_numpy()
    return arcs


def _coordinates(path: Path, count: int, faults: list[Fault]) -> pd.DataFrame:
    """Return coordinates by number of node."""
    records = _records(path, faults)
    before = len(faults)
    rows: dict[int, tuple[float, float]] = {}
    for cells, line in zip(records.cells, records.lines.tolist(), strict=True):
        if len(cells) < 3 or not all(map(is_number, cells[:3])):
            if cells[0].lower() not in ("node", "id", "init_node"):
                faults.append(Fault(path.name, line, None, "not a node", "expected node, x, y", "columns"))
            continue
        number, x, y = map(float, cells[:3])
        if not (1 <= number <= count and number % 1 == 0):
            faults.append(Fault(path.name, line, "node", f"no node {number:.15g}", "", "node"))
        elif not (np.isfinite(x) and np.isfinite(y)):
            faults.append(Fault(path.name, line, "x", "coordinates are not finite", "", "number"))
        else:
            rows[int(number)] = (x, y)
    if not rows and len(faults) == before:
        faults.append(Fault(path.name, None, None, "the file has no node", "", "empty"))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["x", "y"])


def read_tntp_flows(path: Path | str) -> pd.DataFrame:
    """Read a ``_flow.tntp`` file: columns ``from``, ``to`` (names), ``flow`` and ``cost``.

    Raises:
        CannotRunError: If the file cannot be read.
        FaultsError: If a row is not two nodes, a flow and a cost.
    """
    file, faults = Path(path).name, list[Fault]()
    records = _records(Path(path), faults)
    cells, lines = records.cells, records.lines
    if cells and not is_number(cells[0][0]):
        cells, lines = cells[1:], lines[1:]
    for row, line in zip(cells, lines.tolist(), strict=True):
        if len(row) != 4:
            fix = "expected 4: from, to, flow, cost"
            faults.append(Fault(file, line, None, f"{len(row)} values", fix, "columns"))
    if faults:
        raise FaultsError(faults)
    names = ("from", "to", "flow", "cost")
    columns = list(zip(*cells, strict=True)) or [()] * 4
    table = {
        name: numbers(file, name, column, lines, faults) for name, column in zip(names, columns, strict=True)
    }
    checks = Checks(file, lines, faults)
    for name in names[:2]:
        invalid = ~is_node(table[name])
        checks.report(invalid, pd.Series(table[name], name=name), NO_NODE_NUMBER, "node", NODE_NUMBERS)
    if faults:
        raise FaultsError(faults)
    ends = {name: table[name].astype(np.int64).astype(str) for name in names[:2]}
    return pd.DataFrame({**ends, "flow": table["flow"], "cost": table["cost"]})
