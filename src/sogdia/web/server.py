"""Start the server."""

from __future__ import annotations

import asyncio
import socket
import webbrowser
from collections.abc import Callable
from threading import Thread
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from sogdia.errors import CannotRunError
from sogdia.web.app import create_app
from sogdia.web.settings import WebSettings

KEEP_ALIVE_S = 5
SHUTDOWN_S = 3
MOST_HEADER_BYTES = 32 * 1024


class Connection(H11Protocol):
    """A connection that is closed if the head of a request does not come in time.

    uvicorn waits for it without end, so that a few hundred silent connections would stop the server.
    """

    longest_head_s = 10.0
    """Longest time from the opening of a connection, or the first byte of a request, to the head's end."""
    _timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Hand data on; wait no longer once the head of the request is complete."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._timer is None and self.conn.trailing_data[0]:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.longest_head_s, self._close)

    def _close(self) -> None:
        self.transport.close()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Server(uvicorn.Server):
    """A server that reports once it answers.

    Args:
        config: Configuration.
        on_start: Called once it answers.
    """

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then report."""
        await super().startup(sockets)
        self._on_start()


def serve(settings: WebSettings, show: Callable[[str], None], *, opens_browser: bool) -> None:
    """Serve until interrupted.

    Args:
        settings: Settings.
        show: Called with the address once the server answers.
        opens_browser: Open the address in the browser of the user.

    Raises:
        CannotRunError: If the address is in use or not one of this machine.
    """
    app = create_app(settings)
    bound = _bound(settings)
    address = _address(settings, bound.getsockname()[1])

    def report() -> None:
        show(address)
        if opens_browser:
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    with bound:
        Server(configuration(app, settings), report).run(sockets=[bound])


def configuration(app: FastAPI, settings: WebSettings) -> uvicorn.Config:
    """Return the configuration of the server: quiet, with limits on connections and heads of requests."""
    options: dict[str, Any] = {
        "log_level": "warning", "server_header": False, "date_header": False, "proxy_headers": False,
        "timeout_keep_alive": KEEP_ALIVE_S, "timeout_graceful_shutdown": SHUTDOWN_S,
        "limit_concurrency": settings.limits.connections, "h11_max_incomplete_event_size": MOST_HEADER_BYTES,
        "http": Connection, "ws": "none", "lifespan": "on",
    }  # fmt: skip
    return uvicorn.Config(app, **options)


def _bound(settings: WebSettings) -> socket.socket:
    """Return a socket that listens at the address."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        reason = error.strerror or str(error)
        raise CannotRunError(
            f"{settings.host}:{settings.port}: cannot listen: {reason}; give another --port, or 0 for any"
        ) from error
    return bound


def _address(settings: WebSettings, port: int) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{port}/" + (f"?token={settings.token}" if settings.token else "")
