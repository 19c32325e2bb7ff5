"""Sogdia's power system and a plain PyPSA network on the same published inputs of three countries."""
