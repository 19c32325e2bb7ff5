from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sogdia.articles.model_door.settings import ModelSettings

KEY = "sk-a-key-for-tests"


@dataclass
class Mock:
    """A server with the interface of chat completions that answers what a test sets.

    Attributes:
        contents: Texts of the answers in turn; the last is repeated.
        statuses: Statuses of the answers in turn; 200 after them.
        raw: Bytes in place of an answer.
        headers: Further headers of the answer.
        stall_s: Pause before each part of the answer, in s.
        requests: Bodies received.
        received: Headers received.
        port: Port of the server.
        model: Name of the model, by which answers are cached.
    """

    contents: list[str] = field(default_factory=lambda: ['{"claims": []}'])
    statuses: list[int] = field(default_factory=list)
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    stall_s: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    received: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    model: str = "mock"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def settings(self, key: str = "", timeout_s: float = 20.0) -> ModelSettings:
        return ModelSettings(self.endpoint, self.model, timeout_s, pause_s=0.0, key=key)

    def answer(self, rows: object) -> None:
        self.contents = [json.dumps({"claims": rows})]

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        content = self.contents.pop(0) if len(self.contents) > 1 else self.contents[0]
        return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


@pytest.fixture
def mock() -> Iterator[Mock]:
    state = Mock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            state.requests.append(json.loads(self.rfile.read(size)) | {"path": self.path})
            state.received.append(dict(self.headers))
            status = state.statuses.pop(0) if state.statuses else 200
            self.send_response(status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for part in (state.body()[:10], state.body()[10:]) if state.stall_s else (state.body(),):
                    time.sleep(state.stall_s)
                    self.wfile.write(part)
                    self.wfile.flush()
            except OSError:
                pass  # The client has closed the connection, as some tests expect.

        def do_GET(self) -> None:
            state.requests.append({"path": self.path})

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a cache of its own, and an environment without a model."""
    for name in ("SOGDIA_MODEL", "SOGDIA_MODEL_ENDPOINT", "SOGDIA_MODEL_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "cache"
    monkeypatch.setenv("SOGDIA_CACHE", str(folder))
    return folder
