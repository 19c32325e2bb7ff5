"""Routes of plans."""

from __future__ import annotations

from fastapi import APIRouter

from sogdia.web.routes.saved_files import add_routes

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])
add_routes(router, "plans")
