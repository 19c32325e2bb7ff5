"""Locate the default store."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from sogdia.errors import CannotRunError

STORE_VARIABLE = "SOGDIA_STORE"


def default_store() -> Path:
    """Return ``$SOGDIA_STORE`` if set, else a folder in the user's data folder.

    Raises:
        CannotRunError: If the user has no home folder.
    """
    chosen = os.environ.get(STORE_VARIABLE)
    if chosen:
        return Path(chosen)
    try:
        return Path(platformdirs.user_data_dir("sogdia", appauthor=False)) / "store"
    except RuntimeError as error:
        raise CannotRunError(
            f"the user has no home folder for the store of runs: give --store, or set {STORE_VARIABLE}"
        ) from error
