"""A study of the shipped region with two runs, computed once for all tests of this package."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.runs.definition import LoadedStudy, load_study
from sogdia.runs.store import Store
from sogdia.runs.studies import run_study

STUDY = """\
title: One plan with the Caspian closed
region: central_asia
plans: [middle_corridor]
scenarios: [caspian_closed]
measures:
  - home_gain_musd
  - corridor_t
  - name: home_welfare_worst_pct
    unit: "%"
    table: economies
    column: welfare_pct
    how: min
    where: {home: "yes"}
"""


@pytest.fixture(scope="package")
def study_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("studies") / "corridor.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="package")
def study(study_file: Path) -> LoadedStudy:
    return load_study(study_file)


@pytest.fixture(scope="package")
def study_store(study: LoadedStudy, shared_folder: Path) -> Store:
    """Store of the study's two runs, each computed by one worker of pytest-xdist."""
    pytest.importorskip("duckdb")
    store = Store(shared_folder / "store_of_the_study")
    assert [report.error for report in run_study(study, store)] == ["", ""]
    return store
