"""Requests of other sites, without the token, too large or too slow are refused; answers carry the policy."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import ValidationError
from starlette.types import Message

from sogdia.web.app import create_app
from sogdia.web.safety import COOKIE, PAGE_POLICY
from sogdia.web.settings import Limits, WebSettings

WRITE = {"X-Sogdia": "1"}
TOKEN = "a-secret-of-the-tests"  # noqa: S105 (of the tests)
JOBS = "/api/v1/jobs"
RUN = {"command": "run", "plans": ["ferry_age"]}


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1.example.org", "localhost.example.org:8321", "10.0.0.1", "[", ""]
)
def test_request_for_another_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/v1/region", headers={"Host": host})
    assert answer.status_code == 403
    assert "host" in answer.json()["message"]


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost:9999", "[::1]:8321", "LOCALHOST"])
def test_request_for_this_machine_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/region", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**WRITE, "Origin": "https://example.org"},
        {**WRITE, "Origin": "null"},
        {**WRITE, "Origin": "http://127.0.0.1:1234"},
        {**WRITE, "Sec-Fetch-Site": "cross-site"},
        {**WRITE, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_change_from_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(JOBS, json=RUN, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.json()["message"]
    assert client.get(JOBS).json() == []


def test_change_from_our_own_page_passes_the_guard(client: TestClient) -> None:
    headers = {**WRITE, "Origin": "http://127.0.0.1:8321", "Sec-Fetch-Site": "same-origin"}
    assert client.post(JOBS, json={"command": "none"}, headers=headers).status_code == 422


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/region", "/api/v1/runs/none", "/api/v1/nothing"])
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == PAGE_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_policy_allows_no_script_in_a_page_and_no_other_machine() -> None:
    rules = {rule.split()[0]: rule.split()[1:] for rule in PAGE_POLICY.split("; ")}
    assert rules["script-src"] == rules["connect-src"] == ["'self'"]
    assert rules["default-src"] == rules["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY


def test_refusal_carries_the_policy(client: TestClient) -> None:
    answer = client.get("/", headers={"Host": "example.org"})
    assert answer.headers["content-security-policy"] == PAGE_POLICY


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "planning.example.org"])  # noqa: S104
def test_address_beyond_this_machine_needs_a_token(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValidationError, match="reached from other machines"):
        WebSettings(store=tmp_path, host=host)
    assert WebSettings(store=tmp_path, host=host, token=TOKEN).is_loopback is False


def test_short_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="at least 16"):
        WebSettings(store=tmp_path, token="secret")  # noqa: S106 (of the tests)


@pytest.fixture(scope="module")
def guarded(powered_isles: Path, web_store: Path) -> Iterator[TestClient]:
    settings = WebSettings(store=web_store, region=powered_isles, host="0.0.0.0", token=TOKEN)  # noqa: S104
    with TestClient(create_app(settings), base_url="http://192.168.1.5:8321", follow_redirects=False) as one:
        yield one


@pytest.mark.parametrize("path", ["/", "/api/v1/region", "/api/v1/openapi.json", "/vendor/d3.min.js"])
def test_request_without_the_token_is_refused(guarded: TestClient, path: str) -> None:
    guarded.cookies.clear()
    assert guarded.get(path).status_code == 401
    assert guarded.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert guarded.get(f"{path}?token=wrong").status_code == 401


def test_token_in_a_header_is_accepted(guarded: TestClient) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert guarded.get("/api/v1/region", headers=headers).status_code == 200
    assert guarded.get("/api/v1/region", headers=headers | {"Host": "example.org"}).status_code == 403


def test_token_in_the_address_moves_into_a_cookie(guarded: TestClient) -> None:
    guarded.cookies.clear()
    answer = guarded.get(f"/?view=map&token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?view=map")
    assert TOKEN in answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert guarded.get("/api/v1/region", headers={"Cookie": f"{COOKIE}={TOKEN}"}).status_code == 200


def test_redirect_of_the_token_leads_to_the_page_of_this_server(guarded: TestClient) -> None:
    for path in ("//example.org/", "/%5cexample.org", "/a"):
        answer = guarded.get(f"http://192.168.1.5:8321/{path}?token={TOKEN}")
        assert answer.headers.get("location", "/") == "/"


def test_read_only_server_refuses_every_change(powered_isles: Path, web_store: Path) -> None:
    settings = WebSettings(store=web_store, region=powered_isles, read_only=True)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as reader:
        assert reader.get("/api/v1/region").json()["read_only"] is True
        answer = reader.post(JOBS, json=RUN, headers=WRITE)
        assert answer.status_code == 403
        assert "read-only" in answer.json()["message"]
        assert reader.delete(f"{JOBS}/20300101t000000000000-00000000", headers=WRITE).status_code == 403
    assert not (web_store / "jobs").exists()


def test_large_body_is_refused_however_it_comes(client: TestClient) -> None:
    big = b"x" * (Limits().body_bytes + 1)
    assert client.post(JOBS, content=big, headers=WRITE).status_code == 413
    assert client.post(JOBS, content=iter([big]), headers=WRITE).status_code == 413


@pytest.fixture(scope="module")
def hasty(powered_isles: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """A server that waits for nothing, with a route that takes long."""
    limits = Limits(request_s=0.2, silence_s=0.2)
    store = tmp_path_factory.mktemp("hasty")
    app = create_app(WebSettings(store=store, region=powered_isles, limits=limits))

    async def slow() -> None:
        await asyncio.sleep(30)

    app.router.routes.insert(0, app.router.routes.pop())
    app.add_api_route("/api/v1/slow", slow)
    app.router.routes.insert(0, app.router.routes.pop())
    return app


def ask(app: FastAPI, method: str, path: str, headers: dict[str, str], messages: list[Message]) -> int:
    """Send messages to the application, then nothing more; return the status of the answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        await asyncio.sleep(30)
        raise AssertionError("the server waits on")

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": raw, "http_version": "1.1", "scheme": "http", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8321), "root_path": "",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return int(sent[0]["status"])


