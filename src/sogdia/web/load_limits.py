"""Limits on the size and the time of requests: none that is slow or huge takes the server down."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sogdia.web.models import Problem
from sogdia.web.problems import BAD_REQUEST, SLOW_REQUEST, TOO_LARGE, UNAVAILABLE, answer
from sogdia.web.safety import with_headers
from sogdia.web.settings import MIB, Limits


class _BodyError(Exception):
    """A body is too large or too slow."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


class LoadLimits:
    """Refuse bodies beyond a size or slower than a pace, and end requests that take too long.

    Args:
        app: The application.
        limits: Limits.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request within the limits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            body = await self._read(scope, receive)
            async with asyncio.timeout(self._limits.request_s):
                await self._app(scope, _replay(body, receive), note_start)
        except _BodyError as error:
            await self._refuse(error.status, error.message, scope, receive, send)
        except TimeoutError:
            if started:
                raise
            seconds = f"{self._limits.request_s:g} s"
            message = f"the answer takes longer than {seconds}; run it as a job"
            await self._refuse(UNAVAILABLE, message, scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        """Read the body of a request.

        Raises:
            _BodyError: If it is too large, or pauses too long.
        """
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isascii() or not stated.isdigit():
            raise _BodyError(BAD_REQUEST, "the length of the body is not a number")
        self._check(int(stated))
        body = bytearray()
        while True:
            try:
                async with asyncio.timeout(self._limits.silence_s):
                    message = await receive()
            except TimeoutError as error:
                text = f"the body pauses for more than {self._limits.silence_s:g} s"
                raise _BodyError(SLOW_REQUEST, text) from error
            body += message.get("body", b"")
            self._check(len(body))
            if message["type"] != "http.request" or not message.get("more_body", False):
                return bytes(body)

    def _check(self, size: int) -> None:
        if size > self._limits.body_bytes:
            most = f"{self._limits.body_bytes / MIB:g} MiB"
            raise _BodyError(TOO_LARGE, f"the body is larger than {most}")

    async def _refuse(self, status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
        message, _, hint = text.partition("; ")
        response = answer(status, Problem(message=message, hint=hint))
        response.headers["Connection"] = "close"
        await response(scope, receive, with_headers(send))


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that hands on a body that was read, then what follows it."""
    is_read = False

    async def next_message() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message
