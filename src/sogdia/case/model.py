"""Base of the records that users write in YAML: frozen, unknown keys are errors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from sogdia.errors import SIMILAR_SHOWN, Aliases, Fault, clip, did_you_mean
from sogdia.tables.yaml_text import KeyPath

LABELS = {"name", "title", "description", "note"}
"""Keys that do not change a result."""


class Model(BaseModel):
    """A frozen record that rejects undeclared keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the content without its labels: name, title, description and notes."""
        content = _without_labels(self.model_dump(mode="json"))
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(f"{type(self).__name__};{text}".encode()).hexdigest()


def _without_labels(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_labels(item) for key, item in value.items() if key not in LABELS}
    return [_without_labels(item) for item in value] if isinstance(value, list) else value


def unknown_names(
    at: KeyPath,
    what: str,
    names: Iterable[str],
    valid: Iterable[str],
    file: str,
    field: str = "",
    aliases: Aliases | None = None,
) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield an error for each name that is not valid, with the nearest valid names.

    Args:
        at: Key path of the names.
        what: Kind of object that they name.
        names: Names given.
        valid: Valid names.
        file: Name of the file for messages.
        field: Key to show; the last of ``at`` if empty.
        aliases: Valid names by their other names.
    """
    known = set(valid)
    unknown = [name for name in names if name not in known]
    for count, name in enumerate(unknown):
        hint = did_you_mean(name, known, aliases) if count < SIMILAR_SHOWN else ""
        problem = f"no {what} is called {clip(name)}"
        yield at, Fault(file, None, field or str(at[-1]), problem, hint, "name")
