"""From a file, a page or standard input to text: bounded in size, offline, whatever the bytes are."""

from __future__ import annotations

import email
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from sogdia.errors import CannotRunError, InputError

STANDARD_INPUT = "-"
MOST_BYTES = 12 * 2**20
"""A file longer than this is read up to here, and the article says so."""
_SNIFFED = 4096
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
)
_ARCHIVE = re.compile(
    rb"\A(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,60}?MIME-Version:", re.IGNORECASE
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_MARKUP = re.compile(
    r"<\s*(?:!doctype\s+html|html|head|body|article|div|p|table|meta|\?xml|!ENTITY|!DOCTYPE)\b", re.IGNORECASE
)
_KEPT = {"\n", "\t"}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds, as text.

    Attributes:
        name: What it was opened as.
        text: Its characters, line ends made line feeds, control characters taken out.
        is_page: Whether it is HTML.
        remarks: What a reader should know of how it was opened.
    """

    name: str
    text: str
    is_page: bool
    remarks: tuple[str, ...]


def open_article(path: str | Path) -> Opened:
    """Read a file, or standard input for ``-``, as text.

    Raises:
        CannotRunError: If it is not there or may not be read.
        InputError: If it is no text.
    """
    name = str(path)
    try:
        if name == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
            name = "standard input"
        else:
            if not Path(path).is_file():
                what = (
                    "a folder"
                    if Path(path).is_dir()
                    else "not there"
                    if not Path(path).exists()
                    else "no plain file"
                )
                raise CannotRunError(f"{name}: {what}")
            with Path(path).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotRunError(f"{name}: {reason or error}") from error
    return opened(data, name)


def opened(data: bytes, name: str) -> Opened:
    """The text that some bytes hold.

    Raises:
        InputError: If they are no text.
    """
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise InputError(f"{name}: {what}, no text or page; save the article as text or HTML")
    remarks = []
    if len(data) > MOST_BYTES:
        data = data[:MOST_BYTES]
        remarks.append(f"longer than {MOST_BYTES // 2**20} MB; the rest was not read")
    data = _page_of_archive(data)
    text = _decoded(data, name)
    text = "".join(_clean(text))
    return Opened(name, text, bool(_MARKUP.search(text[:_SNIFFED])), tuple(remarks))


def _page_of_archive(data: bytes) -> bytes:
    """The page in what a browser saves as a single file (MHTML), or in a mail; other bytes as they are."""
    if not _ARCHIVE.search(data[:_SNIFFED]) or b"\x00" in data[:_SNIFFED]:
        return data
    try:
        parts = [part for part in email.message_from_bytes(data).walk() if not part.is_multipart()]
        for kind in ("text/html", "text/plain"):
            for part in parts:
                if part.get_content_type() == kind:
                    found = part.get_payload(decode=True)
                    charset = part.get_content_charset("utf-8")
                    return (
                        found.decode(charset, errors="replace").encode() if isinstance(found, bytes) else data
                    )
    except (RecursionError, LookupError, ValueError):
        return data
    return data


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    head = data[:_SNIFFED]
    if b"\x00" in head:
        raise InputError(f"{name}: binary, no text or page; save the article as text or HTML")
    declared = _CHARSET.search(head)
    names = ["utf-8-sig", *([declared[1].decode("ascii")] if declared else []), "cp1251", "cp1252"]
    for encoding in names:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and error.start > len(data) - 4:
                # cut in the middle of a character by the size limit
                return data[: error.start].decode("utf-8-sig")
            continue
        except (LookupError, ValueError):
            continue
        if encoding == "cp1251" and not _mostly_cyrillic(text):
            continue
        return text
    return data.decode("utf-8", errors="replace")


def _mostly_cyrillic(text: str) -> bool:
    letters = [c for c in text[:_SNIFFED] if ord(c) > 127 and c.isalpha()]
    return bool(letters) and sum("Ѐ" <= c <= "ӿ" for c in letters) > len(letters) * 0.9 and len(letters) > 20


_DROP: dict[int, str | None] = {code: None for code in range(0x20) if chr(code) not in _KEPT}
_DROP |= dict.fromkeys(range(0x7F, 0xA0))
# marks of writing direction, zero-width characters, byte-order marks
_DROP |= dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xAD])
_SPACES: dict[int, str | None] = {
    0xA0: " ",
    0x2007: " ",
    0x2009: " ",
    0x200A: " ",
    0x202F: " ",
    0x2028: "\n",
    0x2029: "\n",
    0x3000: " ",
}


def _clean(text: str) -> str:
    """Text without control characters, with one kind of line end and of space, composed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROP | _SPACES)
    return unicodedata.normalize("NFC", text)
