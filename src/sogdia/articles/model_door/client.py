"""Ask an endpoint: bounded in size and time, without redirects, with clear errors."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from sogdia.articles.model_door.settings import ENDPOINT_VARIABLE, KEY_VARIABLE, ModelSettings
from sogdia.errors import CannotRunError

MAX_ANSWER_BYTES = 2 * 2**20
TRIES = 3
_BUSY = frozenset((408, 425, 429, 500, 502, 503, 504, 529))
"""Statuses after which the same request may succeed."""
_UNKNOWN_OPTION = frozenset((400, 404, 415, 422))
"""Statuses by which an endpoint may refuse the option of JSON answers."""
_CONNECT_S = 20.0
_SHOWN = 160
_JSON_ONLY = {"response_format": {"type": "json_object"}}

Message = Mapping[str, str]


def ask(settings: ModelSettings, messages: list[Message]) -> str:
    """Return the text that a model answers.

    Args:
        settings: Endpoint and model.
        messages: Messages with the keys ``role`` and ``content``.

    Raises:
        CannotRunError: If no answer comes: not reachable, refused, too slow, too large, redirected or not of
            the interface.
    """
    body: dict[str, Any] = {"model": settings.model, "messages": messages, "temperature": 0, "stream": False}
    with _client(settings) as client:
        status, data = _patient_post(client, settings, body | _JSON_ONLY)
        if status in _UNKNOWN_OPTION:
            status, data = _patient_post(client, settings, body)
    if status != httpx.codes.OK:
        raise CannotRunError(f"{_subject(settings)} answered with status {status}{_excerpt(data, settings)}")
    return _content(data, settings)


def _client(settings: ModelSettings) -> httpx.Client:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if settings.key:
        headers["Authorization"] = f"Bearer {settings.key}"
    timeout = httpx.Timeout(settings.timeout_s, connect=min(_CONNECT_S, settings.timeout_s))
    return httpx.Client(headers=headers, timeout=timeout, follow_redirects=False)


def _patient_post(
    client: httpx.Client, settings: ModelSettings, body: Mapping[str, Any]
) -> tuple[int, bytes]:
    """Send a request; again, after a pause, if the endpoint is busy or the connection broke."""
    for attempt in range(TRIES):
        is_last = attempt == TRIES - 1
        try:
            status, data = _post(client, settings, body)
        except httpx.TimeoutException as error:
            raise CannotRunError(
                f"{_subject(settings)} gave no answer in {settings.timeout_s:g} s; is it overloaded?"
            ) from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            if is_last or isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
                raise CannotRunError(
                    f"{_subject(settings)} cannot be reached ({type(error).__name__}); check --endpoint or "
                    f"{ENDPOINT_VARIABLE}, and that the model is running"
                ) from error
        else:
            if status not in _BUSY or is_last:
                return status, data
        time.sleep(settings.pause_s * (attempt + 1))
    raise AssertionError("the last attempt returns or raises")


def _post(client: httpx.Client, settings: ModelSettings, body: Mapping[str, Any]) -> tuple[int, bytes]:
    deadline = time.monotonic() + settings.timeout_s
    with client.stream("POST", settings.address, json=body) as response:
        if response.is_redirect:
            raise CannotRunError(
                f"{_subject(settings)} redirects to another address, which is not followed; give the final "
                "address as --endpoint"
            )
        if response.headers.get("content-encoding", "identity") != "identity":
            raise CannotRunError(f"{_subject(settings)} answers compressed, although asked not to")
        data = bytearray()
        for chunk in response.iter_raw(65536):
            data += chunk
            if len(data) > MAX_ANSWER_BYTES:
                raise CannotRunError(
                    f"{_subject(settings)} answers with more than {MAX_ANSWER_BYTES:,} bytes"
                )
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the answer as a unit")
        return response.status_code, bytes(data)


def _content(data: bytes, settings: ModelSettings) -> str:
    """Return the text of the first choice of an answer."""
    try:
        answer = json.loads(data.decode("utf-8"))
        content = answer["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise CannotRunError(
            f"{_subject(settings)} does not answer as chat completions do{_excerpt(data, settings)}"
        ) from error
    if not isinstance(content, str):
        raise CannotRunError(f"{_subject(settings)} answers without text{_excerpt(data, settings)}")
    # Halves of characters, which JSON can hold, can be neither printed nor written.
    return without_key(content, settings).encode("utf-8", errors="replace").decode("utf-8")


def without_key(text: str, settings: ModelSettings) -> str:
    """Return a text of the endpoint without the key, should it be repeated there.

    Args:
        text: The text.
        settings: Endpoint and key.
    """
    return text.replace(settings.key, f"${KEY_VARIABLE}") if settings.key else text


def _subject(settings: ModelSettings) -> str:
    return f"the model {settings.model!r} at {settings.endpoint}"


def _excerpt(data: bytes, settings: ModelSettings) -> str:
    """Return the begin of an answer for a message, without control characters and key."""
    text = without_key(data.decode("utf-8", errors="replace"), settings)
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f": {words[:_SHOWN]}" if words else ""
