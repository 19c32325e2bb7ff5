"""The hand-made region of freight, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia import Case

from .borderland import case_of, write_borderland


@pytest.fixture(scope="session")
def borderland_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_borderland(tmp_path_factory.mktemp("packs") / "borderland")


@pytest.fixture(scope="session")
def borderland(borderland_folder: Path) -> Case:
    return case_of(borderland_folder)
