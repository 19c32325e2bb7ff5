"""The networks: what hangs together, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

NAMES_SHOWN = 8


def zones_reach_a_network(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """The place of each zone has an operating link of some mode."""
    links = tables["links"].data
    running = links[links["status"] == "operating"]
    reached = set(running["from"]) | set(running["to"])
    zones, places = tables["zones"], set(tables["places"].data.index)
    for position, place in enumerate(zones.data["place"]):
        if place in places and place not in reached:
            problem = f"no operating link reaches {place}"
            yield row_fault(zones, position, "place", problem, "add a link, or another place", "zone-access")


def islands_are_declared(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Each part of a mode's network other than the largest is named, once, in ``islands``."""
    links, islands = tables["links"], tables["islands"]
    declared = islands.data.reset_index(drop=True)
    for mode, part in links.data.reset_index(drop=True).groupby("mode", sort=False):
        for island in _parts(part)[1:]:
            here = declared[(declared["mode"] == mode) & declared["place"].isin(island)]
            position = int(part.index[part["from"].isin(island)][0])
            if here.empty:
                problem = f"{mode} among {_some(island)} is cut off from the rest of {mode}"
                fix = "join it by a link, or name one of the places in islands.csv with the reason"
                yield row_fault(links, position, None, problem, fix, "island")
            for again in here.index[1:]:
                problem = f"the {mode} island of {here['place'].iloc[0]} stands already"
                yield row_fault(islands, int(again), "place", problem, "one row an island", "island")
    yield from _islands_that_are_none(tables)


def _islands_that_are_none(tables: Tables) -> Iterator[Fault]:
    links, islands = tables["links"].data, tables["islands"]
    apart = {mode: set().union(*_parts(part)[1:]) for mode, part in links.groupby("mode", sort=False)}
    for position, (mode, place) in enumerate(zip(islands.data["mode"], islands.data["place"], strict=True)):
        if place not in apart.get(mode, set()):
            problem = f"{place} is not cut off from the largest part of {mode}"
            yield row_fault(islands, position, "place", problem, "delete the row", "island")


def _parts(links: pd.DataFrame) -> list[set[str]]:
    """Connected parts of a network as sets of places, the largest first, ties by name."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes, names = pd.factorize(pd.concat([links["from"], links["to"]], ignore_index=True))
    half = len(links)
    ones = np.ones(half, dtype=np.int8)
    graph = coo_array((ones, (codes[:half], codes[half:])), shape=(len(names), len(names)))
    count, labels = connected_components(graph, directed=False)
    parts = [set(np.asarray(names)[labels == part]) for part in range(count)]
    return sorted(parts, key=lambda part: (-len(part), min(part)))


def _some(places: set[str]) -> str:
    names = sorted(places)
    return ", ".join(names[:NAMES_SHOWN]) + (
        f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    )


def stations_touch_their_modes(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """A crossing or transfer stands at a place that a link of its mode touches."""
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
                    problem = f"no link of mode {mode} touches {place}"
                    yield row_fault(
                        table, position, column, problem, "correct the place or the mode", "no-link"
                    )
