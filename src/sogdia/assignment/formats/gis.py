"""Networks of GIS layers: links and nodes of GeoPackage or shapefile, of several modes, by a mapping file.

Where one mode meets a node, the node is one node of the network. Where several meet, there is a node
``NODE|MODE`` for each, joined by the transfers of the mapping, and a node ``NODE`` that no path passes
through, where demand starts and ends. Cost is in hours. The money cost of a link is divided by the value of
time of a class; a link of a mode that a class may not use is closed to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment.demand import make_demand
from sogdia.assignment.formats.gis_layers import Layer, check_fields, read_layer
from sogdia.assignment.formats.gis_mapping import BACKWARD, BOTH, FORWARD, Mapping, load_mapping
from sogdia.assignment.formats.gis_nodes import cluster_ends, nearest_nodes
from sogdia.assignment.formats.gmns_tables import Sheet
from sogdia.assignment.formats.od_tables import read_od
from sogdia.assignment.formats.textfile import ImportedNetwork
from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Network, make_network
from sogdia.errors import Fault, FaultsError, UnknownNameError, clip, did_you_mean
from sogdia.units import convert

OMX_SUFFIX = ".omx"
LINK, ACCESS, TRANSFER = "link", "access", "transfer"
"""Kinds of arcs."""


def open_gis(
    network: Path | str,
    mapping: Path | str,
    demand: Path | str | None = None,
    *,
    nodes: Path | str | None = None,
    omx_mapping: str | None = None,
) -> ImportedNetwork:
    """Read a network of GIS layers and, if there is one, its demand.

    Args:
        network: File with the layer of links.
        mapping: YAML file with the fields and units.
        demand: Demand, CSV, Excel or OMX, with a matrix for each class.
        nodes: File with the layer of nodes; that of the links if the mapping names a layer of nodes.
        omx_mapping: Mapping of an OMX file that names its zones.

    Returns:
        The network and demand. Arcs have ``link_id``, ``kind``, ``mode``, ``direction``, ``length_km``,
        ``time_h``, ``money``, the coordinates of their ends in degrees, and their line as ``wkt``.

    Raises:
        CannotRunError: If a file cannot be read, or the extra ``geo`` is not installed.
        FaultsError: If files have errors; all are listed, with the number of the feature.
    """
    fields = load_mapping(mapping)
    path, faults = Path(network), list[Fault]()
    layer = read_layer(path, fields.links.layer, fields.crs)
    named = fields.links
    check_fields(
        layer.sheet,
        {"id": named.id, "from": named.start, "to": named.end, "mode": named.mode.field}
        | {"direction": named.direction.field}
        | {key: number.field for key, (number, _) in fields.quantities().items()}
        | ({"alpha": named.delay.alpha.field, "beta": named.delay.beta.field} if named.delay else {}),
    )
    points = None
    if fields.nodes is not None:
        points = _points(
            read_layer(Path(nodes or path), fields.nodes.layer, fields.crs), fields.nodes.id, faults
        )
    links = _links(layer, fields, points, faults)
    _check_names(links, fields, Path(mapping).name, faults)
    if faults:
        raise FaultsError(faults)
    built = _network(links, fields, path.name)
    if demand is None:
        return ImportedNetwork(built, None)
    table, within = _demand(Path(demand), fields, built, omx_mapping)
    costs = _class_costs(built, fields, sorted(set(table["class"])))
    values = {name: each.value_of_time for name, each in fields.classes.items()}
    return ImportedNetwork(built, make_demand(table, built, class_cost=costs, value_of_time=values), within)


def _demand(
    path: Path, fields: Mapping, network: Network, omx_mapping: str | None
) -> tuple[pd.DataFrame, float]:
    """Return flows between zones by class, and the flow within zones, in the unit of results.

    Raises:
        UnknownNameError: If a matrix is of a class that the mapping of fields does not declare.
    """
    classes = tuple(fields.classes)
    if path.suffix.lower() != OMX_SUFFIX:
        table = read_od(path, fields.demand, fields.units.flow, network.zones, classes)
        within = table["origin"] == table["destination"]
        return table[~within], float(table.loc[within, "flow"].sum())
    from sogdia.assignment.formats.omx import open_omx

    demand, diagonal = open_omx(path, network, mapping=omx_mapping)
    for name in demand.classes:
        if classes and name not in classes:
            raise UnknownNameError("class of the mapping of fields", name, classes)
    factor = convert(1.0, fields.demand.unit, fields.units.flow)
    return demand.table.assign(flow=demand.table["flow"] * factor), diagonal * factor


@dataclass(frozen=True, eq=False)
class Points:
    """Named nodes with longitude and latitude, (N, 2)."""

    names: list[str]
    places: Floats


def _points(layer: Layer, field: str, faults: list[Fault]) -> Points:
    check_fields(layer.sheet, {"nodes.id": field})
    names = layer.sheet.texts(field)
    _report_duplicates(layer.sheet, field, "node", faults)
    return Points(names, layer.points(faults))


def _report_duplicates(sheet: Sheet, field: str, what: str, faults: list[Fault]) -> None:
    seen: dict[str, int] = {}
    for name, line in zip(sheet.texts(field), sheet.lines, strict=True):
        if not name or name in seen:
            problem = f"second {what} {name!r}, first at {seen[name]}" if name else f"{what} without a name"
            faults.append(Fault(sheet.file, line, field, problem, "expected unique names", "duplicate"))
        seen.setdefault(name, line)


def _figures(sheet: Sheet, mapping: Mapping, faults: list[Fault]) -> dict[str, Floats]:
    """Return the figures of links in the units of results, (R,) each."""
    figures = {}
    every = dict(mapping.quantities())
    if mapping.links.delay is not None:
        every |= {"alpha": (mapping.links.delay.alpha, "1"), "beta": (mapping.links.delay.beta, "1")}
    for name, (number, unit) in every.items():
        known: list[Fault] = []
        if number.field is None:
            values = np.full(len(sheet.lines), number.value, dtype=np.float64)
        else:
            values = sheet.numbers(number.field, np.nan, known)
        field, bad = number.field or name, {fault.line for fault in known}
        least = 0.0 if name in ("cost", "alpha", "beta") else np.finfo(float).tiny
        invalid = ~(values >= least) & ~np.isin(sheet.lines, [line for line in bad if line is not None])
        expected = f"expected a {name} {'>=' if least == 0.0 else '>'} 0"
        faults += known
        for i in np.flatnonzero(invalid):
            problem = f"no {name}" if np.isnan(values[i]) else f"{values[i]:g} is no {name}"
            faults.append(Fault(sheet.file, sheet.lines[i], field, problem, expected, "number"))
        figures[name] = values * convert(1.0, number.unit, unit)
    return figures


def _directions(sheet: Sheet, mapping: Mapping, faults: list[Fault]) -> list[str]:
    given = mapping.links.direction
    if given.field is None:
        return [str(given.value)] * len(sheet.lines)
    meaning = {text: name for name in (FORWARD, BACKWARD, BOTH) for text in getattr(given, name)}
    found = []
    for text, line in zip(sheet.texts(given.field), sheet.lines, strict=True):
        if text not in meaning:
            problem, fix = f"{clip(text)} is no direction", "one of " + ", ".join(map(repr, meaning))
            faults.append(Fault(sheet.file, line, given.field, problem, fix, "direction"))
        found.append(meaning.get(text, BOTH))
    return found


def _ends(
    layer: Layer, ends: Floats, mapping: Mapping, points: Points | None, faults: list[Fault]
) -> tuple[list[str], list[str]]:
    """Return the nodes at the start and end of each link; empty without a line."""
    sheet, named = layer.sheet, mapping.links
    if named.start is not None and named.end is not None:
        found = sheet.texts(named.start), sheet.texts(named.end)
        for field, names in zip((named.start, named.end), found, strict=True):
            for name, line in zip(names, sheet.lines, strict=True):
                if not name or (points is not None and name not in points.names):
                    fix = did_you_mean(name, points.names) if points is not None else "expected a node"
                    faults.append(Fault(sheet.file, line, field, f"unknown node {name!r}", fix, "node"))
        return found
    rows = np.flatnonzero(np.isfinite(ends).all(axis=1))
    lines = [sheet.lines[i] for i in rows] * 2
    both = np.vstack([ends[rows, :2], ends[rows, 2:]])
    nodes = [""] * len(both)
    if not len(rows):
        return [""] * len(ends), [""] * len(ends)
    if points is not None and not points.names:
        faults.append(Fault(sheet.file, None, None, "the layer of nodes is empty", "", "node"))
    elif points is not None:
        usable = np.asarray(np.isfinite(points.places).all(axis=1), dtype=np.bool_)
        names = [name for name, use in zip(points.names, usable.tolist(), strict=True) if use]
        nodes = nearest_nodes(both, names, points.places[usable], mapping.snap_m, sheet.file, lines, faults)
    if points is None:
        nodes = cluster_ends(both, mapping.snap_m, sheet.file, lines, faults)
    starts, finishes = [""] * len(ends), [""] * len(ends)
    for at, i in enumerate(rows):
        starts[i], finishes[i] = nodes[at], nodes[at + len(rows)]
    return starts, finishes


def _links(layer: Layer, mapping: Mapping, points: Points | None, faults: list[Fault]) -> pd.DataFrame:
    """Return the links, sorted by name, so that the order of features has no effect."""
    sheet, named = layer.sheet, mapping.links
    _report_duplicates(sheet, named.id, "link", faults)
    ends, texts = layer.lines(faults)
    start, finish = _ends(layer, ends, mapping, points, faults)
    figures = _figures(sheet, mapping, faults)
    table = pd.DataFrame({"link_id": sheet.texts(named.id), "from": start, "to": finish})
    mode = named.mode
    table["mode"] = sheet.texts(mode.field) if mode.field else str(mode.value)
    sheet.report(table["mode"] == "", mode.field or "mode", "no mode", "mode", faults, "expected a mode")
    loops = (table["from"] == table["to"]) & (table["from"] != "")
    fix = "lower snap_m, or split or delete the link"
    sheet.report(loops, "geometry", "starts and ends at one node", "loop", faults, fix)
    table["direction"] = _directions(sheet, mapping, faults)
    table["length_km"], table["wkt"] = figures["length"], texts
    table["time_h"] = figures["time"] if "time" in figures else figures["length"] / figures["speed"]
    for name, default in (("capacity", np.inf), ("cost", 0.0), ("alpha", 0.0), ("beta", 1.0)):
        table[name] = figures.get(name, default)
    table[["from_x", "from_y", "to_x", "to_y"]] = ends
    table["line"] = sheet.lines
    forms = table["wkt"].map(_canonical)
    repeated = table.assign(form=forms).duplicated(["form", "mode", "from", "to"]) & (forms != "")
    sheet.report(repeated, named.id, "{} repeats the line of another link", "duplicate", faults, "delete one")
    return table.sort_values("link_id", kind="stable", ignore_index=True)


def _check_names(links: pd.DataFrame, mapping: Mapping, file: str, faults: list[Fault]) -> None:
    """Add a fault for each mode and node of the mapping that the links do not have."""
    known = set(links["mode"])
    listed = [
        (f"transfers.{i}.modes", name) for i, each in enumerate(mapping.transfers) for name in each.modes
    ]
    listed += [
        (f"classes.{key}.modes", name) for key, each in mapping.classes.items() for name in each.modes or ()
    ]
    for key, name in listed:
        if name not in known:
            faults.append(Fault(file, None, key, f"no link has the mode {name!r}", did_you_mean(name, known)))
    nodes = {*links["from"], *links["to"]}
    for i, each in enumerate(mapping.transfers):
        if each.node is not None and each.node not in nodes:
            problem = f"unknown node {each.node!r}"
            faults.append(Fault(file, None, f"transfers.{i}.node", problem, did_you_mean(each.node, nodes)))


def _canonical(wkt: str) -> str:
    """Return a line's WKT in the same direction for both directions of digitising."""
    return min(wkt, _reversed(wkt))


