"""``sogdia brief``: from an announcement or a plan to a page for who decides."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.cli.progress import Progress
from sogdia.cli.study import QuietOption, StoreOption, opened_store


def brief(
    article: Annotated[
        Path | None, typer.Argument(help="An announcement: text, or a saved page. Or name a plan.")
    ] = None,
    plan: Annotated[str | None, typer.Option("--plan", help="A shipped plan's name, or a YAML file.")] = None,
    against: Annotated[str, typer.Option("--against", help="Plan it is compared with.")] = "as_is",
    scenarios: Annotated[
        str,
        typer.Option(
            "--scenarios",
            help="Names or files, commas between, the calm one first. Default: the shipped ones in which "
            "nobody leaves.",
        ),
    ] = "",
    home: Annotated[str, typer.Option("--home", help="Countries it is about, commas between.")] = "",
    year: Annotated[int | None, typer.Option("--year", min=1950, max=2100, help="Year looked at.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for brief.html, brief.pdf, brief.xlsx.")] = Path(
        "brief"
    ),
    region: PackOption = DEFAULT_REGION,
    store: StoreOption = None,
    partners: Annotated[
        bool, typer.Option("--partners/--no-partners", help="Whom the plan binds: every coalition leaves.")
    ] = True,
    assumptions: Annotated[
        int, typer.Option("--assumptions", min=0, max=50, help="Assumptions set low and high, one at a time.")
    ] = 10,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Runs at once; one per core where not said.")
    ] = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures as JSON.")] = False,
) -> None:
    """Write a brief: what the plan of an announcement changes, and whom it binds.

    Exit code 0: done. 1: the input has faults, or a run has no solution. 2: could not run.
    """
    from sogdia.report.brief import write_brief
    from sogdia.report.gather import (
        Request,
        ask,
        assumptions_for,
        gathered,
        run_all,
        steps_of,
        study_partners,
    )
    from sogdia.study.executor import make_executor

    begun = time.perf_counter()
    request = Request(article, plan, against, _listed(scenarios), _listed(home), year, region)
    asked, kept = ask(request), opened_store(store)
    cores = os.cpu_count() or 1
    count = workers or cores
    varied_ones = assumptions_for(asked, assumptions)
    steps = steps_of(asked, partners=partners, assumptions=varied_ones)
    seconds: dict[str, float] = {}
    with Progress(sum(steps.values()) + 1, shown=not (quiet or as_json)) as progress:

        def told(stage: str, step: str) -> None:
            progress.step(f"{stage}: {step}")

        place, threads = make_executor("processes", count, None), max(1, cores // count)
        with _timed("plans and scenarios", seconds, progress):
            varied = run_all(asked, kept, place, threads, told, varied_ones)
        found = None
        if partners:
            with _timed("partners", seconds, progress):
                found = study_partners(asked, kept, place, told)
        with _timed("writing", seconds, progress):
            written = write_brief(gathered(asked, kept, partners=found, sensitivity=varied), out)
    content = {"title": written.title, "files": [str(path) for path in written.files], "seconds": seconds}
    if as_json:
        figures = json.loads(written.figures.to_json(orient="records"))
        typer.echo(json.dumps({**content, "figures": figures}, ensure_ascii=False, indent=2))
    elif not quiet:
        for path in written.files:
            typer.echo(f"{path}  {path.stat().st_size / 1e3:,.0f} kB")
        stages = ", ".join(f"{name} {took:.0f} s" for name, took in seconds.items())
        typer.echo(f"{time.perf_counter() - begun:.0f} s ({stages}); open {out / 'brief.html'}")
    for remark in written.remarks:
        typer.echo(f"note: {remark}", err=True)


@contextmanager
def _timed(stage: str, seconds: dict[str, float], progress: Progress) -> Iterator[None]:
    """Say which stage is done, and time it."""
    progress.stage(stage)
    begun = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - begun


def _listed(told: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in told.split(",") if word.strip())
