"""Make the application: routes, checks of requests, pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import Final

from fastapi import FastAPI

from sogdia import __version__
from sogdia.extras import require_extra
from sogdia.web.load_limits import LoadLimits
from sogdia.web.problems import ERRORS, add_error_answers
from sogdia.web.routes import (
    articles,
    compare,
    downloads,
    jobs,
    map,
    money,
    partners,
    plans,
    region,
    runs,
    scenarios,
    view,
)
from sogdia.web.routes.map import prepare_base
from sogdia.web.routes.pages import add_pages
from sogdia.web.safety import Guard
from sogdia.web.settings import WebSettings
from sogdia.web.workbench import Workbench

API: Final = "/api/v1"
ROUTES: Final = (
    region, runs, compare, map, jobs, downloads, view, plans, scenarios, articles, partners, money,
)  # fmt: skip
"""Modules with a ``router``, in the order of the description."""


def create_app(settings: WebSettings) -> FastAPI:
    """Make the server of a store and a region.

    Args:
        settings: Settings.

    Returns:
        The application; ``app.state.workbench`` holds its state, ``app.state.settings`` the settings.

    Raises:
        CannotRunError: If libraries are not installed.
        FaultsError: If the region has errors.
    """
    require_extra("web", "the workbench")
    bench = Workbench(settings)
    app = FastAPI(
        title="Sogdia",
        version=__version__,
        description="Runs, regions, plans and jobs of the planning laboratory Sogdia.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=dict(ERRORS),
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.workbench = bench
    bench.region  # noqa: B018 (errors of the region end the start, not the first request)
    add_error_answers(app)
    for routes in ROUTES:
        app.include_router(routes.router)
    add_pages(app)
    app.add_middleware(LoadLimits, limits=settings.limits)
    app.add_middleware(Guard, settings=settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Draw the map, and start waiting jobs as long as the server runs; a read-only server starts none."""
    bench: Workbench = app.state.workbench
    Thread(target=prepare_base, args=(bench,), daemon=True, name="map").start()
    if bench.settings.read_only:
        yield
        return
    bench.jobs.start()
    try:
        yield
    finally:
        bench.jobs.stop()
