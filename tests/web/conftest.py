"""A server on the small region with two stored runs, computed once for all tests of this package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from api.portfolio_isles import write_isles

from sogdia.runs.definition import load_study
from sogdia.runs.store import Store
from sogdia.runs.studies import run_study

pytest.importorskip("fastapi", reason="the extra web is not installed")

from fastapi.testclient import TestClient

from sogdia.web.app import create_app
from sogdia.web.settings import WebSettings

ADDRESS = "http://127.0.0.1:8321"
STUDY = "region: {region}\nbase: as_is\nplans: [ferry_age]\nscenarios: [reference]\n"


@pytest.fixture(scope="session")
def powered_isles(isles_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the small region with a power system and lenders; read only."""
    return write_isles(tmp_path_factory.mktemp("web") / "isles", isles_home)


@pytest.fixture(scope="session")
def web_store(powered_isles: Path, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a store with the runs of two plans, each computed by one worker of pytest-xdist."""
    study = tmp_path_factory.mktemp("studies") / "isles.yaml"
    study.write_text(STUDY.format(region=powered_isles), encoding="utf-8")
    store = Store(shared_folder / "store_of_the_web")
    assert [report.error for report in run_study(load_study(study), store)] == ["", ""]
    return store.folder


@pytest.fixture(scope="session")
def web_settings(powered_isles: Path, web_store: Path) -> WebSettings:
    return WebSettings(store=web_store, region=powered_isles)


@pytest.fixture(scope="session")
def client(web_settings: WebSettings) -> Iterator[TestClient]:
    """A client of a server that starts no job."""
    with TestClient(create_app(web_settings), base_url=ADDRESS) as started:
        yield started


@pytest.fixture(scope="session")
def run_ids(client: TestClient) -> tuple[str, str]:
    """Ids of the run of the plan and of the baseline plan."""
    found = {run["plan"]: run["id"] for run in client.get("/api/v1/runs").json()}
    return found["ferry_age"], found["as_is"]
