from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.ledger.iati_export import export_iati
from sogdia.region import Region


@pytest.fixture(scope="session")
def exported(shipped: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped ledger as an IATI file."""
    path = tmp_path_factory.mktemp("iati") / "ledger.xml"
    assert export_iati(shipped, path) == len(shipped.table("projects")) + len(shipped.table("deals"))
    return path
