"""GMNS, the General Modeling Network Specification: networks as ``node.csv``, ``link.csv`` and others.

The tables may also be Excel files of these names, or sheets of one workbook. Uses of links: see
:mod:`sogdia.assignment.formats.gmns_uses`. Tables and columns read: ``node`` (``node_id``, ``x_coord``,
``y_coord``, ``zone_id``, ``node_type``), ``link`` (``from_node_id``, ``to_node_id``, ``directed``,
``length``, ``free_speed``, ``capacity`` by lane, ``lanes``, ``toll``), ``zone`` (``zone_id``), ``config``
(``long_length``, ``speed``) and ``demand`` (``o_zone_id``, ``d_zone_id``, ``volume``, ``class``).
GMNS has no delay functions; they come from ``vdf_alpha`` and ``vdf_beta`` (or DTALite's ``VDF_alpha1``
and so on), without which there is no delay.

Time is in minutes: ``length / free_speed``, or ``vdf_fftt`` where a row has it. Capacity is ``capacity ·
lanes``, or ``vdf_cap``. Cost is ``time · (1 + vdf_alpha · (v / capacity)^vdf_beta) + toll_factor · toll +
distance_factor · length``.

Zones: where one node has a ``zone_id``, that node is the zone. Where several have the same, a node
``zone:<zone_id>`` that nothing passes through is joined to each by arcs of no cost. Nodes of the
``node_type`` ``centroid`` are not passed through. An undirected link becomes two arcs of the same capacity
each. Columns ``cost_fixed``, ``delay``, ``delay_scale``, ``delay_power`` and ``group`` are an
extension: :func:`sogdia.assignment.write_gmns` writes them so that any network reads back unchanged.

Source: Zephyr Foundation, github.com/zephyr-data-specs/GMNS, version 0.96.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand, make_demand
from sogdia.assignment.formats.gmns_tables import (
    LENGTHS_KM,
    SPEEDS_KMH,
    Sheet,
    Tables,
    open_tables,
)
from sogdia.assignment.formats.gmns_trips import OMX_SUFFIX, Zones, read_matrix_trips, read_row_trips
from sogdia.assignment.formats.gmns_units import assumed_unit, speed_notes
from sogdia.assignment.formats.gmns_uses import class_costs, read_uses
from sogdia.assignment.formats.textfile import ImportedNetwork, integer_ids
from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.assignment.network import Network, make_network
from sogdia.errors import SIMILAR_SHOWN, Fault, FaultsError, clip, did_you_mean

MINUTES = 60.0
FURTHER = (
    "link_id", "name", "length", "free_speed", "lanes", "toll",
    "facility_type", "link_type", "allowed_uses", "geometry",
)  # fmt: skip
"""Columns of links that are copied to the arcs."""
ENDS = ("from", "to")
REPEATED_NOTE = "{}: links that repeat another with all its values: {}, the first in line {}; both carry flow"
CENTROID = "centroid"
NO_ZONE = "-1"
"""DTALite's code for a node without a zone."""
NO_DELAY_NOTE = "{} has no column vdf_alpha: no delay, and all flow of a pair takes the shortest path"


def read_gmns(
    network: Path | str,
    demand: Path | str | None = None,
    *,
    nodes: Path | str | None = None,
    omx_mapping: str | None = None,
    toll_factor: float = 0.0,
    distance_factor: float = 0.0,
) -> tuple[Network, Demand | None]:
    """Read a network and, if there is one, its demand.

    Args:
        network: The folder, its ``link.csv``, or a workbook with a sheet for each table.
        demand: The demand, a table or OMX with a matrix for each class; ``demand.csv`` of the folder, if it
            exists, by default.
        nodes: The ``node.csv``; that of the folder by default.
        omx_mapping: Mapping of an OMX file that names its zones.
        toll_factor: Cost, in minutes, of a unit of toll.
        distance_factor: Cost, in minutes, of a unit of length.

    Returns:
        The network and the demand. Arcs carry the coordinates of their ends (``from_x``, ``from_y``,
        ``to_x``, ``to_y``) and columns of their link.

    Raises:
        CannotRunError: If a file cannot be read.
        FaultsError: If files have faults; all are in it, with file and line.
    """
    factors = {"toll_factor": toll_factor, "distance_factor": distance_factor}
    opened = open_gmns(network, demand, nodes=nodes, omx_mapping=omx_mapping, **factors)
    return opened.network, opened.demand


