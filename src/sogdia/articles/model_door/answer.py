"""The answer of a model: JSON rows, each checked for its form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sogdia.articles.claim import ClaimType, Status
from sogdia.errors import clip

MAX_ROWS = 300
"""Rows of one answer; the rest is refused."""
_FENCE = re.compile(r"\A\s*```(?:json)?\s*(?P<inside>.*?)\s*```\s*\Z", re.DOTALL | re.IGNORECASE)
_THOUGHT = "</think>"
"""End of the reasoning that some models put before their answer."""


class Row(BaseModel):
    """A claim as ids of mentions; fields as in :data:`sogdia.articles.model_door.prompt.INSTRUCTIONS`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    type: ClaimType
    quote: str = Field(min_length=1, max_length=4000)
    partners: list[str] = Field(default_factory=list, max_length=20)
    recipients: list[str] = Field(default_factory=list, max_length=20)
    work: str | None = None
    subject: str = Field(default="", max_length=120)
    amount: str | None = None
    capacity: str | None = None
    length: str | None = None
    others: list[str] = Field(default_factory=list, max_length=20)
    date: str | None = None
    status: Status = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was refused.

    Attributes:
        row: Number of the row in its answer, from 1; 0 for the answer itself.
        reason: Reason.
    """

    row: int
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}" if self.row else self.reason


def rows_of(content: str) -> tuple[list[tuple[int, Row]], list[Refusal]]:
    """Return the rows of an answer that have the right form, with their numbers, and the others as refusals.

    Args:
        content: Text of the answer.

    Raises:
        ValueError: If it is not a JSON object with a list ``claims``.
    """
    raw = _object(content).get("claims")
    if not isinstance(raw, list):
        raise ValueError("the JSON object has no list 'claims'")
    rows, refusals = [], []
    for number, item in enumerate(raw[:MAX_ROWS], start=1):
        try:
            rows.append((number, Row.model_validate(item)))
        except ValidationError as error:
            refusals.append(Refusal(number, _reason(error)))
    if len(raw) > MAX_ROWS:
        refusals.append(Refusal(0, f"{len(raw) - MAX_ROWS:,} rows beyond the first {MAX_ROWS}"))
    return rows, refusals


def _object(content: str) -> dict[str, Any]:
    text = content.rpartition(_THOUGHT)[2]
    if fenced := _FENCE.match(text):
        text = fenced["inside"]
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("the JSON is not an object")
    return found


def _reason(error: ValidationError) -> str:
    """Return the first fault of a row as text; words of the model are quoted and shortened."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"])) or "the row"
    shown = clip(str(first["input"])) if isinstance(first["input"], str | int | float) else "its value"
    return f"{clip(place)[1:-1]}: {shown}: {first['msg'][:100].lower()}"
