"""Estimation of the constants of power from the record of generation and trade."""

from sogdia.power.calibration.estimate import Estimate, estimate
from sogdia.power.calibration.record import RECORD_YEARS, Recorded, judged, modelled_of, record_of
from sogdia.power.calibration.report import fit_rows, misses, parameter_rows

__all__ = [
    "RECORD_YEARS",
    "Estimate",
    "Recorded",
    "estimate",
    "fit_rows",
    "judged",
    "misses",
    "modelled_of",
    "parameter_rows",
    "record_of",
]