def open_gmns(
    network: Path | str,
    demand: Path | str | None = None,
    *,
    nodes: Path | str | None = None,
    omx_mapping: str | None = None,
    toll_factor: float = 0.0,
    distance_factor: float = 0.0,
) -> ImportedNetwork:
    """Read as :func:`read_gmns`, with the flow skipped and notes on the files."""
    faults: list[Fault] = []
    matrices = Path(demand) if demand is not None and Path(demand).suffix.lower() == OMX_SUFFIX else None
    given = {"node": nodes, "demand": None if matrices else demand}
    tables = open_tables(Path(network), {name: Path(file) for name, file in given.items() if file})
    places = _places(tables.read("node", ("node_id",), faults), faults)
    links = tables.read("link", ("from_node_id", "to_node_id"), faults)
    _check_order(links, demand)
    unit_notes: tuple[str, ...] = ()
    if tables.has("config"):
        units = _units(tables, faults)
    else:
        units, unit_notes = assumed_unit(links, places.names, places.x, places.y)
        unit_notes += speed_notes(links)
    zones = _zones(places, tables, faults)
    arcs = _arcs(links, places, units, (toll_factor, distance_factor), faults)
    repeated_notes = _repeated_links(links, arcs)
    uses = read_uses(tables, links, faults)
    trips = None
    if matrices is not None:
        trips = read_matrix_trips(matrices, zones, omx_mapping)
    elif demand is not None or tables.has("demand"):
        trips = read_row_trips(
            tables.read("demand", ("o_zone_id", "d_zone_id", "volume"), faults), zones, faults
        )
    if trips is not None:
        uses.check_classes(trips.classes, faults)
    if faults:
        raise FaultsError(faults)
    built = _network(arcs, places, zones, links)
    has_delay = "vdf_alpha" in links.columns or "delay" in links.columns
    notes = (*unit_notes, *repeated_notes, *(() if has_delay else (NO_DELAY_NOTE.format(links.file),)))
    if trips is None:
        return ImportedNetwork(built, None, notes=notes)
    within = trips.table["origin"] == trips.table["destination"]
    carried = make_demand(trips.table[~within], built, class_cost=class_costs(uses, built, trips.classes))
    skipped = float(trips.table.loc[within, "flow"].sum())
    return ImportedNetwork(built, carried, skipped, (*notes, *trips.notes, *uses.notes(trips.classes)))


@dataclass(frozen=True, eq=False)
class Places:
    """Nodes by name.

    Attributes:
        names: Names, in the order of the file.
        x: First coordinate, (N,); NaN if unknown.
        y: Second coordinate, likewise.
        zone: Zone of each, empty where none.
        closed: True where paths may not pass, (N,).
    """

    names: list[str]
    x: Floats
    y: Floats
    zone: list[str]
    closed: Bools


def _places(sheet: Sheet, faults: list[Fault]) -> Places:
    names = integer_ids(sheet.texts("node_id"))
    seen: set[str] = set()
    for name, line in zip(names, sheet.lines, strict=True):
        if not name or name in seen:
            problem = f"second node {name!r}" if name else "node without a name"
            faults.append(Fault(sheet.file, line, "node_id", problem, "", "node"))
        seen.add(name)
    x, y = (sheet.numbers(column, np.nan, faults) for column in ("x_coord", "y_coord"))
    closed = np.array([kind.lower() == CENTROID for kind in sheet.texts("node_type")], dtype=np.bool_)
    return Places(names, x, y, integer_ids(sheet.texts("zone_id")), closed)


def _check_order(links: Sheet, demand: Path | str | None) -> None:
    """Raise an error if the links and the demand are exchanged."""
    if "o_zone_id" in links.columns and "from_node_id" not in links.columns:
        other = f"exchange it with {Path(demand).name}" if demand is not None else "give it with --trips"
        raise FaultsError([Fault(links.file, 1, None, "has demand, not links", other, "order")])


def _units(tables: Tables, faults: list[Fault]) -> float:
    """Return kilometres per unit of length over kilometres per hour per unit of speed."""
    sheet = tables.read("config", (), faults)
    factors = [1.0, 1.0]
    for i, (column, known) in enumerate((("long_length", LENGTHS_KM), ("speed", SPEEDS_KMH))):
        text = (sheet.texts(column) or [""])[0].lower()
        if text in known:
            factors[i] = known[text]
        elif text:
            problem = f"unit {clip(text)} is unknown"
            faults.append(
                Fault(sheet.file, sheet.lines[0], column, problem, did_you_mean(text, known), "unit")
            )
        elif i == 1 and factors[0] != 1.0:
            factors[1] = factors[0]
    return factors[0] / factors[1]


