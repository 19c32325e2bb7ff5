"""Power: dispatch and expansion of the regional system, on PyPSA and HiGHS."""

from sogdia.errors import NoSolutionError
from sogdia.power.constants import PowerConstants, constants_of
from sogdia.power.inputs import PowerInputs, power_inputs
from sogdia.power.results import PowerResult
from sogdia.power.settings import PowerSettings
from sogdia.power.solve import PowerModel, solve_power

__all__ = [
    "NoSolutionError",
    "PowerConstants",
    "PowerInputs",
    "PowerModel",
    "PowerResult",
    "PowerSettings",
    "constants_of",
    "power_inputs",
    "solve_power",
]