def test_body_that_stops_coming_ends_the_request(hasty: FastAPI) -> None:
    begun: Message = {"type": "http.request", "body": b"{", "more_body": True}
    headers = {"Host": "127.0.0.1", **WRITE}
    assert ask(hasty, "POST", JOBS, headers, [begun]) == 408


def test_answer_that_takes_too_long_ends_the_request(hasty: FastAPI) -> None:
    complete: Message = {"type": "http.request", "body": b"", "more_body": False}
    assert ask(hasty, "GET", "/api/v1/slow", {"Host": "127.0.0.1"}, [complete]) == 503


def test_request_with_two_hosts_is_refused(hasty: FastAPI) -> None:
    complete: Message = {"type": "http.request", "body": b"", "more_body": False}
    assert ask(hasty, "GET", "/", {"Host": "127.0.0.1", "host": "example.org"}, [complete]) == 400


@pytest.mark.parametrize(
    "path",
    [
        "/../settings.py", "/vendor/../app.py", "/%2e%2e/app.py", "/vendor/%2e%2e%2fapp.py", "/app.py",
        "//etc/passwd", "/vendor", "/modules/", "/package.json.bak", "/..%5capp.py",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_pages(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["%2e%2e", "..%2fruns", "..%2f..%2fruns", "run=x", "%00", "a" * 5000, "💧"])
def test_no_name_of_a_run_table_or_job_leads_out_of_the_store(
    client: TestClient, run_ids: tuple[str, str], name: str
) -> None:
    paths = [
        f"/api/v1/runs/{name}",
        f"/api/v1/runs/{run_ids[0]}/tables/{name}",
        f"/api/v1/runs/{name}/tables/links",
        f"/api/v1/jobs/{name}",
        f"/api/v1/jobs/{name}/files/{name}",
        f"/api/v1/region/tables/{name}",
        f"/api/v1/lists/{name}",
    ]
    for path in paths:
        assert client.get(path).status_code in (404, 422), path