def _zones(places: Places, tables: Tables, faults: list[Fault]) -> Zones:
    members: dict[str, list[str]] = {}
    for name, zone in zip(places.names, places.zone, strict=True):
        if zone and zone != NO_ZONE:
            members.setdefault(zone, []).append(name)
    if tables.has("zone"):
        sheet = tables.read("zone", ("zone_id",), faults)
        known = integer_ids(sheet.texts("zone_id"))
        for zone, line in zip(known, sheet.lines, strict=True):
            if zone not in members:
                problem = f"no node has the zone {zone!r}"
                faults.append(Fault(sheet.file, line, "zone_id", problem, "", "zone"))
        for zone in members.keys() - set(known):
            problem = f"{members[zone][0]!r} has the zone {zone!r}, which {sheet.file} does not name"
            faults.append(Fault("node.csv", None, "zone_id", problem, "", "zone"))
        members = {zone: members[zone] for zone in known if zone in members}
    if not members:
        return Zones({name: name for name in places.names}, {})
    node = {zone: names[0] if len(names) == 1 else f"zone:{zone}" for zone, names in members.items()}
    return Zones(node, {node[zone]: names for zone, names in members.items() if len(names) > 1})


def _arcs(
    links: Sheet, places: Places, per_unit: float, factors: tuple[float, float], faults: list[Fault]
) -> pd.DataFrame:
    """Return one row for each arc, with the line of its link."""
    time, fixed = _times(links, per_unit, factors, faults)
    scale = _first(
        links.numbers("delay_scale", np.nan, faults), time * links.numbers("vdf_alpha", 0.0, faults)
    )
    power = _first(links.numbers("delay_power", np.nan, faults), links.numbers("vdf_beta", 4.0, faults))
    lanes = links.numbers("capacity", np.nan, faults, infinite=True) * links.numbers("lanes", 1.0, faults)
    capacity = _first(links.numbers("vdf_cap", np.nan, faults), lanes)
    delayed = (scale > 0.0) & (power > 0.0)
    kind = np.where(delayed, "power", "none").astype(object)
    if "delay" in links.columns:
        kind = np.where(np.array(links.texts("delay")) == "", kind, links.texts("delay")).astype(object)
    # x^0 is 1 at any flow: that delay is part of the free-flow cost.
    constant = ~delayed & (power == 0.0) & (scale > 0.0) & (np.array(links.texts("cost_fixed")) == "")
    ends = {"from": "from_node_id", "to": "to_node_id"}
    table = pd.DataFrame({end: integer_ids(links.texts(column)) for end, column in ends.items()})
    table["free_flow_cost"] = fixed + np.where(constant, scale, 0.0)
    table["delay"], table["delay_scale"] = kind, np.where(kind == "none", 0.0, scale)
    table["capacity"], table["delay_power"] = np.where(np.isnan(capacity), np.inf, capacity), power
    needs = (kind != "none") & (scale > 0.0) & ~(capacity > 0.0)
    fix = "expected a capacity > 0 for a link with a delay"
    links.report(needs, "capacity", "no capacity", "capacity", faults, fix)
    _check_arcs(links, table, set(places.names), faults)
    for name in FURTHER:
        if name in links.columns:
            figures = name in ("length", "toll", "free_speed", "lanes")
            table[name] = links.numbers(name, np.nan, []) if figures else links.texts(name)
    table["line"] = links.lines
    return _both_directions(table, links, faults)


def _repeated_links(links: Sheet, arcs: pd.DataFrame) -> tuple[str, ...]:
    """Return a remark on links that repeat another, an undirected link in either direction."""
    repeated = arcs.duplicated([*ENDS, "free_flow_cost", "delay", "delay_scale", "capacity", "delay_power"])
    lines = sorted(set(arcs.loc[repeated, "line"]))
    return (REPEATED_NOTE.format(links.file, len(lines), lines[0]),) if lines else ()


def _first(values: Floats, fallback: Floats) -> Floats:
    """Return values, and the fallback where they are NaN."""
    return np.where(np.isnan(values), fallback, values)


