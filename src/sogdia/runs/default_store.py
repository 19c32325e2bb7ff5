"""Where stores are."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

STORE_VARIABLE = "SOGDIA_STORE"


def default_store() -> Path:
    """The store used where none is named: ``$SOGDIA_STORE``, or the user's data folder."""
    chosen = os.environ.get(STORE_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("sogdia", appauthor=False)) / "store"
