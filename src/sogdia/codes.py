"""Codes that several tables share: wildcards, states of an asset, aggregates.

A pack writes ``any`` where a row holds for every value; a user's own trade matrix writes ``*``.
"""

from __future__ import annotations

from typing import Final

ANY: Final = "any"
"""Wildcard in a pack: the row holds for every value of the column."""
EVERY: Final = "*"
"""Wildcard in a user's trade files: every economy or sector."""
ALL_GOODS: Final = "all"
"""Commodity or sector that stands for the sum of all."""
HOME: Final = "home"
"""In place of an economy: the members of the region."""
BOTH: Final = "both"
"""Direction of a trade flow: exports and imports."""

PLANNED: Final = "planned"
CONSTRUCTION: Final = "construction"
OPERATING: Final = "operating"
SUSPENDED: Final = "suspended"
"""States of an asset: of a link, a plant, a line, a pipeline, a project."""
