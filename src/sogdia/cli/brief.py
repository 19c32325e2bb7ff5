"""``sogdia brief``: from an announcement or a plan to a page for who decides."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.cli.progress import Progress
from sogdia.cli.runs import QuietOption, StoreOption, opened_store
from sogdia.files import writable_folder

ArticleArgument = Annotated[
    Path | None, typer.Argument(help="An announcement: text, or a saved page. Or name a plan.")
]
PlanOption = Annotated[str | None, typer.Option("--plan", help="A shipped plan's name, or a YAML file.")]
AgainstOption = Annotated[str, typer.Option("--against", help="Plan it is compared with.")]
ScenariosOption = Annotated[
    str,
    typer.Option(
        "--scenarios",
        help="Names or files, commas between, the calm one first. Default: the shipped ones in which nobody "
        "leaves.",
    ),
]
HomeOption = Annotated[str, typer.Option("--home", help="Countries it is about, commas between.")]
YearOption = Annotated[int | None, typer.Option("--year", min=1950, max=2100, help="Year looked at.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder for brief.html, brief.pdf, brief.xlsx.")]
PartnersOption = Annotated[
    bool, typer.Option("--partners/--no-partners", help="Whom the plan binds: every coalition leaves.")
]
AssumptionsOption = Annotated[
    int, typer.Option("--assumptions", min=0, max=50, help="Assumptions set low and high, one at a time.")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Runs at once; one per core where not said.")
]
FiguresOption = Annotated[bool, typer.Option("--json", help="Write the figures as JSON.")]


def brief(
    article: ArticleArgument = None,
    plan: PlanOption = None,
    against: AgainstOption = "as_is",
    scenarios: ScenariosOption = "",
    home: HomeOption = "",
    year: YearOption = None,
    out: OutOption = Path("brief"),
    region: PackOption = DEFAULT_REGION,
    store: StoreOption = None,
    partners: PartnersOption = True,
    assumptions: AssumptionsOption = 10,
    workers: WorkersOption = None,
    quiet: QuietOption = False,
    as_json: FiguresOption = False,
) -> None:
    """Write a brief: what the plan of an announcement changes, and whom it binds.

    Exit code 0: done. 1: the input has faults, or a run has no solution. 2: could not run.
    """
    from sogdia.api.gather import Request, ask

    begun = time.perf_counter()
    asked = ask(Request(article, plan, against, _listed(scenarios), _listed(home), year, region))
    writable_folder(out)
    spent = Spent()
    written = _made(
        asked, opened_store(store), out, workers or os.cpu_count() or 1, partners, assumptions, spent,
        shown=not (quiet or as_json),
    )  # fmt: skip
    if as_json:
        figures = json.loads(written.figures.to_json(orient="records"))
        content = {
            "title": written.title,
            "files": [str(path) for path in written.files],
            "seconds": spent.seconds,
            "work": spent.work,
        }
        typer.echo(json.dumps({**content, "figures": figures}, ensure_ascii=False, indent=2))
    elif not quiet:
        for path in written.files:
            typer.echo(f"{path}  {path.stat().st_size / 1e3:,.0f} kB")
        stages = ", ".join(f"{name} {took:.0f} s" for name, took in spent.seconds.items())
        typer.echo(f"{time.perf_counter() - begun:.0f} s ({stages}); open {out / 'brief.html'}")
    for remark in written.remarks:
        typer.echo(f"note: {remark}", err=True)


def _made(
    asked: Any,
    store: Any,
    out: Path,
    count: int,
    partners: bool,
    assumptions: int,
    spent: Spent,
    *,
    shown: bool,
) -> Any:
    """Make all runs and write the brief, telling how far it has come."""
    from sogdia.api.gather import (
        assumptions_for,
        dependence_in,
        gathered,
        leaving_of,
        most_steps,
        run_all,
    )
    from sogdia.report.brief import write_brief
    from sogdia.runs.executor import make_executor

    varied = assumptions_for(asked, assumptions)
    leaving = leaving_of(asked) if partners else ()
    place, threads = make_executor("processes", count, None), max(1, (os.cpu_count() or 1) // count)
    steps = most_steps(asked, partners=partners, assumptions=varied)
    with Progress(steps + 1, shown=shown) as progress:

        def told(run: Any) -> None:
            progress.step(f"{run.stage}: {run.label}")
            spent.work[run.stage] = spent.work.get(run.stage, 0.0) + run.seconds

        with _timed("base and runs", spent.seconds, progress):
            effects = run_all(asked, store, place, threads, told, varied, leaving)
        found = None
        if leaving:
            with _timed("shares of partners", spent.seconds, progress):
                found = dependence_in(leaving, store)
        with _timed("writing", spent.seconds, progress):
            return write_brief(gathered(asked, store, partners=found, sensitivity=effects), out)


@dataclass(frozen=True)
class Spent:
    """Where time went, in seconds: by stage, and what workers took for runs of each kind."""

    seconds: dict[str, float] = field(default_factory=dict)
    work: dict[str, float] = field(default_factory=dict)


@contextmanager
def _timed(stage: str, seconds: dict[str, float], progress: Progress) -> Iterator[None]:
    """Say which stage is done, and time it."""
    progress.stage(stage)
    begun = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - begun


def _listed(told: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in told.split(",") if word.strip())
