"""Sections of a brief: each module builds the tables, pictures and template values of one section."""
