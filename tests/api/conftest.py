"""A small region with freight, trade and electricity, its store, and a scenario without ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs.powered import write_powered

from sogdia.region import Region, load_region

CLOSURE = "title: No ships\nyear: 2023\nshocks:\n- {kind: closure, modes: [sea], reason: a test}\n"


@pytest.fixture(scope="session")
def powered_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_powered(tmp_path_factory.mktemp("packs") / "powered")


@pytest.fixture(scope="session")
def powered(powered_folder: Path) -> Region:
    return load_region(powered_folder)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def no_ships(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenarios") / "no_ships.yaml"
    path.write_text(CLOSURE, encoding="utf-8")
    return path
