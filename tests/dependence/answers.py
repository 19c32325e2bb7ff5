"""Hand-checkable answers, in ``portfolio`` of the folder of published cases (:mod:`bench`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bench import bench_path


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def answers(kind: str) -> Any:
    """The answers of one kind."""
    return _read(bench_path("portfolio", "closed_form", "answers.json"))[kind]


def toy() -> Any:
    """The toy portfolio with its withdrawal losses by coalition."""
    folder = bench_path("portfolio", "toy")
    return {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}
