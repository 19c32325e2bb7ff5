"""Compiled kernels of the trade engine: arrays only."""
