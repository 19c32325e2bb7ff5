"""Power: dispatch and capacity expansion of the regional power system, on PyPSA and HiGHS."""

from sogdia.errors import NoSolutionError
from sogdia.power.constants import PowerConstants, read_constants
from sogdia.power.inputs import PowerInputs, build_power_inputs
from sogdia.power.results import PowerResult
from sogdia.power.settings import PowerSettings
from sogdia.power.solve import PowerModel, plan_and_dispatch, solve

__all__ = [
    "NoSolutionError",
    "PowerConstants",
    "PowerInputs",
    "PowerModel",
    "PowerResult",
    "PowerSettings",
    "build_power_inputs",
    "plan_and_dispatch",
    "read_constants",
    "solve",
]
