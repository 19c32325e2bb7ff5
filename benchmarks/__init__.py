"""Measurements, each a program of its own; a package so that their names do not clash with those of tests."""
