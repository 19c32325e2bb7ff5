"""Answers to errors: a message, a suggested fix, and all errors of an input at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sogdia.errors import (
    CannotRunError,
    Fault,
    FaultsError,
    NotConvergedError,
    SogdiaError,
    UnknownNameError,
)
from sogdia.web.models import FaultRow, Problem

BAD_REQUEST, UNAUTHORISED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404
SLOW_REQUEST, TOO_LARGE, UNPROCESSABLE, TOO_MANY, UNAVAILABLE = 408, 413, 422, 429, 503

ERRORS: Mapping[int | str, dict[str, Any]] = {
    BAD_REQUEST: {"model": Problem, "description": "The request is malformed."},
    UNAUTHORISED: {"model": Problem, "description": "The request lacks the token."},
    FORBIDDEN: {"model": Problem, "description": "Host, origin or token is wrong, or it is read-only."},
    NOT_FOUND: {"model": Problem, "description": "No run, table or other name is called so."},
    SLOW_REQUEST: {"model": Problem, "description": "The body of the request stops coming."},
    TOO_LARGE: {"model": Problem, "description": "The body of the request is too large."},
    UNPROCESSABLE: {"model": Problem, "description": "The input has errors; all are listed."},
    TOO_MANY: {"model": Problem, "description": "Too many jobs wait."},
    UNAVAILABLE: {"model": Problem, "description": "It cannot be read or run now, or takes too long."},
}
"""Answers to errors, in the description of every route."""


class RefusedError(SogdiaError):
    """A request is refused: the server is read-only, or too much is waiting."""

    def __init__(self, message: str, status: int = FORBIDDEN) -> None:
        self.status = status
        super().__init__(message)


def fault_rows(faults: tuple[Fault, ...]) -> tuple[FaultRow, ...]:
    """Return errors as the API writes them."""
    return tuple(
        FaultRow(
            file=fault.file, row=fault.line, field=fault.field, message=fault.problem,
            suggestion=fault.suggested_fix, kind=fault.kind,
        )
        for fault in faults
    )  # fmt: skip


def answer(status: int, problem: Problem) -> JSONResponse:
    """Return a problem as an answer that no cache keeps."""
    return JSONResponse(
        problem.model_dump(mode="json"), status_code=status, headers={"Cache-Control": "no-store"}
    )


def problem_of(error: SogdiaError) -> tuple[int, Problem]:
    """Return the status and the problem of an error of ours."""
    if isinstance(error, FaultsError):
        message = f"{len(error.faults)} error" + ("" if len(error.faults) == 1 else "s")
        return UNPROCESSABLE, Problem(message=message, faults=fault_rows(error.faults))
    message, _, hint = str(error).partition("; ")
    if isinstance(error, RefusedError):
        status = error.status
    elif isinstance(error, UnknownNameError):
        status = NOT_FOUND
    elif isinstance(error, CannotRunError | NotConvergedError):
        status = UNAVAILABLE
    else:
        status = UNPROCESSABLE
    return status, Problem(message=message, hint=hint)


async def _of_sogdia(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, SogdiaError):
        raise error
    return answer(*problem_of(error))


async def _of_request(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = tuple(
        FaultRow(
            file="request", field=".".join(map(str, each["loc"])), message=str(each["msg"]), kind=each["type"]
        )
        for each in error.errors()
    )
    count = f"{len(faults)} error" + ("" if len(faults) == 1 else "s")
    return answer(UNPROCESSABLE, Problem(message=f"{count} in the request", faults=faults))


async def _of_http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    response = answer(error.status_code, Problem(message=str(error.detail)))
    response.headers.update(error.headers or {})
    return response


def add_error_answers(app: FastAPI) -> None:
    """Let the server answer errors of the input as problems; our own mistakes keep their traceback."""
    app.add_exception_handler(SogdiaError, _of_sogdia)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)
