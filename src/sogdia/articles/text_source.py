"""Read the text of a file, page or standard input: bounded in size, offline, for any bytes."""

from __future__ import annotations

import email
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from sogdia.errors import CannotRunError, InputError
from sogdia.files import os_errors

STANDARD_INPUT = "-"
MAX_BYTES = 12 * 2**20
"""A longer file is read up to here, with a remark."""
_HEAD_BYTES = 4096
_ADVICE = "not a text or page; save the article as text or HTML"
_BINARY = (
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "rich text (RTF)"),
    (b"%!PS", "PostScript"),
    (b"AT&TFORM", "a DjVu document"),
)
_MIME = re.compile(
    rb"\A(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,60}?MIME-Version:", re.IGNORECASE
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_ENCODINGS = ["cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "cp1252", "cp1254"]
"""Legacy encodings of the languages read; charset-normalizer guesses among these alone."""
_MARKUP = re.compile(
    r"<\s*(?:!doctype\s+html|html|head|body|article|div|p|table|meta|\?xml|!ENTITY|!DOCTYPE)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """Text of a file, before its layout is parsed.

    Attributes:
        name: Name of the file, as the user gave it.
        text: Its characters, with line feeds as line ends and without control characters.
        is_html: Whether it is HTML.
        remarks: Notes for the reader, such as a file cut at the size limit.
    """

    name: str
    text: str
    is_html: bool
    remarks: tuple[str, ...]


def read_source(path: str | Path) -> SourceText:
    """Read a file, or standard input for ``-``, as text.

    Raises:
        CannotRunError: If it does not exist or cannot be read.
        InputError: If it is not text.
    """
    name = str(path)
    if name == STANDARD_INPUT:
        name = "standard input"
        with os_errors(name):
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        return decode_source(data, name)
    file = Path(path)
    if file.exists() and not file.is_file():
        kind = "a folder" if file.is_dir() else "not a regular file"
        raise CannotRunError(f"{name}: {kind}; an article is a text or HTML file")
    try:
        with os_errors(name), file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except ValueError as error:
        raise CannotRunError(f"{name}: not a file name: {error}") from error
    return decode_source(data, name)


def decode_source(data: bytes, name: str) -> SourceText:
    """Decode bytes to text.

    Args:
        data: The bytes; at most :data:`MAX_BYTES` are used.
        name: Name for messages.

    Raises:
        InputError: If they are not text.
    """
    for magic, kind in _BINARY:
        if data.startswith(magic):
            raise InputError(f"{name}: {kind}, {_ADVICE}")
    remarks = []
    if len(data) > MAX_BYTES:
        data = data[:MAX_BYTES]
        remarks.append(f"longer than {MAX_BYTES // 2**20} MB; the rest was not read")
    text = _clean(_decode(_page_of_archive(data), name))
    return SourceText(name, text, bool(_MARKUP.search(text[:_HEAD_BYTES])), tuple(remarks))


def _page_of_archive(data: bytes) -> bytes:
    """Return the page inside a single-file web archive (MHTML) or an e-mail; other bytes unchanged."""
    if not _MIME.search(data[:_HEAD_BYTES]) or b"\x00" in data[:_HEAD_BYTES]:
        return data
    try:
        parts = [part for part in email.message_from_bytes(data).walk() if not part.is_multipart()]
        for kind in ("text/html", "text/plain"):
            for part in parts:
                if part.get_content_type() == kind:
                    payload = part.get_payload(decode=True)
                    charset = part.get_content_charset("utf-8")
                    return (
                        payload.decode(charset, errors="replace").encode()
                        if isinstance(payload, bytes)
                        else data
                    )
    except (RecursionError, LookupError, ValueError):
        return data
    return data


def _decode(data: bytes, name: str) -> str:
    """Decode by byte-order mark, as UTF-8, by the declared encoding, or else by a guess."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    head = data[:_HEAD_BYTES]
    if b"\x00" in head:
        raise InputError(f"{name}: binary, {_ADVICE}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(data) == MAX_BYTES and error.start > len(data) - 4:  # a character is cut
            return data[: error.start].decode("utf-8-sig")
    if declared := _CHARSET.search(head):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, ValueError):
            pass
    return _guess(data)


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_ENCODINGS).best()
    return str(best) if best is not None else data.decode("utf-8", errors="replace")


_BREAKS = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_DROP: dict[int, str | None] = {code: None for code in range(0x20) if chr(code) not in f"{_BREAKS}\t"}
_DROP |= {code: None for code in range(0x7F, 0xA0) if chr(code) not in _BREAKS}
# Marks of writing direction, zero-width characters, byte-order marks.
_DROP |= dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xAD])
_SPACES: dict[int, str | None] = {
    **dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys(map(ord, _BREAKS), "\n"),
}


def _clean(text: str) -> str:
    """Return composed text without control characters, with one kind of line end and of space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROP | _SPACES)
    return unicodedata.normalize("NFC", text)
