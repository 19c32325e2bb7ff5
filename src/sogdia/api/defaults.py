"""Region and scenario taken if none is given, and the plan of years of record.

The plan taken if none is given is that of the region's committed projects
(:func:`sogdia.case.reference_plan`).
"""

from __future__ import annotations

DEFAULT_REGION = "central_asia"
DEFAULT_SCENARIO = "reference"
OBSERVED_PLAN = "as_is"
