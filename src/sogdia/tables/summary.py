"""Short summaries of objects for notebooks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from html import escape
from typing import Any

import numpy as np
import pandas as pd

MAX_REPR = 100
"""Characters of a field after which it is cut."""


def html_summary(title: str, rows: Mapping[str, str]) -> str:
    """Write a title with a table of two columns as HTML; all text is escaped."""
    lines = [f"<p><strong>{escape(title)}</strong></p>"]
    if rows:
        cells = (f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows.items())
        lines += ["<table>", *cells, "</table>"]
    return "\n".join(lines)


class ShortRepr:
    """Dataclass whose ``repr`` has the sizes of its tables and arrays instead of their values.

    The dataclass is declared with ``repr=False``, because its own ``repr`` would take precedence.
    """

    def __repr__(self) -> str:
        shown: Any = self
        parts = [f"{field.name}={_short(getattr(self, field.name))}" for field in fields(shown) if field.repr]
        return f"{type(self).__name__}({', '.join(parts)})"


def _short(value: object) -> str:
    if isinstance(value, pd.DataFrame | pd.Series | np.ndarray):
        return f"<{type(value).__name__} {' x '.join(map(str, value.shape))}>"
    if isinstance(value, Collection) and not isinstance(value, str):
        return f"<{type(value).__name__} of {len(value)}>"
    text = repr(value)
    return text if len(text) <= MAX_REPR else f"{text[:MAX_REPR]}…"
