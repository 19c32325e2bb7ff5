"""Route of a view as one page that needs no server."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from sogdia.errors import InputError
from sogdia.runs.run_names import JOINT
from sogdia.web.answers import fixed_answer
from sogdia.web.safety import DOCUMENT_POLICY
from sogdia.web.view_page import view_page
from sogdia.web.workbench import Bench

router = APIRouter(prefix="/api/v1", tags=["downloads"])
HTML: Final = "text/html; charset=utf-8"
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}},
    304: {"description": "The client has this version."},
}
"""Answers, in the description of the API."""


@router.get("/view.html", responses=ANSWERS, response_class=Response)
def view(
    request: Request,
    bench: Bench,
    run: Annotated[str, Query(min_length=1, max_length=300, description="Run.")],
    minus: Annotated[str, Query(max_length=300, description="Run subtracted from it; empty for none.")] = "",
    state: Annotated[str, Query(max_length=2000, description="State of the view, for its address.")] = "",
) -> Response:
    """Return a run, or the difference of two, as one page with map, bars and tables, to be sent on."""
    heads = [bench.head(name) for name in (run, minus) if name]
    for head in heads:
        if head.region != bench.region.name or head.kind != JOINT:
            raise InputError(f"{head.label}: not a run of the region {bench.region.name}; name another run")
    keys = [head.run for head in heads]
    address = f"{request.url.scheme}://{request.url.netloc}/#{state}"
    first, second = keys[0], keys[1] if len(keys) > 1 else None
    answer = fixed_answer(
        request,
        bench,
        ("view", first, second, address),
        lambda: view_page(bench, first, second, address).encode(),
        HTML,
        f"{heads[0].plan}-{heads[0].scenario}-{heads[0].year}.html",
    )
    answer.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    return answer
