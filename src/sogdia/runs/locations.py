"""Locate the default store."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

STORE_VARIABLE = "SOGDIA_STORE"


def default_store() -> Path:
    """Return ``$SOGDIA_STORE`` if set, else a folder in the user's data folder."""
    chosen = os.environ.get(STORE_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("sogdia", appauthor=False)) / "store"
