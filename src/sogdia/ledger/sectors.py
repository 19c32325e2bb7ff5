"""Recognise the sectors of the ledger in text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

UNSPECIFIED_SECTOR = "other"
"""Sector of a row on several sectors, or on one that the vocabulary lacks; it is no evidence in matching."""
_SECTORS_BY_PATTERN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        r"renewable|green (?:energy|power|electricity)|clean (?:energy|power)": ("solar", "wind", "hydro"),
        r"solar|photovoltaic": ("solar",),
        r"wind": ("wind",),
        r"hydro\w*|dams?": ("hydro",),
        r"nuclear|npp": ("nuclear",),
        r"gas|pipelines?": ("gas",),
        r"grid|transmission|substations?|power lines?|\d+ kv|(?:electricity|power|submarine) cables?": (
            "grid",
        ),
        r"rail\w*|locomotives?|trains?": ("rail",),
        r"roads?|highways?|motorways?|expressways?": ("road",),
        r"ports?|seaports?|ships?|terminals?": ("port",),
        r"logistics|airports?|airlines?|aviation|aircraft|dry ports?": ("logistics",),
        r"mining|minerals?|raw materials?|tungsten|uranium|rare earths?|metals?": ("mining",),
        r"transport\w*|connectivity|corridors?": ("rail", "road", "port", "logistics"),
        r"energy|electricity|power (?:sector|plants?|stations?)": (
            "nuclear",
            "solar",
            "wind",
            "hydro",
            "gas",
            "grid",
        ),
    }
)
_PATTERNS = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), sectors)
    for words, sectors in _SECTORS_BY_PATTERN.items()
)
_MAX_SPECIFIC = 2
"""A term for more sectors than this is general: it applies only if the text has no specific one."""


@lru_cache(maxsize=4096)
def sectors_of(text: str) -> tuple[str, ...]:
    """Return the sectors that a text names, in alphabetical order; empty if it names none.

    A specific term takes precedence over a general one: a renewable energy programme is solar, wind and
    hydropower, not gas.

    >>> sectors_of("renewable energy infrastructure"), sectors_of("250 MW solar plant"), sectors_of("culture")
    (('hydro', 'solar', 'wind'), ('solar',), ())
    """
    found = [sectors for pattern, sectors in _PATTERNS if pattern.search(text)]
    renewables = _PATTERNS[0][1]
    specific = [sectors for sectors in found if len(sectors) <= _MAX_SPECIFIC or sectors == renewables]
    return tuple(sorted({sector for sectors in specific or found for sector in sectors}))
