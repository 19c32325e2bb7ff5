"""Base of what a user writes in YAML: frozen, and an unknown key is a mistake."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel, ConfigDict

LABELS = {"name", "title", "description"}


class Model(BaseModel):
    """A frozen record; keys nobody declared are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def digest(self) -> str:
        """SHA-256 of the content; name, title and description are labels and do not count."""
        content = self.model_dump(mode="json", exclude=LABELS)
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(f"{type(self).__name__};{text}".encode()).hexdigest()
