"""Kernels of the power engine: a linear programme as arrays, and HiGHS on it."""
