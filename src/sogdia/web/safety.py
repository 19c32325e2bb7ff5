"""Checks of every request before a route sees it: host, origin, token; and headers of every answer.

A page of another site can send requests to a server on this machine. It cannot name another host without
being refused (DNS rebinding), nor set the header :data:`CSRF_HEADER` on a request that changes anything (the
browser asks first, and the answer allows no other origin).
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sogdia.web.models import Problem
from sogdia.web.problems import BAD_REQUEST, FORBIDDEN, UNAUTHORISED, answer
from sogdia.web.settings import LOOPBACK_NAMES, WebSettings

CSRF_HEADER: Final = "x-sogdia"
"""Header that a request which changes anything must carry, with any value."""
COOKIE: Final = "sogdia_token"
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
"""Content security policy: nothing from other machines, no script or style inside a page."""
DOCUMENT_POLICY: Final = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'none'"
)
"""Policy of documents that the server hands on, such as a brief: no script runs in them."""
HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
)
"""Headers of every answer, unless a route set its own."""


class Guard:
    """Refuse requests of other sites and without the token; add the headers.

    Args:
        app: The application.
        settings: Settings of the server.
    """

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app, self._settings = app, settings
        own = () if settings.is_loopback else _own_names(settings.host)
        self._names = {*LOOPBACK_NAMES, *own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        problem = self._problem(scope, headers)
        if problem is not None:
            await answer(*problem)(scope, receive, with_headers(send))
        elif self._settings.token and not self._has_token(headers):
            await self._ask_for_token(scope, receive, with_headers(send))
        else:
            await self._app(scope, receive, with_headers(send))

    def _problem(self, scope: Scope, headers: Headers) -> tuple[int, Problem] | None:
        """Return the status and the problem of a request that is refused."""
        if len(headers.getlist("host")) != 1:
            return BAD_REQUEST, Problem(message="the request names no host, or several")
        host = headers["host"]
        if not self._is_own(host):
            hint = "open the address that sogdia serve prints"
            return FORBIDDEN, Problem(message="the request is for another host", hint=hint)
        if scope["method"] in READS:
            return None
        if CSRF_HEADER not in headers:
            hint = f"send the header {CSRF_HEADER}: 1"
            return FORBIDDEN, Problem(message="the request may come from another site", hint=hint)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return FORBIDDEN, Problem(message="the request comes from another site")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return FORBIDDEN, Problem(message="the request comes from another site")
        return None

    def _is_own(self, host: str) -> bool:
        """Check a host header: loopback; beyond it also addresses in figures and names of this machine."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._names:
            return True
        return not self._settings.is_loopback and _is_address(name)

    def _has_token(self, headers: Headers) -> bool:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        given = [bearer.strip()] if scheme.lower() == "bearer" else []
        cookie: SimpleCookie = SimpleCookie()
        try:
            cookie.load(headers.get("cookie", ""))
        except CookieError:
            cookie.clear()
        if COOKIE in cookie:
            given.append(cookie[COOKIE].value)
        return any(self._is_token(each) for each in given)

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), (self._settings.token or "").encode())

    async def _ask_for_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the token out of the address into a cookie, or refuse."""
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = query.pop("token", [])
        if scope["method"] == "GET" and any(map(self._is_token, given)):
            rest = urlencode(query, doseq=True)
            # To the page, not to the path of the request, which could name another site.
            response = RedirectResponse(f"/?{rest}" if rest else "/", status_code=303)
            response.set_cookie(COOKIE, given[0], httponly=True, samesite="strict")
            await response(scope, receive, send)
            return
        hint = "open the address with its token that sogdia serve prints"
        problem = Problem(message="the request lacks the token", hint=hint)
        response_ = answer(UNAUTHORISED, problem)
        response_.headers["WWW-Authenticate"] = "Bearer"
        await response_(scope, receive, send)


def with_headers(send: Send) -> Send:
    """Return a sender that adds :data:`HEADERS` to answers that do not set them."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return add


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names(host: str) -> Iterable[str]:
    """Return the names by which other machines may reach this one."""
    own = socket.gethostname().lower()
    return {host.lower(), own, own.partition(".")[0]}
