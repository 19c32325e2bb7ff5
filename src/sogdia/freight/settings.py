"""Settings of a region's freight assignment."""

from __future__ import annotations

from typing import Final

from sogdia.assignment.path_sets import PathRules
from sogdia.assignment.settings import AssignmentSettings

SETTINGS: Final = AssignmentSettings(algorithm="sue", gap=1e-4, max_paths=8)
"""Path-size logit over generated paths, to a residual of 1e-4."""
PATH_RULES: Final = PathRules(rounds=4, trees=6, penalty=0.05, tolerance=0.02)
"""How paths are generated: trees by costs and penalties, and one for each mask of arcs to avoid."""
