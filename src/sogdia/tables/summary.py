"""Short HTML summaries for notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def html_summary(title: str, rows: Mapping[str, str]) -> str:
    """Write a title with a table of two columns as HTML; all text is escaped."""
    lines = [f"<p><strong>{escape(title)}</strong></p>"]
    if rows:
        cells = (f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows.items())
        lines += ["<table>", *cells, "</table>"]
    return "\n".join(lines)
