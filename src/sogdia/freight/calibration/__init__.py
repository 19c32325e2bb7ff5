"""Calibration of the freight engine: measurements, parameters, estimation, and what is written of it."""
