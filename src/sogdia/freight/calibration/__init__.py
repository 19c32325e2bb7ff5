"""Calibration of freight: measurements, parameters, estimation, report."""

from sogdia.freight.calibration.estimate import Estimate, estimate, refits
from sogdia.freight.calibration.report import Score, fit_rows, parameter_rows, scores

__all__ = ["Estimate", "Score", "estimate", "fit_rows", "parameter_rows", "refits", "scores"]
