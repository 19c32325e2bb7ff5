"""Measure how uncertain assumptions change results."""
