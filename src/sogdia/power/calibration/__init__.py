"""Calibration of the power system's constants on observed generation and trade."""

from sogdia.power.calibration.estimate import Estimate, estimate_constants
from sogdia.power.calibration.fit import fit_table, missed_observations, parameter_table
from sogdia.power.calibration.observations import (
    Observation,
    is_within_tolerance,
    modelled_values,
    read_observations,
)
from sogdia.power.constants import CALIBRATION_YEARS

__all__ = [
    "CALIBRATION_YEARS",
    "Estimate",
    "Observation",
    "estimate_constants",
    "fit_table",
    "is_within_tolerance",
    "missed_observations",
    "modelled_values",
    "parameter_table",
    "read_observations",
]
