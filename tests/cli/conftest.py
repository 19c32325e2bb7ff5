"""The command line as a user calls it, 100 columns wide."""

from __future__ import annotations

from pathlib import Path

import pytest
from freight.borderland import write_borderland
from runs.powered import write_powered_isles

from cli.running import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("COLUMNS", "100")
    return Cli(capsys, monkeypatch)


@pytest.fixture(scope="session")
def borderland(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a small region with freight."""
    return write_borderland(tmp_path_factory.mktemp("packs") / "borderland")


@pytest.fixture(scope="session")
def powered_isles(isles_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the example region with a power system; read only."""
    return write_powered_isles(tmp_path_factory.mktemp("packs") / "isles", isles_home)
