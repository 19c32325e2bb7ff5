"""Published cases that are too large for the repository, read in place.

They are in the folder that ``--bench=DIR`` or the environment variable ``SOGDIA_BENCH`` names: the one that
holds ``freight/``, ``trade/``, ``articles/`` and ``portfolio/``; by default ``shared/bench`` next to the
repository.
A test that needs a file that is missing is skipped, and the last lines of the run say how many were.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "SOGDIA_BENCH"
MISSING = "published case is missing: "
DEFAULT = Path(__file__).parents[2] / "shared" / "bench"


def bench_folder() -> Path:
    """Return the folder of published cases, whether or not it exists."""
    return Path(os.environ.get(VARIABLE, DEFAULT))


def bench_path(*parts: str) -> Path:
    """Return a file or folder of published cases; skip the test if it is missing."""
    path = bench_folder().joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{MISSING}{path}")
    return path
