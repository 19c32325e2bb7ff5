"""Start the server."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from threading import Thread
from typing import Any

import uvicorn

from sogdia.errors import CannotRunError
from sogdia.web.app import create_app
from sogdia.web.settings import WebSettings

KEEP_ALIVE_S = 5
SHUTDOWN_S = 3
MOST_HEADER_BYTES = 32 * 1024


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

    options: dict[str, Any] = {
        "log_level": "warning", "server_header": False, "date_header": False, "proxy_headers": False,
        "timeout_keep_alive": KEEP_ALIVE_S, "timeout_graceful_shutdown": SHUTDOWN_S,
        "limit_concurrency": settings.limits.connections, "h11_max_incomplete_event_size": MOST_HEADER_BYTES,
        "http": "h11", "ws": "none", "lifespan": "on",
    }  # fmt: skip
    with bound:
        Server(uvicorn.Config(app, **options), report).run(sockets=[bound])


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