def _reversed(wkt: str) -> str:
    head, _, points = wkt.rstrip(")").partition("(")
    return f"{head}({', '.join(reversed(points.split(', ')))})" if points else wkt


def _directed(links: pd.DataFrame) -> pd.DataFrame:
    """Return an arc for each open direction of each link."""
    ahead = links[links["direction"] != BACKWARD].assign(direction=FORWARD)
    back = links[links["direction"] != FORWARD].assign(direction=BACKWARD)
    swapped = {
        "from": "to",
        "to": "from",
        "from_x": "to_x",
        "to_x": "from_x",
        "from_y": "to_y",
        "to_y": "from_y",
    }
    back = back.rename(columns=swapped).assign(wkt=back["wkt"].map(_reversed))
    arcs = pd.concat([ahead, back]).assign(kind=LINK)
    return arcs.sort_values(["link_id", "from", "to"], kind="stable", ignore_index=True)


def _network(links: pd.DataFrame, mapping: Mapping, file: str) -> Network:
    arcs = _directed(links)
    ends = [arcs[[end, f"{end}_x", f"{end}_y", "mode"]].set_axis(["node", "x", "y", "mode"], axis=1)
            for end in ("from", "to")]  # fmt: skip
    met = pd.concat(ends).sort_values(["node", "x", "y"], kind="stable")
    places = met.groupby("node")[["x", "y"]].mean()
    modes = {str(node): sorted(set(group)) for node, group in met.groupby("node")["mode"]}
    several = {node: names for node, names in modes.items() if len(names) > 1}
    for end in ("from", "to"):
        pairs = zip(arcs[end], arcs["mode"], strict=True)
        arcs[end] = [f"{node}|{mode}" if node in several else node for node, mode in pairs]
    joints = _joints(several, places, mapping)
    if joints:
        arcs = pd.concat([arcs, pd.DataFrame(joints)], ignore_index=True)
    function = mapping.links.delay.function if mapping.links.delay else "none"
    arcs["free_flow_cost"], arcs["delay_scale"] = arcs["time_h"], arcs["time_h"] * arcs["alpha"]
    arcs["delay"] = np.where(arcs["delay_scale"] > 0.0, function, "none")
    arcs["delay_power"] = arcs.pop("beta")
    lines = arcs.pop("line").to_numpy(dtype=np.int64)
    arcs = arcs.drop(columns="alpha").rename(columns={"cost": "money"})
    nodes = [*modes, *(f"{node}|{mode}" for node, names in several.items() for mode in names)]
    return make_network(
        arcs, nodes=nodes, no_through=list(several), zones=list(modes), file=file, lines=lines
    )


