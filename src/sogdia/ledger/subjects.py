"""Words for what money is spent on, as sectors of the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_ALTERNATIVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
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
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), sectors) for words, sectors in _ALTERNATIVES.items()
)
_WIDE = 2
"""A word for more sectors than this is asked only where no narrower one is told."""


def sectors_of(text: str) -> tuple[str, ...]:
    """Sectors that a text names, empty where it names none.

    A narrow word decides over a wide one: a renewable energy programme is sun, wind and water, not gas.

    >>> sectors_of("renewable energy infrastructure"), sectors_of("250 MW solar plant"), sectors_of("culture")
    (('hydro', 'solar', 'wind'), ('solar',), ())
    """
    found = [sectors for pattern, sectors in _PATTERNS if pattern.search(text)]
    first = _PATTERNS[0][1]
    narrow = [sectors for sectors in found if len(sectors) <= _WIDE or sectors == first]
    return tuple(sorted({sector for sectors in narrow or found for sector in sectors}))
