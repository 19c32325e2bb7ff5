"""Standard streams as they are found: closed, full, or in an encoding without some letters."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress

HANDLER = "sogdia.plain"
PLAIN = str.maketrans(
    {
        "→": "->", "–": "-", "—": "-", "−": "-", "×": "x", "∞": "inf", "…": "...", "·": "|", "•": "*",
        "‘": "'", "’": "'", "“": '"', "”": '"', "≤": "<=", "≥": ">=", "≈": "~", "€": "EUR", "°": " deg",
        "²": "2", "ß": "ss", "ø": "o", "ł": "l", "ı": "i",
    }
)  # fmt: skip
"""Signs and letters in plain ones, for terminals without them."""


def plain_text(text: str) -> str:
    """Return text in ASCII: signs written out, letters without their marks, ``?`` for the others.

    >>> plain_text("Ürümqi → Öskemen: –∞ 中")
    'Urumqi -> Oskemen: -inf ?'
    """
    spelled = unicodedata.normalize("NFKD", text.translate(PLAIN)).translate(PLAIN)
    letters = (sign for sign in spelled if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() else "?" for sign in letters)


def _write_plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain_text(error.object[error.start : error.end]), error.end


def prepare_streams() -> None:
    """Make standard streams that are closed or of a narrow encoding usable.

    A closed stream gets the null device, so that no file that is opened later takes its place.
    """
    codecs.register_error(HANDLER, _write_plain)
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (for the process)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (for the process)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def flush_output() -> None:
    """Write what is left of standard output.

    Raises:
        OSError: If it cannot be written; then Python's own attempt at its end does not fail again.
    """
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, sys.stdout.fileno())
            os.close(null)
        raise


def has_all_letters() -> bool:
    """Return whether standard output can write every letter."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")
