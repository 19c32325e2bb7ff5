"""Fixture: the small region, read once per session."""

from __future__ import annotations

import pytest
from case.toy import write_toy

from sogdia import Region, load_region


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return load_region(write_toy(tmp_path_factory.mktemp("packs") / "toy"))
