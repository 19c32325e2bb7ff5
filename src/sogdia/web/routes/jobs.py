"""Routes of jobs: start, follow, cancel, take the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Body, Response
from fastapi.responses import FileResponse

from sogdia.api import load_plan
from sogdia.web.job_requests import JobRequest, prepare
from sogdia.web.jobs import Job
from sogdia.web.safety import DOCUMENT_POLICY
from sogdia.web.workbench import Bench, Workbench, Writes

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
CREATED, NO_CONTENT = 201, 204
DEPENDENCE: Final = "dependence"
MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".pdf": "application/pdf",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
SHOWN: Final = frozenset({".html"})
"""Files that a browser shows; it saves the others."""


@router.get("")
def jobs(bench: Bench) -> list[Job]:
    """List the jobs, the latest first."""
    return [_with_study(bench, each) for each in bench.jobs.jobs()]


@router.post("", status_code=CREATED, dependencies=[Writes])
def submit(bench: Bench, request: Annotated[JobRequest, Body()]) -> Job:
    """Start a job, or let it wait: runs, a dependence study or a brief. All errors are listed at once."""
    return bench.jobs.submit(request.model_dump(mode="json"), lambda folder: prepare(request, bench, folder))


@router.get("/{job}")
def job(bench: Bench, job: str) -> Job:
    """Describe a job: state, progress, stored runs, files, the end of its log."""
    return _with_study(bench, bench.jobs.job(job))


@router.post("/{job}/cancel", dependencies=[Writes])
def cancel(bench: Bench, job: str) -> Job:
    """Cancel a job that waits or runs; finished runs stay in the store."""
    return bench.jobs.cancel(job)


@router.delete("/{job}", status_code=NO_CONTENT, dependencies=[Writes])
def remove(bench: Bench, job: str) -> None:
    """Remove a job that has ended, with its files; its runs stay in the store."""
    bench.jobs.remove(job)


@router.get("/{job}/files/{name}", response_class=FileResponse)
def file(bench: Bench, job: str, name: str) -> Response:
    """Return a file that a job wrote, such as a brief; no script runs in it."""
    path = bench.jobs.file(job, name)
    suffix = Path(name).suffix
    return FileResponse(
        path,
        media_type=MEDIA_TYPES.get(suffix, "application/octet-stream"),
        filename=name,
        content_disposition_type="inline" if suffix in SHOWN else "attachment",
        headers={"Content-Security-Policy": DOCUMENT_POLICY, "Cache-Control": "private, no-cache"},
    )


def _with_study(bench: Workbench, job: Job) -> Job:
    """Return a finished dependence job with the run that holds its tables."""
    if job.command != DEPENDENCE or job.state != "finished":
        return job
    plan = load_plan(None, bench.region).name if job.request["plan"] is None else job.request["plan"]
    heads = [
        head
        for head in bench.heads()
        if head.kind == DEPENDENCE and head.plan == plan and head.scenario == job.request["scenario"]
        and job.request["year"] in (None, head.year)
    ]  # fmt: skip
    latest = sorted(heads, key=lambda head: head.created)[-1:]
    return job.model_copy(update={"runs": tuple(head.run for head in latest)})
