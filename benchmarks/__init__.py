"""Measurements, each a program of its own; a package so that their names do not clash with those of tests."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
BENCH = Path(os.environ.get("SOGDIA_BENCH", ROOT.parent / "shared" / "bench"))
"""Folder of published cases: it holds ``freight/``, ``trade/``, ``articles/`` and ``portfolio/``."""
