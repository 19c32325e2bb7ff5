"""Files of the pages and of the libraries: read once, compressed once, known by name."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from fastapi import Request, Response

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".png": "image/png",
    }
)
"""Media types of the files that are served; a file of another type is not."""
SMALLEST_COMPRESSED = 1000
LEVEL = 6
NOT_MODIFIED = 304
HIDDEN: Final = frozenset({"tests"})
"""Folders of the pages that are not served."""


@dataclass(frozen=True)
class ServedFile:
    """A file with its compressed form and its entity tag."""

    content: bytes
    media_type: str

    @cached_property
    def tag(self) -> str:
        """Weak entity tag, a digest of the content."""
        return f'W/"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes:
        """The content, compressed."""
        return gzip.compress(self.content, LEVEL, mtime=0)


def page_files() -> Mapping[str, ServedFile]:
    """Return the files that the pages consist of, by path below the root of the server."""
    package = files("sogdia.web")
    found = dict(_walk(package / "pages", ""))
    found |= _walk(package / "vendor", "vendor/")
    return MappingProxyType(found)


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, ServedFile]]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name not in HIDDEN:
                yield from _walk(entry, f"{prefix}{entry.name}/")
            continue
        suffix = entry.name[entry.name.rfind(".") :]
        if suffix in MEDIA_TYPES:
            yield f"{prefix}{entry.name}", ServedFile(entry.read_bytes(), MEDIA_TYPES[suffix])


def file_response(request: Request, file: ServedFile) -> Response:
    """Return a file, compressed if the client takes that; nothing if the client has it already."""
    headers = {"Cache-Control": "no-cache", "ETag": file.tag, "Vary": "Accept-Encoding"}
    if has_tag(request, file.tag):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    content = file.content
    if len(content) >= SMALLEST_COMPRESSED and takes_gzip(request):
        content = file.compressed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=file.media_type, headers=headers)


def takes_gzip(request: Request) -> bool:
    """Check that a client takes compressed answers."""
    return "gzip" in request.headers.get("accept-encoding", "")


def has_tag(request: Request, tag: str) -> bool:
    """Check that a client has the version of an entity tag."""
    return tag in (each.strip() for each in request.headers.get("if-none-match", "").split(","))
