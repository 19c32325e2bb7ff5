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

NUMBERS = (
    "COLUMNS", "LINES", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "NUMBA_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    "NUMEXPR_MAX_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS",
)  # fmt: skip
"""Variables that libraries read as counts: rich prints no figure into a width of 0, and an import fails."""


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
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 (for the process)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (for the process)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (for the process)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def prepare_environment() -> None:
    """Remove variables of counts that are no counts, threads with a note; of a list keep the first."""
    for name in NUMBERS:
        value = os.environ.get(name)
        first = (value or "").partition(",")[0].strip()
        is_count = first.isascii() and first.isdigit() and int(first[:9]) > 0
        if value is not None and is_count:
            os.environ[name] = first
        elif value is not None:
            del os.environ[name]
        if value and not is_count and name.endswith(("_THREADS", "_LIMIT")):
            sys.stderr.write(f"sogdia: note: {name} is {value!r}, not a number above 0, and is not used\n")


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
