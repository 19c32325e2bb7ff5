"""Codes that several tables share: wildcards, states of an asset or a deal, aggregates, bases.

A pack writes ``any`` where a row holds for every value; a user's own trade matrix writes ``*``.
"""

from __future__ import annotations

from typing import Final

ANY: Final = "any"
"""Wildcard in a pack: the row holds for every value of the column."""
EVERY: Final = "*"
"""Wildcard in a user's trade files: every economy or sector."""
ALL_GOODS: Final = "all"
"""Commodity or sector for the sum of all."""
RECOMMENDED: Final = "recommended"
"""Study of table ``elasticities`` whose values apply."""
LONG_RUN: Final = "long_run"
"""Elasticities ten years after a change."""
HOME: Final = "home"
"""In place of an economy: the members of the region."""
EXPORT: Final = "export"
IMPORT: Final = "import"
"""Side of an economy's trade."""
BOTH: Final = "both"
"""Direction of a trade flow: exports and imports."""

PLANNED: Final = "planned"
CONSTRUCTION: Final = "construction"
OPERATING: Final = "operating"
SUSPENDED: Final = "suspended"
"""States of an asset: of a link, a plant, a line, a pipeline, a project."""
CLOSED: Final = "closed"
"""State of an asset that a shock or a restriction closes; a pack has none."""

ANNOUNCED: Final = "announced"
SIGNED: Final = "signed"
DISBURSED: Final = "disbursed"
CANCELLED: Final = "cancelled"
"""States of a deal."""

REPORTED: Final = "reported"
DERIVED: Final = "derived"
ASSUMED: Final = "assumed"
"""Basis of a figure: stated by a source, calculated from sources, or a judgement."""

MEASURED: Final = "measured"
NOT_MEASURED: Final = "not measured"
"""Status of a result: data are missing for the second, whose value is empty and not zero."""
