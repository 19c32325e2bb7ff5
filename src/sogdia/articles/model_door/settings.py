"""Settings of a model of the user's own: endpoint, name and key."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sogdia.errors import InputError

ENDPOINT_VARIABLE = "SOGDIA_MODEL_ENDPOINT"
MODEL_VARIABLE = "SOGDIA_MODEL"
KEY_VARIABLE = "SOGDIA_MODEL_KEY"
"""Environment variable with the key of the endpoint, the only place that it is read from."""
TIMEOUT_S = 300.0
_LONGEST_NAME = 200


@dataclass(frozen=True)
class ModelSettings:
    """An endpoint and a model.

    Attributes:
        endpoint: Address of the interface, up to the part before ``/chat/completions``.
        model: Name of the model, as the endpoint knows it.
        timeout_s: Time that one answer may take, in s.
        pause_s: Pause before the second try of a request, in s; the third waits twice as long.
        key: Key of the endpoint; empty for none. Never shown, logged or stored.
    """

    endpoint: str
    model: str
    timeout_s: float = TIMEOUT_S
    pause_s: float = 1.0
    key: str = field(default="", repr=False, compare=False)

    @property
    def address(self) -> str:
        """Address that requests are sent to."""
        return f"{self.endpoint.rstrip('/')}/chat/completions"


def model_settings(endpoint: str | None = None, model: str | None = None) -> ModelSettings:
    """Return the settings of a model; the environment completes them.

    Args:
        endpoint: Address such as ``http://localhost:11434/v1``; :data:`ENDPOINT_VARIABLE` if not given.
        model: Name of the model; :data:`MODEL_VARIABLE` if not given.

    Raises:
        InputError: If one is missing, or the address is not one that a request may be sent to.
    """
    address = (endpoint or os.environ.get(ENDPOINT_VARIABLE, "")).strip()
    name = (model or os.environ.get(MODEL_VARIABLE, "")).strip()
    problems = []
    if not address:
        problems.append(f"its endpoint is missing: give --endpoint, or set {ENDPOINT_VARIABLE}")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        problems.append(f"its name is missing or not one line: give --model, or set {MODEL_VARIABLE}")
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if address:
        problems += _problems_of(address, has_key=bool(key))
    if not key.isascii() or not key.isprintable():
        problems.append(f"{KEY_VARIABLE} has characters that no key has")
    if problems:
        raise InputError("the reader model cannot be used: " + "; ".join(problems))
    return ModelSettings(address, name, key=key)


def _problems_of(address: str, *, has_key: bool) -> list[str]:
    """Return the faults of an address. It is shown in none of them: it may hold a password."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return [f"its endpoint is no address ({error})"]
    if parts.scheme not in ("http", "https") or not host:
        return ["its endpoint must begin with http:// or https:// and name a host"]
    found = []
    if not address.isprintable() or " " in address:
        found.append("its endpoint has blanks or control characters")
    if parts.username is not None or parts.password is not None:
        found.append(f"its endpoint holds a user or password; put a key into {KEY_VARIABLE}")
    if parts.query or parts.fragment:
        found.append(f"its endpoint has a part after ? or #; put a key into {KEY_VARIABLE}")
    if has_key and parts.scheme == "http" and not _is_own_machine(host):
        found.append(f"{KEY_VARIABLE} would be sent unencrypted to another machine; use https://")
    return found


def _is_own_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
