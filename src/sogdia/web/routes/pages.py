"""Pages and their files, at the root of the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from sogdia.web.files import ServedFile, file_response, page_files

INDEX: Final = "index.html"
NOT_FOUND = 404
MISSING: Final = (
    "The pages of the workbench are not installed. Install Sogdia again with access to npm; the API under "
    "/api/v1 works without them."
)


def add_pages(app: FastAPI) -> None:
    """Serve the pages below the root; names come from a list made at the start, never from a path."""
    served: Mapping[str, ServedFile] = page_files()

    @app.get("/", include_in_schema=False)
    def index(request: Request) -> Response:
        if INDEX not in served:
            return PlainTextResponse(MISSING, status_code=NOT_FOUND)
        return file_response(request, served[INDEX])

    @app.get("/{path:path}", include_in_schema=False)
    def page_file(request: Request, path: str) -> Response:
        if path not in served:
            raise HTTPException(NOT_FOUND, f"there is no file {path[:100]}")
        return file_response(request, served[path])
