"""Fixture: the small region, read once per session."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia import Region, load_region

from .toy import write_toy


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy(tmp_path_factory.mktemp("packs") / "toy")


@pytest.fixture(scope="session")
def toy(toy_folder: Path) -> Region:
    return load_region(toy_folder)
