"""Rows of a region that plans, scenarios and commands name, all of them or those near a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.region.geography import great_circle_km
from sogdia.region.region import Region

LISTED: Final[Mapping[str, tuple[str, ...]]] = {
    "parties": ("name", "kind", "member_of"),
    "partners": ("name", "members"),
    "commodities": ("name", "cargo"),
    "corridors": ("name", "via"),
    "variants": ("title",),
    "places": ("name", "iso3", "kind"),
    "links": ("from", "to", "mode", "length_km", "status", "opening_year"),
    "crossings": ("place", "from_iso3", "to_iso3", "mode", "dwell_h", "status"),
    "plants": ("name", "iso3", "carrier", "capacity_mw", "status"),
    "interconnectors": ("from_iso3", "to_iso3", "capacity_mw", "status"),
    "projects": ("name", "iso3", "sector", "capex_musd", "status", "completion_year"),
}
"""Tables that are listed, with the columns shown after the key."""
ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "places": ("id",),
    "links": ("from", "to"),
    "crossings": ("place",),
    "corridors": ("via",),
}
"""Columns that name the places of a row, in tables without coordinates of their own."""
EFFECTS = ("links", "crossings", "plants")
"""Tables by whose rows a project is located."""
DISTANCE = "distance_km"
"""Column of the great-circle distance from the place given, km."""


def list_rows(region: Region, table: str, near: str = "", within_km: float = 300.0) -> pd.DataFrame:
    """List the rows of a table by their keys; with ``near`` those within a distance, the nearest first.

    The distance is that of the great circle to the nearest place of the row: an end of a link, the site of a
    plant, the nearest row that a project edits. A row whose places are not known is not near any.

    Args:
        region: The region.
        table: One of :data:`LISTED`.
        near: Key or name of a place, in any case; empty for all rows.
        within_km: Largest distance, km.

    Returns:
        Columns of :data:`LISTED`, indexed by key; with ``near`` also ``distance_km``.

    Raises:
        UnknownNameError: If the table is not listed or has no places, or no place is called ``near``.
    """
    if table not in LISTED:
        raise UnknownNameError("list", table, LISTED)
    frame = region.table(table)
    shown = frame[list(LISTED[table])]
    if not near:
        return shown
    if table not in (*ENDS, "plants", "projects"):
        raise UnknownNameError("list of rows with places", table, (*ENDS, "plants", "projects"))
    distance = _distances(region, table, _place_key(region, near))
    found = shown.assign(**{DISTANCE: distance})
    return found[found[DISTANCE] <= within_km].sort_values(DISTANCE, kind="stable")


def _place_key(region: Region, near: str) -> str:
    """Return the key of a place that is given by key or name."""
    places = region.table("places")
    sought = near.strip().casefold()
    names = dict(zip(places["name"].str.casefold(), places.index, strict=True))
    keys = {str(key).casefold(): str(key) for key in places.index}
    if sought not in keys and sought not in names:
        raise UnknownNameError("place", near, places.index)
    return keys[sought] if sought in keys else str(names[sought])


def _distances(region: Region, table: str, place: str) -> npt.NDArray[np.float64]:
    """Return the distance of each row from a place, km, (rows,); NaN where it is not known."""
    frame, places = region.table(table), region.table("places")
    centre = places.loc[place]
    if table == "projects":
        return _project_distances(region, place)
    if table == "plants":
        points = great_circle_km(centre["lat"], centre["lon"], frame["lat"], frame["lon"])
        return np.asarray(points, dtype=np.float64)
    each = great_circle_km(centre["lat"], centre["lon"], places["lat"], places["lon"])
    known = dict(zip(places.index, each.tolist(), strict=True))
    ends = [
        [known.get(name, np.nan) for column in ENDS[table] for name in str(row[column]).split(";")]
        for row in frame.to_dict("records")
    ]
    return np.array([min((d for d in row if d == d), default=np.nan) for row in ends], dtype=np.float64)


def _project_distances(region: Region, place: str) -> npt.NDArray[np.float64]:
    """Return the distance of the nearest row that each project edits."""
    nearest: dict[str, float] = {}
    effects = region.table("project_effects")
    for table in EFFECTS:
        known = pd.Series(_distances(region, table, place), index=region.table(table).index)
        own = effects[effects["table"] == table]
        for project, distance in zip(own["project"], own["row"].map(known), strict=True):
            if distance < nearest.get(project, np.inf):
                nearest[project] = float(distance)
    return np.array([nearest.get(str(key), np.nan) for key in region.table("projects").index])
