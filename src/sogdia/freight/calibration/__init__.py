"""Calibration of freight: measurements, parameters, estimation, report."""

from sogdia.freight.calibration.alternation import JointEstimate, estimate_jointly
from sogdia.freight.calibration.estimate import Estimate, estimate_constants, refits
from sogdia.freight.calibration.fit import Score, fit_table, parameter_table, scores, search_report

__all__ = [
    "Estimate",
    "JointEstimate",
    "Score",
    "estimate_constants",
    "estimate_jointly",
    "fit_table",
    "parameter_table",
    "refits",
    "scores",
    "search_report",
]
