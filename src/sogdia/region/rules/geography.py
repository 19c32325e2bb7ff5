"""Lengths of links against great-circle distances."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.geography import great_circle_km
from sogdia.region.rules.base import Tables, row_fault

POSITION_KM = 3.0
"""Tolerance of a place, which is one point of a town or port with several stations."""
ASSUMED_POSITION_KM = 15.0
"""Tolerance of a place with an assumed position: about a tenth of a degree."""
LONGEST_DETOUR = 3.0
DETOUR_KM = 25.0
"""Longest length of a link: factor of the great circle, plus a constant."""
M_PER_KM = 1000.0


def check_link_lengths(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each link is at least as long as the great circle, and at most three times as long."""
    links, places = tables["links"], tables["places"].data
    places = places[~places.index.duplicated()]
    frame = links.data.reset_index(drop=True)
    known = frame[frame["from"].isin(places.index) & frame["to"].isin(places.index)]
    start, end = places.loc[known["from"]], places.loc[known["to"]]
    direct = great_circle_km(start["lat"], start["lon"], end["lat"], end["lon"])
    assumed = (start["basis"] == "assumed").to_numpy() | (end["basis"] == "assumed").to_numpy()
    slack = np.where(assumed, ASSUMED_POSITION_KM, POSITION_KM)
    length = known["length_km"].to_numpy()
    for position, km, least, loose in zip(known.index, length, direct, slack, strict=True):
        if km < least - loose:
            problem = f"{km:g} km is shorter than the great circle, {least:.0f} km"
            yield row_fault(
                links, int(position), "length_km", problem, "correct the length or the places", "length"
            )
        elif km > LONGEST_DETOUR * least + DETOUR_KM:
            problem = f"{km:g} km is more than {LONGEST_DETOUR:g} times the great circle, {least:.0f} km"
            is_metres = least - loose <= km / M_PER_KM <= LONGEST_DETOUR * least + DETOUR_KM
            fix = "is it in metres?" if is_metres else "correct the length or the places"
            yield row_fault(links, int(position), "length_km", problem, fix, "length")
