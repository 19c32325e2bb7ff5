"""Plans, scenarios and cases: the region as it would be."""

from sogdia.case.case import Case, build_case
from sogdia.case.growth import growth_factor
from sogdia.case.library import check_library, load_plan, load_scenario, load_yaml, shipped
from sogdia.case.plan import Finance, Plan, ProjectChoice
from sogdia.case.scenario import Scenario
from sogdia.case.workbench import Change

__all__ = [
    "Case",
    "Change",
    "Finance",
    "Plan",
    "ProjectChoice",
    "Scenario",
    "build_case",
    "check_library",
    "growth_factor",
    "load_plan",
    "load_scenario",
    "load_yaml",
    "shipped",
]
