"""``sogdia brief``: a brief on an announcement or a plan."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION
from sogdia.cli.options import (
    EndpointOption,
    HomeOption,
    JsonOption,
    Mode,
    ModelOption,
    ModeOption,
    QuietOption,
    Reader,
    ReaderOption,
    RegionOption,
    StoreOption,
    WorkersOption,
    YearOption,
    codes_in,
)
from sogdia.cli.output import check_folder, note_compiling, print_json, print_note, records

AnnouncementArgument = Annotated[
    Path | None, typer.Argument(help="An announcement: a text or HTML file. Or name a plan.")
]
PlanOption = Annotated[
    str | None,
    typer.Option("--plan", help="Name of a shipped plan, or a YAML file. Default: as the article names it."),
]
BaselineOption = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        "--against",
        help="Plan of the baseline: same year, no shocks, without the projects of the plan. Default: the "
        "committed projects.",
    ),
]
ScenariosOption = Annotated[
    list[str] | None,
    typer.Option(
        "--scenarios",
        help="Names or files; repeat, or separate by commas. Default: the shipped ones without withdrawals.",
    ),
]
OutOption = Annotated[Path, typer.Option("--out", help="Folder to write brief.html, .pdf and .xlsx to.")]
DependenceOption = Annotated[
    bool,
    typer.Option(
        "--dependence/--no-dependence", "--partners/--no-partners", help="Include dependence on partners."
    ),
]
AssumptionsOption = Annotated[
    int,
    typer.Option("--assumptions", min=0, max=50, help="Assumptions to set low and high, one at a time."),
]
EnsembleOption = Annotated[
    int,
    typer.Option(
        "--ensemble",
        min=0,
        help="Samples of all uncertain figures at once. Default: none run; those in the store are shown.",
    ),
]


def brief(
    article: AnnouncementArgument = None,
    plan: PlanOption = None,
    baseline: BaselineOption = None,
    scenarios: ScenariosOption = None,
    home: HomeOption = None,
    year: YearOption = None,
    out: OutOption = Path("brief"),
    region: RegionOption = DEFAULT_REGION,
    reader: ReaderOption = Reader.RULES,
    endpoint: EndpointOption = None,
    model: ModelOption = None,
    store: StoreOption = None,
    dependence: DependenceOption = True,
    assumptions: AssumptionsOption = 14,
    ensemble: EnsembleOption = 0,
    mode: ModeOption = Mode.DISPATCH,
    workers: WorkersOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a brief on an announcement or a plan: page, PDF and workbook with sources.

    Exit code 0: written. 1: the input has errors, or a run has no solution. 2: could not run.
    """
    from sogdia.api import brief as write
    from sogdia.api import read_article
    from sogdia.api.briefs import Timing

    check_folder(out)
    if not (quiet or as_json):
        note_compiling()
    begun, timing = time.perf_counter(), Timing()
    subject: Any = article
    if article is not None and (reader is Reader.MODEL or endpoint or model):
        subject = read_article(article, region, reader=reader.value, endpoint=endpoint, model=model)
    written = write(
        subject, plan=plan, baseline=baseline, scenarios=codes_in(scenarios), home=codes_in(home), year=year,
        region=region, out=out, dependence=dependence, assumptions=assumptions, ensemble=ensemble,
        mode=mode.value, workers=workers, store=store,
        progress=not (quiet or as_json), timing=timing,
    )  # fmt: skip
    if as_json:
        print_json(
            {
                "title": written.title,
                "files": [str(path) for path in written.files],
                "seconds": timing.stages,
                "work": timing.work,
                "figures": records(written.figures),
            }
        )
    elif not quiet:
        for path in written.files:
            typer.echo(f"{path}  {path.stat().st_size / 1e3:,.0f} kB")
        stages = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in timing.stages.items())
        typer.echo(f"{time.perf_counter() - begun:.0f} s ({stages}); open {out / 'brief.html'}")
    for remark in written.remarks:
        print_note(remark)
