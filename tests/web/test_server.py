"""The server as a process answers: silent connections end, a busy address is named."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sogdia.errors import CannotRunError
from sogdia.web.app import create_app
from sogdia.web.server import Connection, Server, configuration, serve
from sogdia.web.settings import WebSettings

REQUEST = b"GET /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LONG_S = 20.0


@pytest.fixture
def settings(powered_isles: Path, tmp_path: Path) -> WebSettings:
    return WebSettings(store=tmp_path, region=powered_isles, read_only=True)


@asynccontextmanager
async def started(settings: WebSettings) -> AsyncIterator[int]:
    """Run a server in this process; yield its port."""
    ready = asyncio.Event()
    server = Server(configuration(create_app(settings), settings), ready.set)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve(sockets=[bound]))
        await asyncio.wait_for(ready.wait(), LONG_S)
        yield bound.getsockname()[1]
        server.should_exit = True
        await task


async def rest(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.read(), LONG_S)


def test_silent_connections_are_closed(settings: WebSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "longest_head_s", 0.2)

    async def check() -> None:
        async with started(settings) as port:
            for beginning in (b"", b"GET / HTTP/1.1\r\nHost: 127", REQUEST + b"GET / HT"):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(beginning)
                answer = await rest(reader)
                assert answer.count(b"HTTP/1.1 200") == beginning.count(REQUEST)
                writer.close()

    asyncio.run(check())


def test_connection_answers_several_requests(settings: WebSettings) -> None:
    async def check() -> None:
        async with started(settings) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for request in (REQUEST, REQUEST, REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")):
                writer.write(request)
            assert (await rest(reader)).count(b"HTTP/1.1 200") == 3
            writer.close()

    asyncio.run(check())


def test_busy_address_is_named(settings: WebSettings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = settings.model_copy(update={"port": taken.getsockname()[1]})
        with pytest.raises(CannotRunError, match=r"127\.0\.0\.1:\d+: cannot listen: .*another --port"):
            serve(busy, lambda _: None, opens_browser=False)
