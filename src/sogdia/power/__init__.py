"""Power: dispatch and capacity expansion of the regional power system, on PyPSA and HiGHS."""

from typing import Any

from sogdia.errors import NoSolutionError
from sogdia.power.constants import PowerConstants, read_constants
from sogdia.power.inputs import PowerInputs, build_power_inputs
from sogdia.power.marginal import marginal_plants
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
    "marginal_plants",
    "plan_and_dispatch",
    "read_constants",
    "solve",
]


def __getattr__(name: str) -> Any:
    """Import :func:`extra_functionality` when it is first used: it needs xarray, which takes seconds."""
    if name == "extra_functionality":
        from sogdia.power import pypsa_constraints

        return pypsa_constraints.extra_functionality
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
