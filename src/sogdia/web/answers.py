"""Answers made of finished runs or the region: computed once, compressed once, known by an entity tag."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

from fastapi import Request, Response

from sogdia.web.files import LEVEL, NOT_MODIFIED, SMALLEST_COMPRESSED, has_tag, takes_gzip
from sogdia.web.workbench import Workbench

JSON = "application/json"
PLAIN, COMPRESSED = "plain", "gzip"
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")


def fixed_answer(
    request: Request,
    bench: Workbench,
    parts: tuple[object, ...],
    compute: Callable[[], bytes],
    media_type: str = JSON,
    file_name: str = "",
) -> Response:
    """Return an answer that depends on some parts alone, such as the id of a run and a selection of rows.

    Args:
        request: The request.
        bench: State of the server.
        parts: All that the answer depends on but the version of the code.
        compute: Makes its content.
        media_type: Its media type.
        file_name: Name under which a browser saves it; empty to show it.
    """
    tag = bench.tag(*parts)
    headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
    if file_name:
        headers["Content-Disposition"] = f'attachment; filename="{NOT_IN_NAMES.sub("_", file_name)}"'
    if has_tag(request, tag):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    content = bench.answer((tag, PLAIN), compute)
    if media_type == JSON and len(content) >= SMALLEST_COMPRESSED and takes_gzip(request):
        content = bench.answer((tag, COMPRESSED), lambda: gzip.compress(content, LEVEL, mtime=0))
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


def prepare_answer(bench: Workbench, parts: tuple[object, ...], compute: Callable[[], bytes]) -> None:
    """Make the JSON of :func:`fixed_answer` before the first request for it."""
    tag = bench.tag(*parts)
    content = bench.answer((tag, PLAIN), compute)
    bench.answer((tag, COMPRESSED), lambda: gzip.compress(content, LEVEL, mtime=0))
