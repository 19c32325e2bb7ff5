"""Fixtures of the small test region, and look-ups in its trade."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from freight.borderland import case_of, write_borderland

from sogdia import Case


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_borderland(tmp_path_factory.mktemp("packs") / "borderland")


@pytest.fixture(scope="package")
def case(folder: Path) -> Case:
    return case_of(folder)


def position_of(goods: pd.DataFrame, exporter: str, importer: str, commodity: str) -> int:
    """Return the row of a good."""
    is_pair = (goods["exporter"] == exporter) & (goods["importer"] == importer)
    rows = np.flatnonzero((is_pair & (goods["commodity"] == commodity)).to_numpy())
    assert rows.size == 1
    return int(rows[0])


def barrier(exporter: str, importer: str, commodity: str = "all", **terms: Any) -> dict[str, Any]:
    """Return a row of the table ``barriers``."""
    row = {"tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, "trade_factor": 1.0}
    ends = {"exporter": exporter, "importer": importer, "commodity": commodity}
    return {**ends, **row, "prohibited": False, **terms, "key": f"{exporter}/{importer}/{commodity}"}
