"""Region, plan and scenario taken if none is given."""

from __future__ import annotations

DEFAULT_REGION = "central_asia"
DEFAULT_PLAN, DEFAULT_SCENARIO = "as_is", "reference"
