"""An endpoint that fails, stalls, redirects or floods gives a clear error, and no key is shown."""

from __future__ import annotations

import json
import logging

import pytest

from sogdia.articles.model_door.client import MAX_ANSWER_BYTES, TRIES, ask
from sogdia.articles.model_door.settings import ModelSettings
from sogdia.errors import CannotRunError

from .conftest import KEY, Mock

MESSAGES = [{"role": "user", "content": "Сообщение"}]


def test_request_has_model_messages_and_key(mock: Mock) -> None:
    mock.contents = ["An answer"]
    assert ask(mock.settings(KEY), list(MESSAGES)) == "An answer"
    (request,) = mock.requests
    assert (request["path"], request["model"], request["temperature"]) == ("/v1/chat/completions", "mock", 0)
    assert request["messages"] == MESSAGES
    assert mock.received[0]["Authorization"] == f"Bearer {KEY}"


def test_no_key_sends_no_authorization(mock: Mock) -> None:
    ask(mock.settings(), list(MESSAGES))
    assert "Authorization" not in mock.received[0]


def test_option_that_an_endpoint_does_not_know_is_left_out(mock: Mock) -> None:
    mock.statuses = [400]
    ask(mock.settings(), list(MESSAGES))
    assert ["response_format" in request for request in mock.requests] == [True, False]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_endpoint_gets_the_request_again(mock: Mock, status: int) -> None:
    mock.statuses = [status] * (TRIES - 1)
    assert ask(mock.settings(), list(MESSAGES)) == '{"claims": []}'
    assert len(mock.requests) == TRIES


@pytest.mark.parametrize(("status", "count"), [(500, TRIES), (401, 1), (403, 1), (400, 2), (204, 1)])
def test_status_of_failure_is_named(mock: Mock, status: int, count: int) -> None:
    mock.statuses = [status] * (2 * TRIES)
    mock.raw = b'{"error": "\x1b[31mno\x07 credit"}'
    with pytest.raises(CannotRunError, match=f"status {status}") as raised:
        ask(mock.settings(), list(MESSAGES))
    assert len(mock.requests) == count
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(mock: Mock, status: int) -> None:
    mock.statuses = [status]
    mock.headers = {"Location": f"{mock.endpoint}/elsewhere"}
    with pytest.raises(CannotRunError, match="redirects"):
        ask(mock.settings(KEY), list(MESSAGES))
    assert [request["path"] for request in mock.requests] == ["/v1/chat/completions"]


def test_answer_larger_than_the_limit_is_cut_off(mock: Mock) -> None:
    mock.raw = b'{"choices": "' + b"x" * (MAX_ANSWER_BYTES + 10)
    with pytest.raises(CannotRunError, match="more than"):
        ask(mock.settings(), list(MESSAGES))


def test_compressed_answer_is_refused(mock: Mock) -> None:
    mock.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(CannotRunError, match="compressed"):
        ask(mock.settings(), list(MESSAGES))


@pytest.mark.parametrize("timeout_s", [0.05, 0.15])
def test_stalling_endpoint_runs_out_of_time(mock: Mock, timeout_s: float) -> None:
    mock.stall_s = 0.1
    with pytest.raises(CannotRunError, match="no answer in"):
        ask(mock.settings(timeout_s=timeout_s), list(MESSAGES))


def test_endpoint_that_is_not_there_is_named() -> None:
    settings = ModelSettings("http://127.0.0.1:9/v1", "mock", 5.0, pause_s=0.0, key=KEY)
    with pytest.raises(CannotRunError, match=r"127\.0\.0\.1:9.*cannot be reached") as raised:
        ask(settings, list(MESSAGES))
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"<html>Log in</html>", b"[]", b"null", b"{}", b'{"choices": []}', b'{"choices": [{}]}',
        b"\xff\xfe",
        b'{"choices": [{"message": {"content": null}}]}', b'{"choices": [{"message": {"content": [1]}}]}',
        b"[" * 100_000,
    ],
    ids=["empty", "page", "list", "null", "object", "none", "no-message", "bytes", "null-text", "list-text",
         "deep"],
)  # fmt: skip
def test_answer_of_another_interface_is_refused(mock: Mock, raw: bytes) -> None:
    mock.raw = raw
    with pytest.raises(CannotRunError, match=r"does not answer as chat completions|without text"):
        ask(mock.settings(), list(MESSAGES))


def test_key_repeated_by_the_endpoint_is_neither_shown_nor_logged(
    mock: Mock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mock.contents = [f"The key is {KEY} \ud800"]
    assert ask(mock.settings(KEY), list(MESSAGES)) == "The key is $SOGDIA_MODEL_KEY ?"
    mock.statuses, mock.raw = [401], json.dumps({"error": f"bad key {KEY}"}).encode()
    with pytest.raises(CannotRunError) as raised:
        ask(mock.settings(KEY), list(MESSAGES))
    assert KEY not in str(raised.value)
    assert KEY not in caplog.text