def _joints(several: dict[str, list[str]], places: pd.DataFrame, mapping: Mapping) -> list[dict[str, Any]]:
    """Return the arcs from zones to their modes and back, and the transfers between modes."""
    filled = {"direction": FORWARD, "length_km": 0.0, "capacity": np.inf, "alpha": 0.0, "beta": 1.0}
    extra: list[dict[str, Any]] = []
    for node, names in several.items():
        x, y = float(places["x"][node]), float(places["y"][node])
        at = {**filled, "link_id": node, "from_x": x, "from_y": y, "to_x": x, "to_y": y, "line": 0, "wkt": ""}
        for mode in names:
            joint = {**at, "kind": ACCESS, "mode": mode, "time_h": 0.0, "cost": 0.0}
            for tail, head in ((node, f"{node}|{mode}"), (f"{node}|{mode}", node)):
                extra.append({**joint, "from": tail, "to": head})
        for each in mapping.transfers:
            if set(each.modes) <= set(names) and each.node in (None, node):
                for tail, head in (each.modes, each.modes[::-1]):
                    step = {"from": f"{node}|{tail}", "to": f"{node}|{head}", "mode": f"{tail}|{head}"}
                    extra.append({**at, **step, "kind": TRANSFER, "time_h": each.hours, "cost": each.cost})
    return extra


def _class_costs(network: Network, mapping: Mapping, classes: list[str]) -> dict[str, Floats]:
    """Return the money cost of each arc in hours, infinite where a mode is closed to the class, (A,) each."""
    costs = {}
    money = network.arcs["money"].to_numpy(dtype=np.float64)
    for name in classes:
        given = mapping.classes.get(name)
        cost = money / (given.value_of_time if given else 1.0)
        if given is not None and given.modes is not None:
            closed = [not set(str(mode).split("|")) <= set(given.modes) for mode in network.arcs["mode"]]
            cost = np.where(closed, np.inf, cost)
        costs[name] = cost
    return costs
