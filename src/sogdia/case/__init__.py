"""Plans, scenarios and cases."""

from sogdia.case.case import Case, build_case
from sogdia.case.counterfactual import counterfactual, reference_plan
from sogdia.case.editor import Change
from sogdia.case.idle import idle_remarks
from sogdia.case.library import check_library, load_plan, load_scenario
from sogdia.case.new_projects import with_new_projects
from sogdia.case.plan import Finance, NewProject, Plan, ProjectChoice
from sogdia.case.remarks import plan_remarks, shock_remarks
from sogdia.case.scenario import Scenario
from sogdia.case.scenario_check import projects_of_both
from sogdia.case.unit_values import UnitValues, unit_values_of
from sogdia.case.yaml_file import load_yaml

__all__ = [
    "Case",
    "Change",
    "Finance",
    "NewProject",
    "Plan",
    "ProjectChoice",
    "Scenario",
    "UnitValues",
    "build_case",
    "check_library",
    "counterfactual",
    "idle_remarks",
    "load_plan",
    "load_scenario",
    "load_yaml",
    "plan_remarks",
    "projects_of_both",
    "reference_plan",
    "shock_remarks",
    "unit_values_of",
    "with_new_projects",
]
