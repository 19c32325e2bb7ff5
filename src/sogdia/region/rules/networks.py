"""Networks: connected components, islands, and the places that they serve."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sogdia.codes import OPERATING
from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

NAMES_SHOWN = 8
BORDER_MODES = ("rail", "road")
"""Modes whose links have crossings; goods enter a country by ship in its ports."""


def check_zone_access(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the place of each zone has an operating link of some mode."""
    links = tables["links"].data
    operating = links[links["status"] == OPERATING]
    reached = set(operating["from"]) | set(operating["to"])
    zones, places = tables["zones"], set(tables["places"].data.index)
    for position, place in enumerate(zones.data["place"]):
        if place in places and place not in reached:
            problem = f"no operating link reaches {place}"
            yield row_fault(
                zones, position, "place", problem, "add a link, or choose another place", "zone-access"
            )


def check_pipeline_lengths(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each pipeline whose product is freight has a length: without one it would carry nothing."""
    pipelines, commodities = tables["pipelines"], tables["commodities"].data
    freight = set(commodities.index[commodities["freight"].astype(bool)])
    rows = zip(pipelines.data["product"], pipelines.data["length_km"], strict=True)
    for position, (product, length_km) in enumerate(rows):
        if product in freight and pd.isna(length_km):
            problem = f"a pipeline of {product} has no length"
            fix = "fill it from a document, or from the great circle with basis derived"
            yield row_fault(pipelines, position, "length_km", problem, fix, "pipeline length")


def check_domestic_traffic(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the ends of domestic traffic are in one territory."""
    traffic, places = tables["domestic_traffic"], tables["places"].data
    country = places["iso3"].to_dict()
    for position, (start, end) in enumerate(zip(traffic.data["from"], traffic.data["to"], strict=True)):
        if start in country and end in country and country[start] != country[end]:
            problem = f"{start} is in {country[start]}, {end} in {country[end]}"
            fix = "domestic traffic stays in one territory; what crosses a border is trade"
            yield row_fault(traffic, position, "to", problem, fix, "domestic traffic")


def check_islands(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that ``islands`` names, once, each component of a mode's network other than the largest."""
    links, islands = tables["links"], tables["islands"]
    declared = islands.data.reset_index(drop=True)
    for mode, part in links.data.reset_index(drop=True).groupby("mode", sort=False):
        for island in _components(part)[1:]:
            rows = declared[(declared["mode"] == mode) & declared["place"].isin(island)]
            position = int(part.index[part["from"].isin(island)][0])
            if rows.empty:
                problem = f"{mode} among {_shortened(island)} has no link to the largest component of {mode}"
                fix = "add a link, or name one of the places in islands.csv with the reason"
                yield row_fault(links, position, None, problem, fix, "island")
            for repeated in rows.index[1:]:
                problem = f"the {mode} island of {rows['place'].iloc[0]} is declared already"
                yield row_fault(islands, int(repeated), "place", problem, "delete one of the rows", "island")
    yield from _needless_islands(tables)


def _needless_islands(tables: Tables) -> Iterator[Fault]:
    links, islands = tables["links"].data, tables["islands"]
    apart = {mode: set().union(*_components(part)[1:]) for mode, part in links.groupby("mode", sort=False)}
    for position, (mode, place) in enumerate(zip(islands.data["mode"], islands.data["place"], strict=True)):
        if place not in apart.get(mode, set()):
            problem = f"{place} is in the largest component of {mode}"
            yield row_fault(islands, position, "place", problem, "delete the row", "island")


def _components(links: pd.DataFrame) -> list[set[str]]:
    """Return the connected components of a network as sets of places, largest first, ties by name."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes, names = pd.factorize(pd.concat([links["from"], links["to"]], ignore_index=True))
    half = len(links)
    ones = np.ones(half, dtype=np.int8)
    graph = coo_array((ones, (codes[:half], codes[half:])), shape=(len(names), len(names)))
    count, labels = connected_components(graph, directed=False)
    components = [set(np.asarray(names)[labels == label]) for label in range(count)]
    return sorted(components, key=lambda places: (-len(places), min(places)))


def _shortened(places: set[str]) -> str:
    names = sorted(places)
    return ", ".join(names[:NAMES_SHOWN]) + (
        f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    )


def check_stations(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a link of its mode serves the place of each crossing and transfer."""
    links = tables["links"].data
    served = set(zip(links["from"], links["mode"], strict=True)) | set(
        zip(links["to"], links["mode"], strict=True)
    )
    places = set(tables["places"].data.index)
    for name, columns in (("crossings", ("mode",)), ("transfers", ("from_mode", "to_mode"))):
        table = tables[name]
        for column in columns:
            for position, (place, mode) in enumerate(
                zip(table.data["place"], table.data[column], strict=True)
            ):
                if place in places and (place, mode) not in served:
                    problem = f"no link of mode {mode} serves {place}"
                    yield row_fault(
                        table, position, column, problem, "correct the place or the mode", "no-link"
                    )


def check_borders(tables: Tables, block: RegionBlock) -> Iterator[Fault]:
    """Check that a railway or road over a border of a home country has a crossing in both directions.

    A border without a row is crossed without time and cost, as it may be inside a union far away.
    """
    economies = tables["economies"].data
    home = set(economies.loc[economies["group"] == block.home_group, "iso3"])
    parties = set(tables["parties"].data["code"])
    country = tables["places"].data["iso3"].to_dict()
    crossings = tables["crossings"].data
    known = set(zip(*(crossings[name] for name in ("place", "from_iso3", "to_iso3", "mode")), strict=True))
    links = tables["links"]
    ends = zip(links.data["from"], links.data["to"], links.data["mode"], strict=True)
    for position, (start, end, mode) in enumerate(ends):
        near, far = country.get(start), country.get(end)
        if mode not in BORDER_MODES or near == far or not (home & {near, far} and {near, far} <= parties):
            continue
        for side in ((near, far), (far, near)):
            if not any((place, *side, mode) in known for place in (start, end)):
                problem = (
                    f"the border from {side[0]} to {side[1]} has no row in crossings, so it would be free"
                )
                fix = f"add one at {start} or {end}, mode {mode}"
                yield row_fault(links, position, None, problem, fix, "free-border")
