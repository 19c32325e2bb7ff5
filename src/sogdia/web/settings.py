"""Settings of the server."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from sogdia.api.defaults import DEFAULT_REGION

MIB = 2**20
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_TOKEN = 16


class Limits(BaseModel):
    """Limits that keep a slow or huge request from taking the server down.

    Attributes:
        body_bytes: Largest body of a request.
        request_s: Longest time for an answer.
        silence_s: Longest time between two parts of a request's body.
        rows: Most rows of a page of a table.
        cached_bytes: Memory for tables and answers of finished runs, which do not change.
        waiting_jobs: Most jobs that wait or run.
        connections: Most connections at a time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_bytes: int = Field(4 * MIB, gt=0)
    request_s: float = Field(60.0, gt=0)
    silence_s: float = Field(10.0, gt=0)
    rows: int = Field(10_000, gt=0)
    cached_bytes: int = Field(256 * MIB, gt=0)
    waiting_jobs: int = Field(50, gt=0)
    connections: int = Field(400, gt=0)


class WebSettings(BaseModel):
    """Settings of the server.

    Attributes:
        store: Folder of stored runs; plans, scenarios and jobs of the workbench are in it too.
        region: Name of a shipped region, or the folder of a pack.
        host: Address that the server listens at.
        port: Port that it listens at; 0 for any free one.
        token: Secret that each request must carry; none for an address of this machine alone.
        read_only: Refuse all that writes: jobs, plans, scenarios.
        limits: Limits on requests.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: Path
    region: str | Path = DEFAULT_REGION
    host: str = "127.0.0.1"
    port: int = Field(8321, ge=0, le=65535)
    token: str | None = Field(None, validate_default=True)
    read_only: bool = False
    limits: Limits = Limits()

    @field_validator("token")
    @classmethod
    def _is_given_beyond_loopback(cls, token: str | None, info: ValidationInfo) -> str | None:
        host = str(info.data.get("host", ""))
        if token is None and not is_loopback(host):
            raise ValueError(
                f"{host} can be reached from other machines; give a secret that each request must carry, or "
                "listen at 127.0.0.1"
            )
        if token is not None and len(token) < SHORTEST_TOKEN:
            raise ValueError(f"{len(token)} characters; give at least {SHORTEST_TOKEN}")
        return token

    @property
    def is_loopback(self) -> bool:
        """True if only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Check that an address is one that only this machine can reach."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
