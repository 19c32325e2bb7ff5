"""Compiled kernels of freight coupled with trade."""
