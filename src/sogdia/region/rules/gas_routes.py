"""Gas goes along pipelines and between terminals of liquefied gas."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sogdia.codes import ANY, OPERATING
from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

NETWORK, LNG = "network", "lng"
Node = tuple[str, str]
"""An economy or a place, with its kind."""


def check_gas_routes(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that pipelines, or terminals at both ends, connect the economies that trade gas.

    A sector needs a route if its kind is network and its commodity group is the product of a pipeline. Gas
    may pass third economies, and change from one pipeline to another in an economy or at a place.
    """
    flows = tables["sector_flows"]
    products = set(tables["pipelines"].data["product"])
    kinds = dict(zip(tables["sectors"].data["id"], tables["sectors"].data["kind"], strict=True))
    groups = tables["sector_commodities"].data
    piped = {
        sector: group
        for sector, group in zip(groups["sector"], groups["commodity"], strict=True)
        if kinds.get(sector) == NETWORK and group in products
    }
    reached = {product: _reachable(tables, product) for product in set(piped.values())}
    routes = tables["gas_routes"].data
    lng = routes[routes["kind"] == LNG]
    sellers = set(lng.loc[lng["importer"] == ANY, "exporter"])
    buyers = set(lng.loc[lng["exporter"] == ANY, "importer"])
    columns = (flows.data[name] for name in ("exporter", "importer", "sector", "value_musd"))
    for position, (exporter, importer, sector, value) in enumerate(zip(*columns, strict=True)):
        if sector not in piped or exporter == importer or not value > 0.0:
            continue
        by_ship = exporter in sellers and importer in buyers
        if not by_ship and importer not in reached[piped[sector]].get(exporter, ()):
            problem = f"{exporter} sells {importer} {value:,.2f} of {sector} without a route"
            fix = "add a pipeline or terminals to pipelines.csv or gas_routes.csv, or correct the flow"
            yield row_fault(flows, position, "importer", problem, fix, "gas route")


def check_gas_route_ends(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a pipeline has two economies, and that a terminal has one and ``any``."""
    table = tables["gas_routes"]
    columns = (table.data[name] for name in ("exporter", "importer", "kind"))
    for position, (exporter, importer, kind) in enumerate(zip(*columns, strict=True)):
        open_ends = (exporter == ANY) + (importer == ANY)
        if kind == LNG and open_ends != 1:
            problem = f"terminals of {exporter} and {importer}"
            fix = f"name one economy, and {ANY} at the other end"
            yield row_fault(table, position, "importer", problem, fix, "gas route")
        elif kind != LNG and (open_ends or exporter == importer):
            problem = f"a pipeline from {exporter} to {importer}"
            yield row_fault(table, position, "importer", problem, "name two economies", "gas route")


def _reachable(tables: Tables, product: str) -> dict[str, set[str]]:
    """Return the economies that gas of each economy can reach, through others as well."""
    economies = set(tables["economies"].data["iso3"])
    members = dict(zip(tables["parties"].data["code"], tables["parties"].data["member_of"], strict=True))
    steps: dict[Node, set[Node]] = {}
    lines = tables["pipelines"].data
    carries = lines[(lines["product"] == product) & (lines["status"] == OPERATING)]
    for start, via, end in zip(carries["from"], carries["via_iso3"], carries["to"], strict=True):
        crossed = [_economies(code, economies, members) for code in str(via).split(";")]
        stops = [{("place", str(start))}, *crossed, {("place", str(end))}]
        for first, second in combinations(stops, 2):
            for node in first:
                steps.setdefault(node, set()).update(second - {node})
    routes = tables["gas_routes"].data
    for exporter, importer, kind in zip(routes["exporter"], routes["importer"], routes["kind"], strict=True):
        if kind != LNG:
            steps.setdefault(("economy", exporter), set()).add(("economy", importer))
    return {code: _economies_from(("economy", code), steps) for code in economies}


def _economies(code: str, economies: set[str], members: dict[str, str]) -> set[Node]:
    """Return the economy of the model that a country is, or is a member of."""
    groups = str(members.get(code) or "").split(";")
    return {("economy", name) for name in {code, *groups} & economies}


def _economies_from(start: Node, steps: dict[Node, set[Node]]) -> set[str]:
    seen, pending = {start}, [start]
    while pending:
        for node in steps.get(pending.pop(), ()):
            if node not in seen:
                seen.add(node)
                pending.append(node)
    return {name for kind, name in seen if kind == "economy"}
