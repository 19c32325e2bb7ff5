"""Find the unit of lengths in GMNS that no ``config.csv`` states, from the coordinates of the nodes.

A link is at least as long as the distance between its ends, and seldom many times as long. Geographic
coordinates give this distance in kilometres, projected ones in metres.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sogdia.assignment.formats.gmns_tables import LENGTHS_KM, Sheet
from sogdia.assignment.formats.textfile import integer_ids
from sogdia.assignment.kernels.arrays import Floats

EARTH_KM = 6371.0088
PLAUSIBLE = 20.0
"""Length over distance, either way, within which kilometres are taken without a note."""
CERTAIN = 5.0
"""The same within which another unit is taken instead."""
OTHERS = ("m", "ft")
LONGEST_HOURS = 100.0
"""Median time of a link above which there is a note, where no distance is known."""
TAKEN_NOTE = (
    "{}: no config.csv states the unit of length; lengths are taken as {}, since they are {:,.3g} times the "
    "distances between the nodes"
)
ASK_NOTE = (
    "{}: lengths, taken as km, are {:,.3g} times the distances between the nodes; name their unit in "
    "config.csv (long_length)"
)
SLOW_NOTE = (
    "{}: a link takes {:,.0f} h with lengths in km and speeds in km/h; name the units in config.csv "
    "(long_length, speed)"
)


FASTEST_KMH = 1000.0
FAST_NOTE = "{}: free_speed is up to {:,.6g}, taken as km/h; name its unit in config.csv (speed)"


def assumed_unit(links: Sheet, names: Sequence[str], x: Floats, y: Floats) -> tuple[float, tuple[str, ...]]:
    """Return the unit of length in kilometres, and a note where it is not the kilometre or is in doubt.

    Args:
        links: Table of links.
        names: Names of the nodes.
        x: First coordinates, (N,); NaN if unknown.
        y: Second coordinates, (N,).
    """
    lengths = links.numbers("length", np.nan, [])
    distances = _distances(links, names, x, y)
    known = np.isfinite(lengths) & np.isfinite(distances) & (lengths > 0.0) & (distances > 0.0)
    if not known.any():
        return 1.0, _slow(links, lengths)
    ratio = float(np.median(lengths[known] / distances[known]))
    if 1.0 / PLAUSIBLE <= ratio <= PLAUSIBLE:
        return 1.0, ()
    unit = min(OTHERS, key=lambda name: abs(np.log(ratio * LENGTHS_KM[name])))
    if ratio > PLAUSIBLE and 1.0 / CERTAIN <= ratio * LENGTHS_KM[unit] <= CERTAIN:
        return LENGTHS_KM[unit], (TAKEN_NOTE.format(links.file, unit, ratio),)
    return 1.0, (ASK_NOTE.format(links.file, ratio),) if ratio > PLAUSIBLE else ()


def speed_notes(links: Sheet) -> tuple[str, ...]:
    """Return a note on speeds that no vehicle has, where no ``config.csv`` states their unit."""
    speeds = links.numbers("free_speed", np.nan, [])
    fastest = float(np.nanmax(speeds, initial=0.0))
    return (FAST_NOTE.format(links.file, fastest),) if fastest > FASTEST_KMH else ()


def _distances(links: Sheet, names: Sequence[str], x: Floats, y: Floats) -> Floats:
    """Return the distance between the ends of each link in km, (R,); NaN if unknown."""
    place = {name: i for i, name in enumerate(names)}
    ends = [
        np.array([place.get(name, -1) for name in integer_ids(links.texts(column))], dtype=np.int64)
        for column in ("from_node_id", "to_node_id")
    ]
    if not len(names):
        return np.full(len(links.lines), np.nan)
    (x1, x2), (y1, y2) = ([np.where(end >= 0, axis[end], np.nan) for end in ends] for axis in (x, y))
    if np.nanmax(np.abs(x), initial=0.0) > 180.0 or np.nanmax(np.abs(y), initial=0.0) > 90.0:
        return np.asarray(np.hypot(x2 - x1, y2 - y1) * LENGTHS_KM["m"])
    a, b = np.radians(y1), np.radians(y2)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(x2 - x1) / 2) ** 2
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def _slow(links: Sheet, lengths: Floats) -> tuple[str, ...]:
    speeds = links.numbers("free_speed", np.nan, [])
    known = np.isfinite(lengths) & (speeds > 0.0)
    if not known.any():
        return ()
    hours = float(np.median(lengths[known] / speeds[known]))
    return (SLOW_NOTE.format(links.file, hours),) if hours > LONGEST_HOURS else ()
