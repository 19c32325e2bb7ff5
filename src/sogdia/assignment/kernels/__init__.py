"""Compiled kernels on arrays: no tables, text or logging; the same bits for any number of threads."""
