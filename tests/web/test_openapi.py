"""Requests made from the server's own description: no error of the server, every answer as described.

``make fuzz`` makes more requests for each route than ``make test``.
"""

from __future__ import annotations

import os
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from sogdia.web.app import API, create_app
from sogdia.web.settings import WebSettings

WRITE = {"X-Sogdia": "1", "Host": "127.0.0.1"}
FEW, MOST = 4, 200
REQUESTS = min(int(os.environ.get("SOGDIA_FUZZ", FEW)), MOST)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
schemathesis.checks.load_all_checks()


@pytest.fixture(scope="module")
def described(
    powered_isles: Path, web_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> schemathesis.BaseSchema:
    """The description of a server on a copy of the store that accepts jobs and starts none."""
    store = tmp_path_factory.mktemp("openapi") / "store"
    copytree(web_store, store)
    app = create_app(WebSettings(store=store, region=powered_isles))
    app.state.workbench.jobs.start = lambda: None
    return schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, headers=WRITE)


def test_answers_are_as_described(described: schemathesis.BaseSchema, run_ids: tuple[str, str]) -> None:
    checks: Any = [schemathesis.checks.CHECKS.get_one(name) for name in CHECKS]
    seen = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        seen += 1

        @given(case=operation.as_strategy())
        @settings(
            max_examples=REQUESTS,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            deadline=None,
        )
        def ask(case: schemathesis.Case[Any]) -> None:
            if "run" in case.path_parameters:
                # A run that exists, so that the request comes further than its name.
                case.path_parameters["run"] = run_ids[0]
            case.call_and_validate(headers=WRITE, checks=checks)

        ask()
    assert seen > 20


def test_every_route_is_typed(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    assert len(paths) > 20
    for path, methods in paths.items():
        assert path.startswith(f"{API}/")
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["description"].endswith("."), path
            (code,) = {"200", "201", "204"} & operation["responses"].keys()
            for content in operation["responses"][code].get("content", {}).values():
                assert content.get("schema"), path