def _times(
    links: Sheet, per_unit: float, factors: tuple[float, float], faults: list[Fault]
) -> tuple[Floats, Floats]:
    """Return the free-flow time of each link in minutes, and its free-flow cost."""
    length, speed = links.numbers("length", np.nan, faults), links.numbers("free_speed", np.nan, faults)
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(length == 0.0, 0.0, MINUTES * length * per_unit / speed)
    time = _first(links.numbers("vdf_fftt", np.nan, faults), time)
    own = links.numbers("cost_fixed", np.nan, faults)
    unknown = ~np.isfinite(time) & np.isnan(own)
    column = "length" if np.isnan(length[unknown]).any() else "free_speed"
    fix = "expected length and free_speed > 0, or vdf_fftt"
    links.report(unknown, column, "no travel time", "time", faults, fix)
    toll = links.numbers("toll", 0.0, faults)
    added = factors[0] * toll + factors[1] * np.where(np.isnan(length), 0.0, length)
    return time, _first(own, time + added)


def _check_arcs(links: Sheet, table: pd.DataFrame, known: set[str], faults: list[Fault]) -> None:
    for end, column in (("from", "from_node_id"), ("to", "to_node_id")):
        for i in np.flatnonzero(~table[end].isin(known).to_numpy(dtype=bool)):
            name = str(table[end].iloc[i])
            # Of similar errors only the first are shown: the others need no suggestion.
            fix = did_you_mean(name, known) if len(faults) < SIMILAR_SHOWN else ""
            faults.append(Fault(links.file, links.lines[i], column, f"no node {name!r}", fix, "node"))
    for column in (
        "capacity",
        "lanes",
        "length",
        "free_speed",
        "vdf_alpha",
        "vdf_beta",
        "vdf_fftt",
        "vdf_cap",
    ):
        values = links.numbers(column, 0.0, [])
        links.report(values < 0.0, column, "{} is negative", "negative", faults, "expected a value >= 0")
    negative = (np.isfinite(table["free_flow_cost"]) & (table["free_flow_cost"] < 0.0)).to_numpy(dtype=bool)
    problem = "toll and length at their factors make the cost negative"
    links.report(negative, "toll", problem, "negative", faults)


def _both_directions(table: pd.DataFrame, links: Sheet, faults: list[Fault]) -> pd.DataFrame:
    """Return the arcs, two for each undirected link."""
    if "directed" in links.columns:
        directed = links.flags("directed", faults)
    else:
        directed = links.numbers("dir_flag", 1.0, faults) != 0.0
    groups = links.texts("group")
    if any(groups):
        table["group"] = [group or f"link {line}" for group, line in zip(groups, links.lines, strict=True)]
    back = table[~directed].rename(columns={"from": "to", "to": "from"})
    if "group" in table:
        back["group"] = back["group"] + " back"
    return pd.concat([table, back]).sort_index(kind="stable", ignore_index=True)


def _network(arcs: pd.DataFrame, places: Places, zones: Zones, links: Sheet) -> Network:
    coordinates = pd.DataFrame({"x": places.x, "y": places.y}, index=places.names)
    joins = [
        (tail, head)
        for centroid, names in zones.joined.items()
        for name in names
        for tail, head in ((centroid, name), (name, centroid))
    ]
    coordinates = pd.concat(
        [
            coordinates,
            *(coordinates.loc[names].mean().to_frame(centroid).T for centroid, names in zones.joined.items()),
        ]
    )
    if joins:
        extra = pd.DataFrame(joins, columns=["from", "to"]).assign(
            free_flow_cost=0.0, delay="none", delay_scale=0.0, delay_power=1.0
        )
        extra["capacity"], extra["line"] = np.inf, 0
        if "group" in arcs:
            extra["group"] = [f"join {i}" for i in range(len(extra))]
        arcs = pd.concat([arcs, extra], ignore_index=True)
    for end in ("from", "to"):
        ends = coordinates.reindex(arcs[end])
        arcs[f"{end}_x"], arcs[f"{end}_y"] = ends["x"].to_numpy(), ends["y"].to_numpy()
    closed = [name for name, is_closed in zip(places.names, places.closed.tolist(), strict=True) if is_closed]
    lines = arcs.pop("line").to_numpy(dtype=np.int64)
    return make_network(
        arcs,
        nodes=[*places.names, *zones.joined],
        no_through=[*closed, *zones.joined],
        zones=list(zones.node.values()),
        file=links.file,
        lines=lines,
    )
