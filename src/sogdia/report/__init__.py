"""Briefs: what a plan changes, told to people who decide."""
