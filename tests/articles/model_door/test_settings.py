"""Endpoint, model and key: from options or the environment, each fault with its fix."""

from __future__ import annotations

import pytest

from sogdia.articles.model_door.settings import ModelSettings, model_settings
from sogdia.errors import InputError

from .conftest import KEY


def test_options_take_precedence_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOGDIA_MODEL_ENDPOINT", "https://models.example/v1/")
    monkeypatch.setenv("SOGDIA_MODEL", "large")
    found = model_settings()
    assert (found.address, found.model) == ("https://models.example/v1/chat/completions", "large")
    other = model_settings("http://localhost:11434/v1", "small")
    assert (other.address, other.model) == ("http://localhost:11434/v1/chat/completions", "small")


def test_all_that_is_missing_is_named_together() -> None:
    with pytest.raises(InputError) as raised:
        model_settings()
    for word in ("--endpoint", "SOGDIA_MODEL_ENDPOINT", "--model", "SOGDIA_MODEL"):
        assert word in str(raised.value)


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("gopher://models.example/v1", "http:// or https://"),
        ("ftp://models.example/v1", "http:// or https://"),
        ("models.example/v1", "http:// or https://"),
        ("http:///v1", "name a host"),
        ("http://[::1/v1", "no address"),
        ("http://host:99999/v1", "no address"),
        ("https://user:secret@models.example/v1", "user or password"),
        ("https://models.example/v1?key=secret", "after ? or #"),
        ("https://models.example/v 1", "blanks"),
    ],
)
def test_endpoint_that_is_no_plain_address_is_refused(endpoint: str, words: str) -> None:
    with pytest.raises(InputError) as raised:
        model_settings(endpoint, "m")
    assert words in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("model", ["a\nb", "x" * 300, "\x1b[31m"])
def test_name_of_a_model_is_one_line(model: str) -> None:
    with pytest.raises(InputError, match="--model"):
        model_settings("http://localhost/v1", model)


@pytest.mark.parametrize("endpoint", ["http://models.example/v1", "http://192.168.0.4:8000/v1"])
def test_key_is_not_sent_unencrypted_to_another_machine(
    monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    assert model_settings(endpoint, "m").key == ""
    monkeypatch.setenv("SOGDIA_MODEL_KEY", KEY)
    with pytest.raises(InputError, match="unencrypted") as raised:
        model_settings(endpoint, "m")
    assert KEY not in str(raised.value)
    for own in (
        "http://localhost:1/v1",
        "http://127.0.0.1/v1",
        "http://[::1]:1/v1",
        "https://models.example",
    ):
        assert model_settings(own, "m").key == KEY


def test_key_is_not_shown() -> None:
    assert KEY not in repr(ModelSettings("http://localhost/v1", "m", key=KEY))
