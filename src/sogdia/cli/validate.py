"""``sogdia validate``: the base year compared with observations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, OBSERVED_PLAN
from sogdia.cli.options import JsonOption, OutOption, QuietOption, RegionOption, StoreOption
from sogdia.cli.output import check_folder, print_json, records
from sogdia.cli.tables import Column, page, print_table

ObservedPlanOption = Annotated[
    str, typer.Option("--plan", help="Plan that describes what was operating in the base year.")
]

StudiesOption = Annotated[
    bool, typer.Option("--studies", help="Compare with studies by others too; their runs are stored.")
]
PageOption = Annotated[
    Path | None, typer.Option("--page", help="File to write the scoreboard to, as Markdown.")
]
SinceOption = Annotated[
    Path | None,
    typer.Option("--since", help="Folder that an earlier version wrote with --out: list what is worse now."),
]


def validate(
    region: RegionOption = DEFAULT_REGION,
    plan: ObservedPlanOption = OBSERVED_PLAN,
    studies: StudiesOption = False,
    page_file: PageOption = None,
    since: SinceOption = None,
    store: StoreOption = None,
    out: OutOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Validate the base year against observations: median error, rank correlation, largest errors.

    Observations used in calibration are listed apart from those that were not.
    Exit code 0: finished. 1: the input has errors, or no convergence. 2: could not run.
    """
    from sogdia.api.inputs import load_plan, load_region
    from sogdia.api.progress import Progress
    from sogdia.files import write_csv_folder
    from sogdia.runs.validation import validate as run_validation
    from sogdia.runs.validation_changes import read_validation_rows, worse_rows

    check_folder(out)
    before = None if since is None else read_validation_rows(since)
    loaded = load_region(region)

    is_shown = not (quiet or as_json)
    with Progress(1, is_shown) as progress:
        result = run_validation(loaded, load_plan(plan, loaded), progress.at)
    tables = {
        "scores": result.scores(),
        "worst": result.worst(),
        "rows": result.rows,
        "calibrated": result.calibrated,
    }
    if before is not None:
        tables["worse"] = worse_rows(before, result.rows)
    if studies:
        tables["studies"] = _compare_studies(loaded, store, is_shown)
    if page_file is not None:
        _write_page(page_file, tables)
    if out is not None:
        write_csv_folder(out, tables)
    if as_json:
        content = {name: records(table) for name, table in tables.items()}
        print_json({"region": loaded.name, **content, "unexplained": list(result.unexplained)})
        return
    _print(tables)
    for message in result.unexplained:
        typer.echo(message)


_SHOWN: tuple[tuple[str, str, tuple[Column, ...]], ...] = (
    (
        "scores",
        "Model and two naive guesses compared with observations; `validation` was not used in calibration",
        (
            Column("use", "use"),
            Column("engine", "engine"),
            Column("kind", "kind"),
            Column("count", "rows", "d"),
            Column("median_error_pct", "median error, %", ",.1f"),
            Column("within_two", "within factor 2", "d"),
            Column("guessed", "rows with last record", "d"),
            Column("error_of_guessed_pct", "model on these, %", ",.1f"),
            Column("last_record_pct", "last record, %", ",.1f"),
            Column("last_record_by_demand_pct", "… by demand, %", ",.1f"),
            Column("right_sign", "right sign", ".2f"),
            Column("rank", "rank correlation", ".2f"),
            Column("worst", "largest error"),
            Column("worst_error_pct", "its error, %", "+,.0f"),
        ),
    ),
    (
        "worst",
        "Largest errors of observations that were not used in calibration",
        (
            Column("observation", "observation"),
            Column("observed", "observed", "n"),
            Column("modelled", "modelled", "n"),
            Column("last_record", "last record", "n"),
            Column("unit", "unit"),
            Column("error_pct", "error, %", "+,.0f"),
        ),
    ),
    (
        "calibrated",
        "Calibrated constants",
        (
            Column("engine", "engine"),
            Column("parameter", "parameter"),
            Column("value", "value", "n"),
            Column("prior", "prior", "n"),
            Column("standard_error", "standard error, ln", ".2f"),
            Column("prior_deviations", "sd from prior", "+.1f"),
        ),
    ),
)


_WORSE = (
    Column("observation", "observation"),
    Column("use", "use"),
    Column("observed", "observed", "n"),
    Column("before", "modelled before", "n"),
    Column("now", "now", "n"),
    Column("error_before_pct", "error before, %", "+,.1f"),
    Column("error_pct", "now, %", "+,.1f"),
)
_STUDIES = (
    Column("study", "figure"),
    Column("low", "published, low", "n"),
    Column("high", "published, high", "n"),
    Column("ours", "ours", "n"),
    Column("unit", "unit"),
    Column("ratio", "ratio", ".2f"),
    Column("plan", "plan"),
    Column("reason", "reason"),
)


def _compare_studies(region: Any, store: Path | None, is_shown: bool) -> Any:
    """Run what the studies by others need and the store lacks, and compare.

    Raises:
        InputError: If a run has no result.
    """
    from sogdia.api.progress import Progress
    from sogdia.api.runs import open_store
    from sogdia.errors import InputError
    from sogdia.uncertainty.scoreboard import compare_studies, run_studies, study_runs

    cache, runs = open_store(store), study_runs(region)
    with Progress(len(runs), is_shown) as progress:
        progress.stage("baselines")
        for each in run_studies(region, runs, cache):
            if each.error:
                raise InputError(f"{each.label}: {each.error}")
            progress.step(each.label)
    return compare_studies(region, runs, cache)


def _write_page(path: Path, tables: dict[str, Any]) -> None:
    import pandas as pd

    from sogdia.files import write_file
    from sogdia.runs.version import engine_version
    from sogdia.uncertainty.scoreboard_page import scoreboard_page

    studies = tables.get("studies", pd.DataFrame())
    write_file(path, scoreboard_page(tables["scores"], studies, engine_version()))


def _print(tables: dict[str, Any]) -> None:
    console = page()
    if "studies" in tables:
        print_table(console, "Studies by others", tables["studies"], _STUDIES)
        console.print()
    if "worse" in tables:
        title = f"Met worse than before: {len(tables['worse'])} observations"
        print_table(console, title, tables["worse"], _WORSE)
        console.print()
    for name, title, columns in _SHOWN:
        print_table(console, title, tables[name], columns)
        console.print()
