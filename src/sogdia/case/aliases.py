"""Other names of the objects of a region, which errors suggest: titles of parties and places."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sogdia.names import fold
from sogdia.region import Region

_NAMED = ("parties", "places", "projects", "plants", "corridors", "commodities", "partners")
"""Tables whose rows have a name."""


@lru_cache(maxsize=4)
def aliases_of(region: Region) -> Mapping[str, tuple[str, ...]]:
    """Return codes and ids by the other names of their objects, folded as :func:`sogdia.names.fold` does.

    Args:
        region: The region; its tables with a column ``name``, and the table ``names``, are read.
    """
    found: dict[str, dict[str, None]] = {}
    for table in _NAMED:
        frame = region.table(table)
        if "name" in frame:
            keys = frame.get("code", frame.index)
            for key, name in zip(keys, frame["name"], strict=True):
                found.setdefault(fold(name), {})[str(key)] = None
    names = region.table("names")
    for name, parties, row in zip(names["name"], names["parties"], names["row"], strict=True):
        key = row or (parties if ";" not in parties else "")
        if key:
            found.setdefault(fold(name), {})[key] = None
    return {name: tuple(keys) for name, keys in found.items() if name}
