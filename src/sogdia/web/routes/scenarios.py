"""Routes of scenarios, and the forms of shocks."""

from __future__ import annotations

from fastapi import APIRouter

from sogdia.web.routes.saved_files import add_routes
from sogdia.web.shock_forms import ScenarioForms, scenario_forms
from sogdia.web.workbench import Bench

router = APIRouter(prefix="/api/v1/scenarios", tags=["scenarios"])


@router.get("/forms")
def forms(bench: Bench) -> ScenarioForms:
    """Describe each kind of shock: its keys, their meaning, limits, and the valid names of this region."""
    return scenario_forms(bench.region)


add_routes(router, "scenarios")
