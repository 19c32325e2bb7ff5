"""Freight of a region: a multimodal, multicommodity network equilibrium on its links and borders."""
