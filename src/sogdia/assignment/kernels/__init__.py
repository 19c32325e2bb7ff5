"""Compiled kernels on plain arrays: no tables, no text, no logging, the same bits at any thread count."""
